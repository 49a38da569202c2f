"""The reports of saved sets, for the page."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from midback.apps.live.coach import Coach
from midback.apps.live.saving import Keep, save_set
from midback.apps.live.stills import Stills
from midback.apps.report.page import FILE_NAME, draw_pictures
from midback.apps.run import Scored
from midback.apps.score import report_of
from midback.result import Software, Source
from midback.vision.pose import SourceInfo

_NAME = re.compile(r"[0-9]{8}-[0-9]{6}-[a-z0-9_]+(-[0-9]+)?")


def save(
    coach: Coach,
    stills: Stills,
    out: Path,
    *,
    model_sha256: str,
    pain: int | None,
    keep: Keep | None = None,
) -> dict[str, Any]:
    """Write a finished set into a folder of its own; return what the page is told of it.

    Raises InputError where the disk refuses.
    """
    info = SourceInfo("camera", None, None, *coach.size)
    path = save_set(
        coach,
        info,
        out,
        model_sha256=model_sha256,
        pain=pain,
        warning=None,
        still=stills.still,
        keep=keep,
    )
    return {
        "kind": "saved",
        "report": f"/report/{path.parent.name}/",
        "pictures": _pictures(coach, stills),
    }


def _pictures(coach: Coach, stills: Stills) -> list[dict[str, str]]:
    """The best moment and the one where form broke, as data URIs."""
    result = coach.result(Source("camera", None, None, 0, 0.0, *coach.size), Software("", "", None))
    session = coach.session
    scored = Scored(result, session.series(), session, coach.exercise, None)
    return [
        {"source": picture.source, "caption": picture.caption, "alt": picture.alt}
        for picture in draw_pictures(report_of(scored, stills.still))
    ]


def report_file(out: Path, name: str) -> Path | None:
    """The report of that name, if there is one; a name can lead nowhere else."""
    if not _NAME.fullmatch(name):
        return None
    path = out / name / FILE_NAME
    return path if path.is_file() else None
