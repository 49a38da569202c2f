"""Two-arc template of the back: one smooth turn for the thorax, one for the low back (science A2).

The contour from C7 to S1 is taken as a curve of unit length whose tangent turns by two cosine
ramps that meet at T12, so that an arched low back does not pass for an extended thorax.
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np

from midback.kinematics.fixed_order import running, total
from midback.vision.pose import Array, Array32, Floats

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
_DAMPING = np.float32(1e-9)
_FEW = 4  # frames
_AT_ONCE = 512  # frames: fewer cost more calls, many more leave the processor's cache


def _ramp(u: Array, start: float, end: float) -> Array:
    """Cosine ramp from 0 to 1 between two arc fractions."""
    return np.asarray(0.5 - 0.5 * np.cos(np.pi * np.clip((u - start) / (end - start), 0, 1)))


_TURNS: Array32 = np.array(
    [
        [_ramp(MIDDLES, T1, t12) for t12 in _JUNCTIONS],
        [-_ramp(MIDDLES, t12, L5) for t12 in _JUNCTIONS],
    ],
    dtype=np.float32,
).transpose(0, 2, 1)[..., None]
"""(2, SAMPLES-1, J, 1): how kyphosis and lordosis turn each piece of the curve."""

_LOW = int((_JUNCTIONS[0] >= MIDDLES).sum())  # pieces that no lordosis turns


def fit_two_arcs(along: Floats, height: Floats, weight: Floats) -> tuple[Array, Array]:
    """Kyphosis and lordosis in degrees, each (T,), averaged over where T12 may be.

    along, height: (SAMPLES, T) of a curve of unit length from C7 to S1, see on_chord. weight:
    (SAMPLES, T), 0 where there is no edge. Each place of T12 counts by how well it explains the
    contour, times a prior around .60. The fit is in single precision, which turns no angle by a
    thousandth of a degree and takes half the time.
    """
    found = np.empty((2, along.shape[1]))
    prior = ((np.array(_JUNCTIONS) - _T12) / _T12_SD) ** 2 / 2
    for start in range(0, along.shape[1], _AT_ONCE):
        part = slice(start, start + _AT_ONCE)
        with np.errstate(invalid="ignore", divide="ignore"):
            parts = along[:, part], height[:, part], weight[:, part]
            single = (np.ascontiguousarray(x, dtype=np.float32) for x in parts)
            kyphosis, lordosis, rms = (x.astype(np.float64) for x in _fit_turns(*single))
        cost = (100 * rms / _FIT_NOISE) ** 2 + prior[:, None]
        share = np.exp(-(cost - cost.min(axis=0)))
        share /= total(share)
        found[0, part] = total(kyphosis * share)
        found[1, part] = total(lordosis * share)
    return np.degrees(found[0]), np.degrees(found[1])


def on_chord(curve: Floats, side: int) -> tuple[Floats, Floats]:
    """Where the points lie along and above the straight line from the first to the last.

    curve: (T, N, 2) from C7 to S1. side: +1 with the back on the left of the way from hips to
    shoulders; outside of the back is above. Returns twice (N, T), NaN where there is no line.
    """
    x, y = (np.ascontiguousarray(curve[..., k].T) for k in (0, 1))
    x, y = x - x[0], y - y[0]
    with np.errstate(invalid="ignore", divide="ignore"):
        length = np.sqrt(x[-1] ** 2 + y[-1] ** 2)
        right, up = x[-1] / length, side * y[-1] / length
    return x * right + y * (side * up), x * up - y * (side * right)


def _fit_turns(
    along: Array32, height: Array32, weight: Array32
) -> tuple[Array32, Array32, Array32]:
    """Gauss-Newton fit of place, heading, kyphosis, lordosis for every T12: each (J, T).

    along, height, weight: (SAMPLES, T), see on_chord. Returns radians, radians, root mean square
    distance in curve lengths. The model starts straight along the chord. A turn moves a point of
    the model at right angles to where it lies, so what is fitted is the contour and its residuals
    turned right by a quarter: then the model's own points are the column of the heading.
    """
    unseen = None if weight.all() else weight[:, None, None]
    seen = total(weight)
    line = _STRAIGHT[0][:, 0, 0]
    up, back = -height, line - along
    columns = _STRAIGHT if unseen is None else tuple(x * unseen[-len(x) :] for x in _STRAIGHT)
    residual = up[:, None, None]
    turns, place = _step(columns, residual if unseen is None else residual * unseen, seen)
    sunk = total(back if unseen is None else back * weight) / (seen + _DAMPING)
    place = np.concatenate([place, np.broadcast_to(sunk, place.shape)])
    turned = np.stack([up, -along], axis=1)[:, :, None]
    bends = _bends(weight.shape[1])
    for _ in range(_ITERATIONS - 1):
        columns = _columns(turns, bends)
        residual = turned - place
        residual[:, 0] -= columns[0][:, 1]
        residual[:, 1] += columns[0][:, 0]
        if unseen is not None:
            residual *= unseen
            for column in columns:
                np.multiply(column, unseen[-len(column) :], out=column)
        change, shift = _step(columns, residual, seen)
        turns, place = turns + change, place + shift
    square = total(residual * residual)
    return turns[1], turns[2], np.sqrt((square[0] + square[1]) / np.maximum(seen, 1.0))


@lru_cache(maxsize=2)
def _bends(frames: int) -> Array32:
    """_TURNS for so many frames, which one product then reads as quickly as it can."""
    return np.repeat(_TURNS, frames, axis=-1)


def _columns(turns: Array32, bends: Array32) -> _Columns:
    """Points of the model, and how kyphosis and lordosis move them, turned right by a quarter.

    turns: (3, J, T) heading, kyphosis, lordosis. bends: (2, SAMPLES-1, J, T). Returns
    (SAMPLES, 2, J, T) twice, and of the lordosis only the samples from _LOW on. Sine and cosine
    are those of the tangent of half the angle, which numpy computes many at once.
    """
    pieces, width = SAMPLES - 1, turns.shape[1:]
    half = turns / 2
    angle = bends[0] * half[1]
    angle += half[0]
    angle[_LOW:] += bends[1, _LOW:] * half[2]
    tangent = np.tan(angle, out=angle)
    double = tangent * tangent
    double += 1
    np.divide(2 / pieces, double, out=double)
    curve, thorax = np.empty((2, SAMPLES, 2, *width), dtype=np.float32)
    lumbar = np.empty((SAMPLES - _LOW, 2, *width), dtype=np.float32)
    curve[0] = thorax[0] = lumbar[0] = 0
    np.subtract(double, 1 / pieces, out=curve[1:, 0])
    np.multiply(double, tangent, out=curve[1:, 1])
    np.multiply(curve[1:], bends[0][:, None], out=thorax[1:])
    np.multiply(curve[1 + _LOW :], bends[1, _LOW:, None], out=lumbar[1:])
    for column in (curve, thorax, lumbar):
        running(np.add, column[1:])
    return curve, thorax, lumbar


_Columns = tuple[Array32, ...]


def _step(columns: _Columns, residual: Array32, seen: Array32) -> tuple[Array32, Array32]:
    """Least-squares change of the turns (3, J, T) and of the place (A, J, T).

    columns: of (N, A, J, T) for the last N samples, residual: (SAMPLES, A, J, T). The place,
    whose columns are ones, is eliminated first.
    """
    share = 1 / (seen + _DAMPING)
    sums, products = _sums((*columns, residual), residual.shape[-1])
    products -= sums.take(_FIRST, axis=0) * sums.take(_SECOND, axis=0) * share
    equations = products[:, 0] + products[:, 1] if products.shape[1] > 1 else products[:, 0]
    change = _solve(equations)
    moved = sums[:3] * change[:, None]
    return change, (sums[3] - moved[0] - moved[1] - moved[2]) * share


def _sums(parts: tuple[Array32, ...], frames: int) -> tuple[Array32, Array32]:
    """Sums over the samples of the columns and the residual, and of their products by _PAIRS.

    Returns (4, A, J, T) and (9, A, J, T).
    """
    shape = (parts[0].shape[1], len(_JUNCTIONS), frames)
    sums = np.empty((4, *shape), dtype=np.float32)
    products = np.empty((len(_PAIRS), *shape), dtype=np.float32)
    for k, part in enumerate(parts):
        sums[k] = total(part)
    for k, (a, b) in enumerate(_PAIRS):
        common = min(len(parts[a]), len(parts[b]))
        products[k] = np.einsum("n...,n...->...", parts[a][-common:], parts[b][-common:])
    return sums, products


_PAIRS = ((0, 0), (0, 1), (0, 2), (1, 1), (1, 2), (2, 2), (0, 3), (1, 3), (2, 3))
"""Products of columns 0 to 2 and of these with the residual, as _solve takes them."""

_FIRST, _SECOND = np.array(_PAIRS).T


def _solve(equations: Array32) -> Array32:
    """Solution (3, J, T) of damped symmetric equations: six above the diagonal, right side."""
    a, b, c, d, e, f, *right = equations
    a, d, f = a + _DAMPING, d + _DAMPING, f + _DAMPING
    l1, l2 = b / a, c / a
    second, mixed = d - l1 * b, e - l1 * c
    l3 = mixed / second
    y1 = right[1] - l1 * right[0]
    change = np.empty((3, *a.shape), dtype=np.float32)
    change[2] = (right[2] - l2 * right[0] - l3 * y1) / (f - l2 * c - l3 * mixed)
    change[1] = y1 / second - l3 * change[2]
    change[0] = right[0] / a - l1 * change[1] - l2 * change[2]
    return change


_STRAIGHT = tuple(
    np.ascontiguousarray(column[:, :1])
    for column in _columns(np.zeros((3, len(_JUNCTIONS), 1), dtype=np.float32), _TURNS)
)
"""_columns of the straight model, whose second axis is zero."""
