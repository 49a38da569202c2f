"""Angles in space from the 3D landmarks, for what happens towards the camera.

Seen from the front a stretched-out arm points at the camera: its angle in the picture is a
matter of centimetres. The 3D landmarks show it, as a stand-in: their depth is a guess of the
network (science A3). From a depth camera or optical markers they are measurements.
"""

from __future__ import annotations

import numpy as np

from midback.kinematics.angles import Start, seen_from
from midback.kinematics.skeleton import (
    ANKLES,
    ELBOWS,
    HIPS,
    KNEES,
    SHOULDERS,
    WRISTS,
    Joint,
    angle_between,
    middle,
)
from midback.vision.pose import Array

_KNEE = (HIPS, KNEES, ANKLES)
_ELBOW = (SHOULDERS, ELBOWS, WRISTS)


def spatial_angles(world: Array) -> dict[str, Array]:
    """Angles by registry name from (T, 33, 3) metres, X right, Y up, Z to the camera.

    reach_left, reach_right: line from shoulder to wrist against the trunk, 0 = hanging beside it,
    90 = straight ahead or sideways, 180 = overhead. reach_lower,
    reach_highest: of the lower and of the higher arm. reach_difference:
    left minus right.
    knee_difference: flexion of the left knee minus the right one.
    Degrees, (T,); NaN where a landmark is NaN. Source: science A1.
    """
    trunk = middle(world, SHOULDERS) - middle(world, HIPS)
    left, right = (_reach(world, trunk, side) for side in (0, 1))
    return {
        "reach_left": left,
        "reach_right": right,
        "reach_lower": np.minimum(left, right),
        "reach_highest": np.maximum(left, right),
        "reach_difference": left - right,
        "knee_difference": _bend(world, 0, _KNEE) - _bend(world, 1, _KNEE),
    }


def world_elbow_flexion(world: Array) -> Array:
    """Mean elbow flexion of both arms, 0 = straight: (T,) degrees."""
    return np.asarray((_bend(world, 0, _ELBOW) + _bend(world, 1, _ELBOW)) / 2)


def world_knee_flexion(world: Array) -> Array:
    """Mean knee flexion from the 3D landmarks: (T,) degrees."""
    both = [
        180.0
        - angle_between(
            world[:, HIPS[side]] - world[:, KNEES[side]],
            world[:, ANKLES[side]] - world[:, KNEES[side]],
        )
        for side in (0, 1)
    ]
    return np.asarray((both[0] + both[1]) / 2)


def world_turn(world: Array, pair: tuple[Joint, Joint], start: Start) -> Array:
    """Turn of a left-right line about the trunk from facing the camera, in 3D: (T,) degrees.

    To the left positive. Where the start showed the person's back, from the back squarely. Needs
    no still start and has the right shape but, from one camera, not the right size (science J).
    """
    line = world[:, pair[1]] - world[:, pair[0]]
    trunk = middle(world, SHOULDERS) - middle(world, HIPS)
    x, y, z = (trunk / np.linalg.norm(trunk, axis=-1, keepdims=True)).T
    # level: across a trunk that points up, to image-right, (y, -x, 0); forward: level x trunk
    level = line[:, 0] * y - line[:, 1] * x
    forward = line[:, 2] * (y * y + x * x) - (line[:, 0] * x + line[:, 1] * y) * z
    facing = seen_from(start.trunk, start.shoulder_line)
    return np.asarray(np.degrees(np.arctan2(facing * forward, -facing * level)))


def world_pitch(world: Array) -> Array:
    """Forward lean of the trunk from the vertical, from 3D landmarks: (T,) degrees.

    For views in which the picture does not show it: forward is where the hips face.
    """
    trunk = middle(world, SHOULDERS) - middle(world, HIPS)
    across_hips = world[:, HIPS[1]] - world[:, HIPS[0]]
    x, z = across_hips[:, 0], across_hips[:, 2]
    forward = (trunk[:, 0] * z - trunk[:, 2] * x) / np.hypot(x, z)
    return np.asarray(np.degrees(np.arctan2(forward, trunk[:, 1])))


def _bend(world: Array, side: int, chain: tuple[tuple[Joint, Joint], ...]) -> Array:
    """Flexion of one side's hinge in the middle of a chain of three joints."""
    first, hinge, last = (world[:, pair[side]] for pair in chain)
    return angle_between(hinge - first, last - hinge)


def _reach(world: Array, trunk: Array, side: int) -> Array:
    return np.asarray(angle_between(-trunk, world[:, WRISTS[side]] - world[:, SHOULDERS[side]]))
