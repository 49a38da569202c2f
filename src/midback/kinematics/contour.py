"""Thoracic kyphosis and lumbar lordosis from the dorsal contour (science A2, first version).

The contour from C7 to S1 is taken as a curve whose tangent turns by two smooth ramps: the
thoracic part bends one way, the lumbar part the other. Both angles are fitted at once, so that
an arched low back does not pass for an extended thorax.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from midback.vision.pose import Array
from midback.vision.silhouette import ALONG

C7, S1 = 1.12, -0.05
"""Ends of the spine on the hip-shoulder line, in trunk lengths from the hips."""

_T1, _T12, _L5 = 0.05, 0.60, 0.95  # arc fractions from C7 to S1
_SAMPLES = 48
_MISSING_ALLOWED = 0.25
_ITERATIONS = 4


@dataclass(frozen=True, slots=True)
class SpineCurve:
    """Surface angles of the back. Each (T,) degrees, NaN where the contour is not usable.

    kyphosis: turn of the contour from T1 to T12, rounded back positive. lordosis: turn of the
    contour from T12 to L5, hollow low back positive. sag: depth of the hollow below the straight
    line C7-S1 at the lumbar level, percent of that line, hollow positive. roughness: root mean
    square distance of the contour from the fitted curve, percent of its length.
    """

    kyphosis: Array
    lordosis: Array
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


def spine_curve(
    hips: Array, shoulders: Array, distances: Array, arms: Array, side: int
) -> SpineCurve:
    """Fit kyphosis and lordosis to the edge of the body on one side of the trunk.

    hips, shoulders: (T, 2), X right, Y up. distances: (T, RAYS), see contour_points. arms:
    (T, 2, 3, 2), see arm_overlap. side: +1 where the back lies on the left of the direction hips
    to shoulders, else -1. Not measurable (NaN) where more than a quarter of the arc from C7 to S1
    has no edge or may be an arm.
    """
    trunk_px = np.linalg.norm(shoulders - hips, axis=-1)
    contour = contour_points(hips, shoulders, distances, side)
    with np.errstate(invalid="ignore"):
        bad = ~np.isfinite(contour[..., 0]) | arm_overlap(contour, arms, trunk_px)
    bad = bad[:, _PART]
    usable = bad.mean(axis=1) <= _MISSING_ALLOWED
    curve = np.full((len(bad), _SAMPLES, 2), np.nan)
    weight = np.zeros((len(bad), _SAMPLES))
    for row in np.flatnonzero(usable):
        index, good = np.arange(_PART.sum()), ~bad[row]
        known = np.interp(index, index[good], distances[row, _PART][good])
        filled = np.full_like(distances[row], np.nan)
        filled[_PART] = _without_spikes(known)
        points = contour_points(hips[row : row + 1], shoulders[row : row + 1], filled[None], side)[
            0, _PART
        ]
        curve[row], weight[row] = _by_arc_length(points[::-1], good[::-1])
    kyphosis, lordosis, residual = _fit(curve, weight, side)
    return SpineCurve(kyphosis, lordosis, _hollow(curve, side), 100 * residual)


def _without_spikes(values: Array) -> Array:
    """Running median of three; the ends stay."""
    inner = np.median(np.stack([values[:-2], values[1:-1], values[2:]]), axis=0)
    return np.concatenate([values[:1], inner, values[-1:]])


def _hollow(curve: Array, side: int) -> Array:
    """Depth of the low back below the line C7-S1, percent of the line's length."""
    line = curve[:, -1:] - curve[:, :1]
    offset = curve - curve[:, :1]
    across = line[..., 0] * offset[..., 1] - line[..., 1] * offset[..., 0]
    depth = side * across / (line**2).sum(-1)
    return np.asarray(100 * depth[:, (_GRID >= 0.55) & (_GRID <= 0.85)].mean(axis=1))


def _ramp(u: Array, start: float, end: float) -> Array:
    """Cosine ramp from 0 to 1 between two arc fractions."""
    return np.asarray(0.5 - 0.5 * np.cos(np.pi * np.clip((u - start) / (end - start), 0, 1)))


_PART: NDArray[np.bool_] = (ALONG >= S1) & (ALONG <= C7)
_GRID: Array = np.linspace(0.0, 1.0, _SAMPLES)
_MIDDLES: Array = (_GRID[1:] + _GRID[:-1]) / 2
_TURN: Array = np.stack(
    [np.ones_like(_MIDDLES), _ramp(_MIDDLES, _T1, _T12), -_ramp(_MIDDLES, _T12, _L5)]
)
"""(3, SAMPLES-1): how heading, kyphosis and lordosis turn each piece of the curve."""


def _by_arc_length(points: Array, good: NDArray[np.bool_]) -> tuple[Array, Array]:
    """Points at equal arc lengths, scaled to unit length, and the weight of each."""
    arc = np.concatenate([[0.0], np.cumsum(np.hypot(*np.diff(points, axis=0).T))])
    arc /= max(arc[-1], 1e-9)
    curve = np.stack([np.interp(_GRID, arc, points[:, k]) for k in (0, 1)], -1)
    curve /= max(float(np.hypot(*np.diff(curve, axis=0).T).sum()), 1e-9)
    return curve, np.where(np.interp(_GRID, arc, good.astype(np.float64)) > 0.99, 1.0, 0.0)


def _fit(curve: Array, weight: Array, side: int) -> tuple[Array, Array, Array]:
    """Gauss-Newton fit of place, heading, kyphosis, lordosis: degrees, degrees, rms."""
    count = len(curve)
    chord = curve[:, -1] - curve[:, 0]
    params = np.zeros((count, 5))
    params[:, :2], params[:, 2] = curve[:, 0], np.arctan2(chord[:, 1], chord[:, 0])
    turn = np.array([1.0, side, side])[:, None] * _TURN
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
