"""The way out: midback's own poses as named markers in metres, for other tools."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from midback.errors import InputError
from midback.kinematics.measurability import VISIBLE
from midback.landmarks.markers import Markers
from midback.vision.pose import Pose

_SIDED = ("shoulder", "elbow", "wrist", "pinky", "index", "thumb")
_LEGS = ("hip", "knee", "ankle", "heel", "foot_index")
_EYES = ("eye_inner", "eye", "eye_outer")

NAMES = (
    "nose",
    *(f"left_{part}" for part in _EYES),
    *(f"right_{part}" for part in _EYES),
    *("left_ear", "right_ear", "mouth_left", "mouth_right"),
    *(f"{side}_{part}" for part in (*_SIDED, *_LEGS) for side in ("left", "right")),
)
"""The 33 landmarks in their order, by the names of the BlazePose topology."""


def markers_of(poses: Iterable[Pose], where: str) -> Markers:
    """Landmarks of every frame: metres, right-handed, x to the right of the picture, y up, z
    towards the camera, origin between the hips.

    They move with the hips: where the person stands in the room is not in them, and one camera's
    depth is an estimate. NaN for a landmark that was out of sight, which is a guess, and for a
    frame in which nobody was found. Raises InputError where they have no metres or none was seen.
    """
    found = list(poses)
    t = np.array([pose.t for pose in found])
    world = np.array([pose.world for pose in found], dtype=np.float64)
    visibility = np.array([pose.visibility for pose in found], dtype=np.float64)
    seen = visibility >= VISIBLE
    if not np.isfinite(world).any():
        raise InputError(f"{where}: the landmarks are those of a flat picture, without metres")
    if not seen.any():
        raise InputError(f"{where}: no landmark was clearly seen in any frame")
    xyz = np.where(seen[..., None], world, np.nan)
    return Markers(t, NAMES, xyz, visibility, "m")
