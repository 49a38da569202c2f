"""The gap between the back and a straight edge laid on it."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from midback.kinematics.two_arcs import GRID, T1, on_chord
from midback.vision.pose import Array


def gap_under_straight_edge(curve: Array, side: int) -> Array:
    """Greatest height of a straight edge over the back below T1: (T,), in units of the curve.

    curve: (T, SAMPLES, 2) from C7 to S1. side: see two_arcs.on_chord. The straight edge is the
    upper hull of the points. NaN where the ends are one point.
    """
    gap = np.full(len(curve), np.nan)
    along, height = (np.ascontiguousarray(part.T) for part in on_chord(curve, side))
    rows = np.flatnonzero(np.isfinite(along).all(axis=1))
    if rows.size == 0:
        return gap
    if rows.size < len(gap):
        along, height = along[rows], height[rows]
    counted = np.broadcast_to(GRID > T1, along.shape)
    if (along[:, 1:] < along[:, :-1]).any():
        order = np.argsort(along, axis=1, kind="stable")
        along, height = (np.take_along_axis(x, order, axis=1) for x in (along, height))
        counted = np.take_along_axis(counted, order, axis=1)
    over = _over(along, height, _hull(along, height))
    gap[rows] = np.where(counted, over, -np.inf).max(axis=1)
    return gap


def _hull(x: Array, y: Array) -> NDArray[np.bool_]:
    """Which of (T, N) points, x rising, are corners of the upper hull.

    From each corner the next is the point in the steepest direction, in all rows at once.
    """
    count = x.shape[1]
    corner = np.zeros(x.shape, dtype=np.bool_)
    corner[:, 0] = True
    rows, now = np.arange(len(x)), np.zeros(len(x), dtype=np.intp)
    while rows.size:
        first = int(now.min()) + 1
        later = np.arange(first, count) > now[:, None]
        run = x[rows, first:] - x[rows, now][:, None]
        rise = y[rows, first:] - y[rows, now][:, None]
        with np.errstate(invalid="ignore", divide="ignore"):
            slope = np.where(later, rise / run, -np.inf)
        now = first + slope.argmax(axis=1)
        corner[rows, now] = True
        going = now < count - 1
        rows, now = rows[going], now[going]
    return corner


def _over(x: Array, y: Array, corner: NDArray[np.bool_]) -> Array:
    """How high the lines between the corners pass over each of (T, N) points."""
    order = np.arange(x.shape[1])
    before = np.maximum.accumulate(np.where(corner, order, 0), axis=1)
    after = np.where(corner, order, order[-1])[:, ::-1]
    after = np.minimum.accumulate(after, axis=1)[:, ::-1]
    x0, y0 = (np.take_along_axis(v, before, axis=1) for v in (x, y))
    x1, y1 = (np.take_along_axis(v, after, axis=1) for v in (x, y))
    with np.errstate(invalid="ignore", divide="ignore"):
        line = y0 + (y1 - y0) / (x1 - x0) * (x - x0)
    return np.where(corner, 0.0, line - y)
