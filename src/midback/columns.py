"""Angle rows of a whole session, kept compactly as they arrive."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from midback.kinematics.measurability import NAMES, OK, PROXY, REFERENCE_TRUNK_PX, measured
from midback.kinematics.registry import ANGLES
from midback.kinematics.rows import AngleRows
from midback.result import STATUSES, Series, Trace
from midback.vision.pose import Array

_ZEROED: NDArray[np.bool_] = np.array([spec.zero == "neutral" for spec in ANGLES.values()])
_SE: Array = np.array([spec.se for spec in ANGLES.values()])
_SE_SHARE: Array = np.array([spec.se_share for spec in ANGLES.values()])


class Columns:
    """Growing arrays: one row per frame of the 30 Hz grid.

    Rows are laid down in blocks and then counted one by one: what is not counted does not exist
    yet for whoever asks.
    """

    def __init__(self) -> None:
        self.count = 0
        self._laid = 0
        self._t = np.empty(0)
        self._values = np.empty((0, len(NAMES)))
        self._codes = np.empty((0, len(NAMES)), dtype=np.uint8)
        self._yaw, self._trunk = np.empty(0), np.empty(0)
        self._found, self._ready = np.empty(0, dtype=np.bool_), np.empty(0, dtype=np.bool_)
        self._facing, self._dorsal = np.empty(0), np.empty(0)

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
                store = np.resize(store, (max(256, 2 * self._laid), *store.shape[1:]))
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
        return self._values[first:end, NAMES.index(name)]

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
        part = self._values[first : last + 1][self._ready[first : last + 1]]
        out = np.full(len(NAMES), np.nan)
        for column in range(len(NAMES)):
            known = part[np.isfinite(part[:, column]), column]
            if len(known):
                out[column] = np.median(known)
        return out

    def errors(self, values: Array) -> Array:
        """(N, A) standard errors of (N, A) values: larger for larger changes and small persons."""
        with np.errstate(invalid="ignore", divide="ignore"):
            scale = np.maximum(REFERENCE_TRUNK_PX / self._trunk[: self.count], 1.0)
            return np.asarray(scale[:, None] * np.hypot(_SE, _SE_SHARE * np.abs(values)))

    def series(self, neutral: Array | None) -> Series:
        """Every angle per frame; change from neutral where the angle is defined so."""
        zero = np.where(_ZEROED, np.nan if neutral is None else neutral, 0.0)
        values = self._values[: self.count] - zero
        codes = self._codes[: self.count]
        shown = measured(codes) & np.isfinite(values)
        errors = np.where(shown, self.errors(values), np.nan)
        values = np.where(shown, values, np.nan)
        status = np.full(codes.shape, STATUSES.index("not_measurable"), dtype=np.uint8)
        status[shown & (codes == OK)] = STATUSES.index("measured")
        status[shown & (codes == PROXY)] = STATUSES.index("proxy")
        traces = {
            name: Trace(ANGLES[name].unit, values[:, i], errors[:, i], status[:, i])
            for i, name in enumerate(NAMES)
        }
        return Series(self.times().copy(), traces)
