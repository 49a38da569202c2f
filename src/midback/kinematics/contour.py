"""Thoracic kyphosis and lumbar lordosis from the dorsal contour (science A2, first version).

The thoracic angle is fitted: the contour from C7 to S1 is taken as a curve whose tangent turns by
two smooth ramps, one for the thorax and one for the low back, so that an arched low back does not
pass for an extended thorax. The lumbar angle is read between the contour's inflection points.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from midback.vision.pose import Array
from midback.vision.silhouette import ALONG

C7, S1 = 1.05, -0.05
"""Ends of the spine on the hip-shoulder line, in trunk lengths from the hips."""

_T1, _L5 = 0.05, 0.95  # arc fractions from C7 to S1
_T12 = 0.60
_JUNCTIONS = (0.44, 0.52, 0.60, 0.68)
"""Where T12 may lie: the ends are known to some 5 % only, and a wrong junction would pass a
lumbar arch for thoracic extension."""
_T12_SD = 0.12
_FIT_NOISE = 0.10  # root mean square of the contour about the model, percent of its length
_SAMPLES = 48
_MISSING_ALLOWED = 0.25  # of the arc that an angle is read from
_MOST_MISSING = 0.5
_THORACIC_ARC, _LUMBAR_ARC = (0.0, 0.65), (0.5, 1.0)
_LUMBAR_FROM = 0.40  # a hollow further up is the thorax's own
_HEAD_RADIUS = 0.30  # of the trunk's length, around the ears
_ITERATIONS = 4


@dataclass(frozen=True, slots=True)
class SpineCurve:
    """Surface angles of the back. Each (T,) degrees, NaN where the contour is not usable.

    kyphosis: turn of the contour from T1 to T12, rounded back positive. lordosis: turn into the
    hollow of the low back, 0 for a flat or rounded one. flexion: turn of the whole back, rounded
    positive. sag: greatest gap between the back and a straight edge laid on it, percent of the
    arc from C7 to S1, 0 for a rounded back. roughness: root mean square distance of the contour
    from the fitted curve, percent of that arc.
    """

    kyphosis: Array
    lordosis: Array
    flexion: Array
    sag: Array
    roughness: Array


def contour_points(hips: Array, shoulders: Array, distances: Array, side: int) -> Array:
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


def arm_overlap(contour: Array, arms: Array, trunk_px: Array) -> NDArray[np.bool_]:
    """Which contour points may belong to an arm instead of the back.

    contour: (T, RAYS, 2). arms: (T, 2, 3, 2) shoulder, elbow, wrist of both arms, same axes.
    trunk_px: (T,). Returns (T, RAYS): True within .12 trunk lengths of an arm, whose first
    quarter of the upper arm, the shoulder itself, does not count.
    """
    shoulder, elbow, wrist = arms[:, :, 0], arms[:, :, 1], arms[:, :, 2]
    near = np.zeros(contour.shape[:2], dtype=np.bool_)
    for a, b in ((shoulder + 0.25 * (elbow - shoulder), elbow), (elbow, wrist)):
        for arm in range(2):
            distance = _distance_to_segment(contour, a[:, arm], b[:, arm])
            near |= distance < 0.12 * trunk_px[:, None]
    return near


def _distance_to_segment(points: Array, a: Array, b: Array) -> Array:
    along = (b - a)[:, None]
    length2 = np.maximum((along**2).sum(-1), 1e-9)
    share = np.clip(((points - a[:, None]) * along).sum(-1) / length2, 0.0, 1.0)
    return np.asarray(np.linalg.norm(points - a[:, None] - share[..., None] * along, axis=-1))


@dataclass(frozen=True, slots=True)
class Trunk:
    """What the edge of the body was cast from, and what must not be taken for the back.

    hips, shoulders: (T, 2) ends of the trunk line, X right, Y up. ears: (T, 2) middle of the
    ears. arms: (T, 2, 3, 2) shoulder, elbow, wrist of both arms, NaN for one that is not seen.
    """

    hips: Array
    shoulders: Array
    ears: Array
    arms: Array


def spine_curve(trunk: Trunk, distances: Array, side: int) -> SpineCurve:
    """Measure kyphosis and lordosis on the edge of the body on one side of the trunk.

    distances: (T, RAYS), see contour_points. side: +1 where the back lies on the left of the
    direction hips to shoulders, else -1. Not measurable (NaN) where more than a quarter of the
    thoracic or of the lumbar arc has no edge, or may be an arm or the head.
    """
    hips, shoulders = trunk.hips, trunk.shoulders
    bad = _not_back(contour_points(hips, shoulders, distances, side), trunk)
    usable = bad.mean(axis=1) <= _MOST_MISSING
    curve = np.full((len(bad), _SAMPLES, 2), np.nan)
    weight = np.zeros((len(bad), _SAMPLES))
    for row in np.flatnonzero(usable):
        index, good = np.arange(_PART.sum()), ~bad[row]
        known = np.interp(index, index[good], distances[row, _PART][good])
        filled = np.full_like(distances[row], np.nan)
        filled[_PART] = _without_spikes(known)
        points = contour_points(hips[row : row + 1], shoulders[row : row + 1], filled[None], side)
        curve[row], weight[row] = _by_arc_length(points[0, _PART][::-1], good[::-1])
    kyphosis, ramp_lordosis, residual = _fit(curve, weight, side)
    thorax, low_back = _seen(weight, _THORACIC_ARC), _seen(weight, _LUMBAR_ARC)
    return SpineCurve(
        np.where(thorax, kyphosis, np.nan),
        np.where(low_back, _inflectional_lordosis(curve, side), np.nan),
        np.where(thorax & low_back, kyphosis - ramp_lordosis, np.nan),
        np.where(low_back, _hollow(curve, side), np.nan),
        100 * residual,
    )


def _not_back(contour: Array, trunk: Trunk) -> NDArray[np.bool_]:
    """Points between C7 and S1 that have no edge or may be an arm or the head: (T, PART)."""
    length = np.linalg.norm(trunk.shoulders - trunk.hips, axis=-1)
    with np.errstate(invalid="ignore"):
        bad = ~np.isfinite(contour[..., 0]) | arm_overlap(contour, trunk.arms, length)
        from_ears = np.linalg.norm(contour - trunk.ears[:, None], axis=-1)
        bad |= from_ears < _HEAD_RADIUS * length[:, None]
    return bad[:, _PART]


def _inflectional_lordosis(curve: Array, side: int) -> Array:
    """Largest turn of the contour into the hollow of the low back: (T,) degrees, at least 0.

    Between the inflection points, wherever they lie, so that a shifted end of the contour or a
    lifted leg hardly matters; this is how raster stereography reads it.
    """
    step = np.diff(curve, axis=1)
    heading = np.degrees(np.unwrap(np.arctan2(step[..., 1], step[..., 0]), axis=1)) * side
    low = (heading @ _SMOOTH)[:, _MIDDLES >= _LUMBAR_FROM]
    return np.asarray((np.maximum.accumulate(low, axis=1) - low).max(axis=1))


def _seen(weight: Array, arc: tuple[float, float]) -> NDArray[np.bool_]:
    """Whether enough of an arc, as fractions from C7 to S1, has an edge: (T,)."""
    part = (arc[0] <= _GRID) & (arc[1] >= _GRID)
    return np.asarray((weight[:, part] == 0).mean(axis=1) <= _MISSING_ALLOWED)


def _without_spikes(values: Array) -> Array:
    """Running median of three; the ends stay."""
    inner = np.median(np.stack([values[:-2], values[1:-1], values[2:]]), axis=0)
    return np.concatenate([values[:1], inner, values[-1:]])


def _hollow(curve: Array, side: int) -> Array:
    """Greatest gap under a straight edge laid on the back, percent of the arc's length: (T,)."""
    return np.array([100 * _gap_under_straight_edge(points, side) for points in curve])


def _gap_under_straight_edge(points: Array, side: int) -> float:
    """For (N, 2) points from C7 to S1 with the back on the right (side 1) or left of the way."""
    line = points[-1] - points[0]
    length = float(np.hypot(*line))
    if not np.isfinite(length) or length == 0:
        return float("nan")
    along = (points - points[0]) @ line / length
    height = (points - points[0]) @ np.array([line[1], -line[0]]) / length * side
    order = np.argsort(along, kind="stable")
    hull: list[tuple[float, float]] = []
    for x, y in zip(along[order].tolist(), height[order].tolist(), strict=True):
        while len(hull) > 1 and _below(hull[-2], hull[-1], (x, y)):
            hull.pop()
        hull.append((x, y))
    edge = np.interp(along, [x for x, _ in hull], [y for _, y in hull])
    return float((edge - height)[_GRID > _T1].max())


def _below(a: tuple[float, float], b: tuple[float, float], c: tuple[float, float]) -> bool:
    """Whether b lies on or below the line from a to c."""
    return (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0]) >= 0


def _ramp(u: Array, start: float, end: float) -> Array:
    """Cosine ramp from 0 to 1 between two arc fractions."""
    return np.asarray(0.5 - 0.5 * np.cos(np.pi * np.clip((u - start) / (end - start), 0, 1)))


_PART: NDArray[np.bool_] = (ALONG >= S1) & (ALONG <= C7)
_GRID: Array = np.linspace(0.0, 1.0, _SAMPLES)
_MIDDLES: Array = (_GRID[1:] + _GRID[:-1]) / 2
_TURNS: Array = np.stack(
    [
        [np.ones_like(_MIDDLES), _ramp(_MIDDLES, _T1, t12), -_ramp(_MIDDLES, t12, _L5)]
        for t12 in _JUNCTIONS
    ]
)
"""(J, 3, SAMPLES-1): how heading, kyphosis and lordosis turn each piece of the curve."""


def _gaussian(count: int, sd: float) -> Array:
    """(N, N) columns that smooth a row of N values; the ends are repeated outwards."""
    at = np.arange(count, dtype=np.float64)
    reach = np.arange(-4 * count, 5 * count)
    weight = np.exp(-(((reach[:, None] - at) / sd) ** 2) / 2)
    columns = np.zeros((count, count))
    np.add.at(columns, np.clip(reach, 0, count - 1), weight)
    return np.asarray(columns / columns.sum(axis=0))


_SMOOTH: Array = _gaussian(_SAMPLES - 1, 2.0)


def _by_arc_length(points: Array, good: NDArray[np.bool_]) -> tuple[Array, Array]:
    """Points at equal arc lengths, scaled to unit length, and the weight of each."""
    arc = np.concatenate([[0.0], np.cumsum(np.hypot(*np.diff(points, axis=0).T))])
    arc /= max(arc[-1], 1e-9)
    curve = np.stack([np.interp(_GRID, arc, points[:, k]) for k in (0, 1)], -1)
    curve /= max(float(np.hypot(*np.diff(curve, axis=0).T).sum()), 1e-9)
    return curve, np.where(np.interp(_GRID, arc, good.astype(np.float64)) > 0.99, 1.0, 0.0)


def _fit(curve: Array, weight: Array, side: int) -> tuple[Array, Array, Array]:
    """Kyphosis and lordosis in degrees and rms, averaged over where T12 may be.

    Each place of T12 counts by how well it explains the contour, times a prior around .60.
    """
    fits = [_fit_turns(curve, weight, side * turns[1:]) for turns in _TURNS]
    kyphosis, lordosis, rms = (np.stack(values) for values in zip(*fits, strict=True))
    prior = ((np.array(_JUNCTIONS) - _T12) / _T12_SD) ** 2 / 2
    cost = (100 * rms / _FIT_NOISE) ** 2 + prior[:, None]
    share = np.exp(-(cost - cost.min(axis=0)))
    share /= share.sum(axis=0)
    return (kyphosis * share).sum(0), (lordosis * share).sum(0), (rms * share).sum(0)


def _fit_turns(curve: Array, weight: Array, bends: Array) -> tuple[Array, Array, Array]:
    """Gauss-Newton fit of place, heading, kyphosis, lordosis: degrees, degrees, rms.

    bends: (2, SAMPLES-1) how one radian of kyphosis and of lordosis turns each piece.
    """
    count = len(curve)
    chord = curve[:, -1] - curve[:, 0]
    params = np.zeros((count, 5))
    params[:, :2], params[:, 2] = curve[:, 0], np.arctan2(chord[:, 1], chord[:, 0])
    turn = np.concatenate([np.ones((1, bends.shape[1])), bends])
    place = np.broadcast_to(np.eye(2)[:, None, :], (2, _SAMPLES, 2))
    residual = np.full_like(curve, np.nan)
    for _ in range(_ITERATIONS):
        theta = params[:, 2:] @ turn
        model = params[:, None, :2] + _integrate(np.stack([np.cos(theta), np.sin(theta)], -1))
        residual = (curve - model) * weight[..., None]
        slope = np.stack([-np.sin(theta), np.cos(theta)], -1)
        jacobian = np.empty((count, 5, _SAMPLES, 2))
        jacobian[:, :2] = place
        for k in range(3):
            jacobian[:, 2 + k] = _integrate(slope * turn[k][:, None])
        jacobian *= weight[:, None, :, None]
        flat = jacobian.reshape(count, 5, -1)
        params = params + _solve(flat, residual.reshape(count, -1))
    rms = np.sqrt((residual**2).sum((1, 2)) / np.maximum(weight.sum(1), 1.0))
    return np.degrees(params[:, 3]), np.degrees(params[:, 4]), rms


def _integrate(direction: Array) -> Array:
    """Points of a unit-length curve that starts at the origin: (T, SAMPLES, 2)."""
    steps = direction / (_SAMPLES - 1)
    return np.concatenate([np.zeros_like(steps[:, :1]), np.cumsum(steps, axis=1)], axis=1)


def _solve(jacobian: Array, residual: Array) -> Array:
    """Least-squares steps (T, 5) of (T, 5, N) columns; NaN where there is no curve."""
    normal = jacobian @ jacobian.transpose(0, 2, 1)
    right = (jacobian @ residual[..., None])[..., 0]
    solvable = np.isfinite(right).all(axis=1) & np.isfinite(normal).all(axis=(1, 2))
    change = np.full(right.shape, np.nan)
    damped = normal[solvable] + 1e-9 * np.eye(right.shape[1])
    change[solvable] = np.linalg.solve(damped, right[solvable][..., None])[..., 0]
    return change
