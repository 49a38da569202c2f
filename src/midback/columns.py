"""Angle rows of a whole session, kept compactly as they arrive."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from midback.kinematics.measurability import NAMES, OK, PROXY, REFERENCE_TRUNK_PX, measured
from midback.kinematics.registry import ANGLES, AngleSpec
from midback.kinematics.rows import AngleRows
from midback.result import STATUSES, Series
from midback.vision.pose import Array

_ZEROED: NDArray[np.bool_] = np.array([spec.zero == "neutral" for spec in ANGLES.values()])

_BLOCK = 1024  # rows, 290 kB


class _Block:
    """So many rows, time on the last axis: what is read together lies together."""

    def __init__(self) -> None:
        self.t = np.empty(_BLOCK)
        self.values = np.empty((len(NAMES), _BLOCK), dtype=np.float32)
        self.codes = np.empty((len(NAMES), _BLOCK), dtype=np.uint8)
        self.yaw, self.trunk, self.facing = np.empty((3, _BLOCK), dtype=np.float32)
        self.dorsal = np.empty(_BLOCK, dtype=np.int8)
        self.found, self.ready = np.empty((2, _BLOCK), dtype=np.bool_)

    def put(self, at: slice, rows: AngleRows, part: slice) -> None:
        """Write some of the rows there."""
        self.t[at], self.dorsal[at] = rows.t[part], rows.dorsal[part]
        self.values[:, at], self.codes[:, at] = rows.values[part].T, rows.codes[part].T
        self.yaw[at], self.trunk[at] = rows.yaw[part], rows.trunk_px[part]
        self.facing[at] = rows.facing_camera[part]
        self.found[at], self.ready[at] = rows.found[part], rows.ready[part]


class Columns:
    """One row per frame of the 30 Hz grid, in single precision but for the time.

    Rows are laid down and then counted one by one: what is not counted does not exist yet for
    whoever asks. They lie in blocks that never move, so that a long session is never copied.
    """

    def __init__(self) -> None:
        self.count = 0
        self._laid = 0
        self._blocks = [_Block()]

    def lay(self, rows: AngleRows) -> None:
        """Lay down the next rows, without counting them."""
        done = 0
        while done < len(rows):
            block, first = divmod(self._laid, _BLOCK)
            if block == len(self._blocks):
                self._blocks.append(_Block())
            count = min(len(rows) - done, _BLOCK - first)
            self._blocks[block].put(slice(first, first + count), rows, slice(done, done + count))
            done += count
            self._laid += count

    def advance(self) -> int:
        """Count the next of the rows laid down; return its number."""
        self.count += 1
        return self.count - 1

    def times(self) -> Array:
        """(N,) seconds."""
        return self._read("t", 0, None)

    def time(self, index: int) -> float:
        """Seconds of one frame."""
        return float(self._blocks[index // _BLOCK].t[index % _BLOCK])

    def angle(self, name: str, first: int = 0, last: int | None = None) -> Array:
        """Values of one angle from frame `first` to `last` (included), not zeroed."""
        return self._read("values", first, last, NAMES.index(name)).astype(np.float64)

    def usable(self, name: str, first: int, last: int) -> Array:
        """Values of one angle, NaN where they may not be used."""
        ok = measured(self.codes(name, first, last))
        return np.where(ok, self.angle(name, first, last), np.nan)

    def moved(self, name: str, first: int, last: int) -> float:
        """How far an angle is at the last frame from the first; 0 where that was not seen."""
        begin, end = (float(self.angle(name, frame, frame)[0]) for frame in (first, last))
        return abs(end - begin) if np.isfinite(end - begin) else 0.0

    def codes(self, name: str, first: int = 0, last: int | None = None) -> NDArray[np.uint8]:
        """Measurability codes of one angle over the same frames."""
        return self._read("codes", first, last, NAMES.index(name))

    def trunk(self, first: int, last: int) -> NDArray[np.float32]:
        """Length of the trunk in the picture, pixels, over the same frames."""
        return self._read("trunk", first, last)

    def ready(self, first: int = 0, last: int | None = None) -> NDArray[np.bool_]:
        """Whether the body was in the exercise's position, over the same frames."""
        return self._read("ready", first, last)

    def found(self) -> NDArray[np.bool_]:
        """(N,) whether a person was found."""
        return self._read("found", 0, None)

    def median(
        self, name: Literal["yaw", "trunk", "facing", "dorsal"], last: int | None = None
    ) -> float:
        """Median while in position up to frame `last`, None for all; NaN without one."""
        values = self._read(name, 0, last)[self.ready(0, last)]
        values = values[np.isfinite(values)]
        return float(np.median(values)) if len(values) else float("nan")

    def neutral(self, first: int, last: int) -> Array:
        """Median of every angle over the frames in position from first to last: (A,)."""
        out, ready = np.full(len(NAMES), np.nan), self.ready(first, last)
        for column, values in enumerate(self._read("values", first, last)):
            known = values[ready & np.isfinite(values)].astype(np.float64)
            if len(known):
                out[column] = np.median(known)
        return out

    def series(self, neutral: Array | None) -> Series:
        """Every angle per frame; change from neutral where the angle is defined so."""
        zero = np.where(_ZEROED, np.nan if neutral is None else neutral, 0.0)
        traces = {
            name: _ColumnTrace(spec, self, range(self.count), float(zero[i]))
            for i, (name, spec) in enumerate(ANGLES.items())
        }
        return Series(self.times(), traces)

    def _read(
        self, field: str, first: int, last: int | None, column: int | None = None
    ) -> NDArray[Any]:
        """A copy of one field, or of one column of it, from frame `first` to `last` (included)."""
        end = self.count if last is None else min(last + 1, self.count)
        begin = min(first // _BLOCK, len(self._blocks) - 1)
        parts = []
        for number in range(begin, max(begin, (end - 1) // _BLOCK) + 1):
            before = number * _BLOCK
            rows = slice(max(first - before, 0), max(end - before, 0))
            stored = getattr(self._blocks[number], field)
            parts.append((stored if column is None else stored[column])[..., rows])
        return parts[0].copy() if len(parts) == 1 else np.concatenate(parts, axis=-1)


@dataclass(frozen=True, slots=True)
class _ColumnTrace:
    """A Trace that is worked out where it is asked for: 41 of them would fill the memory.

    columns, rows: where it is stored. zero: what the angle is counted from.
    """

    spec: AngleSpec
    columns: Columns
    rows: range
    zero: float

    @property
    def unit(self) -> str:
        return self.spec.unit

    @property
    def value(self) -> Array:
        changes = self._changes()
        return np.where(self._shown(changes), changes, np.nan)

    @property
    def se(self) -> Array:
        """Larger for larger changes and for small persons."""
        changes = self._changes()
        with np.errstate(invalid="ignore", divide="ignore"):
            trunk = self.columns.trunk(self.rows.start, self.rows.stop - 1)
            scale = np.maximum(REFERENCE_TRUNK_PX / trunk, 1.0)
            errors = scale * np.hypot(self.spec.se, self.spec.se_share * np.abs(changes))
        return np.where(self._shown(changes), errors, np.nan)

    @property
    def status(self) -> NDArray[np.uint8]:
        shown, codes = self._shown(self._changes()), self._codes()
        status = np.full(len(shown), STATUSES.index("not_measurable"), dtype=np.uint8)
        status[shown & (codes == OK)] = STATUSES.index("measured")
        status[shown & (codes == PROXY)] = STATUSES.index("proxy")
        return status

    def part(self, rows: slice) -> _ColumnTrace:
        return replace(self, rows=self.rows[rows])

    def _codes(self) -> NDArray[np.uint8]:
        return self.columns.codes(self.spec.name, self.rows.start, self.rows.stop - 1)

    def _changes(self) -> Array:
        return self.columns.angle(self.spec.name, self.rows.start, self.rows.stop - 1) - self.zero

    def _shown(self, changes: Array) -> NDArray[np.bool_]:
        return measured(self._codes()) & np.isfinite(changes)
