"""One number per watched feature and repetition (science D)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from midback.exercises import Feature
from midback.form.segmentation import Span
from midback.kinematics.smoothing import RATE
from midback.vision.pose import Array

_ENOUGH = 0.6
"""Share of a repetition's frames in which an angle must be measured."""


@dataclass(frozen=True, slots=True)
class Rep:
    """A repetition with its features. values: feature name -> value in its unit, or None."""

    index: int
    side: str | None
    span: Span
    values: dict[str, float | None]


def feature_value(
    feature: Feature, span: Span, trace: Array, ok: NDArray[np.bool_], neutral: float
) -> float | None:
    """Value of one feature in one repetition; None where it was not measured for long enough.

    trace, ok: (N,) the feature's angle and whether it may be used, from span.first to span.last.
    neutral: the person's own neutral of that angle, subtracted unless the feature is absolute.
    Durations are in seconds; the share of measured frames does not matter for them.
    """
    durations = {
        "hold_s": span.hold_s,
        "concentric_s": span.concentric_s,
        "eccentric_s": span.eccentric_s,
    }
    if feature.statistic in durations:
        return durations[feature.statistic]
    if ok.mean() < _ENOUGH:
        return None
    change = trace if feature.reference == "absolute" else trace - neutral
    match feature.statistic:
        case "rom":
            low, high = np.percentile(change[ok], [2, 98])
            return float(high - low)
        case "at_peak":
            at = span.peak - span.first
            half = int(0.25 * RATE)
            near = slice(max(0, at - half), at + half + 1)
            return float(np.median(change[near][ok[near]])) if ok[near].any() else None
        case "p10":
            return float(np.percentile(change[ok], 10))
        case _:
            return float(np.percentile(change[ok], 90))
