"""The person's own fresh repetitions as a band on an angle's axis, for charts and gauges."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from midback.exercises import Exercise
from midback.form.breakdown import BreakdownRule
from midback.keyframes import Band
from midback.kinematics import ANGLES
from midback.kinematics.measurability import NAMES
from midback.vision.pose import Array
from midback.words import HEIGHTS


def own_band(
    exercise: Exercise,
    name: str,
    rule: BreakdownRule,
    sides: Sequence[str | None],
    neutral: Array | None,
) -> Band | None:
    """Mean and one SD of a feature over the fresh repetitions, in its angle's unit.

    sides: of the repetitions so far. neutral: of every angle, added
    where the angle stands for itself and the feature is a change from neutral. None for a name
    that is no feature, and before the fresh repetitions are complete.
    """
    found = [b for side in sides if (b := rule.baseline(name, side)) is not None]
    if not found:
        return None
    mean = float(np.mean([b.mean for b in found]))
    spread = float(np.mean([b.sd for b in found]))
    feature = exercise.feature(name)
    if feature.unit == "%":
        spread = abs(mean) * spread / 100.0
    own_zero = feature.reference != "absolute" and ANGLES[feature.angle].zero == "absolute"
    if own_zero and feature.statistic in HEIGHTS and neutral is not None:
        mean += float(neutral[NAMES.index(feature.angle)])
    return Band(mean, mean - spread, mean + spread)
