"""The edge of the body, moved from the mask's edge to the strongest step of colour near it."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

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
    change = np.stack([_change(edge.colours) for edge in edges if edge.colours is not None])
    change[~np.isfinite([found[place] for place in places])] = 0.0
    unit = np.maximum(change.max(axis=-1) @ _AROUND, _FAINT)
    cost = _OFF_MASK - _STRENGTH * (change / unit[..., None])
    path = _cheapest(np.ascontiguousarray(cost.reshape(-1, *cost.shape[2:]).transpose(1, 2, 0)))
    moved = _subsample(cost, path.T.reshape(cost.shape[:-1])) @ _SMOOTHING
    for place, offsets in zip(places, moved, strict=True):
        edge = edges[place]
        found[place] = np.asarray(edge.distances + edge.step * offsets, dtype=np.float32)
    return found


def _filled(distances: Array32, known: NDArray[np.bool_]) -> Array32:
    """Gaps closed by straight lines, so that every ray has a place to look at."""
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


def _change(colours: NDArray[np.uint8]) -> Array32:
    """Change of colour along the ray, (2, RAYS, offsets)."""
    import cv2

    slopes = [
        cv2.sepFilter2D(strip, cv2.CV_32F, _DERIVATIVE, _MEAN, borderType=_REPLICATE)
        for strip in colours.astype(np.float32)
    ]
    slope = np.stack(slopes)[:, :, _REACH - _FAR : _REACH + _FAR + 1]
    return np.asarray(np.sqrt(np.einsum("srok,srok->sro", slope, slope)))


def _cheapest(cost: Array32) -> NDArray[np.intp]:
    """Offset per ray, (rays, sides), of the cheapest smooth path through (rays, offsets, sides)."""
    rays, count, sides = cost.shape
    jumps = 2 * _JUMP + 1
    spent = np.full((count + 2 * _JUMP, sides), np.inf, dtype=cost.dtype)
    reached = np.lib.stride_tricks.sliding_window_view(spent, count, axis=0).transpose(0, 2, 1)
    inner = spent[_JUMP:-_JUMP]
    inner[:] = cost[0]
    offers = np.empty((rays - 1, jumps, count, sides), dtype=cost.dtype)
    least = np.empty((rays - 1, count, sides), dtype=cost.dtype)
    for offer, best, own in zip(offers, least, cost[1:], strict=True):
        np.add(reached, _BEND, out=offer)
        np.minimum.reduce(offer, axis=0, out=best)
        np.add(best, own, out=inner)
    jump = np.empty(least.shape, dtype=np.uint8)
    for way in reversed(range(jumps)):
        np.copyto(jump, way, where=offers[:, way] == least)
    path = np.empty((sides, rays), dtype=np.intp)
    back = jump[::-1].transpose(2, 0, 1).tobytes()  # a byte is an int at once
    for side, last in enumerate(inner.argmin(axis=0).tolist()):
        here, found, first = last, [last], side * (rays - 1) * count
        for row in range(first, first + (rays - 1) * count, count):
            here += back[row + here] - _JUMP
            found.append(here)
        path[side] = found[::-1]
    return path.T


def _subsample(cost: Array32, path: NDArray[np.intp]) -> Array:
    """Offsets in samples from the mask's edge, to a fraction by the parabola through three."""
    middle = np.clip(path, 1, 2 * _FAR - 1)
    three = np.take_along_axis(cost, middle[..., None] + _AROUND_ONE, axis=-1).astype(np.float64)
    before, here, after = three[..., 0], three[..., 1], three[..., 2]
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
_AROUND_ONE = np.array([-1, 0, 1])
_MEAN = _bell(4, _ACROSS)
_DERIVATIVE = _bell(int(4 * _SPREAD), _SPREAD) * np.arange(-4 * _SPREAD, 4 * _SPREAD + 1)
_SMOOTHING = _smoothing(_SMOOTH, RAYS)
_AROUND = _smoothing(_CONTRAST_OVER, 4 * _CONTRAST_OVER).astype(np.float32)
_OFF_MASK = (_TRUST_IN_MASK * np.arange(-_FAR, _FAR + 1.0) ** 2).astype(np.float32)
_BEND = (_STIFF * np.arange(-_JUMP, _JUMP + 1.0) ** 2)[:, None, None].astype(np.float32)
