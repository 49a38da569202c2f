"""Whether the left side does what the right side does, over a set (science D)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from midback.exercises import Exercise
from midback.form.features import Rep

_LEAST = 2
"""Repetitions on each side."""


@dataclass(frozen=True, slots=True)
class Asymmetry:
    """Left against right in one feature. left, right: means, in the feature's unit.

    percent: 100 (right - left) over half the sum of their sizes. real: whether the difference is
    larger than twice repeated measuring would make it in 19 of 20 sets.
    """

    feature: str
    left: float
    right: float
    percent: float
    real: bool


def asymmetries(exercise: Exercise, reps: list[Rep]) -> tuple[Asymmetry, ...]:
    """Compare the sides feature by feature, from complete repetitions with a known side.

    A difference is real beyond 2.77 sqrt(2) SE / sqrt(n), n the smaller number of repetitions.
    """
    found = []
    for feature in exercise.features:
        sides = [
            [
                value
                for rep in reps
                if rep.side == side
                and rep.span.complete
                and (value := rep.values.get(feature.name)) is not None
            ]
            for side in ("left", "right")
        ]
        count = min(len(values) for values in sides)
        if count < _LEAST:
            continue
        left, right = (float(np.mean(values)) for values in sides)
        scale = (abs(left) + abs(right)) / 2
        error = feature.se * scale / 100 if feature.unit == "%" else feature.se
        limit = 2.77 * np.sqrt(2.0) * error / np.sqrt(count)
        percent = 100 * (right - left) / scale if scale > 0 else 0.0
        real = bool(abs(right - left) > limit)
        found.append(Asymmetry(feature.name, left, right, percent, real))
    return tuple(found)
