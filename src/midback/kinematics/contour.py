"""Thoracic kyphosis and lumbar lordosis from the dorsal contour (science A2).

Each angle is read in two ways that share no assumption, and a mean is taken: a two-arc template
(the low back between its inflection points), and the way the contour of rendered bodies bends per
degree, learned from the developing ones. Where the two readings of the thorax drift apart the
edge is not that of a back, and the gate refuses thoracic extension.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from midback.kinematics.spine_modes import ARCH, EXTENSION
from midback.kinematics.two_arcs import GRID, MIDDLES, SAMPLES, T1, fit_two_arcs
from midback.vision.pose import Array
from midback.vision.silhouette import ALONG

C7, S1 = 1.05, -0.05
"""Ends of the spine on the hip-shoulder line, in trunk lengths from the hips."""

_MISSING_ALLOWED = 0.25  # of the arc that an angle is read from
_MOST_MISSING = 0.5
_THORACIC_ARC, _LUMBAR_ARC = (0.0, 0.65), (0.5, 1.0)
_LUMBAR_FROM = 0.40  # a hollow further up is the thorax's own
_NAPE_FROM, _NAPE_RISE = 0.80, 0.02  # on the trunk line, and of its length
_MOST_STEP = 0.05  # trunk lengths between every other ray: a slope of 55 degrees
_HEAD_RADIUS = 0.30  # of the trunk's length, around the ears
_TEMPLATE_GAIN = (0.80, 0.91)
"""Degrees that template and inflection points read per true degree of thorax and low back, on the
developing bodies: the network's mask rounds the back off."""

_TEMPLATE_SHARE = 0.3
"""Of the thorax's mean: a finer edge helps the learned reading and not the template, which its
own shape limits."""


@dataclass(frozen=True, slots=True)
class SpineCurve:
    """Surface angles of the back. Each (T,) degrees, NaN where the contour is not usable.

    kyphosis: turn of the contour from T1 to T12, rounded back positive. lordosis: turn into the
    hollow of the low back. flexion: turn of the whole back, rounded positive. sag: greatest gap
    between the back and a straight edge laid on it, percent of the arc from C7 to S1, 0 for a
    rounded back. dispute: template's kyphosis minus the learned one; only its change says
    something. nape: how far the edge falls from the upper back to the neck, in trunk lengths.
    kyphosis and lordosis have an unknown zero: use changes.
    """

    kyphosis: Array
    lordosis: Array
    flexion: Array
    sag: Array
    dispute: Array
    nape: Array


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
    curve, weight = back(trunk, distances, side)
    whole_edge = ~_is_broken(trunk, distances)
    thorax = whole_edge & _seen(weight, _THORACIC_ARC)
    low_back = whole_edge & _seen(weight, _LUMBAR_ARC)
    heading = headings(curve, side)
    arcs_kyphosis, arcs_lordosis = fit_two_arcs(curve, weight, side)
    template = arcs_kyphosis / _TEMPLATE_GAIN[0]
    inflectional = _inflectional_lordosis(heading) / _TEMPLATE_GAIN[1]
    extension, arch = EXTENSION.of(heading), ARCH.of(heading)
    whole = thorax & low_back
    return SpineCurve(
        np.where(whole, _TEMPLATE_SHARE * template - (1 - _TEMPLATE_SHARE) * extension, np.nan),
        np.where(low_back, (inflectional + arch) / 2, np.nan),
        np.where(whole, arcs_kyphosis - arcs_lordosis, np.nan),
        np.where(low_back, _hollow(curve, side), np.nan),
        np.where(whole, template + extension, np.nan),
        _nape(trunk, distances),
    )


def back(trunk: Trunk, distances: Array, side: int) -> tuple[Array, Array]:
    """The back from C7 to S1 at equal arc lengths, scaled to length one, and where it is seen.

    Arguments as of spine_curve. Returns (T, SAMPLES, 2), NaN where more than half is missing, and
    (T, SAMPLES) 1 where there is an edge that is no arm and no head, else 0.
    """
    hips, shoulders = trunk.hips, trunk.shoulders
    bad = _not_back(contour_points(hips, shoulders, distances, side), trunk)
    bad |= _beyond_the_neck(distances, np.linalg.norm(shoulders - hips, axis=-1))
    usable = bad.mean(axis=1) <= _MOST_MISSING
    curve = np.full((len(bad), SAMPLES, 2), np.nan)
    weight = np.zeros((len(bad), SAMPLES))
    for row in np.flatnonzero(usable):
        index, good = np.arange(_PART.sum()), ~bad[row]
        known = np.interp(index, index[good], distances[row, _PART][good])
        filled = np.full_like(distances[row], np.nan)
        filled[_PART] = _without_spikes(known)
        points = contour_points(hips[row : row + 1], shoulders[row : row + 1], filled[None], side)
        curve[row], weight[row] = _by_arc_length(points[0, _PART][::-1], good[::-1])
    return curve, weight


def headings(curve: Array, side: int) -> Array:
    """(T, SAMPLES-1) smoothed directions along the back, degrees, rounding counted negative."""
    step = np.diff(curve, axis=1)
    return np.degrees(np.unwrap(np.arctan2(step[..., 1], step[..., 0]), axis=1)) * side @ _SMOOTH


def _not_back(contour: Array, trunk: Trunk) -> NDArray[np.bool_]:
    """Points between C7 and S1 that have no edge or may be an arm or the head: (T, PART)."""
    length = np.linalg.norm(trunk.shoulders - trunk.hips, axis=-1)
    with np.errstate(invalid="ignore"):
        bad = ~np.isfinite(contour[..., 0]) | arm_overlap(contour, trunk.arms, length)
        from_ears = np.linalg.norm(contour - trunk.ears[:, None], axis=-1)
        bad |= from_ears < _HEAD_RADIUS * length[:, None]
    return bad[:, _PART]


def _nape(trunk: Trunk, distances: Array) -> Array:
    """Fall of the edge from the upper back to the neck, in trunk lengths: (T,); NaN without one.

    Hair that hangs over the upper back, or a hood, leaves hardly any.
    """
    length = np.linalg.norm(trunk.shoulders - trunk.hips, axis=-1)
    parts = []
    for part, empty in ((_UPPER_BACK, -np.inf), (_NECK, np.inf)):
        seen = distances[:, part]
        parts.append(np.where(np.isfinite(seen), seen, empty))
    with np.errstate(invalid="ignore", divide="ignore"):
        fall = (parts[0].max(axis=1) - parts[1].min(axis=1)) / length
    return np.where(np.isfinite(fall), fall, np.nan)


def _is_broken(trunk: Trunk, distances: Array) -> NDArray[np.bool_]:
    """Whether the edge steps in or out as no back does: (T,).

    A picture on the wall or a chair behind the person joins the mask over a part of the back.
    """
    length = np.linalg.norm(trunk.shoulders - trunk.hips, axis=-1)
    step = np.abs(distances[:, _BACK][:, 2:] - distances[:, _BACK][:, :-2])
    with np.errstate(invalid="ignore"):
        return np.asarray((step > _MOST_STEP * length[:, None]).any(axis=1))


def _beyond_the_neck(distances: Array, length: Array) -> NDArray[np.bool_]:
    """Points on the head's side of a nape: (T, PART).

    From the upper back the edge falls towards the neck; where it rises again, a tilted head or
    the far arm has joined it.
    """
    upper = ALONG[_PART] > _NAPE_FROM
    edge = np.where(upper, distances[:, _PART], np.inf)
    filled = np.where(np.isfinite(edge), edge, np.inf)
    lowest = np.minimum.accumulate(filled, axis=1)
    with np.errstate(invalid="ignore"):
        rises = upper & (edge - lowest > _NAPE_RISE * length[:, None])
    beyond = np.zeros_like(rises)
    for row in np.flatnonzero(rises.any(axis=1)):
        first = int(np.argmax(rises[row]))
        beyond[row, int(np.argmin(filled[row, : first + 1])) :] = True
    return beyond & upper


def _inflectional_lordosis(heading: Array) -> Array:
    """Largest turn of the contour into the hollow of the low back: (T,) degrees, at least 0.

    Between the inflection points, wherever they lie, so that a shifted end of the contour or a
    lifted leg hardly matters; this is how raster stereography reads it.
    """
    low = heading[:, MIDDLES >= _LUMBAR_FROM]
    return np.asarray((np.maximum.accumulate(low, axis=1) - low).max(axis=1))


def _seen(weight: Array, arc: tuple[float, float]) -> NDArray[np.bool_]:
    """Whether enough of an arc, as fractions from C7 to S1, has an edge: (T,)."""
    part = (arc[0] <= GRID) & (arc[1] >= GRID)
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
    return float((edge - height)[GRID > T1].max())


def _below(a: tuple[float, float], b: tuple[float, float], c: tuple[float, float]) -> bool:
    """Whether b lies on or below the line from a to c."""
    return (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0]) >= 0


_PART: NDArray[np.bool_] = (ALONG >= S1) & (ALONG <= C7)
_BACK: NDArray[np.bool_] = (ALONG > 0.1) & (ALONG < 0.95)
_UPPER_BACK: NDArray[np.bool_] = (ALONG > 0.6) & (ALONG < 1.0)
_NECK: NDArray[np.bool_] = (ALONG > C7) & (ALONG < 1.3)


def _gaussian(count: int, sd: float) -> Array:
    """(N, N) columns that smooth a row of N values; the ends are repeated outwards."""
    at = np.arange(count, dtype=np.float64)
    reach = np.arange(-4 * count, 5 * count)
    weight = np.exp(-(((reach[:, None] - at) / sd) ** 2) / 2)
    columns = np.zeros((count, count))
    np.add.at(columns, np.clip(reach, 0, count - 1), weight)
    return np.asarray(columns / columns.sum(axis=0))


_SMOOTH: Array = _gaussian(SAMPLES - 1, 2.0)


def _by_arc_length(points: Array, good: NDArray[np.bool_]) -> tuple[Array, Array]:
    """Points at equal arc lengths, scaled to unit length, and the weight of each."""
    arc = np.concatenate([[0.0], np.cumsum(np.hypot(*np.diff(points, axis=0).T))])
    arc /= max(arc[-1], 1e-9)
    curve = np.stack([np.interp(GRID, arc, points[:, k]) for k in (0, 1)], -1)
    curve /= max(float(np.hypot(*np.diff(curve, axis=0).T).sum()), 1e-9)
    return curve, np.where(np.interp(GRID, arc, good.astype(np.float64)) > 0.99, 1.0, 0.0)
