"""Absolute limits, watched inside a repetition (science E2, red rule a)."""

from __future__ import annotations

from collections.abc import Sequence
from math import isfinite

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

Watched = tuple[list[float], list[int]]
"""Values and codes of one row's angles that have a limit."""


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
        self._allowed = [
            (OK, PROXY) if feature.reference == "fresh" else (OK,) for feature in self._features
        ]
        self._counts = [0] * len(self._features)
        self._neutral: Array | None = None
        self._zero: list[float] = []

    def reset(self) -> None:
        """Start counting anew, at the beginning of a repetition."""
        self._counts = [0] * len(self._features)

    def watched(self, values: Array, codes: NDArray[np.uint8]) -> list[Watched]:
        """What `update` takes of (N, A) rows in the order of ANGLES."""
        columns = values[:, self._columns].tolist(), codes[:, self._columns].tolist()
        return list(zip(*columns, strict=True))

    def update(
        self, row: Watched, neutral: Array | None, fresh: dict[str, list[float]]
    ) -> tuple[Feature, float] | None:
        """The feature that has just been past its limit for long enough, and its change.

        neutral: (A,) in the order of ANGLES; without one, only features with
        an absolute reference are watched. fresh: feature name -> frozen
        fresh mean of each side; which side is moving is not known yet, so the nearest one counts.
        A feature that refers to fresh repetitions is not watched before they are complete.
        """
        if neutral is not None and neutral is not self._neutral:
            self._neutral, self._zero = neutral, neutral[self._columns].tolist()
        for i, (feature, value, code) in enumerate(zip(self._features, *row, strict=True)):
            absolute = feature.reference == "absolute"
            if neutral is None and not absolute:
                continue
            if code not in self._allowed[i]:
                self._counts[i] = 0
                continue
            away = value if absolute else value - self._zero[i]
            change = _least_change(feature, away, fresh.get(feature.name, ()))
            over = change is not None and feature.red is not None and change >= feature.red
            self._counts[i] = self._counts[i] + 1 if over else 0
            if self._counts[i] >= HOLD_S * RATE and change is not None:
                return feature, change
        return None


def _least_change(feature: Feature, value: float, means: Sequence[float]) -> float | None:
    """Change for the worse from the nearest fresh mean; None where there is nothing to tell."""
    changes = [feature_change(feature, value, mean) for mean in means or (None,)]
    found = min((change for change in changes if change is not None), default=None)
    return found if found is not None and isfinite(found) else None
