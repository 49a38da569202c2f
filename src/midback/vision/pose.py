"""One person's pose in one frame: the only thing that leaves the vision room."""

from __future__ import annotations

from dataclasses import dataclass
from math import isfinite

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
Array32 = NDArray[np.float32]
Floats = NDArray[np.floating]
"""Of single or double precision."""

LANDMARKS = 33
RAYS = 96


@dataclass(frozen=True, slots=True)
class Pose:
    """Landmarks and back silhouette of the chosen person at one instant.

    t: seconds, the frame's own timestamp.
    points: (33, 3) pixels of the upright picture, X right, Y UP (minus the row), Z towards the
        camera on the same scale; NaN throughout where no person was found.
    world: (33, 3) metres, x right, y up, z towards the camera, origin between the hips.
    visibility: (33,) 0..1.
    silhouette: (2, RAYS) pixels from the hip-shoulder line to the edge of the body, on the
        side of the line's left normal (row 0) and right normal (row 1); None without a mask.
        See vision.silhouette.

    Everything is stored as float32, so that saved poses score exactly like live ones.
    """

    t: float
    points: Array32
    world: Array32
    visibility: Array32
    silhouette: Array32 | None = None

    @property
    def found(self) -> bool:
        """Whether a person was found in this frame."""
        return isfinite(self.points.item(0))


def missing_pose(t: float) -> Pose:
    """The pose of a frame in which nobody was found."""
    nowhere = np.full((LANDMARKS, 3), np.nan, dtype=np.float32)
    return Pose(t, nowhere, nowhere, np.zeros(LANDMARKS, dtype=np.float32))


@dataclass(frozen=True, slots=True)
class SourceInfo:
    """Where frames came from. Sizes are of the upright picture (rotation metadata applied)."""

    path: str
    sha256: str | None
    fps: float | None
    width: int
    height: int
