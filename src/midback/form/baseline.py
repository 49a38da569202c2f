"""The person's own fresh repetitions, estimated once and frozen (science E2).

A running mean would chase the very shift that it should detect.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.special import ndtri, stdtr

from midback.exercises import Feature

FRESH = 4
"""Complete repetitions, per side where sides alternate, that make the baseline."""

_NU0 = 4.0
_Z_LOW, _Z_HIGH = -4.0, 6.0


@dataclass(frozen=True, slots=True)
class Baseline:
    """Fresh level of one feature. mean, sd: in the feature's unit; count: repetitions used.

    dof: degrees of freedom of the spread, prior included.
    """

    mean: float
    sd: float
    count: int
    dof: float


def fresh_baseline(feature: Feature, values: list[float]) -> Baseline | None:
    """Posterior mean and spread from fresh values (per cent of their mean for "%" features)."""
    if not values:
        return None
    mean = float(np.mean(values))
    scaled = np.array([as_change(feature, value, mean) for value in values])
    dof = _NU0 + len(values)
    square = (_NU0 * feature.sd**2 + float(((scaled - scaled.mean()) ** 2).sum())) / dof
    sd = max(float(np.sqrt(square)), feature.se, 0.5 * feature.sd)
    return Baseline(mean, sd, len(values), dof)


def as_change(feature: Feature, value: float, fresh: float) -> float:
    """Change from the fresh mean, in the feature's unit; positive as the value grows."""
    if feature.unit == "%":
        return 100.0 * (value / fresh - 1.0) if abs(fresh) > 1e-6 else 0.0
    return value - fresh


def worsening(feature: Feature, value: float, fresh: float) -> float:
    """Change from the fresh mean, positive when it is for the worse."""
    sign = 1.0 if feature.worse == "increase" else -1.0
    return sign * as_change(feature, value, fresh)


def z_score(feature: Feature, value: float, baseline: Baseline) -> float:
    """Evidence that the value is worse than fresh: standard normal if nothing changed."""
    change = worsening(feature, value, baseline.mean)
    t = change / (baseline.sd * np.sqrt(1.0 + 1.0 / baseline.count))
    return float(np.clip(ndtri(stdtr(baseline.dof, t)), _Z_LOW, _Z_HIGH))
