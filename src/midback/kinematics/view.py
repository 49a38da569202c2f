"""How the camera sees the person: yaw, facing, and whether the body is in the exercise's position.

All functions take (T, 33, 3) points in the picture frame, X right, Y up.
"""

from __future__ import annotations

from typing import Literal

import numpy as np
from numpy.typing import NDArray

from midback.kinematics.angles import across, plane, seen_from
from midback.kinematics.angles import middle as middle_of
from midback.kinematics.skeleton import ANKLES, HIPS, KNEES, SHOULDERS, Joint, middle
from midback.vision.pose import Array

Posture = Literal["standing", "seated", "all_fours", "prone", "plank"]
HORIZONTAL: frozenset[Posture] = frozenset({"all_fours", "prone", "plank"})

SIDE_YAW = 65.0
FRONTAL_YAW = 25.0

_SHOULDER_WIDTH, _HIP_WIDTH = 0.70, 0.42  # of the trunk's length, seen from the front [design]
_LEVEL = 0.7  # a trunk less level than this says nothing about which side is up


def view_yaw(points: Array) -> Array:
    """Angle between the picture plane and the shoulder and hip lines: 0 frontal, 90 side-on.

    Only the horizontal extent of the lines counts, so that a raised camera is not taken for a
    turned one. Returns (T,) degrees. Source: science A5, with population widths instead of a
    calibrated frontal neutral.
    """
    xy = points[..., :2]
    trunk = middle(xy, SHOULDERS) - middle(xy, HIPS)
    shoulder = np.abs(xy[:, SHOULDERS[0], 0] - xy[:, SHOULDERS[1], 0])
    hip = np.abs(xy[:, HIPS[0], 0] - xy[:, HIPS[1], 0])
    width = (shoulder + hip) / (_SHOULDER_WIDTH + _HIP_WIDTH)
    # The trunk's horizontal part is shortened by the same turn that narrows the shoulders:
    # width^2 = cos^2 yaw (tx^2 / sin^2 yaw + ty^2), a quadratic in sin^2 yaw.
    tx2, ty2 = trunk[:, 0] ** 2, trunk[:, 1] ** 2
    b = width**2 + tx2 - ty2
    root = np.sqrt(b**2 + 4 * tx2 * ty2)
    with np.errstate(invalid="ignore", divide="ignore"):
        sine2 = np.where(b >= 0, 2 * tx2 / (b + root), (root - b) / (2 * ty2))
        return np.asarray(np.degrees(np.arcsin(np.sqrt(np.clip(sine2, 0.0, 1.0)))))


def world_yaw(world: Array) -> Array:
    """The same as view_yaw from measured 3D landmarks, whose depth can be believed: (T,) degrees.

    world: (T, 33, 3) metres along the picture's axes. Mean of the shoulder and the hip line.
    """
    lines = [world[:, a] - world[:, b] for a, b in (SHOULDERS, HIPS)]
    turned = [np.degrees(np.arctan2(np.abs(line[:, 2]), np.abs(line[:, 0]))) for line in lines]
    return np.asarray((turned[0] + turned[1]) / 2)


def faces_camera(points: Array) -> Array:
    """+1 where the person is seen from the front, -1 from behind, in whatever posture: (T,)."""
    body = plane(points)
    trunk = middle_of(body, SHOULDERS) - middle_of(body, HIPS)
    return seen_from(trunk, across(body, SHOULDERS), across(body, HIPS))


def dorsal_votes(points: Array, world: Array, posture: Posture) -> Array:
    """Evidence for the side of the back: positive = left of hips-to-shoulders. (T,), any size.

    Lying or on all fours the back is the upper side. Upright, the nose, the knees and the 3D
    landmarks vote: the belly is where they point.
    """
    xy = points[..., :2]
    trunk = middle(xy, SHOULDERS) - middle(xy, HIPS)
    length2 = (trunk**2).sum(-1)
    if posture in HORIZONTAL:
        with np.errstate(invalid="ignore", divide="ignore"):
            level = trunk[:, 0] / np.sqrt(length2)
        return np.where(np.abs(level) > _LEVEL, level, 0.0)

    def leftward(direction: Array) -> Array:
        with np.errstate(invalid="ignore", divide="ignore"):
            return np.asarray(
                (trunk[:, 0] * direction[:, 1] - trunk[:, 1] * direction[:, 0]) / length2
            )

    ears = (xy[:, Joint.LEFT_EAR] + xy[:, Joint.RIGHT_EAR]) / 2
    nose = leftward(xy[:, Joint.NOSE] - ears)
    knees = leftward(middle(xy, KNEES) - middle(xy, HIPS))
    toes = leftward(
        middle(xy, (Joint.LEFT_TOES, Joint.RIGHT_TOES))
        - middle(xy, (Joint.LEFT_HEEL, Joint.RIGHT_HEEL))
    )
    up = middle(world, SHOULDERS) - middle(world, HIPS)
    across = world[:, SHOULDERS[1]] - world[:, SHOULDERS[0]]
    forward = np.cross(up, across)[:, :2]
    votes = [*(np.clip(vote, -0.2, 0.2) for vote in (nose, knees, toes))]
    votes.append(0.2 * np.sign(leftward(forward)))
    absent = np.nan_to_num(np.stack(votes))  # a landmark that is not there has no vote
    return np.where(np.isfinite(length2), -absent.sum(axis=0), np.nan)


def in_position(points: Array, inclination: Array, posture: Posture) -> NDArray[np.bool_]:
    """Whether the body is held the way the exercise is done, whatever the limbs do.

    inclination: (T,) the trunk's, from landmark_angles with the posture's own zero. Returns (T,).
    """
    xy = points[..., :2]
    hips, shoulders = middle(xy, HIPS), middle(xy, SHOULDERS)
    length = np.linalg.norm(shoulders - hips, axis=-1)
    lean = np.abs(inclination)
    with np.errstate(invalid="ignore"):
        if posture not in HORIZONTAL:
            return np.asarray(lean <= 65.0)
        if posture == "all_fours":
            knees = np.minimum(xy[:, KNEES[0], 1], xy[:, KNEES[1], 1])
            return np.asarray((lean <= 40.0) & (knees - hips[:, 1] < -0.15 * length))
        stretched = np.abs(middle(xy, ANKLES)[:, 0] - shoulders[:, 0]) > 1.2 * length
        return np.asarray((lean <= 50.0) & stretched)
