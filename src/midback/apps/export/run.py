"""`midback export`: score a recording once and write it in as many forms as are asked for."""

from __future__ import annotations

import importlib.util
import sys
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from midback import sides
from midback.apps import outputs
from midback.apps.run import AUTO, Scored, is_camera, score_source
from midback.apps.score import progress_bar
from midback.errors import InputError
from midback.exercises import Exercise, find
from midback.form.evidence import Caution
from midback.vision.recording import open_poses


@dataclass(frozen=True, slots=True)
class Wanted:
    """What to export and how it is scored, see score_source. outputs: their suffix says what."""

    source: str
    exercise: str
    outputs: Sequence[Path]
    mapping: str | None = None
    side: sides.Side | None = None
    caution: Caution = "normal"
    model: Path | None = None

    def check(self) -> None:
        """Raise InputError where one of them could not be written, before the long work."""
        if self.source == "camera" or is_camera(self.source):
            raise InputError(f"{self.source}: a camera keeps nothing: export a recording")
        for path in self.outputs:
            _check_kind(path)
            outputs.check_writable(path)
            _check_other(path, self.source)
        if len({path.resolve() for path in self.outputs}) < len(self.outputs):
            raise InputError("the same output is named twice")


@dataclass(frozen=True, slots=True)
class Exported:
    """A scored recording and a file of its poses."""

    scored: Scored
    poses: Path
    wanted: Wanted


def run_export(wanted: Wanted) -> None:
    """Write every output, whole or not at all, and say so on standard error.

    An output that turns out impossible does not stop the others. Raises InputError with the
    first reason at the end.
    """
    chosen = wanted.exercise if wanted.exercise == AUTO else find(wanted.exercise)
    if isinstance(chosen, Exercise):
        sides.chosen(chosen, wanted.side)
    wanted.check()
    with tempfile.TemporaryDirectory(prefix="midback-") as folder:
        saved = Path(folder) / "poses.npz"
        with progress_bar(wanted.source) as report:
            scored = score_source(
                wanted.source,
                chosen,
                model=wanted.model,
                save_poses=saved,
                progress=report,
                notice=_say,
                mapping=wanted.mapping,
                caution=wanted.caution,
                side=wanted.side,
            )
        _write_all(Exported(scored, saved, wanted))


def _write_all(done: Exported) -> None:
    refused: list[InputError] = []
    for path in done.wanted.outputs:
        try:
            notes = _WRITERS[_kind(path)](done, path)
        except InputError as error:
            refused.append(error)
            continue
        _say(f"wrote {path}")
        for note in notes:
            _say(f"  {note}")
    if refused:
        raise refused[0]


def _trc(done: Exported, path: Path) -> list[str]:
    from midback.landmarks.blazepose import markers_of
    from midback.landmarks.trc import write_trc

    with open_poses(done.poses) as poses:
        markers = markers_of(poses, str(path))
    with outputs.replacing(path) as file:
        write_trc(markers, path.name, file)
    return [_SPACE]


def _c3d(done: Exported, path: Path) -> list[str]:
    from midback.apps.export.c3d import write_c3d_of

    with open_poses(done.poses) as poses, outputs.beside(path) as part, part.open("wb") as file:
        write_c3d_of(done.scored.series, poses, str(path), file)
    return [_SPACE]


def _mot(done: Exported, path: Path) -> list[str]:
    from midback.apps.export.mot import write_mot

    scored = done.scored
    with outputs.replacing(path) as file:
        left_out = write_mot(scored.series, scored.exercise.primary.angle, path.name, file)
    if not left_out:
        return []
    return [f"left out, since they were not measurable throughout: {', '.join(left_out)}"]


def _wide(done: Exported, path: Path) -> list[str]:
    from midback.apps.export.tables import write_wide

    with outputs.replacing(path) as file:
        write_wide(done.scored.series, file)
    return []


def _long(done: Exported, path: Path) -> list[str]:
    from midback.apps.export.tables import write_long

    with outputs.replacing(path) as file:
        write_long(done.scored.series, file)
    return []


_SPACE = "metres, y up, from between the hips; the depth of one camera is an estimate"
_WRITERS: dict[str, Callable[[Exported, Path], list[str]]] = {
    ".trc": _trc,
    ".mot": _mot,
    ".c3d": _c3d,
    ".csv": _wide,
    ".long.csv": _long,
}
_LIBRARIES = {".c3d": ("c3d", "c3d"), ".mp4": ("av", "video")}
"""Kind -> package it needs and our extra that brings it."""


def _kind(path: Path) -> str:
    name = path.name.lower()
    return ".long.csv" if name.endswith(".long.csv") else path.suffix.lower()


def _check_kind(path: Path) -> None:
    kind = _kind(path)
    if kind not in _WRITERS:
        raise InputError(f"{path}: what should that be? Name it {', '.join(_WRITERS)}")
    package, extra = _LIBRARIES.get(kind, ("", ""))
    if package and importlib.util.find_spec(package) is None:
        raise InputError(
            f"{path}: {kind} files need one more package: install it with "
            f"pip install 'midback[{extra}]'"
        )


def _check_other(path: Path, source: str) -> None:
    if path.exists() and Path(source).exists() and path.samefile(source):
        raise InputError(f"{path}: is the recording itself: name another file")


def _say(text: str) -> None:
    print(text, file=sys.stderr)
