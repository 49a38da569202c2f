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
    along, height = on_chord(curve, side)
    rows = np.flatnonzero(np.isfinite(along).all(axis=0))
    if rows.size < len(gap):
        along, height = along.take(rows, axis=1), height.take(rows, axis=1)
    counted = np.broadcast_to((GRID > T1)[:, None], along.shape)
    turning = np.flatnonzero((along[1:] < along[:-1]).any(axis=0))
    if turning.size:
        counted = counted.copy()
        order = np.argsort(along[:, turning], axis=0, kind="stable")
        for values in (along, height, counted):
            values[:, turning] = np.take_along_axis(values[:, turning], order, axis=0)
    over = _over(along, height, _hull(along, height))
    gap[rows] = np.where(counted, over, -np.inf).max(axis=0)
    return gap


def _hull(x: Array, y: Array) -> NDArray[np.bool_]:
    """Which of (N, T) points, x rising, are corners of the upper hull.

    From each corner the next is the point in the steepest direction, in all frames at once.
    """
    last, frames = len(x) - 1, np.arange(x.shape[1])
    corner = np.zeros(x.shape, dtype=np.bool_)
    corner[0] = True
    order, now = np.arange(last + 1)[:, None], np.zeros_like(frames)
    with np.errstate(invalid="ignore", divide="ignore"):
        while now.size:
            first, here = int(now.min()) + 1, now * now.size + np.arange(now.size)
            slope = y[first:] - y.take(here)
            slope /= x[first:] - x.take(here)
            if now.size > 1:
                np.copyto(slope, -np.inf, where=order[first:] <= now)
            now = slope.argmax(axis=0) + first
            corner[now, frames] = True
            if now.max() == last:
                going = np.flatnonzero(now < last)
                frames, now = frames[going], now[going]
                x, y = x.take(going, axis=1), y.take(going, axis=1)
    return corner


def _over(x: Array, y: Array, corner: NDArray[np.bool_]) -> Array:
    """How high the lines between the corners pass over each of (N, T) points."""
    x, y = np.ascontiguousarray(x.T), np.ascontiguousarray(y.T)
    corner = np.ascontiguousarray(corner.T)
    at, flat = np.flatnonzero(corner), x.ravel()
    x0, y0, slope = flat.take(at), y.take(at), np.zeros(len(at))
    piece = np.cumsum(corner) - 1
    with np.errstate(invalid="ignore", divide="ignore"):
        slope[:-1] = (y0[1:] - y0[:-1]) / (x0[1:] - x0[:-1])
        line = y0.take(piece) + slope.take(piece) * (flat - x0.take(piece))
    return np.where(corner, 0.0, line.reshape(y.shape) - y).T
