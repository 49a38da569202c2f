"""The edge of the body, moved from the mask's edge to the strongest step of colour near it."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from midback.vision.pose import RAYS, Array, Array32
from midback.vision.silhouette import ALONG, trunk_line

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


def refined(
    image: NDArray[np.uint8], points: Array32, distances: Array32, size: tuple[int, int]
) -> Array32:
    """Distances of silhouette(), moved by at most 4 % of the trunk to where colours change most.

    image: (h, w, 3) bytes, of the whole picture at any scale, channels in any order. points:
    (33, 3) pixels of the full picture, X right, Y up. distances: (2, RAYS) as of silhouette().
    size: (width, height) of the full picture. Returns (2, RAYS) full-picture pixels, NaN where
    distances is.

    On each side one path over all rays has the least cost: strong colour steps pull, offsets from
    the mask's edge and offsets that differ between neighbouring rays cost (dynamic programming).
    A step counts by its share of the strongest one around, so that the light does not matter.
    """
    known = np.isfinite(distances)
    hips, shoulders = trunk_line(points)
    step = _STEP * float(np.hypot(*(shoulders - hips)))
    if not np.isfinite(step) or not known.any(axis=1).all():
        return distances
    strength = _steps(_strips(image, hips, shoulders, _filled(distances, known), step, size))
    strength[~known] = 0.0
    cost = _OFF_MASK - _STRENGTH * strength
    moved = _subsample(cost, _cheapest(cost)) @ _SMOOTHING
    return np.asarray(distances + step * moved, dtype=np.float32)


def _filled(distances: Array32, known: NDArray[np.bool_]) -> Array:
    """Gaps closed by straight lines, so that every ray has a place to look at."""
    at = np.arange(RAYS)
    sides = zip(distances, known, strict=True)
    return np.stack([np.interp(at, at[k], d[k]) for d, k in sides])


def _strips(
    image: NDArray[np.uint8],
    hips: Array,
    shoulders: Array,
    distances: Array,
    step: float,
    size: tuple[int, int],
) -> Array32:
    """Colours along every ray around its edge: (2, RAYS, samples, 3)."""
    import cv2

    trunk = shoulders - hips
    normal = np.array([-trunk[1], trunk[0]]) / np.hypot(*trunk)
    away = distances[..., None] + step * np.arange(-_REACH, _REACH + 1)
    away[1] *= -1.0
    start = (hips + ALONG[:, None] * trunk)[None, :, None]
    scale = np.array([image.shape[1] / size[0], -image.shape[0] / size[1]])
    at = ((start + away[..., None] * normal) * scale - 0.5).astype(np.float32)
    at = at.reshape(2 * RAYS, -1, 2)
    strips = cv2.remap(image, at[..., 0], at[..., 1], cv2.INTER_LINEAR, borderMode=_REPLICATE)
    return np.asarray(strips, dtype=np.float32).reshape(2, RAYS, -1, 3)


def _steps(strips: Array32) -> Array:
    """Change of colour along the ray, as a share of the strongest around: (2, RAYS, offsets)."""
    import cv2

    found = np.empty((2, RAYS, 2 * _FAR + 1))
    for side, strip in enumerate(strips):
        slope = cv2.sepFilter2D(strip, cv2.CV_32F, _DERIVATIVE, _MEAN, borderType=_REPLICATE)
        change = np.sqrt((slope[:, _REACH - _FAR : _REACH + _FAR + 1] ** 2).sum(axis=-1))
        unit = cv2.GaussianBlur(
            change.max(axis=1, keepdims=True), (1, 25), 0.1, None, _CONTRAST_OVER, _REPLICATE
        )
        found[side] = change / np.maximum(unit, _FAINT)
    return found


def _cheapest(cost: Array) -> NDArray[np.intp]:
    """Offset per ray, (2, RAYS), of the cheapest smooth path through (2, RAYS, offsets)."""
    sides, rays, count = cost.shape
    jumps = 2 * _JUMP + 1
    spent = np.full((sides, count + 2 * _JUMP), np.inf)
    reached = np.lib.stride_tricks.sliding_window_view(spent, jumps, axis=1).transpose(2, 0, 1)
    inner = spent[:, _JUMP:-_JUMP]
    inner[:] = cost[:, 0]
    offers = np.empty((rays - 1, jumps, sides, count))
    least = np.empty((sides, count))
    for offer, own in zip(offers, cost.transpose(1, 0, 2)[1:], strict=True):
        np.add(reached, _BEND, out=offer)
        np.minimum.reduce(offer, axis=0, out=least)
        np.add(least, own, out=inner)
    jump = (offers.argmin(axis=1) - _JUMP).transpose(1, 0, 2).tolist()
    path = np.empty((sides, rays), dtype=np.intp)
    for side, here in enumerate(inner.argmin(axis=1).tolist()):
        way = [here]
        for own in reversed(jump[side]):
            way.append(way[-1] + own[way[-1]])
        path[side] = way[::-1]
    return path


def _subsample(cost: Array, path: NDArray[np.intp]) -> Array:
    """Offsets in samples from the mask's edge, to a fraction by the parabola through three."""
    middle = np.clip(path, 1, 2 * _FAR - 1)
    before, here, after = (
        np.take_along_axis(cost, (middle + k)[..., None], axis=2)[..., 0] for k in (-1, 0, 1)
    )
    bend = np.maximum(before - 2 * here + after, 1e-9)
    return np.asarray(middle - _FAR + np.clip(0.5 * (before - after) / bend, -0.5, 0.5))


def _bell(reach: int, sd: float) -> Array:
    weight = np.exp(-((np.arange(-reach, reach + 1) / sd) ** 2) / 2)
    return np.asarray(weight / weight.sum())


def _smoothing() -> Array:
    """(RAYS, RAYS) columns that smooth a row over the rays."""
    at = np.arange(RAYS)
    weight = np.exp(-(((at[:, None] - at) / _SMOOTH) ** 2) / 2)
    return np.asarray(weight / weight.sum(axis=0))


_REPLICATE = 1  # cv2.BORDER_REPLICATE
_MEAN = _bell(4, _ACROSS)
_DERIVATIVE = _bell(int(4 * _SPREAD), _SPREAD) * np.arange(-4 * _SPREAD, 4 * _SPREAD + 1)
_SMOOTHING = _smoothing()
_OFF_MASK = _TRUST_IN_MASK * np.arange(-_FAR, _FAR + 1.0) ** 2
_BEND = (_STIFF * np.arange(-_JUMP, _JUMP + 1.0) ** 2)[:, None, None]
