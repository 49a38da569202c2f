"""A static pinhole camera."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]


@dataclass(frozen=True)
class Camera:
    """A static pinhole camera aimed at a point.

    yaw_deg: 0 looks along -z, exactly side-on to a person facing image-right or image-left;
    positive moves the camera towards image-right. height_m above the floor, distance_m from the
    target on the floor plan. fov_deg: vertical field of view.
    """

    yaw_deg: float = 0.0
    height_m: float = 0.6
    distance_m: float = 2.6
    target: tuple[float, float, float] = (0.0, 0.4, 0.0)
    fov_deg: float = 38.0
    size: tuple[int, int] = (640, 480)

    @property
    def position(self) -> Array:
        """World position (3,)."""
        a = np.radians(self.yaw_deg)
        x, _, z = self.target
        return np.array(
            [x + self.distance_m * np.sin(a), self.height_m, z + self.distance_m * np.cos(a)]
        )

    def project(self, points: Array) -> Array:
        """Pixels (N, 2), x right, y down, of world points (N, 3)."""
        forward = np.array(self.target) - self.position
        forward /= np.linalg.norm(forward)
        right = np.cross(forward, [0.0, 1.0, 0.0])
        right /= np.linalg.norm(right)
        up = np.cross(right, forward)
        w, h = self.size
        focal = 0.5 * h / np.tan(np.radians(self.fov_deg) / 2)
        p = np.asarray(points) - self.position
        depth = p @ forward
        x = 0.5 * w + focal * (p @ right) / depth
        return np.stack([x, 0.5 * h - focal * (p @ up) / depth], axis=-1)
