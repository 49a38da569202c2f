"""A finished set to its report, when the person asks for it."""

from __future__ import annotations

import importlib.metadata
import re
import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from midback import __version__, words
from midback.apps.live.coach import Coach, Entry
from midback.apps.live.web.album import Album
from midback.apps.outputs import write_json
from midback.apps.report.page import FILE_NAME, draw_pictures
from midback.apps.run import Scored
from midback.apps.score import report_of, write_report_of
from midback.result import Result, Software, Source

_NAME = re.compile(r"[0-9]{8}-[0-9]{6}-[a-z0-9_]+(-[0-9]+)?")
RESULT = "session.json"


@dataclass(frozen=True, slots=True)
class Saved:
    """name: of the folder. pictures: what the page shows of it, sources as data URIs."""

    name: str
    pictures: tuple[dict[str, Any], ...]


def save_set(
    coach: Coach, album: Album, out: Path, *, model_sha256: str, pain: int | None
) -> Saved:
    """Write report and result into a folder of their own; InputError where the disk refuses."""
    software = Software(__version__, importlib.metadata.version("mediapipe"), model_sha256)
    result = _with_pain(coach.result(_source(coach.entries, coach.size), software), pain)
    session = coach.session
    scored = Scored(result, session.series(), session, coach.exercise, None)
    folder = _new_folder(out, coach.exercise.name)
    write_report_of(scored, folder, album.still)
    write_json(result, folder / RESULT)
    shown = draw_pictures(report_of(scored, album.still))
    return Saved(
        folder.name,
        tuple(
            {"source": picture.source, "caption": picture.caption, "alt": picture.alt}
            for picture in shown
        ),
    )


def report_file(out: Path, name: str) -> Path | None:
    """The report of that name, if there is one; a name can lead nowhere else."""
    if not _NAME.fullmatch(name):
        return None
    path = out / name / FILE_NAME
    return path if path.is_file() else None


def _source(entries: Sequence[Entry], size: tuple[int, int]) -> Source:
    times = [entry.t for entry in entries if entry.pose is not None]
    lasted = times[-1] - times[0] if times else 0.0
    return Source("camera", None, None, len(times), lasted, *size)


def _with_pain(result: Result, pain: int | None) -> Result:
    """What the person said of pain stands among the notes."""
    if pain is None:
        return result
    note = f"You put your pain at {words.number(pain)} of 10 after this set"
    return replace(result, warnings=(*result.warnings, note))


def _new_folder(out: Path, exercise: str) -> Path:
    name = f"{time.strftime('%Y%m%d-%H%M%S')}-{exercise}"
    others = (out / f"{name}-{number}" for number in range(2, 100))
    return next(folder for folder in (out / name, *others) if not folder.exists())
