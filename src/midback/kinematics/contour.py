"""Thoracic kyphosis and lumbar lordosis from the dorsal contour (science A2).

Each angle is read in two ways that share no assumption, and a mean is taken: a two-arc template
(the low back between its inflection points), and the way the contour of rendered bodies bends per
degree, learned from the developing ones. Where the two readings of the thorax drift apart the
edge is not that of a back, and the gate refuses thoracic extension.
"""

from __future__ import annotations

from dataclasses import dataclass, fields

import numpy as np
from numpy.typing import NDArray

from midback.kinematics.back_line import (
    C7,
    S1,
    Trunk,
    arm_overlap,
    contour_points,
    edge_of,
    line_of,
    trunk_length,
    unit_line,
)
from midback.kinematics.fixed_order import running
from midback.kinematics.hollow import gap_under_straight_edge
from midback.kinematics.spine_modes import ARCH, EXTENSION
from midback.kinematics.two_arcs import GRID, MIDDLES, SAMPLES, fit_two_arcs, on_chord
from midback.vision.pose import Array, Floats
from midback.vision.silhouette import ALONG

__all__ = [
    "C7",
    "S1",
    "SpineCurve",
    "Trunk",
    "arm_overlap",
    "back",
    "contour_points",
    "headings",
    "spine_curve",
]

_MISSING_ALLOWED = 0.25  # of the arc that an angle is read from
_THORACIC_ARC, _LUMBAR_ARC = (0.0, 0.65), (0.5, 1.0)
_LUMBAR_FROM = int((MIDDLES < 0.40).sum())  # piece; a hollow further up is the thorax's own
_MOST_STEP = 0.05  # trunk lengths between every other ray: a slope of 55 degrees
_TEMPLATE_GAIN = (0.80, 0.91)
"""Degrees that template and inflection points read per true degree of thorax and low back, on the
developing bodies: the network's mask rounds the back off."""

_TEMPLATE_SHARE = 0.3
"""Of the thorax's mean: a finer edge helps the learned reading and not the template, which its
own shape limits."""

_SMOOTHING, _REACH = 2.0, 10  # pieces: standard deviation, and where its Gaussian ends
_AT_ONCE = 1024  # frames: fewer cost more calls, many more leave the processor's cache

_BACK: NDArray[np.bool_] = (ALONG > 0.1) & (ALONG < 0.95)
_UPPER_BACK: NDArray[np.bool_] = (ALONG > 0.6) & (ALONG < 1.0)
_NECK: NDArray[np.bool_] = (ALONG > C7) & (ALONG < 1.3)


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


_FIELDS = len(fields(SpineCurve))


def spine_curve(trunk: Trunk, distances: Floats, side: int) -> SpineCurve:
    """Measure kyphosis and lordosis on the edge of the body on one side of the trunk.

    distances: (T, RAYS), see contour_points. side: +1 where the back lies on the left of the
    direction hips to shoulders, else -1. Not measurable (NaN) where more than a quarter of the
    thoracic or of the lumbar arc has no edge, or may be an arm or the head. It is worked out in the
    single precision of a stored edge, which moves no angle by .001 degrees. A frame's numbers are
    the same to the last bit however many frames are given at once.
    """
    found = np.full((_FIELDS, len(distances)), np.nan)
    rows = np.flatnonzero(np.isfinite(distances).any(axis=1))
    for start in range(0, len(rows), _AT_ONCE):
        part = rows[start : start + _AT_ONCE]
        rays = np.ascontiguousarray(distances[part].T, dtype=np.float32)
        found[:, part] = _measured(trunk.of(part), rays, side)
    return SpineCurve(*found)


def _measured(trunk: Trunk, rays: Floats, side: int) -> Array:
    """The fields of a SpineCurve as rows, for (RAYS, T) distances."""
    length = trunk_length(trunk)
    found = np.full((_FIELDS, len(length)), np.nan)
    found[5] = _nape(rays, length)
    edge = edge_of(trunk, rays, side)
    rows = np.flatnonzero(edge.usable & ~_is_broken(rays, length))
    line, weight = line_of(edge, rows)
    low_back = _seen(weight, _LUMBAR_ARC)
    if not low_back.any():
        return found
    if not low_back.all():
        kept = np.flatnonzero(low_back)
        rows, line, weight = rows[kept], line.take(kept, axis=2), weight.take(kept, axis=1)
    line, _ = unit_line(line)
    chord = on_chord(line.transpose(2, 1, 0), 1)
    heading = _directions(line)
    found[1, rows] = (_inflectional_lordosis(heading) / _TEMPLATE_GAIN[1] + _ARCH.of(heading)) / 2
    found[3, rows] = 100 * gap_under_straight_edge(*chord)
    whole, extension = _seen(weight, _THORACIC_ARC), _EXTENSION.of(heading)
    if not whole.all():
        rows, weight, extension = rows[whole], weight[:, whole], extension[whole]
        chord = chord[0][:, whole], chord[1][:, whole]
    kyphosis, lordosis = fit_two_arcs(*chord, weight)
    template = kyphosis / _TEMPLATE_GAIN[0]
    found[0, rows] = _TEMPLATE_SHARE * template - (1 - _TEMPLATE_SHARE) * extension
    found[2, rows] = kyphosis - lordosis
    found[4, rows] = template + extension
    return found


def back(trunk: Trunk, distances: Array, side: int) -> tuple[Array, Array]:
    """The back from C7 to S1 at equal arc lengths, scaled to length one, and where it is seen.

    Arguments as of spine_curve. Returns (T, SAMPLES, 2), NaN where more than half is missing, and
    (T, SAMPLES) 1 where there is an edge that is no arm and no head, else 0.
    """
    edge = edge_of(trunk, np.ascontiguousarray(distances.T), side)
    rows = np.flatnonzero(edge.usable)
    line, seen = line_of(edge, rows)
    (along, out), length = unit_line(line)
    curve = np.full((len(distances), SAMPLES, 2), np.nan)
    weight = np.zeros((len(distances), SAMPLES))
    right, up = (trunk.shoulders[rows] - trunk.hips[rows]).T / trunk_length(trunk)[rows]
    x, y = trunk.hips[rows].T / length
    curve[rows, :, 0] = (x + along * right - side * out * up).T
    curve[rows, :, 1] = (y + along * up + side * out * right).T
    weight[rows] = seen.T
    return curve, weight


def headings(curve: Array, side: int) -> Array:
    """(T, SAMPLES-1) smoothed directions along the back, degrees, rounding counted negative."""
    step = np.diff(curve, axis=1)
    directions = np.degrees(np.unwrap(np.arctan2(step[..., 1], step[..., 0]), axis=1)) * side
    return np.asarray(_smoothed(directions.T).T, dtype=np.float64)


def _directions(line: Floats) -> Floats:
    """(SAMPLES-1, T) directions along (2, SAMPLES, T), degrees from the trunk line.

    The rays leave the trunk one after the other, so the back never turns round on it and the
    slope alone tells the direction. Headings in the picture differ by a constant, which no
    reading sees.
    """
    step = line[:, 1:] - line[:, :-1]
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.asarray(np.degrees(np.arctan(step[1] / step[0])))


def _smoothed(values: Floats, first: int = 0) -> Floats:
    """Gaussian mean along the first axis of (SAMPLES-1, T), from row `first` on; the ends are
    repeated outwards.
    """
    count, wide = len(values) - first, values.take(_OUTWARDS[first:], axis=0)
    smooth: Floats = _GAUSSIAN[0] * values[first:]
    part = np.empty_like(smooth)
    for away, weight in enumerate(_GAUSSIAN[1:], 1):
        before, after = _REACH - away, _REACH + away
        np.add(wide[before : before + count], wide[after : after + count], out=part)
        part *= weight
        smooth += part
    return smooth


_OUTWARDS = np.clip(np.arange(-_REACH, SAMPLES - 1 + _REACH), 0, SAMPLES - 2)
_BELL = np.exp(-((np.arange(_REACH + 1) / _SMOOTHING) ** 2) / 2)
_GAUSSIAN: list[float] = (_BELL / (_BELL[0] + 2 * _BELL[1:].sum())).tolist()
_EXTENSION, _ARCH = (part.before(_smoothed(np.eye(SAMPLES - 1))) for part in (EXTENSION, ARCH))


def _nape(rays: Floats, length: Floats) -> Floats:
    """Fall of the edge from the upper back to the neck, in trunk lengths: (T,); NaN without one.

    Hair that hangs over the upper back, or a hood, leaves hardly any.
    """
    upper, neck = rays[_UPPER_BACK], rays[_NECK]
    highest = np.where(np.isfinite(upper), upper, -np.inf).max(axis=0)
    lowest = np.where(np.isfinite(neck), neck, np.inf).min(axis=0)
    with np.errstate(invalid="ignore", divide="ignore"):
        fall = (highest - lowest) / length
    return np.where(np.isfinite(fall), fall, np.nan)


def _is_broken(rays: Floats, length: Floats) -> NDArray[np.bool_]:
    """Whether the edge steps in or out as no back does: (T,).

    A picture on the wall or a chair behind the person joins the mask over a part of the back.
    """
    with np.errstate(invalid="ignore"):
        step = np.abs(rays[_BACK][2:] - rays[_BACK][:-2])
        return np.asarray((step > _MOST_STEP * length).any(axis=0))


def _inflectional_lordosis(heading: Floats) -> Floats:
    """Largest turn of the contour into the hollow of the low back: (T,) degrees, at least 0.

    Between the inflection points, wherever they lie, so that a shifted end of the contour or a
    lifted leg hardly matters; this is how raster stereography reads it.
    """
    low = _smoothed(heading, _LUMBAR_FROM)
    highest = low.copy()
    running(np.maximum, highest)
    return np.asarray((highest - low).max(axis=0))


def _seen(weight: Floats, arc: tuple[float, float]) -> NDArray[np.bool_]:
    """Whether enough of an arc, as fractions from C7 to S1, has an edge: (T,)."""
    part = weight[(arc[0] <= GRID) & (arc[1] >= GRID)]
    return np.asarray(np.count_nonzero(part == 0, axis=0) <= _MISSING_ALLOWED * len(part))
