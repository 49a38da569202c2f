"""A finished set into a folder of its own, when the person asks for it."""

from __future__ import annotations

import importlib.metadata
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from midback import __version__, words
from midback.apps.live.coach import Coach
from midback.apps.outputs import write_json
from midback.apps.run import Scored
from midback.apps.score import write_report_of
from midback.result import Result, Software, Source
from midback.vision.frames import Image
from midback.vision.pose import SourceInfo

RESULT = "session.json"

Keep = Callable[[Result, int | None], object]
"""Stores a result for a person, with the pain that was said after it."""


def save_set(
    coach: Coach,
    info: SourceInfo,
    out: Path,
    *,
    model_sha256: str,
    pain: int | None,
    warning: str | None,
    still: Callable[[float], Image | None] | None,
    keep: Keep | None = None,
) -> Path:
    """Write report and result below `out` and return the report's path.

    still: gives the pictures; without it they are read from the recording. pain: said by the
    person after the set; stands among the result's notes. keep comes first: the same set again is
    one set there, so that saving can be tried anew. Raises InputError where the disk refuses.
    """
    software = Software(__version__, importlib.metadata.version("mediapipe"), model_sha256)
    result = coach.result(_source(coach, info), software)
    if keep is not None:
        keep(result, pain)
    said = None if pain is None else f"You put your pain at {pain} of 10 after this set"
    notes = tuple(words.sentence(note) for note in (warning, said) if note)
    result = replace(result, warnings=(*result.warnings, *notes))
    session = coach.session
    video = info.path if still is None else None
    scored = Scored(result, session.series(), session, coach.exercise, video)
    folder = _new_folder(out, coach.exercise.name)
    report = write_report_of(scored, folder, still)
    write_json(result, folder / RESULT)
    return report


def _source(coach: Coach, info: SourceInfo) -> Source:
    times = [entry.t for entry in coach.entries if entry.pose is not None]
    lasted = times[-1] - times[0] if times else 0.0
    size = info.width, info.height
    return Source(info.path, info.sha256, info.fps, len(times), lasted, *size)


def _new_folder(out: Path, exercise: str) -> Path:
    name = f"{time.strftime('%Y%m%d-%H%M%S')}-{exercise}"
    others = (out / f"{name}-{number}" for number in range(2, 100))
    return next(folder for folder in (out / name, *others) if not folder.exists())
