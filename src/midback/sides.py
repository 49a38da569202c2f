"""On which side a repetition was done: as chosen, or which arm was lifted (science C)."""

from __future__ import annotations

from typing import Literal

import numpy as np

from midback.columns import Columns
from midback.errors import InputError
from midback.exercises import Exercise
from midback.form.quick import median
from midback.form.segmentation import Span

Side = Literal["left", "right"]

_MARGIN = 0.2


def chosen(exercise: Exercise, side: Side | None) -> Side | None:
    """The side that was chosen; InputError for an exercise that is not done on one side."""
    if side is not None and exercise.primary.sides != "chosen":
        raise InputError(f"{exercise.name} is not done on one side: leave --side away")
    return side


def lifted_side(columns: Columns, span: Span) -> str:
    """Lifted arm of a repetition: "left", "right" or "unknown".

    Compares the two diagonals while the limbs are up; they must differ by a fifth of the range.
    Frames that were lost tell nothing, and take nothing from the others.
    """
    left_arm, right_arm, left_leg, right_leg = (
        columns.angle(name, span.first, span.last)
        for name in (
            "arm_elevation_left",
            "arm_elevation_right",
            "trunk_thigh_left",
            "trunk_thigh_right",
        )
    )
    difference = (left_arm + right_leg) - (right_arm + left_leg)
    lift = columns.angle("diagonal_lift", span.first, span.last)
    known = lift[np.isfinite(lift) & np.isfinite(difference)]
    if not len(known):
        return "unknown"
    up = lift >= known.min() + 0.8 * np.ptp(known)
    middle = median(difference[up & np.isfinite(difference)])
    if abs(middle) < _MARGIN * span.rom:
        return "unknown"
    return "left" if middle > 0 else "right"
