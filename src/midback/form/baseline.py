"""The person's own level of every feature: fresh repetitions, sharpened, then frozen (science E2).

A running mean would chase the very shift that it should detect. So the first four repetitions
make the baseline that every change is counted from; repetitions that follow only sharpen the
level that evidence is counted from, late, clipped and not beyond the eighth, and then it stays.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from scipy.special import ndtri, stdtr

from midback.exercises import Feature
from midback.form.history import Prior
from midback.vision.pose import Array

FRESH = 4
"""Complete repetitions, per side where sides alternate, that make the baseline."""

LEAST_FRESH = 2
"""Fresh values of a feature without which it is not watched."""

REFERENCE = 8
"""Repetitions, fresh ones included, after which the level is frozen for good."""

GUARD = 1
"""Latest repetitions before the judged one that do not count for its level yet."""

USUAL_RESEMBLANCE = 0.2
"""Autocorrelation that is assumed until a person's own is known."""

_PAIRS = 40.0
_NU0, _NU0_KNOWN = 4.0, 10.0
_KAPPA0_KNOWN = 1.0
_CLIP = 2.5
_Z_LOW, _Z_HIGH = -4.0, 6.0


@dataclass(frozen=True, slots=True)
class Baseline:
    """Fresh level of one feature. mean, sd: in the feature's unit; count: repetitions used.

    mean: of the fresh repetitions themselves, what every reported change is counted from.
    level: of the change from `mean`, in the feature's unit; not 0 only with earlier sets.
    dof: degrees of freedom of the spread, prior included. weight: repetitions that the level
    is worth, prior included.
    """

    mean: float
    sd: float
    count: int
    dof: float
    level: float = 0.0
    weight: float = float(FRESH)


@dataclass(frozen=True, slots=True)
class Belief:
    """What is believed before today. mean: level, sd: spread within a set, weight: repetitions
    that the level is worth, dof: degrees of freedom of the spread. Any shape.
    """

    mean: Array
    sd: Array
    weight: Array | float
    dof: Array | float


@dataclass(frozen=True, slots=True)
class Level:
    """Posterior of level and spread. mean, sd, weight, dof: one of each per feature, any shape."""

    mean: Array
    sd: Array
    weight: Array
    dof: Array


def belief(sd: Array, known: tuple[Array, Array] | None = None) -> Belief:
    """Return the belief before a set (science E2).

    sd: the exercise file's spread of fresh repetitions. known: level and spread of this person's
    earlier sets, where there are any.
    """
    if known is None:
        return Belief(np.zeros_like(sd), sd, 0.0, _NU0)
    return Belief(*known, _KAPPA0_KNOWN, _NU0_KNOWN)


def level(values: Array, before: Belief, se: Array) -> Level:
    """Posterior level and spread from the values on the last axis; NaN counts as not measured.

    se: error of one measurement; the spread is never believed to be below it, nor below half of
    what was believed before.
    """
    known = np.isfinite(values)
    count = known.sum(-1)
    mean = np.where(known, values, 0.0).sum(-1) / np.maximum(count, 1)
    squares = (np.where(known, values - mean[..., None], 0.0) ** 2).sum(-1)
    weight, dof = before.weight + count, before.dof + count
    share = before.weight / np.maximum(weight, 1.0)
    middle = share * before.mean + (1.0 - share) * mean
    away = share * count * (mean - before.mean) ** 2
    sd = np.sqrt((before.dof * before.sd**2 + squares + away) / dof)
    sd = np.maximum(sd, np.maximum(se, 0.5 * before.sd))
    return Level(middle, sd, weight, dof)


def reference(values: Array, before: Belief, se: Array) -> Array:
    """The repetitions that make the level for the LAST value on the last axis, oldest first.

    The fresh repetitions and later ones but the latest; these replace the very first one, which
    is often worse than the rest. Later ones are clipped to 2.5 spreads around the fresh level, so
    that a slip cannot move it, and only the first eight repetitions count.
    """
    fresh = level(values[..., :FRESH], before, se)
    later = values[..., FRESH : max(FRESH, min(REFERENCE, values.shape[-1] - 1 - GUARD))]
    reach, middle = (_CLIP * fresh.sd)[..., None], fresh.mean[..., None]
    later = np.clip(later, middle - reach, middle + reach)
    first = 1 if later.shape[-1] else 0
    return np.concatenate([values[..., first:FRESH], later], axis=-1)


def resemblance(values: Array) -> Array:
    """How much a repetition resembles the one before it: lag-one autocorrelation, 0 to .8.

    values: (..., F, n), pooled over the features; NaN where not measured. Corrected for its bias
    in short series and drawn towards .2, which counts like 40 pairs. Returns (...,).
    """
    n = values.shape[-1]
    if n <= FRESH:
        return np.full(values.shape[:-2], USUAL_RESEMBLANCE)
    known = np.isfinite(values)
    count = known.sum(-1, keepdims=True)
    mean = np.where(known, values, 0.0).sum(-1, keepdims=True) / np.maximum(count, 1)
    away = np.where(known, values - mean, 0.0)
    spread = np.sqrt((away**2).sum(-1, keepdims=True) / np.maximum(count, 1))
    away = away / np.where(spread > 0.0, spread, 1.0)
    together, total = (away[..., 1:] * away[..., :-1]).sum((-1, -2)), (away**2).sum((-1, -2))
    raw = together / np.maximum(total, 1e-9) * n / (n - 1)
    pairs = (known[..., 1:] & known[..., :-1]).sum((-1, -2)) * (1.0 - 3.0 / n) ** 2
    unbiased = (raw + 1.0 / n) / (1.0 - 3.0 / n)
    drawn = (_PAIRS * USUAL_RESEMBLANCE + unbiased * pairs) / (_PAIRS + pairs)
    return np.asarray(np.clip(drawn, 0.0, 0.8))


def judge(values: Array, before: Belief, se: Array) -> tuple[Array, Array]:
    """Standard score of the latest repetition's features and the resemblance it allows for.

    values: (..., F, n) worsening from the fresh mean, NaN where not measured. Returns (..., F)
    and (...,).
    """
    at, alike = own_level(values, before, se)
    return standard_score(values[..., -1], at), alike


def own_level(values: Array, before: Belief, se: Array) -> tuple[Level, Array]:
    """The level that the LAST of the values is judged by, and the resemblance it allows for.

    Arguments as of `judge`. With REFERENCE and GUARD repetitions before the last, more of them
    change nothing. Repetitions that resemble each other tell less about their level than their
    number.
    """
    behind = reference(values, before, se)
    at, alike = level(behind, before, se), resemblance(behind)
    own = (1.0 - alike) / (1.0 + alike)
    usual = (1.0 - USUAL_RESEMBLANCE) / (1.0 + USUAL_RESEMBLANCE)
    return replace(at, weight=at.weight * (own / usual)[..., None]), alike


def standard_score(change: Array, at: Level) -> Array:
    """Evidence that a change is worse than its level: standard normal if nothing changed.

    Positive is worse. Clipped to -4..6.
    """
    t = (change - at.mean) / (at.sd * np.sqrt(1.0 + 1.0 / np.maximum(at.weight, 1.0)))
    return np.asarray(np.clip(ndtri(stdtr(at.dof, t)), _Z_LOW, _Z_HIGH))


def feature_belief(feature: Feature, mean: float, prior: Prior | None) -> Belief:
    """Belief about the worsening of a feature from the fresh mean `mean`, in its unit."""
    if prior is None:
        return belief(np.array(feature.sd))
    at = np.array(worsening(feature, prior.mean, mean))
    return belief(np.array(feature.sd), (at, np.array(prior.sd)))


def fresh_baseline(
    feature: Feature, values: list[float], prior: Prior | None = None
) -> Baseline | None:
    """Posterior mean and spread from fresh values (per cent of their mean for "%" features)."""
    if not values:
        return None
    mean = float(np.mean(values))
    changes = np.array([worsening(feature, value, mean) for value in values])
    found = level(changes, feature_belief(feature, mean, prior), np.array(feature.se))
    return Baseline(
        mean,
        float(found.sd),
        len(values),
        float(found.dof),
        float(found.mean),
        float(found.weight),
    )


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
    """Evidence that the value is worse than the fresh baseline, see `standard_score`."""
    at = Level(
        np.array(baseline.level),
        np.array(baseline.sd),
        np.array(baseline.weight),
        np.array(baseline.dof),
    )
    return float(standard_score(np.array(worsening(feature, value, baseline.mean)), at))
