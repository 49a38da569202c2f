"""Signed distance primitives (negative inside, metres) and their smooth union."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]


@dataclass(frozen=True)
class Cone:
    """Capsule whose radius changes linearly from ra at a to rb at b."""

    bone: str
    a: Array
    b: Array
    ra: float
    rb: float
    blend: float = 0.03

    def distance(self, x: Array, y: Array, z: Array) -> Array:
        """Signed distance at broadcastable coordinates."""
        axis = self.b - self.a
        p = (x - self.a[0], y - self.a[1], z - self.a[2])
        t = sum(q * c for q, c in zip(p, axis, strict=True)) / (axis @ axis)
        t = np.clip(t, 0.0, 1.0)
        square = sum((q - t * c) ** 2 for q, c in zip(p, axis, strict=True))
        d: Array = np.sqrt(square) - (self.ra + t * (self.rb - self.ra))
        return d

    def bounds(self) -> tuple[Array, Array]:
        """Corners (3,) of a box around the solid."""
        r = max(self.ra, self.rb)
        return np.minimum(self.a, self.b) - r, np.maximum(self.a, self.b) + r


@dataclass(frozen=True)
class Ellipsoid:
    """Ellipsoid with the given semi-axes along the columns of axes."""

    bone: str
    centre: Array
    axes: Array
    radii: Array
    blend: float = 0.03

    def distance(self, x: Array, y: Array, z: Array) -> Array:
        """Signed distance at broadcastable coordinates."""
        p = (x - self.centre[0], y - self.centre[1], z - self.centre[2])
        local = [sum(q * c for q, c in zip(p, col, strict=True)) for col in self.axes.T]
        k0 = np.sqrt(sum((q / r) ** 2 for q, r in zip(local, self.radii, strict=True)))
        k1 = np.sqrt(sum((q / r**2) ** 2 for q, r in zip(local, self.radii, strict=True)))
        d: Array = k0 * (k0 - 1.0) / np.maximum(k1, 1e-9)
        return d

    def bounds(self) -> tuple[Array, Array]:
        """Corners (3,) of a box around the solid."""
        r = float(self.radii.max())
        return self.centre - r, self.centre + r


@dataclass(frozen=True)
class Trunk:
    """Tube around a curve in the plane z = 0 with a superelliptic cross-section.

    curve: (K, 2) x, y; the profile arrays (K,) hold half width, depth in front of the curve
    and depth behind it.
    """

    bone: str
    curve: Array
    width: Array
    front: Array
    back: Array
    blend: float = 0.03
    power: float = 2.4

    def project(self, x: Array, y: Array) -> tuple[Array, Array, Array]:
        """Curve parameter (0..K-1), anterior offset and overshoot beyond the ends, metres."""
        p = np.stack(np.broadcast_arrays(x, y), axis=-1)[..., None, :]
        a, ab = self.curve[:-1], np.diff(self.curve, axis=0)
        t = np.clip(((p - a) * ab).sum(-1) / (ab**2).sum(-1), 0.0, 1.0)
        gap = p - a - t[..., None] * ab
        best = (gap**2).sum(-1).argmin(-1)[..., None]
        tangent = (ab / np.linalg.norm(ab, axis=1, keepdims=True))[best[..., 0]]
        gap = np.take_along_axis(gap, best[..., None], axis=-2)[..., 0, :]
        s = best[..., 0] + np.take_along_axis(t, best, axis=-1)[..., 0]
        anterior = gap[..., 0] * tangent[..., 1] - gap[..., 1] * tangent[..., 0]
        return s, anterior, (gap * tangent).sum(-1)

    def distance(self, x: Array, y: Array, z: Array) -> Array:
        """Signed distance at broadcastable coordinates."""
        s, anterior, over = self.project(x, y)
        k = np.arange(len(self.width))
        w, f, b = (np.interp(s, k, values) for values in (self.width, self.front, self.back))
        depth = 0.5 * (f + b)
        q = np.abs((anterior - 0.5 * (f - b)) / depth) ** self.power
        q = q + np.abs(over / 0.05) ** self.power + np.abs(z / w) ** self.power
        d: Array = (q ** (1.0 / self.power) - 1.0) * np.minimum(depth, w)
        return d

    def bounds(self) -> tuple[Array, Array]:
        """Corners (3,) of a box around the solid."""
        r = float(max(self.front.max(), self.back.max()))
        w = float(self.width.max())
        lo = np.array([*(self.curve.min(0) - r), -w])
        return lo, np.array([*(self.curve.max(0) + r), w])


Primitive = Cone | Ellipsoid | Trunk


def smooth_min(a: Array, b: Array, k: float) -> Array:
    """Polynomial smooth minimum: equals min(a, b) where they differ by more than k."""
    h = np.maximum(k - np.abs(a - b), 0.0) / k
    joined: Array = np.minimum(a, b) - h**2 * k / 4.0
    return joined


def sample(parts: list[Primitive], voxel: float) -> tuple[Array, Array]:
    """Distance grid of the smooth union (X, Y, Z), and the world position of its corner."""
    margin = 0.04
    lo = np.min([p.bounds()[0] for p in parts], axis=0) - margin
    hi = np.max([p.bounds()[1] for p in parts], axis=0) + margin
    axes = [np.arange(low, high, voxel) for low, high in zip(lo, hi, strict=True)]
    grid = np.full([len(axis) for axis in axes], 0.5)
    for part in parts:
        near, far = part.bounds()
        cut = tuple(
            slice(*np.searchsorted(axis, [near[i] - margin, far[i] + margin]))
            for i, axis in enumerate(axes)
        )
        x, y, z = (axis[c] for axis, c in zip(axes, cut, strict=True))
        d = part.distance(x[:, None, None], y[None, :, None], z[None, None, :])
        grid[cut] = smooth_min(grid[cut], d, part.blend)
    return grid, lo
