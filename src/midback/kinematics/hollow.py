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
    counted = np.repeat((GRID > T1)[None], len(rows), axis=0)
    for row in np.flatnonzero((along[:, 1:] < along[:, :-1]).any(axis=1)):
        order = np.argsort(along[row], kind="stable")
        for values in (along, height, counted):
            values[row] = values[row, order]
    over = _over(along, height, _hull(along, height))
    gap[rows] = np.where(counted, over, -np.inf).max(axis=1)
    return gap


def _hull(x: Array, y: Array) -> NDArray[np.bool_]:
    """Which of (T, N) points, x rising, are corners of the upper hull.

    From each corner the next is the point in the steepest direction, in all rows at once.
    """
    frames, count = x.shape
    corner = np.zeros(x.size, dtype=np.bool_)
    order, row = np.arange(count), np.arange(0, x.size, count)
    start, now = row, np.zeros(frames, dtype=np.intp)
    corner[start] = True
    with np.errstate(invalid="ignore", divide="ignore"):
        while now.size:
            first, here = int(now.min()) + 1, row[: now.size] + now
            slope = y[:, first:] - y.take(here)[:, None]
            slope /= x[:, first:] - x.take(here)[:, None]
            if now.size > 1:
                np.copyto(slope, -np.inf, where=order[first:] <= now[:, None])
            now = slope.argmax(axis=1) + first
            corner[start + now] = True
            if now.max() == count - 1:
                going = np.flatnonzero(now < count - 1)
                start, now = start[going], now[going]
                x, y = x.take(going, axis=0), y.take(going, axis=0)
    return corner.reshape(frames, count)


def _over(x: Array, y: Array, corner: NDArray[np.bool_]) -> Array:
    """How high the lines between the corners pass over each of (T, N) points."""
    at, flat = np.flatnonzero(corner), x.ravel()
    x0, y0, slope = flat.take(at), y.take(at), np.zeros(len(at))
    piece = np.cumsum(corner) - 1
    with np.errstate(invalid="ignore", divide="ignore"):
        slope[:-1] = (y0[1:] - y0[:-1]) / (x0[1:] - x0[:-1])
        line = y0.take(piece) + slope.take(piece) * (flat - x0.take(piece))
    return np.where(corner, 0.0, line.reshape(y.shape) - y)
