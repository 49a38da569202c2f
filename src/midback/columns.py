"""Angle rows of a whole session, kept compactly as they arrive."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from midback.kinematics.measurability import NAMES, OK, PROXY, REFERENCE_TRUNK_PX, measured
from midback.kinematics.registry import ANGLES, AngleSpec
from midback.kinematics.rows import AngleRows
from midback.result import STATUSES, Series
from midback.vision.pose import Array

_ZEROED: NDArray[np.bool_] = np.array([spec.zero == "neutral" for spec in ANGLES.values()])


class Columns:
    """Growing arrays: one row per frame of the 30 Hz grid, in single precision but for the time.

    Rows are laid down in blocks and then counted one by one: what is not counted does not exist
    yet for whoever asks.
    """

    def __init__(self) -> None:
        self.count = 0
        self._laid = 0
        self._t = np.empty(0)
        self._values = np.empty((0, len(NAMES)), dtype=np.float32)
        self._codes = np.empty((0, len(NAMES)), dtype=np.uint8)
        self._yaw, self._trunk = np.empty(0, dtype=np.float32), np.empty(0, dtype=np.float32)
        self._found, self._ready = np.empty(0, dtype=np.bool_), np.empty(0, dtype=np.bool_)
        self._facing, self._dorsal = np.empty(0, dtype=np.float32), np.empty(0, dtype=np.int8)

    def lay(self, rows: AngleRows) -> None:
        """Lay down the next rows, without counting them."""
        first, self._laid = self._laid, self._laid + len(rows)
        parts = {
            "_t": rows.t,
            "_values": rows.values,
            "_codes": rows.codes,
            "_yaw": rows.yaw,
            "_trunk": rows.trunk_px,
            "_found": rows.found,
            "_ready": rows.ready,
            "_facing": rows.facing_camera,
            "_dorsal": rows.dorsal,
        }
        for name, part in parts.items():
            store = getattr(self, name)
            if self._laid > len(store):
                store = _grown(store, max(256, 2 * self._laid), first)
                setattr(self, name, store)
            store[first : self._laid] = part

    def advance(self) -> None:
        """Count the next of the rows laid down."""
        self.count += 1

    def times(self) -> Array:
        """(N,) seconds."""
        return self._t[: self.count]

    def angle(self, name: str, first: int = 0, last: int | None = None) -> Array:
        """Values of one angle from frame `first` to `last` (included), not zeroed."""
        end = self.count if last is None else last + 1
        return self._values[first:end, NAMES.index(name)].astype(np.float64)

    def usable(self, name: str, first: int, last: int) -> Array:
        """Values of one angle, NaN where they may not be used."""
        ok = measured(self.codes(name, first, last))
        return np.where(ok, self.angle(name, first, last), np.nan)

    def moved(self, name: str, first: int, last: int) -> float:
        """How far an angle is at the last frame from the first; 0 where that was not seen."""
        values = self.angle(name, first, last)
        return float(np.nan_to_num(np.abs(values[-1] - values[0])))

    def codes(self, name: str, first: int = 0, last: int | None = None) -> NDArray[np.uint8]:
        """Measurability codes of one angle over the same frames."""
        end = self.count if last is None else last + 1
        return self._codes[first:end, NAMES.index(name)]

    def ready(self) -> NDArray[np.bool_]:
        """(N,) whether the body was in the exercise's position."""
        return self._ready[: self.count]

    def found(self) -> NDArray[np.bool_]:
        """(N,) whether a person was found."""
        return self._found[: self.count]

    def median(self, name: str, last: int | None = None) -> float:
        """Median of "yaw", "trunk", "facing" or "dorsal" while in position; NaN without one.

        last: the last frame that counts; None for all.
        """
        end = self.count if last is None else last + 1
        values = getattr(self, f"_{name}")[:end][self.ready()[:end]]
        values = values[np.isfinite(values)]
        return float(np.median(values)) if len(values) else float("nan")

    def neutral(self, first: int, last: int) -> Array:
        """Median of every angle over the frames in position from first to last: (A,)."""
        part = self._values[first : last + 1][self._ready[first : last + 1]].astype(np.float64)
        out = np.full(len(NAMES), np.nan)
        for column in range(len(NAMES)):
            known = part[np.isfinite(part[:, column]), column]
            if len(known):
                out[column] = np.median(known)
        return out

    def series(self, neutral: Array | None) -> Series:
        """Every angle per frame; change from neutral where the angle is defined so."""
        zero = np.where(_ZEROED, np.nan if neutral is None else neutral, 0.0)
        values, codes = self._values[: self.count], self._codes[: self.count]
        trunk = self._trunk[: self.count]
        traces = {
            name: _ColumnTrace(spec, values[:, i], codes[:, i], trunk, float(zero[i]))
            for i, (name, spec) in enumerate(ANGLES.items())
        }
        return Series(self.times().copy(), traces)


@dataclass(frozen=True, slots=True)
class _ColumnTrace:
    """A Trace that is worked out where it is asked for: 41 of them would fill the memory.

    raw, codes, trunk: (N,) as they are stored. zero: what the angle is counted from.
    """

    spec: AngleSpec
    raw: NDArray[np.float32]
    codes: NDArray[np.uint8]
    trunk: NDArray[np.float32]
    zero: float

    @property
    def unit(self) -> str:
        return self.spec.unit

    @property
    def value(self) -> Array:
        return np.where(self._shown(), self._changes(), np.nan)

    @property
    def se(self) -> Array:
        """Larger for larger changes and for small persons."""
        with np.errstate(invalid="ignore", divide="ignore"):
            scale = np.maximum(REFERENCE_TRUNK_PX / self.trunk, 1.0)
            errors = scale * np.hypot(self.spec.se, self.spec.se_share * np.abs(self._changes()))
        return np.where(self._shown(), errors, np.nan)

    @property
    def status(self) -> NDArray[np.uint8]:
        shown = self._shown()
        status = np.full(len(shown), STATUSES.index("not_measurable"), dtype=np.uint8)
        status[shown & (self.codes == OK)] = STATUSES.index("measured")
        status[shown & (self.codes == PROXY)] = STATUSES.index("proxy")
        return status

    def part(self, rows: slice) -> _ColumnTrace:
        return replace(self, raw=self.raw[rows], codes=self.codes[rows], trunk=self.trunk[rows])

    def _changes(self) -> Array:
        return self.raw.astype(np.float64) - self.zero

    def _shown(self) -> NDArray[np.bool_]:
        return measured(self.codes) & np.isfinite(self._changes())


_Kind = TypeVar("_Kind", bound=np.generic)


def _grown(store: NDArray[_Kind], length: int, known: int) -> NDArray[_Kind]:
    """Room for `length` rows, the `known` ones copied; what is untouched takes no memory yet."""
    room = np.empty((length, *store.shape[1:]), dtype=store.dtype)
    room[:known] = store[:known]
    return room
