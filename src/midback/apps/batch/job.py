"""One recording to be scored, what identifies that work, and the line that came of it."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass, field
from functools import cache
from pathlib import Path
from typing import Any, Literal

from midback import __version__
from midback.apps.batch.content import Stamp
from midback.apps.batch.kinds import is_video
from midback.apps.batch.reason import one_line
from midback.apps.reading.settings import Rate
from midback.exercises import find, names
from midback.form.evidence import Caution
from midback.sides import Side
from midback.vision.weights import sha256_of

AUTO = "auto"

Status = Literal["scored", "failed"]


@dataclass(frozen=True, slots=True)
class Settings:
    """What holds for all recordings of one batch. model: weights in use; None without videos.

    model_sha256: theirs. mapping: as for one file, see midback.landmarks.
    """

    caution: Caution = "normal"
    rate: Rate = "all"
    mapping: str | None = None
    model: Path | None = None
    model_sha256: str | None = None


@dataclass(frozen=True, slots=True)
class Job:
    """One recording to be scored.

    name: as listed, relative to the folder, with slashes. exercise: a name, the path of a .toml
    file or "auto". content: SHA-256 of the file, stamp: what it looked like when that was taken.
    out: folder of the batch. key: identity of the work, see `of`.
    """

    name: str
    path: Path
    exercise: str
    side: Side | None
    settings: Settings
    stamp: Stamp
    content: str
    out: Path
    key: str

    @classmethod
    def of(
        cls,
        name: str,
        path: Path,
        exercise: str,
        side: Side | None,
        settings: Settings,
        content: tuple[Stamp, str],
        out: Path,
    ) -> Job:
        """The job with its key. Raises InputError for an unknown exercise.

        The key: the content and all that the result depends on, never a name.
        """
        stamp, digest = content
        what = {
            "content": digest,
            "exercise": _exercise_key(exercise),
            "side": side,
            "caution": settings.caution,
            "rate": settings.rate if is_video(path) else None,
            "mapping": None if is_video(path) else _mapping_key(settings.mapping),
            "model": settings.model_sha256 if is_video(path) else None,
            "version": __version__,
        }
        key = hashlib.sha256(json.dumps(what, sort_keys=True).encode()).hexdigest()
        return cls(name, path, exercise, side, settings, stamp, digest, out, key)

    @property
    def place(self) -> str:
        """Where the result goes, relative to `out`: the file's name and the key's beginning.

        Other settings or another content never overwrite a result.
        """
        parent, _, last = self.name.rpartition("/")
        kept = last.encode("utf-8", "replace")[:_LONGEST].decode("utf-8", "ignore")
        return "/".join(filter(None, [SETS, parent, f"{kept}.{self.key[:8]}"]))


SETS = "sets"
_LONGEST = 200  # bytes of a file's name that are kept; most disks take 255


@dataclass(frozen=True, slots=True)
class Done:
    """What became of one recording: a line of the summary.

    place: folder of the result, relative to the batch's. reason: why it failed. scores: of the
    repetitions, None where one has none. main, rom, rom_se, unit: the angle that counts the
    repetitions, its range over the set and the standard error of that. Seconds and degrees, or
    the angle's own unit.
    """

    name: str
    key: str
    status: Status
    reason: str | None = None
    place: str | None = None
    content: str | None = None
    exercise: str | None = None
    title: str | None = None
    side: Side | None = None
    reps: int | None = None
    scores: tuple[float | None, ...] = ()
    rep_indexes: tuple[int, ...] = ()
    hold_s: float | None = None
    stop_rep: int | None = None
    stop_s: float | None = None
    stop_kind: str | None = None
    stop_region: str | None = None
    score: float | None = None
    score_se: float | None = None
    fresh: float | None = None
    last: float | None = None
    fade: float | None = None
    main: str | None = None
    main_status: str | None = None
    rom: float | None = None
    rom_se: float | None = None
    unit: str | None = None
    view: str | None = None
    coverage: float | None = None
    frames: int | None = None
    duration_s: float | None = None
    warnings: tuple[str, ...] = field(default=())

    @classmethod
    def failed(cls, name: str, reason: str, key: str = "") -> Done:
        """A recording that could not be scored; the reason is made one line."""
        return cls(name, key, "failed", one_line(reason))

    def to_json(self) -> str:
        """One document; `from_json` reads it back."""
        return json.dumps(asdict(self), indent=1, ensure_ascii=False, allow_nan=False) + "\n"

    @classmethod
    def from_json(cls, text: str) -> Done:
        """Raises ValueError or TypeError where the text is no such document."""
        known: dict[str, Any] = json.loads(text)
        lists = {name: tuple(known[name]) for name in ("scores", "rep_indexes", "warnings")}
        return cls(**{**known, **lists})


def _exercise_key(exercise: str) -> str:
    """A change in the exercise's file is another exercise."""
    if exercise == AUTO:
        return AUTO
    return _shipped(exercise) if exercise in names() else find(exercise).model_dump_json()


@cache
def _shipped(exercise: str) -> str:
    return find(exercise).model_dump_json()


def _mapping_key(mapping: str | None) -> str | None:
    path = None if mapping is None else Path(mapping)
    return sha256_of(path) if path is not None and path.is_file() else mapping
