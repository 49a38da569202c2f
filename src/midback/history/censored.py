"""A trend of log amounts of which some are only known to be larger: the posterior on a grid.

log B = level at the end + slope x weeks before it + scale x normal error. Where a set ended well,
B is only known to lie above what was done.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import log_ndtr, ndtr

Array = NDArray[np.float64]
Flags = NDArray[np.bool_]

_SCALES = np.geomspace(0.03, 2.0, 22)
"""Scatter of log B from one session to the next: 3 % to a factor of seven, flat in its log."""

_SLOPE_SD = 0.5
"""Prior of the slope a week: a factor of 1.6. Only keeps it finite where all sets ended well."""

_NEWTON = 30
_ENOUGH = 1e-5
_HALVINGS = 50


@dataclass(frozen=True, slots=True)
class Posterior:
    """Mixture over the scale, (..., K). share: weight of each; level, slope: means at each; with
    their standard deviations. level is log B at the end, slope its change a week.
    """

    share: Array
    level: Array
    level_sd: Array
    slope: Array
    slope_sd: Array

    def level_at(self, probability: float) -> Array:
        """Quantile of the level by bisection; (...)."""
        low = (self.level - 9 * self.level_sd).min(axis=-1)
        high = (self.level + 9 * self.level_sd).max(axis=-1)
        for _ in range(_HALVINGS):
            middle = (low + high) / 2
            z = (middle[..., None] - self.level) / self.level_sd
            under = (self.share * ndtr(z)).sum(axis=-1) < probability
            low, high = np.where(under, middle, low), np.where(under, high, middle)
        result: Array = (low + high) / 2
        return result

    def rising(self) -> Array:
        """Probability that the slope is above 0."""
        known: Array = (self.share * ndtr(self.slope / self.slope_sd)).sum(axis=-1)
        return known


def censored_trend(weeks: Array, log_amount: Array, broke: Flags) -> Posterior:
    """Posterior by Laplace's method in level and slope at every scale of the grid.

    weeks: (..., n) before or at the end, so 0 or less; log_amount: (..., n), NaN where there is no
    set; broke: (..., n), False where the set ended well and the amount is a lower bound.
    """
    seen = np.isfinite(log_amount)
    y = np.where(seen, log_amount, 0.0)[..., None, :]
    exact = (seen & broke)[..., None, :]
    bound = (seen & ~broke)[..., None, :]
    t = np.broadcast_to(weeks, log_amount.shape)[..., None, :]
    scale = _SCALES[:, None]
    level = np.broadcast_to(
        y.sum(axis=-1) / np.maximum(seen.sum(axis=-1), 1)[..., None],
        (*log_amount.shape[:-1], len(_SCALES)),
    )
    slope = np.zeros_like(level)
    for _ in range(_NEWTON):
        z = (y - level[..., None] - slope[..., None] * t) / scale
        first, second = _pull(z, exact, bound)
        g0, g1 = (first / scale).sum(-1), (first * t / scale).sum(-1) - slope / _SLOPE_SD**2
        curve = second / scale**2
        h00, h01 = curve.sum(-1), (curve * t).sum(-1)
        h11 = (curve * t * t).sum(-1) + 1 / _SLOPE_SD**2
        below = h00 * h11 - h01**2
        up = np.clip((h11 * g0 - h01 * g1) / below, -1.0, 1.0)
        turn = np.clip((h00 * g1 - h01 * g0) / below, -0.5, 0.5)
        level, slope = level + up, slope + turn
        if max(np.abs(up).max(), np.abs(turn).max()) < _ENOUGH:
            break
    z = (y - level[..., None] - slope[..., None] * t) / scale
    log = np.where(exact, -(z**2) / 2 - np.log(scale), 0.0) + np.where(bound, log_ndtr(-z), 0.0)
    log = log.sum(-1) - (slope / _SLOPE_SD) ** 2 / 2 - np.log(below) / 2
    share = np.exp(log - log.max(axis=-1, keepdims=True))
    share /= share.sum(axis=-1, keepdims=True)
    return Posterior(share, level, np.sqrt(h11 / below), slope, np.sqrt(h00 / below))


def _pull(z: Array, exact: Flags, bound: Flags) -> tuple[Array, Array]:
    """First derivative of the log likelihood by the mean, and minus the second, in scales."""
    mills = np.exp(-(z**2) / 2 - np.log(2 * np.pi) / 2 - log_ndtr(-z))
    first = np.where(exact, z, 0.0) + np.where(bound, mills, 0.0)
    second = np.where(exact, 1.0, 0.0) + np.where(bound, mills * (mills - z), 0.0)
    return first, np.maximum(second, 1e-9)
