"""Two-arc template of the back: one smooth turn for the thorax, one for the low back (science A2).

The contour from C7 to S1 is taken as a curve of unit length whose tangent turns by two cosine
ramps that meet at T12, so that an arched low back does not pass for an extended thorax.
"""

from __future__ import annotations

import numpy as np

from midback.vision.pose import Array

SAMPLES = 48
GRID: Array = np.linspace(0.0, 1.0, SAMPLES)
"""Arc fractions from C7 to S1 at which a back is given."""

MIDDLES: Array = (GRID[1:] + GRID[:-1]) / 2
"""Arc fractions of the pieces between them."""

T1, L5 = 0.05, 0.95
_T12 = 0.60
_JUNCTIONS = (0.44, 0.52, 0.60, 0.68)
"""Where T12 may lie: the ends are known to some 5 % only, and a wrong junction would pass a
lumbar arch for thoracic extension."""
_T12_SD = 0.12
_FIT_NOISE = 0.10  # root mean square of the contour about the model, percent of its length
_ITERATIONS = 3


def _ramp(u: Array, start: float, end: float) -> Array:
    """Cosine ramp from 0 to 1 between two arc fractions."""
    return np.asarray(0.5 - 0.5 * np.cos(np.pi * np.clip((u - start) / (end - start), 0, 1)))


_TURNS: Array = np.stack(
    [[_ramp(MIDDLES, T1, t12), -_ramp(MIDDLES, t12, L5)] for t12 in _JUNCTIONS]
)
"""(J, 2, SAMPLES-1): how kyphosis and lordosis turn each piece of the curve."""


def fit_two_arcs(curve: Array, weight: Array, side: int) -> tuple[Array, Array]:
    """Kyphosis and lordosis in degrees, each (T,), averaged over where T12 may be.

    curve: (T, SAMPLES, 2) of unit length from C7 to S1, weight: (T, SAMPLES), 0 where there is no
    edge. side: +1 with the back on the left of the way from hips to shoulders. Each place of T12
    counts by how well it explains the contour, times a prior around .60.
    """
    kyphosis, lordosis, rms = _fit_turns(curve, weight, side * _TURNS)
    prior = ((np.array(_JUNCTIONS) - _T12) / _T12_SD) ** 2 / 2
    cost = (100 * rms / _FIT_NOISE) ** 2 + prior
    share = np.exp(-(cost - cost.min(axis=1, keepdims=True)))
    share /= share.sum(axis=1, keepdims=True)
    return (kyphosis * share).sum(1), (lordosis * share).sum(1)


def _fit_turns(curve: Array, weight: Array, bends: Array) -> tuple[Array, Array, Array]:
    """Gauss-Newton fit of place, heading, kyphosis, lordosis for every T12: each (T, J).

    bends: (J, 2, SAMPLES-1) how one radian of kyphosis and of lordosis turns each piece. Returns
    degrees, degrees, root mean square distance in curve lengths.
    """
    count, places = len(curve), len(bends)
    chord = curve[:, -1] - curve[:, 0]
    start = np.zeros((count, 5))
    start[:, :2], start[:, 2] = curve[:, 0], np.arctan2(chord[:, 1], chord[:, 0])
    params = np.repeat(start[:, None], places, axis=1)
    weight = weight[:, None, :, None]
    jacobian = np.zeros((count, places, 5, SAMPLES, 2))
    jacobian[:, :, 0, :, 0] = jacobian[:, :, 1, :, 1] = weight[..., 0]
    residual = np.full((count, places, SAMPLES, 2), np.nan)
    for _ in range(_ITERATIONS):
        theta = params[..., 2:3] + (params[..., None, 3:] @ bends)[..., 0, :]
        direction = np.stack([np.cos(theta), np.sin(theta)], -1)
        residual = (curve[:, None] - params[..., None, :2] - _integrate(direction)) * weight
        slope = direction[..., ::-1] * (-1.0, 1.0)
        jacobian[:, :, 2] = _integrate(slope) * weight
        for k in (0, 1):
            jacobian[:, :, 3 + k] = _integrate(slope * bends[:, k, :, None]) * weight
        flat = jacobian.reshape(count * places, 5, -1)
        params += _solve(flat, residual.reshape(count * places, -1)).reshape(params.shape)
    rms = np.sqrt((residual**2).sum((2, 3)) / np.maximum(weight.sum((2, 3)), 1.0))
    return np.degrees(params[..., 3]), np.degrees(params[..., 4]), rms


def _integrate(direction: Array) -> Array:
    """Points of a unit-length curve that starts at the origin: (..., SAMPLES, 2)."""
    points = np.zeros((*direction.shape[:-2], SAMPLES, 2))
    np.cumsum(direction / (SAMPLES - 1), axis=-2, out=points[..., 1:, :])
    return points


def _solve(jacobian: Array, residual: Array) -> Array:
    """Least-squares steps (T, 5) of (T, 5, N) columns; NaN where there is no curve."""
    normal = jacobian @ jacobian.transpose(0, 2, 1)
    right = (jacobian @ residual[..., None])[..., 0]
    solvable = np.isfinite(right).all(axis=1) & np.isfinite(normal).all(axis=(1, 2))
    change = np.full(right.shape, np.nan)
    damped = normal[solvable] + 1e-9 * np.eye(right.shape[1])
    change[solvable] = np.linalg.solve(damped, right[solvable][..., None])[..., 0]
    return change
