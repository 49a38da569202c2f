"""A straight line through few, noisy sessions with outliers and steps: slope, error, freedom.

The slope is estimated within groups (camera set-ups, each with a level of its own) by Huber's
M-estimator with his Proposal 2 for the scale. Huber & Ronchetti, Robust Statistics, ch. 7.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, fields

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtr

Array = NDArray[np.float64]

_CUT = 1.345
"""Residuals beyond this many scales pull with limited force; 95 % efficient where none is wild."""

_STEPS = 200
_ENOUGH = 1e-6
_KEPT_SQUARES = float(
    2 * ndtr(_CUT)
    - 1
    - 2 * _CUT * np.exp(-(_CUT**2) / 2) / np.sqrt(2 * np.pi)
    + 2 * _CUT**2 * ndtr(-_CUT)
)
"""Mean of the squared limited residual under the normal distribution: makes the scale its SD."""

_TINY = 1e-12


@dataclass(frozen=True, slots=True)
class Line:
    """slope and its standard error se, scale of one residual of weight 1, freedom for Student's t.

    spread: weighted sum of squares of x about its group's mean. All of the leading shape; freedom
    below 1 means that there was nothing to tell the slope from.
    """

    slope: Array
    se: Array
    scale: Array
    freedom: Array
    spread: Array


def robust_slope(x: Array, y: Array, weight: Array, groups: Array) -> Line:
    """Fit y = slope x + level of the group + error, robustly.

    x, y, weight: (..., n), weight 0 where there is no value, else 1 over the relative variance.
    groups: (..., n, J) membership, 0 or 1; without any (J = 0) the line goes through the origin.
    The error follows Huber's small-sample correction for clipped residuals (K); with Student's t
    of n - J - 1 it holds its level from three degrees of freedom on: `make bench-weeks`.
    """
    shape, n, levels = x.shape[:-1], x.shape[-1], groups.shape[-1]
    people = math.prod(shape)
    line = _fit(
        x.reshape(people, n),
        np.broadcast_to(y, x.shape).reshape(people, n),
        np.broadcast_to(weight, x.shape).reshape(people, n),
        np.broadcast_to(groups, (*x.shape, levels)).reshape(people, n, levels),
    )
    return Line(*(getattr(line, one.name).reshape(shape) for one in fields(Line)))


def _fit(x: Array, y: Array, weight: Array, groups: Array) -> Line:
    """Every row (people, n) until it stands still; the answer of one depends on no other."""
    counted = weight > 0
    n = np.maximum(counted.sum(axis=-1), 1.0)
    levels = ((weight[..., None] * groups).sum(axis=-2) > 0).sum(axis=-1) * 1.0
    freedom = counted.sum(axis=-1) - levels - 1.0
    given = np.maximum(freedom, 1.0)
    spread = np.maximum((weight * _centred(x, weight, groups) ** 2).sum(axis=-1), _TINY)
    slope, residual = _solve(x, y, weight, groups, weight)
    scale = np.sqrt((residual**2).sum(axis=-1) / given)
    left = np.arange(len(x))
    for _ in range(_STEPS):
        here, known = (x[left], y[left], weight[left], groups[left]), counted[left]
        limited = np.minimum(_in_scales(residual[left], scale[left]), _CUT) ** 2 * known
        after = scale[left] * np.sqrt(limited.sum(axis=-1) / given[left] / _KEPT_SQUARES)
        pull = _CUT / np.maximum(_in_scales(residual[left], after), _CUT)
        turned, residual[left] = _solve(*here, here[2] * pull)
        moved = np.abs(turned - slope[left]) * np.sqrt(spread[left]) + np.abs(after - scale[left])
        slope[left], scale[left] = turned, after
        left = left[moved > _ENOUGH * after + _TINY]
        if not len(left):
            break
    within = (_in_scales(residual, scale) <= _CUT) & counted
    free = np.maximum(within.sum(axis=-1), 1.0) / n
    correction = 1.0 + (levels + 1.0) / n * (1.0 - free) / free
    se = correction * scale * np.sqrt(_KEPT_SQUARES) / free / np.sqrt(spread)
    return Line(slope, se, scale, freedom, spread)


def _in_scales(residual: Array, scale: Array) -> Array:
    sizes: Array = np.abs(residual) / np.maximum(scale, _TINY)[..., None]
    return sizes


def _solve(x: Array, y: Array, weight: Array, groups: Array, pulled: Array) -> tuple[Array, Array]:
    """Slope by the weights `pulled`, and residuals over their standard deviations by `weight`."""
    across, up = _centred(x, pulled, groups), _centred(y, pulled, groups)
    below = np.maximum((pulled * across * across).sum(axis=-1), _TINY)
    slope = (pulled * across * up).sum(axis=-1) / below
    return slope, np.sqrt(weight) * (up - slope[:, None] * across)


def _centred(values: Array, weight: Array, groups: Array) -> Array:
    """Values less the weighted mean of their group; as they are where there is no group."""
    total = np.matmul(weight[:, None, :], groups)[:, 0]
    sums = np.matmul((weight * values)[:, None, :], groups)[:, 0]
    means = sums / np.where(total > 0, total, 1.0)
    less: Array = values - np.matmul(groups, means[..., None])[..., 0]
    return less
