"""The gap between the back and a straight edge laid on it."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from midback.kinematics.two_arcs import GRID, T1
from midback.vision.pose import Floats


def gap_under_straight_edge(along: Floats, height: Floats) -> Floats:
    """Greatest height of a straight edge over the back below T1: (T,), in units of the curve.

    along, height: (SAMPLES, T) from C7 to S1, see two_arcs.on_chord. The straight edge is the upper
    hull of the points. NaN where the ends are one point.
    """
    along, height = np.ascontiguousarray(along.T), np.ascontiguousarray(height.T)
    gap = np.full(len(along), np.nan)
    rows = np.flatnonzero(np.isfinite(along).all(axis=1))
    if rows.size < len(gap):
        along, height = along[rows], height[rows]
    counted = np.broadcast_to(GRID > T1, along.shape)
    turning = np.flatnonzero((along[:, 1:] < along[:, :-1]).any(axis=1))
    if turning.size:
        counted, along, height = counted.copy(), along.copy(), height.copy()
        order = np.argsort(along[turning], axis=1, kind="stable")
        for values in (along, height, counted):
            values[turning] = np.take_along_axis(values[turning], order, axis=1)
    over = _over(along, height, _hull(along, height))
    gap[rows] = np.where(counted, over, -np.inf).max(axis=1)
    return gap


def _hull(x: Floats, y: Floats) -> NDArray[np.bool_]:
    """Which of (T, N) points, x rising, are corners of the upper hull.

    From each corner the next is the point in the steepest direction, in all frames at once.
    """
    last, frames = x.shape[1] - 1, np.arange(len(x))
    corner = np.zeros(x.shape, dtype=np.bool_)
    corner[:, 0] = True
    order, now = np.arange(last + 1), np.zeros_like(frames)
    with np.errstate(invalid="ignore", divide="ignore"):
        while now.size:
            first, here = int(now.min()) + 1, np.arange(0, x.size, last + 1) + now
            slope = y[:, first:] - y.take(here)[:, None]
            slope /= x[:, first:] - x.take(here)[:, None]
            slope[order[first:] <= now[:, None]] = -np.inf
            now = slope.argmax(axis=1) + first
            corner[frames, now] = True
            if now.max() == last:
                going = np.flatnonzero(now < last)
                frames, now, x, y = frames[going], now[going], x[going], y[going]
    return corner


def _over(x: Floats, y: Floats, corner: NDArray[np.bool_]) -> Floats:
    """How high the lines between the corners pass over each of (T, N) points."""
    at, flat = np.flatnonzero(corner), x.ravel()
    x0, y0, slope = flat.take(at), y.take(at), np.zeros(len(at))
    piece = np.cumsum(corner) - 1
    with np.errstate(invalid="ignore", divide="ignore"):
        slope[:-1] = (y0[1:] - y0[:-1]) / (x0[1:] - x0[:-1])
        line = y0.take(piece) + slope.take(piece) * (flat - x0.take(piece))
    return np.where(corner, 0.0, line.reshape(y.shape) - y)
