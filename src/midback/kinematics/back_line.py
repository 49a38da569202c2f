"""The line of the back: which part of the body's edge is the back, and where that runs.

All of it is done in the trunk's own axes, along the trunk line from the hips and outwards from
it, where the rays give one coordinate and their lengths the other. Arrays have the frames on
their last axis.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from midback.kinematics.fixed_order import running, total
from midback.kinematics.two_arcs import GRID, SAMPLES
from midback.vision.pose import Array32, Floats
from midback.vision.silhouette import ALONG

C7, S1 = 1.05, -0.05
"""Ends of the spine on the hip-shoulder line, in trunk lengths from the hips."""

_MOST_MISSING = 0.5
_NAPE_FROM, _NAPE_RISE = 0.80, 0.02  # on the trunk line, and of its length
_HEAD_RADIUS = 0.30  # of the trunk's length, around the ears
_ARM_RADIUS = 0.12

_INSIDE = np.flatnonzero((ALONG >= S1) & (ALONG <= C7))
_RAYS = slice(int(_INSIDE[-1]), int(_INSIDE[0]) - 1, -1)
_PLACES: Array32 = ALONG[_RAYS, None].astype(np.float32)
"""The rays between C7 and S1, in this order, and (RAYS, 1) where they start."""

_GRID: Array32 = GRID[:, None].astype(np.float32)
_NAPE = int((ALONG[_RAYS] > _NAPE_FROM).sum())  # of them, those near the neck


@dataclass(frozen=True, slots=True)
class Trunk:
    """What the edge of the body was cast from, and what must not be taken for the back.

    hips, shoulders: (T, 2) ends of the trunk line, X right, Y up. ears: (T, 2) middle of the
    ears. arms: (T, 2, 3, 2) shoulder, elbow, wrist of both arms, NaN for one that is not seen.
    """

    hips: Floats
    shoulders: Floats
    ears: Floats
    arms: Floats

    def of(self, rows: NDArray[np.intp]) -> Trunk:
        """The trunk in some of the frames, in the single precision of their edges."""
        parts = self.hips, self.shoulders, self.ears, self.arms
        return Trunk(*(part[rows].astype(np.float32) for part in parts))


@dataclass(frozen=True, slots=True)
class Edge:
    """The edge between C7 and S1 in the trunk's axes: each (RAYS, T), pixels.

    back: where there is an edge that is no arm and no head. usable: (T,) whether that is half of
    it or more.
    """

    along: Floats
    out: Floats
    back: NDArray[np.bool_]
    usable: NDArray[np.bool_]


def contour_points(hips: Floats, shoulders: Floats, distances: Floats, side: int) -> Floats:
    """The edge of the body as points.

    hips, shoulders: (T, 2) ends of the trunk line the rays started from. distances: (T, RAYS)
    along the normal. side: +1 for the left normal of hips-to-shoulders, -1 for the right one.
    Returns (T, RAYS, 2) in the same units and axes as hips.
    """
    trunk = shoulders - hips
    length = np.linalg.norm(trunk, axis=-1, keepdims=True)
    normal = side * np.stack([-trunk[:, 1], trunk[:, 0]], axis=-1) / length
    return np.asarray(
        hips[:, None, :]
        + ALONG[None, :, None] * trunk[:, None, :]
        + distances[..., None] * normal[:, None, :]
    )


def trunk_length(trunk: Trunk) -> Floats:
    """Pixels, (T,)."""
    across, up = (trunk.shoulders - trunk.hips).T
    return np.asarray(np.sqrt(across * across + up * up))


def edge_of(trunk: Trunk, rays: Floats, side: int) -> Edge:
    """What of the edge is the back. rays: (RAYS, T) distances, all of them; side: see back."""
    length = trunk_length(trunk)
    with np.errstate(invalid="ignore", divide="ignore", over="ignore"):
        direction = (trunk.shoulders - trunk.hips) / length[:, None]
        out = np.ascontiguousarray(rays[_RAYS])
        along = _PLACES * length
        bad = ~(np.isfinite(out) & (length > 0) & (length < np.inf))
        own = _in_axes(trunk.arms, trunk.hips, direction, side)
        contour = np.stack([along, out]).transpose(2, 1, 0)
        bad |= arm_overlap(contour, own, length).T
        ear_along, ear_out = _in_axes(trunk.ears, trunk.hips, direction, side).T
        across, up = along - ear_along, out - ear_out
        bad |= across * across + up * up < (_HEAD_RADIUS * length) ** 2
        bad[:_NAPE] |= _beyond_the_neck(out[:_NAPE], length)
    usable = np.count_nonzero(bad, axis=0) <= _MOST_MISSING * len(bad)
    return Edge(along, out, ~bad, usable)


def arm_overlap(contour: Floats, arms: Floats, trunk_px: Floats) -> NDArray[np.bool_]:
    """Which contour points may belong to an arm instead of the back.

    contour: (T, N, 2). arms: (T, 2, 3, 2) shoulder, elbow, wrist of both arms, same axes.
    trunk_px: (T,). Returns (T, N): True within .12 trunk lengths of an arm, whose first quarter
    of the upper arm, the shoulder itself, does not count.
    """
    x, y = contour[..., 0].T, contour[..., 1].T
    shoulder, elbow, wrist = (arms[:, :, joint].T for joint in range(3))  # (2, arms, T)
    starts = np.concatenate([shoulder + 0.25 * (elbow - shoulder), elbow], axis=1)
    ends = np.concatenate([elbow, wrist], axis=1)
    reach = _ARM_RADIUS * trunk_px
    lowest, highest = (end.reduce(contour, axis=1).T[:, None] for end in (np.fmin, np.fmax))
    meets = np.minimum(starts, ends) - reach <= highest
    meets &= np.maximum(starts, ends) + reach >= lowest
    near = np.zeros(x.shape, dtype=np.bool_)
    for arm, rows in enumerate(meets.all(axis=0)):
        if rows.any():
            at = np.flatnonzero(rows)
            points, ends_at = (x.take(at, axis=1), y.take(at, axis=1)), ends[:, arm, at]
            distance2 = _distance2_to_segment(*points, starts[:, arm, at], ends_at)
            near[:, at] |= distance2 < reach[at] ** 2
    return near.T


def _distance2_to_segment(x: Floats, y: Floats, a: Floats, b: Floats) -> Floats:
    """Squares, (N, T), for points x, y (N, T) and a segment from a to b, each (2, T)."""
    along = b - a
    per_length2 = along / np.maximum(along[0] * along[0] + along[1] * along[1], 1e-9)
    x, y = x - a[0], y - a[1]
    share = x * per_length2[0]
    share += y * per_length2[1]
    np.maximum(share, 0.0, out=share)
    np.minimum(share, 1.0, out=share)
    x -= share * along[0]
    y -= share * along[1]
    x *= x
    y *= y
    return np.asarray(np.add(x, y, out=x))


def _in_axes(points: Floats, hips: Floats, direction: Floats, side: int) -> Floats:
    """(T, ..., 2) points of the picture along the trunk from the hips, and outwards."""
    shape = (len(points), *(1,) * (points.ndim - 2), 2)
    ahead, away = direction.reshape(shape), points - hips.reshape(shape)
    along = away[..., 0] * ahead[..., 0] + away[..., 1] * ahead[..., 1]
    out = away[..., 1] * ahead[..., 0] - away[..., 0] * ahead[..., 1]
    return np.stack([along, side * out], axis=-1)


def _beyond_the_neck(out: Floats, length: Floats) -> NDArray[np.bool_]:
    """Points on the head's side of a nape, of (N, T) distances from C7 downwards.

    From the upper back the edge falls towards the neck; where it rises again, a tilted head or
    the far arm has joined it.
    """
    filled = np.where(np.isfinite(out), out, np.inf)[::-1]
    lowest = filled.copy()
    running(np.minimum, lowest)
    rises = out[::-1] - lowest > _NAPE_RISE * length
    beyond = np.zeros_like(rises)
    rows = np.flatnonzero(rises.any(axis=0))
    if rows.size:
        order = np.arange(len(out))[:, None]
        before = np.where(order <= rises[:, rows].argmax(axis=0), filled[:, rows], np.inf)
        beyond[:, rows] = order >= before.argmin(axis=0)
    return beyond[::-1]


def line_of(edge: Edge, rows: NDArray[np.intp]) -> tuple[Floats, Floats]:
    """The back at equal arc lengths, (2, SAMPLES, T) pixels, and its weight (SAMPLES, T).

    Missing pieces are bridged straight and single spikes are cut. The weight is 1 on the back,
    else 0.
    """
    x, out, good = edge.along, edge.out, edge.back
    if len(rows) < edge.usable.size:
        x, out, good = (x.take(rows, axis=1), out.take(rows, axis=1), good.take(rows, axis=1))
    y = _without_spikes(_bridged(out, good))
    dx, dy = x[1:] - x[:-1], y[1:] - y[:-1]
    arc = np.zeros_like(y)
    np.sqrt(dx * dx + dy * dy, out=arc[1:])
    running(np.add, arc[1:])
    arc /= np.maximum(arc[-1], 1e-9)
    at = _pieces(arc)
    share = (_GRID - arc.take(at)) / (arc[1:] - arc[:-1]).take(at)
    line = np.stack([x.take(at) + share * dx.take(at), y.take(at) + share * dy.take(at)])
    before, after = good.take(at), good.take(at + len(rows))
    seen = (before & (after | (share < 0.01))) | (after & (share > 0.99))
    return line, seen.astype(np.float32)


def _pieces(arc: Floats) -> NDArray[np.intp]:
    """Flat index of the piece of the arc that each grid point lies on: (SAMPLES, T).

    arc: (N, T) from 0 to 1. Counted, as the grid is even: a point of the edge lies before so many
    of it.
    """
    frames = np.arange(arc.shape[1])
    after = np.ceil(arc * (SAMPLES - 1)).astype(np.intp)
    after *= frames.size
    after += frames
    before = np.bincount(after.ravel(), minlength=SAMPLES * frames.size)
    before = before.reshape(SAMPLES, frames.size)
    running(np.add, before)
    return np.minimum(before - 1, len(arc) - 2) * frames.size + frames


def _bridged(values: Floats, good: NDArray[np.bool_]) -> Floats:
    """(N, T) with straight lines over what is not good; the ends stay level."""
    if good.all():
        return values
    count = len(values)
    order = np.arange(count)[:, None]
    before, after = np.where(good, order, -1), np.where(good, order, count)
    running(np.maximum, before)
    running(np.minimum, after[::-1])
    at, frame = np.nonzero(~good)
    left, right = before[at, frame], after[at, frame]
    left, right = np.where(left < 0, right, left), np.where(right == count, left, right)
    low, high = values[left, frame], values[right, frame]
    filled = values.copy()
    filled[at, frame] = low + (high - low) / np.maximum(right - left, 1) * (at - left)
    return filled


def _without_spikes(values: Floats) -> Floats:
    """Running median of three; the ends stay."""
    a, b, c = values[:-2], values[1:-1], values[2:]
    cut = values.copy()
    np.minimum(np.maximum(a, b), c, out=cut[1:-1])
    np.maximum(np.minimum(a, b), cut[1:-1], out=cut[1:-1])
    return cut


def unit_line(line: Floats) -> tuple[Floats, Floats]:
    """Scale (2, SAMPLES, T) to unit length: that, and the length before, (T,)."""
    step = line[:, 1:] - line[:, :-1]
    length = np.maximum(total(np.sqrt(step[0] * step[0] + step[1] * step[1])), 1e-9)
    return line / length, length
