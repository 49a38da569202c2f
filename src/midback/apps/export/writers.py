"""The kinds of files: how each is made of a scored recording."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from midback.apps import outputs
from midback.apps.run import Scored
from midback.errors import InputError
from midback.form.evidence import Caution
from midback.result import Series
from midback.sides import Side
from midback.vision.recording import open_poses


@dataclass(frozen=True, slots=True)
class Exported:
    """A scored recording, the file of its poses, and how it was scored."""

    scored: Scored
    poses: Path
    caution: Caution
    side: Side | None


def _trc(done: Exported, path: Path) -> list[str]:
    """Landmarks at the frames' own times."""
    from midback.landmarks.blazepose import markers_of
    from midback.landmarks.trc import write_trc

    with open_poses(done.poses) as poses:
        markers = markers_of(poses, str(path))
    with outputs.replacing(path) as file:
        write_trc(markers, path.name, file)
    return [f"metres, {_space(done)}"]


def _mot(done: Exported, path: Path) -> list[str]:
    """Angles in degrees."""
    from midback.apps.export.mot import write_mot

    scored = done.scored
    with outputs.replacing(path) as file:
        left_out = write_mot(scored.series, scored.exercise.primary.angle, path.name, file)
    if not left_out:
        return []
    return [f"left out, since they have gaps that OpenSim would read as 0: {', '.join(left_out)}"]


def _c3d(done: Exported, path: Path) -> list[str]:
    """Landmarks and angles, 30 times a second."""
    from midback.apps.export.c3d import write_c3d_of

    with open_poses(done.poses) as poses, outputs.beside(path) as part, part.open("wb") as file:
        write_c3d_of(done.scored.series, poses, str(path), file)
    return [f"millimetres, {_space(done)}"]


def _wide(done: Exported, path: Path) -> list[str]:
    """All angles, a row for each time."""
    from midback.apps.export.tables import write_wide

    _require_numbers(done.scored.series, path)
    with outputs.replacing(path) as file:
        write_wide(done.scored.series, file)
    return []


def _long(done: Exported, path: Path) -> list[str]:
    """All angles, a row for each time and angle."""
    from midback.apps.export.tables import write_long

    _require_numbers(done.scored.series, path)
    with outputs.replacing(path) as file:
        write_long(done.scored.series, file)
    return []


def _mp4(done: Exported, path: Path) -> list[str]:
    """The recording with everything drawn on it."""
    from midback.apps.export.annotated import write_annotated

    video = done.scored.video
    if video is None:
        raise InputError(
            f"{path}: the pictures behind {done.scored.result.source.path} are not at hand: "
            "export from the video itself"
        )
    if path.exists() and path.samefile(video):
        raise InputError(f"{path}: is the recording itself: name another file")
    write_annotated(done.scored, done.poses, video, path, caution=done.caution, side=done.side)
    return ["without sound"]


def _space(done: Exported) -> str:
    """Where the origin is, and what to think of the depth if a model of ours estimated it."""
    estimated = done.scored.result.software.model_sha256 is not None
    return "y up, from between the hips" + (
        "; the depth of one camera is an estimate" if estimated else ""
    )


def _require_numbers(series: Series, path: Path) -> None:
    if not any(np.isfinite(trace.value).any() for trace in series.traces.values()):
        raise InputError(f"{path}: no angle could be measured; `midback score` says why")


WRITERS: dict[str, Callable[[Exported, Path], list[str]]] = {
    ".trc": _trc,
    ".mot": _mot,
    ".c3d": _c3d,
    ".csv": _wide,
    ".long.csv": _long,
    ".mp4": _mp4,
}
"""Suffix -> writes the file, whole or not at all, and returns what to say about it."""

LIBRARIES = {".c3d": ("c3d", "c3d"), ".mp4": ("av", "video")}
"""Suffix -> the package it needs beyond midback's own, and the extra that brings it."""
