"""An exercise of four regions with two angles each, and repetitions made of numbers."""

from __future__ import annotations

import numpy as np

from midback.exercises import Exercise, find
from midback.exercises.schema import Feature
from midback.form.breakdown import Breakdown, BreakdownRule
from midback.form.features import Rep
from midback.form.segmentation import Span
from midback.vision.pose import Array

REGIONS = ("hips", "core", "shoulders", "knees")


def feature(region: str, number: int) -> Feature:
    return Feature.model_validate(
        {
            "name": f"{region}_{number}",
            "angle": "lumbar_arch",
            "region": region,
            "statistic": "p90",
            "reference": "fresh",
            "worse": "increase",
            "unit": "deg",
            "sd": 1.0,
            "se": 0.5,
            "floor": 1.6,
            "amber": 3.2,
            "red": 6.0,
            "weight": 12.5,
            "cue": "Hold still",
        }
    )


FEATURES = tuple(feature(region, number) for region in REGIONS for number in (1, 2))
GRID: Exercise = find("bird_dog").model_copy(update={"features": FEATURES})


def span(*, complete: bool = True) -> Span:
    return Span(0, 45, 90, complete, 1.0, 1.0, 1.0, 150.0, 0.0, 1)


def grid_rep(index: int, values: Array, *, side: str | None = None, complete: bool = True) -> Rep:
    """values: (4, 2), NaN where not measured."""
    known = {
        f.name: float(value) if np.isfinite(value) else None
        for f, value in zip(FEATURES, np.ravel(values), strict=True)
    }
    return Rep(index, side, span(complete=complete), known)


def first_call(rule: BreakdownRule, values: Array) -> Breakdown | None:
    """The first call on a set; values: (T, 4, 2)."""
    for i, row in enumerate(values, start=1):
        _, call = rule.update(grid_rep(i, row))
        if call is not None:
            return call
    return None
