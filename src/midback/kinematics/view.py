"""How the camera sees the person: yaw, facing, and whether the body is in the exercise's position.

All functions take (T, 33, 3) points in the picture frame, X right, Y up.
"""

from __future__ import annotations

from typing import Literal

import numpy as np
from numpy.typing import NDArray

from midback.kinematics.angles import Orientation, Start, across, plane, seen_from
from midback.kinematics.angles import middle as middle_of
from midback.kinematics.skeleton import ANKLES, HIPS, KNEES, SHOULDERS, WRISTS, Joint, middle
from midback.vision.pose import Array

Posture = Literal[
    "standing", "seated", "kneeling", "all_fours", "prone", "plank", "supine", "side_lying"
]
HORIZONTAL: frozenset[Posture] = frozenset({"all_fours", "prone", "plank", "supine", "side_lying"})

SIDE_YAW = 65.0
FRONTAL_YAW = 25.0

_SHOULDER_WIDTH, _HIP_WIDTH = 0.70, 0.42  # of the trunk's length, seen from the front [design]
_WIDTH_SD, _WIDTH_NOISE = 0.10, 0.10
"""Spread of that width between people, as a share of it, and error of the landmarks it is read
from, as a share of the whole. `make bench-accuracy` compares it with the truth."""

_OVERHEAD = 0.5  # trunk lengths
_STRAIGHT_ARMS, _SHANK, _UNDER, _THIGH = 0.6, 0.2, 0.7, 0.6
"""Trunk lengths: shoulders over hands, knees over feet, hips over knees."""
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


def yaw_error(yaw: Array) -> Array:
    """Standard error of view_yaw, degrees, shape of yaw: half of the interval of one.

    Large from the front, where a narrow person and a turned one look alike.
    """
    cosine = np.cos(np.radians(yaw))
    spread = np.hypot(_WIDTH_SD * cosine, _WIDTH_NOISE)
    least = np.arccos(np.minimum(cosine + spread, 1.0))
    most = np.arccos(cosine - spread)
    return np.asarray(np.degrees(most - least) / 2)


def world_yaw(world: Array) -> Array:
    """The same as view_yaw from measured 3D landmarks, whose depth can be believed: (T,) degrees.

    world: (T, 33, 3) metres along the picture's axes. Mean of the shoulder and the hip line.
    """
    lines = [world[:, a] - world[:, b] for a, b in (SHOULDERS, HIPS)]
    turned = [np.degrees(np.arctan2(np.abs(line[:, 2]), np.abs(line[:, 0]))) for line in lines]
    return np.asarray((turned[0] + turned[1]) / 2)


def hands_overhead(points: Array) -> NDArray[np.bool_]:
    """Whether both wrists are half a trunk above the shoulders: (T,).

    Raised arms draw the shoulder points together and up, which looks like a turned body.
    """
    body = plane(points)
    trunk = middle_of(body, SHOULDERS) - middle_of(body, HIPS)
    with np.errstate(invalid="ignore", divide="ignore"):
        rise = [((body[wrist] - middle_of(body, SHOULDERS)) / trunk).real for wrist in WRISTS]
    return np.asarray(np.minimum(*rise) > _OVERHEAD)


def faces_camera(points: Array) -> Array:
    """+1 where the person is seen from the front, -1 from behind, in whatever posture: (T,)."""
    body = plane(points)
    trunk = middle_of(body, SHOULDERS) - middle_of(body, HIPS)
    return seen_from(trunk, across(body, SHOULDERS), across(body, HIPS))


def dorsal_votes(points: Array, world: Array, posture: Posture) -> Array:
    """Evidence for the side of the back: positive = left of hips-to-shoulders. (T,), any size.

    On all fours, prone or in a plank the back is the upper side, supine the lower one; lying on
    one side the upper flank counts as the back. Upright, the nose, the knees and the 3D
    landmarks vote: the belly is where they point.
    """
    xy = points[..., :2]
    trunk = middle(xy, SHOULDERS) - middle(xy, HIPS)
    length2 = (trunk**2).sum(-1)
    if posture in HORIZONTAL:
        with np.errstate(invalid="ignore", divide="ignore"):
            level = trunk[:, 0] / np.sqrt(length2)
        votes = np.where(np.abs(level) > _LEVEL, level, 0.0)
        return -votes if posture == "supine" else votes

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
    forward = np.stack(
        [
            up[:, 1] * across[:, 2] - up[:, 2] * across[:, 1],
            up[:, 2] * across[:, 0] - up[:, 0] * across[:, 2],
        ],
        axis=-1,
    )
    cast = [*(np.clip(vote, -0.2, 0.2) for vote in (nose, knees, toes))]
    cast.append(0.2 * np.sign(leftward(forward)))
    absent = np.nan_to_num(np.stack(cast))  # a landmark that is not there has no vote
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
        if posture == "standing":  # on feet below the knees, or kneeling would be standing
            ankles = np.minimum(xy[:, ANKLES[0], 1], xy[:, ANKLES[1], 1])
            kneels = middle(xy, KNEES)[:, 1] - ankles < _SHANK * length
            return np.asarray((lean <= 65.0) & ~kneels)
        if posture not in HORIZONTAL:
            return np.asarray((lean <= 65.0) & ~_stands(xy, posture, length))
        if posture == "all_fours":
            knees = np.minimum(xy[:, KNEES[0], 1], xy[:, KNEES[1], 1])
            return np.asarray((lean <= 40.0) & (knees - hips[:, 1] < -0.15 * length))
        if posture == "supine":
            knees = middle(xy, KNEES)[:, 1]
            return np.asarray((lean <= 60.0) & (knees - shoulders[:, 1] > 0.2 * length))
        stretched = np.abs(middle(xy, ANKLES)[:, 0] - shoulders[:, 0]) > 1.2 * length
        if posture == "plank":  # not on all fours
            knees = np.minimum(xy[:, KNEES[0], 1], xy[:, KNEES[1], 1])
            stretched &= ~(hips[:, 1] - knees > _UNDER * length)
        return np.asarray((lean <= 50.0) & stretched)


def _stands(xy: Array, posture: Posture, length: Array) -> NDArray[np.bool_]:
    """Whether someone who should kneel or sit is on long legs; hidden ones are no objection."""
    hips, knees, ankles = (middle(xy, pair)[:, 1] for pair in (HIPS, KNEES, ANKLES))
    if posture == "kneeling":
        return np.asarray(knees - ankles > _SHANK * length)
    return np.asarray(hips - knees > _THIGH * length)


def in_start(points: Array, held: NDArray[np.bool_], posture: Posture) -> NDArray[np.bool_]:
    """Whether the body is where the exercise begins: (T,), which may be more than in_position.

    held: (T,) as in_position has it. A plank begins with straight arms, or lying flat would be
    one; a landmark that is not given is no objection.
    """
    if posture != "plank":
        return held
    xy = points[..., :2]
    shoulders = middle(xy, SHOULDERS)
    length = np.linalg.norm(shoulders - middle(xy, HIPS), axis=-1)
    wrists = np.minimum(xy[:, WRISTS[0], 1], xy[:, WRISTS[1], 1])
    with np.errstate(invalid="ignore"):
        return np.asarray(held & ~(shoulders[:, 1] - wrists < _STRAIGHT_ARMS * length))


def orientation_of(
    posture: Posture, dorsal: int | NDArray[np.intp], start: Start | None
) -> Orientation:
    """How a person in the posture lies in the picture, see Orientation."""
    return Orientation(dorsal, posture in HORIZONTAL, start, supine=posture == "supine")


def view_name(yaw: float, facing_camera: float) -> str:
    """side, front, back or oblique, as the gates see it."""
    if not np.isfinite(yaw):
        return "unknown"
    if yaw >= SIDE_YAW:
        return "side"
    if yaw <= FRONTAL_YAW:
        return "front" if facing_camera > 0 else "back"
    return "oblique"
