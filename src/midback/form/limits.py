"""Absolute limits, watched inside a repetition (science E2, red rule a)."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from midback.exercises import Exercise, Feature
from midback.form.score import feature_change
from midback.kinematics.measurability import NAMES, OK, PROXY
from midback.kinematics.smoothing import RATE
from midback.vision.pose import Array

HOLD_S = 0.5
"""How long a red limit must be crossed, with the angle measured throughout."""

_WATCHED = ("p90", "p10", "at_peak")


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
        self._counts = [0] * len(self._features)

    def reset(self) -> None:
        """Start counting anew, at the beginning of a repetition."""
        self._counts = [0] * len(self._features)

    def update(
        self,
        values: Array,
        codes: NDArray[np.uint8],
        neutral: Array | None,
        fresh: dict[str, list[float]],
    ) -> tuple[Feature, float] | None:
        """The feature that has just been past its limit for long enough, and its change.

        values, codes, neutral: (A,) in the order of ANGLES; without a neutral, only features with
        an absolute reference are watched. fresh: feature name -> frozen
        fresh mean of each side; which side is moving is not known yet, so the nearest one counts.
        A feature that refers to fresh repetitions is not watched before they are complete.
        """
        for i, feature in enumerate(self._features):
            column = NAMES.index(feature.angle)
            if neutral is None and feature.reference != "absolute":
                continue
            zero = 0.0 if feature.reference == "absolute" or neutral is None else neutral[column]
            value = float(values[column] - zero)
            means: list[float | None] = [*fresh.get(feature.name, [])]
            changes = [
                change
                for mean in means or [None]
                if (change := feature_change(feature, value, mean)) is not None
            ]
            change = min(changes, default=None)
            over = (
                codes[column] in ((OK, PROXY) if feature.reference == "fresh" else (OK,))
                and change is not None
                and np.isfinite(change)
                and feature.red is not None
                and change >= feature.red
            )
            self._counts[i] = self._counts[i] + 1 if over else 0
            if self._counts[i] >= HOLD_S * RATE and change is not None:
                return feature, change
        return None
