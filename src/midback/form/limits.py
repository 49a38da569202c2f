"""Absolute limits, watched inside a repetition (science E2, red rule a)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from midback.exercises import Exercise, Feature
from midback.kinematics.measurability import NAMES, OK, PROXY
from midback.kinematics.smoothing import RATE
from midback.vision.pose import Array

HOLD_S = 0.5
"""How long a red limit must be crossed, with the angle measured throughout."""

_WATCHED = ("p90", "p10", "at_peak")
_HELD = int(HOLD_S * RATE)

Fresh = Mapping[str, Sequence[float]]


@dataclass(frozen=True, slots=True)
class Watched:
    """(N, F) values and codes of the angles that have a limit."""

    values: Array
    codes: NDArray[np.uint8]


class LimitWatch:
    """Says at once when a watched angle stays past its red limit for half a second."""

    def __init__(self, exercise: Exercise) -> None:
        self._features = [
            feature
            for feature in exercise.features
            if feature.red is not None
            and feature.statistic in _WATCHED
            and feature.unit != "%"
            and feature.reference != "expected"
        ]
        self._columns = [NAMES.index(feature.angle) for feature in self._features]
        self._red = np.array([feature.red for feature in self._features], dtype=np.float64)
        self._signs = np.array([1.0 if f.worse == "increase" else -1.0 for f in self._features])
        self._counts = [0] * len(self._features)
        self._known: tuple[Watched, Array | None, Fresh] | None = None
        self._changes: Array = np.empty((0, len(self._features)))
        self._over: list[bool] = []

    def reset(self) -> None:
        """Start counting anew, at the beginning of a repetition."""
        self._counts = [0] * len(self._features)

    def watched(self, values: Array, codes: NDArray[np.uint8]) -> Watched:
        """What `update` takes of (N, A) rows in the order of ANGLES."""
        return Watched(values[:, self._columns], codes[:, self._columns])

    def update(
        self, rows: Watched, index: int, neutral: Array | None, fresh: Fresh
    ) -> tuple[Feature, float] | None:
        """The feature that has by this row been past its limit for long enough, and its change.

        neutral: (A,) in the order of ANGLES; without one, only features with
        an absolute reference are watched. fresh: feature name -> frozen
        fresh mean of each side; which side is moving is not known yet, so the nearest one counts.
        A feature that refers to fresh repetitions is not watched before they are complete.
        """
        known = self._known
        if known is None or not (known[0] is rows and known[1] is neutral and known[2] is fresh):
            self._known = rows, neutral, fresh
            self._changes = self._for_the_worse(rows, neutral, fresh)
            past: NDArray[np.bool_] = np.any(self._changes >= self._red, axis=1)
            self._over = past.tolist()
        if not self._over[index]:
            if any(self._counts):
                self.reset()
            return None
        changes = self._changes[index]
        over = (changes >= self._red).tolist()
        self._counts = [n + 1 if past else 0 for n, past in zip(self._counts, over, strict=True)]
        for i, count in enumerate(self._counts):
            if count >= _HELD:
                return self._features[i], float(changes[i])
        return None

    def _for_the_worse(self, rows: Watched, neutral: Array | None, fresh: Fresh) -> Array:
        """(N, F) change for the worse, from the nearest fresh mean; NaN where it is not watched."""
        found = np.full(rows.values.shape, np.nan)
        for i, feature in enumerate(self._features):
            absolute, of_fresh = (feature.reference == kind for kind in ("absolute", "fresh"))
            means = fresh.get(feature.name, ()) if of_fresh else (0.0,)
            if (neutral is None and not absolute) or not means:
                continue
            zero = 0.0 if absolute or neutral is None else neutral[self._columns[i]]
            away = rows.values[:, i] - zero
            codes = rows.codes[:, i]
            watched = (codes == OK) | (codes == PROXY) if of_fresh else codes == OK
            change = np.min([self._signs[i] * (away - mean) for mean in means], axis=0)
            found[:, i] = np.where(watched & np.isfinite(change), change, np.nan)
        return found
