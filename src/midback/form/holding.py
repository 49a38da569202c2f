"""Whether somebody is in a hold: lifted into it, or in it already when first seen."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from midback.exercises import Exercise
from midback.form.evidence import Caution
from midback.form.holds import BASELINE_EPOCHS, HoldRule, HoldStop
from midback.kinematics.measurability import NAMES, measured
from midback.kinematics.smoothing import RATE
from midback.vision.pose import Array

ALREADY_S = 3.0
"""In the position for so long, somebody is holding, although no lift was seen."""

LEFT_SHARE = 0.35
"""Share of the way out of rest below which a hold has been left, as in RepSegmenter."""

_AWAY_S = 0.5


class AlreadyHeld:
    """Recognises a hold whose lift was not seen, by the exercise's own `held`.

    It is left when the primary angle has come most of a usual range back towards rest, or out of
    a readable position, for half a second; a sag on the way there is judged, no end.
    """

    def __init__(self, exercise: Exercise) -> None:
        primary = exercise.primary
        self._bounds = [(NAMES.index(name), *span) for name, span in exercise.held.items()]
        self._primary = NAMES.index(primary.angle)
        self._effort = {"decrease": -1.0}.get(primary.direction, 1.0)
        self._back = (1 - LEFT_SHARE) * primary.typical_rom
        self._seen: list[float] = []
        self._level = 0.0
        self._away = 0
        self.active = False

    def update(self, values: Array, codes: NDArray[np.uint8]) -> bool:
        """Take the next frame; whether the hold is on."""
        if self.active:
            back = self._level - self._effort * values[self._primary]
            gone = not np.isfinite(back) or back > self._back
            self._away = self._away + 1 if gone else 0
            self.active = self._away <= _AWAY_S * RATE
            return self.active
        inside = bool(self._bounds) and all(
            low <= values[i] <= high and measured(codes[i : i + 1])[0]
            for i, low, high in self._bounds
        )
        self._seen = [*self._seen, self._effort * float(values[self._primary])] if inside else []
        if len(self._seen) >= ALREADY_S * RATE:
            self._level, self._seen, self._away = float(np.median(self._seen)), [], 0
            self.active = True
        return self.active


class HoldWatch:
    """A hold from the session's point of view: when it is on, and what `HoldRule` makes of it.

    began_unseen: whether no lift was seen. settled: in the one frame that completes the baseline.
    """

    def __init__(self, exercise: Exercise, caution: Caution = "normal") -> None:
        self.rule = HoldRule(exercise, caution)
        self._already = AlreadyHeld(exercise)
        self.began_unseen = False
        self.settled = False

    def update(
        self,
        values: Array,
        codes: NDArray[np.uint8],
        neutral: Array | None,
        lifted: float | None,
    ) -> HoldStop | None:
        """Take the next frame; return the call when this frame makes it.

        lifted: share of the way out of rest while a lift is under way, see RepSegmenter.share.
        """
        was = self._already.active
        already = self._already.update(values, codes)
        if already and not was and lifted is None:
            self.began_unseen = True
            self.rule.credit(ALREADY_S)
        held = already if lifted is None else lifted >= LEFT_SHARE
        before = self.rule.epochs
        call = self.rule.update(values, codes, neutral, held)
        self.settled = before < BASELINE_EPOCHS == self.rule.epochs
        return call
