"""What others would say of the same sessions: best, first against last, a plain regression."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.special import stdtrit

Array = NDArray[np.float64]
Flags = NDArray[np.bool_]

STEP = 5.0
"""Degrees more that count as progress where no error is known."""


def personal_best(values: Array) -> Flags:
    """The best session so far lies STEP above the first."""
    better: Flags = (
        np.where(np.isfinite(values), values, -np.inf).max(axis=-1) - _end(values) >= STEP
    )
    return better


def first_against_last(values: Array) -> Flags:
    """The last session lies STEP above the first."""
    better: Flags = _end(values[:, ::-1]) - _end(values) >= STEP
    return better


def regression(weeks: Array, values: Array) -> tuple[Array, Array, Array]:
    """Gain over the sessions done, half its 95 % interval, weeks: least squares, normal errors."""
    done = np.isfinite(values)
    n = np.maximum(done.sum(axis=-1), 1.0)
    y = np.where(done, values, 0.0)
    t = np.where(done, weeks, 0.0)
    t0 = np.where(done, weeks - (t.sum(-1) / n)[:, None], 0.0)
    y0 = np.where(done, values - (y.sum(-1) / n)[:, None], 0.0)
    below = np.maximum((t0**2).sum(-1), 1e-12)
    slope = (t0 * y0).sum(-1) / below
    rest = ((y0 - slope[:, None] * t0) ** 2).sum(-1)
    freedom = np.maximum(n - 2.0, 1.0)
    se = np.where(n > 2, np.sqrt(rest / freedom / below), np.inf)
    span = np.maximum(weeks * done, 0.0).max(-1) - np.where(done, weeks, weeks[-1]).min(-1)
    return slope * span, stdtrit(freedom, 0.975) * se * np.maximum(span, 1e-12), span


def _end(values: Array) -> Array:
    """The first measured value of each person."""
    first = np.argmax(np.isfinite(values), axis=-1)
    found: Array = values[np.arange(len(values)), first]
    return found
