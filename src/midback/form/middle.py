"""Where the two sides of a movement meet that goes both ways, as it becomes known."""

from __future__ import annotations

import numpy as np

from midback.form.quick import median
from midback.form.spans import Span
from midback.kinematics.smoothing import RATE
from midback.vision.pose import Array

_CALM_SHARE = 0.15  # of the own range within one second: the signal rests
_OFF_SHARE = 0.25  # of the usual range: so far from zero both sides may meet at first
_SIDE_SHARE = 0.2  # of the own range: so far a side must go to be one
_CENTRAL = 0.4  # of the way between both ends: so far from either the middle keeps


class Middle:
    """The signal's value between its sides: where it last rested, kept well between both ends.

    typical_rom: the usual range to one side, in the signal's unit. An end is that of the last
    repetition there, or how far beyond zero the signal was without being counted, while it was
    unknown where both sides meet.
    """

    def __init__(self, typical_rom: float) -> None:
        self.value = 0.0
        self._typical = typical_rom
        self._counted: dict[int, float] = {}
        self._passed: dict[int, float] = {}

    def update(self, recent: Array, own_range: float) -> float:
        """Take the last second of the signal between two repetitions; return the middle."""
        if len(recent) == int(RATE) and np.ptp(recent) < _CALM_SHARE * own_range:
            self.value = median(recent)
        at = float(recent[-1])
        for side in (1, -1):
            if side * at > max(_SIDE_SHARE * own_range, side * self._passed.get(side, 0.0)):
                self._passed[side] = at
        self.value = float(np.clip(self.value, *self._bounds()))
        return self.value

    def learn(self, span: Span, own_range: float) -> None:
        """Remember how far an excursion went, also where it was too small to count."""
        if span.rom >= _SIDE_SHARE * own_range:
            self._counted[span.sign] = span.baseline + span.sign * span.rom

    def _bounds(self) -> tuple[float, float]:
        ends = self._passed | self._counted
        if len(ends) < 2:
            return -_OFF_SHARE * self._typical, _OFF_SHARE * self._typical
        low, high = ends[-1], ends[1]
        inner = _CENTRAL * max(high - low, 0.0)
        return min(low + inner, high - inner), max(low + inner, high - inner)
