"""The edge of the body on both sides of the trunk, read from the segmentation mask."""

from __future__ import annotations

import numpy as np

from midback.vision.pose import RAYS, Array, Array32

ALONG = np.linspace(-0.30, 1.35, RAYS)
"""Where each ray starts on the hip-shoulder line, in trunk lengths: 0 = hips, 1 = shoulders."""

_REACH = 0.7  # how far a ray looks for the edge, in trunk lengths
_LEFT_SHOULDER, _RIGHT_SHOULDER, _LEFT_HIP, _RIGHT_HIP = 11, 12, 23, 24


def trunk_line(points: Array | Array32) -> tuple[Array, Array]:
    """Mid-hip and mid-shoulder points of (..., 33, 3) landmarks, each (..., 2)."""
    xy = np.asarray(points, dtype=np.float64)[..., :2]
    hips = (xy[..., _LEFT_HIP, :] + xy[..., _RIGHT_HIP, :]) / 2
    shoulders = (xy[..., _LEFT_SHOULDER, :] + xy[..., _RIGHT_SHOULDER, :]) / 2
    return hips, shoulders


def silhouette(mask: Array32, points: Array32, size: tuple[int, int]) -> Array32:
    """Distance from the trunk line to the body's edge along its normals.

    mask: (h, w) 0..1, of the whole picture at any scale. points: (33, 3) pixels of the full
    picture, X right, Y up. size: (width, height) of the full picture.
    Returns (2, RAYS) full-picture pixels, row 0 towards the left normal of the line from hips to
    shoulders, row 1 towards the right normal. The edge is where the mask first falls below one
    half, to a fraction of a mask pixel; NaN where a ray starts outside the body, leaves the
    picture or meets no edge within 0.7 trunk lengths.
    """
    height, width = mask.shape
    scale = np.array([width / size[0], height / size[1]])
    hips, shoulders = trunk_line(points)
    trunk = shoulders - hips
    length = float(np.hypot(*trunk))
    if not np.isfinite(length) or length * scale.min() < 4.0:
        return np.full((2, RAYS), np.nan, dtype=np.float32)
    step = 1.0 / float(scale.mean())
    normal = np.array([-trunk[1], trunk[0]]) / length
    starts = hips + ALONG[:, None] * trunk
    distance = np.arange(0.0, _REACH * length, step)
    offsets = np.array([1.0, -1.0])[:, None, None, None] * distance[:, None] * normal
    at = (starts[None, :, None, :] + offsets) * scale
    return (_first_fall(_bilinear(mask, at[..., 0], -at[..., 1])) * step).astype(np.float32)


def _bilinear(mask: Array32, x: Array, row: Array) -> Array:
    """Mask values between pixel centres; NaN outside the picture."""
    height, width = mask.shape
    x, row = x - 0.5, row - 0.5
    left = np.clip(np.floor(x), 0, width - 2).astype(np.intp)
    top = np.clip(np.floor(row), 0, height - 2).astype(np.intp)
    fx, fy = x - left, row - top
    flat = mask.reshape(-1)
    corner = top * width + left
    upper = flat[corner] * (1 - fx) + flat[corner + 1] * fx
    lower = flat[corner + width] * (1 - fx) + flat[corner + width + 1] * fx
    value = upper * (1 - fy) + lower * fy
    outside = (x < -0.5) | (row < -0.5) | (x > width - 0.5) | (row > height - 0.5)
    return np.where(outside, np.nan, value)


def _first_fall(values: Array) -> Array:
    """Index, to a fraction, at which (..., K) values first fall below one half."""
    outside = ~(values >= 0.5)
    first = np.argmax(outside, axis=-1)
    found = outside.any(axis=-1) & (first > 0)
    before = np.take_along_axis(values, np.maximum(first - 1, 0)[..., None], axis=-1)[..., 0]
    after = np.take_along_axis(values, first[..., None], axis=-1)[..., 0]
    with np.errstate(invalid="ignore", divide="ignore"):
        edge = first - 1 + (before - 0.5) / (before - after)
    return np.where(found, edge, np.nan)
