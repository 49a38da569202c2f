"""`midback export`: score a recording once and write it in as many forms as are asked for."""

from __future__ import annotations

import importlib.util
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from midback import sides
from midback.apps import outputs
from midback.apps.export.writers import LIBRARIES, WRITERS, Exported
from midback.apps.run import AUTO, is_camera, score_source
from midback.apps.score import progress_bar
from midback.errors import InputError
from midback.exercises import Exercise, find
from midback.form.evidence import Caution


@dataclass(frozen=True, slots=True)
class Wanted:
    """What to export, and how it is scored, see score_source. outputs: the suffix says as what."""

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
            _check_other(path, Path(self.source).expanduser())
        if len({path.resolve() for path in self.outputs}) < len(self.outputs):
            raise InputError("two outputs have the same name: each is a file of its own")


def run_export(wanted: Wanted) -> None:
    """Write every output, whole or not at all, and say so on standard error.

    One that turns out impossible does not stop the others. Raises InputError with the reasons
    at the end.
    """
    chosen = wanted.exercise if wanted.exercise == AUTO else find(wanted.exercise)
    if isinstance(chosen, Exercise):
        sides.chosen(chosen, wanted.side)
    wanted.check()
    with tempfile.TemporaryDirectory(prefix="midback-") as folder:
        poses = Path(folder) / "poses.npz"
        with progress_bar(wanted.source) as report:
            scored = score_source(
                wanted.source,
                chosen,
                model=wanted.model,
                save_poses=poses,
                progress=report,
                notice=_say,
                mapping=wanted.mapping,
                caution=wanted.caution,
                side=wanted.side,
            )
        _write(Exported(scored, poses, wanted.caution, wanted.side), wanted.outputs)


def _write(done: Exported, paths: Sequence[Path]) -> None:
    refused: list[InputError] = []
    for path in paths:
        try:
            notes = WRITERS[_kind(path)](done, path)
        except InputError as error:
            refused.append(error)
            continue
        _say(f"wrote {path}")
        for note in notes:
            _say(f"  {note}")
    if refused:
        raise InputError("; ".join(map(str, refused)))


def _kind(path: Path) -> str:
    """The longest suffix that is known: clip.long.csv is not only a .csv."""
    name = path.name.lower()
    return max((kind for kind in WRITERS if name.endswith(kind)), key=len, default="")


def _check_kind(path: Path) -> None:
    kind = _kind(path)
    if not kind:
        raise InputError(f"{path}: the suffix says what to write: {', '.join(WRITERS)}")
    package, extra = LIBRARIES.get(kind, ("", ""))
    if package and importlib.util.find_spec(package) is None:
        raise InputError(
            f"{path}: {kind} files need one more package: install it with "
            f"pip install 'midback[{extra}]'"
        )


def _check_other(path: Path, source: Path) -> None:
    if path.exists() and source.exists() and path.samefile(source):
        raise InputError(f"{path}: is the recording itself: name another file")


def _say(text: str) -> None:
    print(text, file=sys.stderr)
