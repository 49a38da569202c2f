"""The edge of the body, moved from the mask's edge to the strongest step of colour near it."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from midback.vision.pose import RAYS, Array, Array32
from midback.vision.silhouette import rays_of

_STEP = 0.004  # between samples along a ray, in trunk lengths
_FAR = 10  # samples: how far the edge may be moved, 4 % of the trunk
_SPREAD = 2.0  # samples: of the derivative along a ray
_ACROSS = 1.0  # rays: of the mean over neighbours
_CONTRAST_OVER = 3.0  # rays: over which the strongest step is taken as the unit
_STRENGTH = 2.0  # what the strongest step is worth
_FAINT = 1e-3  # grey levels: nothing is divided by less
_TRUST_IN_MASK = 0.004  # cost per squared sample off the mask's edge
_STIFF = 0.3  # cost per squared sample between neighbouring rays
_JUMP = 2  # samples between neighbouring rays at most
_SMOOTH = 1.0  # rays: of the result

_REACH = _FAR + int(4 * _SPREAD)

_Float = TypeVar("_Float", bound=np.floating)


@dataclass(frozen=True, slots=True)
class RoughEdge:
    """The mask's edge in one frame, and what is needed of the picture to refine it.

    distances: (2, RAYS) as of silhouette(). step: full-picture pixels between two samples.
    colours: (2, RAYS, samples, 3) around the edge; None where nothing can be refined.
    """

    distances: Array32
    step: float = 0.0
    colours: NDArray[np.uint8] | None = None


def rough_edge(
    image: NDArray[np.uint8], points: Array32, distances: Array32, size: tuple[int, int]
) -> RoughEdge:
    """Take the colours around the mask's edge.

    image: (h, w, 3) bytes, of the whole picture at any scale, channels in any order. points:
    (33, 3) pixels of the full picture, X right, Y up. distances: (2, RAYS) as of silhouette().
    size: (width, height) of the full picture.
    """
    known = np.isfinite(distances)
    rays = rays_of(points)
    step = _STEP * rays.length
    if not math.isfinite(step) or not known.any(axis=1).all():
        return RoughEdge(distances)
    away = _filled(distances, known)[..., None] + np.float32(step) * _SAMPLES
    return RoughEdge(distances, step, _strips(image, rays.pixels(away, image.shape, size)))


def refined(edges: Sequence[RoughEdge]) -> list[Array32]:
    """Distances, moved by at most 4 % of the trunk to where the colours change most.

    Returns (2, RAYS) full-picture pixels for every frame, NaN where the mask's edge is. Frames do
    not touch each other, and each comes to the same bits whatever others it is given with.

    On each side one path over all rays has the least cost: strong colour steps pull, offsets from
    the mask's edge and offsets that differ between neighbouring rays cost (dynamic programming).
    A step counts by its share of the strongest one around, so that the light does not matter.
    """
    found = [edge.distances for edge in edges]
    places = [place for place, edge in enumerate(edges) if edge.colours is not None]
    if not places:
        return found
    colours = [edge.colours for edge in edges if edge.colours is not None]
    changes = [_change(side) for sides in colours for side in sides]
    change = np.ascontiguousarray(np.stack(changes).transpose(1, 2, 0))
    np.sqrt(change, out=change)
    known = np.isfinite([found[place] for place in places]).astype(np.float32)
    change *= known.reshape(-1, RAYS).T[:, None]
    cost = _cost(change)  # few arrays: what is large goes back to the system and comes again
    moved = _per_frame(_subsample(cost, _cheapest(cost))) @ _SMOOTHING
    for place, offsets in zip(places, moved, strict=True):
        edge = edges[place]
        found[place] = np.asarray(edge.distances + edge.step * offsets, dtype=np.float32)
    return found


def _filled(distances: Array32, known: NDArray[np.bool_]) -> Array32:
    """Gaps closed by straight lines, so that every ray has a place to look at."""
    if known.all():
        return distances
    filled = distances.copy()
    for side in np.flatnonzero(~known.all(axis=1)).tolist():
        at = np.flatnonzero(known[side])
        filled[side] = np.interp(np.arange(RAYS), at, distances[side, at])
    return filled


def _strips(image: NDArray[np.uint8], at: tuple[Array32, Array32]) -> NDArray[np.uint8]:
    """Colours at those columns and rows, (2, RAYS, samples, 3)."""
    import cv2

    strips = cv2.remap(image, *at, cv2.INTER_LINEAR, borderMode=_REPLICATE)
    return np.asarray(strips, dtype=np.uint8).reshape(2, RAYS, -1, 3)


def _change(side: NDArray[np.uint8]) -> Array32:
    """Squared change of colour along the rays of one side, (RAYS, offsets)."""
    import cv2

    strip = side.astype(np.float32)
    slope = cv2.sepFilter2D(strip, cv2.CV_32F, _DERIVATIVE, _MEAN, borderType=_REPLICATE)
    slope = slope[:, _REACH - _FAR : _REACH + _FAR + 1]
    return np.asarray(cv2.transform(slope * slope, _SUM), dtype=np.float32)


def _cost(change: Array32) -> Array32:
    """What each offset costs alone, in place of the (rays, offsets, sides of all frames)."""
    strongest = _per_frame(change.max(axis=1)) @ _AROUND
    unit = np.maximum(strongest, _FAINT).reshape(-1, RAYS).T[:, None]
    change /= unit
    change *= -_STRENGTH
    change += _OFF_MASK[:, None]
    return change


def _per_frame(values: NDArray[_Float]) -> NDArray[_Float]:
    """(rays, sides of all frames) as (frames, 2, rays), whose products depend on no number."""
    return np.ascontiguousarray(values.T).reshape(-1, 2, len(values))


def _cheapest(cost: Array32) -> NDArray[np.intp]:
    """Offset per ray, (rays, sides), of the cheapest smooth path through (rays, offsets, sides)."""
    rays, count, sides = cost.shape
    spent = np.full((rays, count + 2 * _JUMP, sides), np.inf, dtype=cost.dtype)
    inner = spent[:, _JUMP:-_JUMP]
    inner[0] = cost[0]
    ways = [spent[:-1, way : way + count] for way in range(2 * _JUMP + 1)]
    least = np.empty((rays - 1, count, sides), dtype=cost.dtype)
    one, two = np.empty((2, count, sides), dtype=cost.dtype)
    for a, b, c, d, e, best, own, here in zip(*ways, least, cost[1:], inner[1:], strict=True):
        np.add(np.minimum(b, d, out=one), _BEND[1], out=one)
        np.add(np.minimum(a, e, out=two), _BEND[0], out=two)
        np.minimum(np.minimum(one, two, out=one), c, out=best)
        np.add(best, own, out=here)
    return _traced(_jumps(ways, least), inner[-1].argmin(axis=0))


def _jumps(ways: list[Array32], least: Array32) -> NDArray[np.uint8]:
    """The first of the ways by which each place was reached at the least cost."""
    jump = np.full(least.shape, 255, dtype=np.uint8)
    for way, (before, bend) in enumerate(zip(ways, _BEND, strict=True)):
        dearer = (before + bend != least).view(np.uint8)
        np.minimum(jump, np.negative(dearer, out=dearer) | np.uint8(way), out=jump)
    return jump


def _traced(jump: NDArray[np.uint8], last: NDArray[np.intp]) -> NDArray[np.intp]:
    """The way back from the last ray: (rays, sides)."""
    side, sides = np.arange(len(last)), len(last)
    path = np.empty((len(jump) + 1, sides), dtype=np.intp)
    path[-1] = last
    back = jump.reshape(len(jump), -1)
    for ray in reversed(range(len(jump))):
        here = path[ray + 1]
        path[ray] = here + back[ray].take(here * sides + side) - _JUMP
    return path


def _subsample(cost: Array32, path: NDArray[np.intp]) -> Array:
    """Offsets in samples from the mask's edge, to a fraction by the parabola through three."""
    rays, count, sides = cost.shape
    middle = np.clip(path, 1, count - 2)
    at = (np.arange(rays)[:, None] * count + middle) * sides + np.arange(sides)
    before, here, after = (cost.take(at + k * sides).astype(np.float64) for k in (-1, 0, 1))
    bend = np.maximum(before - 2 * here + after, 1e-9)
    return np.asarray(middle - _FAR + np.clip(0.5 * (before - after) / bend, -0.5, 0.5))


def _bell(reach: int, sd: float) -> Array:
    weight = np.exp(-((np.arange(-reach, reach + 1) / sd) ** 2) / 2)
    return np.asarray(weight / weight.sum())


def _smoothing(sd: float, reach: float) -> Array:
    """(RAYS, RAYS) columns that smooth a row over the rays, those at its ends one-sidedly."""
    at = np.arange(RAYS)
    apart = at[:, None] - at
    weight = np.where(abs(apart) <= reach, np.exp(-((apart / sd) ** 2) / 2), 0.0)
    return np.asarray(weight / weight.sum(axis=0))


_REPLICATE = 1  # cv2.BORDER_REPLICATE
_SAMPLES = np.arange(-_REACH, _REACH + 1, dtype=np.float32)
_MEAN = _bell(4, _ACROSS)
_DERIVATIVE = _bell(int(4 * _SPREAD), _SPREAD) * np.arange(-4 * _SPREAD, 4 * _SPREAD + 1)
_SMOOTHING = _smoothing(_SMOOTH, RAYS)
_AROUND = _smoothing(_CONTRAST_OVER, 4 * _CONTRAST_OVER).astype(np.float32)
_OFF_MASK = (_TRUST_IN_MASK * np.arange(-_FAR, _FAR + 1.0) ** 2).astype(np.float32)
_BEND = (_STIFF * np.arange(-_JUMP, _JUMP + 1.0) ** 2).astype(np.float32)
_SUM = np.ones((1, 3), dtype=np.float32)
