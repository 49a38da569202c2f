"""The edge of the body on both sides of the trunk, read from the segmentation mask."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from midback.vision.pose import RAYS, Array, Array32, Floats

ALONG = np.linspace(-0.30, 1.35, RAYS)
"""Where each ray starts on the hip-shoulder line, in trunk lengths: 0 = hips, 1 = shoulders."""

_REACH = 0.7  # how far a ray looks for the edge, in trunk lengths
_SHORTEST = 4.0  # mask pixels: no shorter trunk is measured
_MOST = 32_000  # samples along a ray: with more, OpenCV raises
_SIDES = np.array([1.0, -1.0])
_LEFT_SHOULDER, _RIGHT_SHOULDER, _LEFT_HIP, _RIGHT_HIP = _TORSO = [11, 12, 23, 24]


def trunk_line(points: Floats) -> tuple[Array, Array]:
    """Mid-hip and mid-shoulder points of (..., 33, 3) landmarks, each (..., 2)."""
    xy = np.asarray(points, dtype=np.float64)[..., :2]
    hips = (xy[..., _LEFT_HIP, :] + xy[..., _RIGHT_HIP, :]) / 2
    shoulders = (xy[..., _LEFT_SHOULDER, :] + xy[..., _RIGHT_SHOULDER, :]) / 2
    return hips, shoulders


@dataclass(frozen=True, slots=True)
class Rays:
    """Where the rays start and where to: row 0 to the left of the trunk line, row 1 to its right.

    hips, trunk, left: (x, y) of mid-hips, of the way from there to mid-shoulders, and of the unit
    vector to the left of it; pixels, Y up. length: of the trunk, not finite where nobody is.
    """

    hips: tuple[float, float]
    trunk: tuple[float, float]
    left: tuple[float, float]
    length: float

    def pixels(
        self, distances: Array32, shape: tuple[int, ...], size: tuple[int, int]
    ) -> tuple[Array32, Array32]:
        """Column and row, in a picture of that shape, at (2, RAYS or 1, K) distances from the line.

        Each is (2 RAYS, K); the middle of the first pixel is 0. size: of the full picture.
        """
        scale = np.array([[shape[1] / size[0]], [-shape[0] / size[1]]])
        hips, trunk, left = np.array([self.hips, self.trunk, self.left])[..., None]
        start = ((hips * scale - 0.5) + ALONG * (trunk * scale)).astype(np.float32)
        away = (left * scale * _SIDES).astype(np.float32)
        at = distances * away[..., None, None] + start[:, None, :, None]
        x, y = at.reshape(2, 2 * RAYS, -1)
        return x, y


def rays_of(points: Array32) -> Rays:
    """Return the rays of one person's (33, 3) landmarks."""
    (ax, ay), (bx, by), (cx, cy), (dx, dy) = points[_TORSO, :2].tolist()
    hips = (cx + dx) / 2, (cy + dy) / 2
    trunk = (ax + bx) / 2 - hips[0], (ay + by) / 2 - hips[1]
    length = math.hypot(*trunk)
    unit = max(length, 1e-9)
    return Rays(hips, trunk, (-trunk[1] / unit, trunk[0] / unit), length)


def silhouette(mask: Array32, points: Array32, size: tuple[int, int]) -> Array32:
    """Distance from the trunk line to the body's edge along its normals.

    mask: (h, w) 0..1, of the whole picture at any scale. points: (33, 3) pixels of the full
    picture, X right, Y up. size: (width, height) of the full picture.
    Returns (2, RAYS) full-picture pixels, row 0 towards the left normal of the line from hips to
    shoulders, row 1 towards the right normal. The edge is where the mask first falls below one
    half, to a fraction of a mask pixel; NaN where a ray starts outside the body, leaves the
    picture or meets no edge within 0.7 trunk lengths.
    """
    import cv2

    scale = mask.shape[1] / size[0], mask.shape[0] / size[1]
    rays = rays_of(points)
    step = 2.0 / sum(scale)
    if not rays.length * min(scale) >= _SHORTEST or not _REACH * rays.length < _MOST * step:
        return np.full((2, RAYS), np.nan, dtype=np.float32)
    distance = np.arange(0.0, _REACH * rays.length, step, dtype=np.float32)[None, None]
    x, row = rays.pixels(distance, mask.shape, size)
    values = cv2.remap(
        mask, x, row, cv2.INTER_LINEAR, borderMode=cv2.BORDER_CONSTANT, borderValue=np.nan
    )
    found = _first_fall(np.asarray(values)) * step
    return np.asarray(found.reshape(2, RAYS), dtype=np.float32)


def _first_fall(values: NDArray[np.floating]) -> Array32:
    """Index, to a fraction, at which (..., K) values first fall below one half; NaN never does."""
    outside = ~(values >= 0.5)
    ray = np.arange(len(values))
    first = outside.argmax(axis=-1)
    before, after = values[ray, np.maximum(first - 1, 0)], values[ray, first]
    with np.errstate(invalid="ignore", divide="ignore"):
        edge = first - 1 + (before - 0.5) / (before - after)
    return np.where(outside[ray, first] & (first > 0), edge, np.nan)
