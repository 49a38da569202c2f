"""Angles from landmarks: pure functions on whole recordings or on one frame (T = 1).

Picture frame: X right, Y up, aspect-corrected pixels. Extension, elevation and valgus are
positive, as is rotation to the person's left and bending to the right. Source: science A0, A1.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from midback.kinematics.skeleton import (
    ANKLES,
    EARS,
    ELBOWS,
    HIPS,
    KNEES,
    SHOULDERS,
    WRISTS,
    Joint,
    angle_between,
    middle,
    signed_angle,
    wrap,
)
from midback.vision.pose import Array

_UP = np.array([0.0, 1.0])


@dataclass(frozen=True, slots=True)
class Orientation:
    """How the person lies in the picture, settled once for a set.

    dorsal: +1 where the back is on the left of the direction hips to shoulders in the picture
    (Y up), -1 on its right. horizontal: whether the exercise is done on all fours, prone or in a
    plank, so that inclinations count from the horizontal. place: where the hips were at the start
    and how long the trunk was, which shifts of the hips are counted from; None: the first frame.
    """

    dorsal: int
    horizontal: bool
    place: Place | None = None


@dataclass(frozen=True, slots=True)
class Place:
    """Mid-hip point and trunk length at the start of a set, pixels, X right, Y up."""

    hip_x: float
    hip_y: float
    trunk: float

    @classmethod
    def of(cls, points: Array) -> Place:
        """Place of the body in (33, 3) points."""
        shoulders, hips = (middle(points[None, :, :2], pair)[0] for pair in (SHOULDERS, HIPS))
        return cls(float(hips[0]), float(hips[1]), float(np.hypot(*(shoulders - hips))))


@dataclass(frozen=True, slots=True)
class Spine:
    """Absolute surface angles of the back on one side, see contour.SpineCurve. Each (T,)."""

    kyphosis: Array
    lordosis: Array
    flexion: Array
    sag: Array


def landmark_angles(points: Array, world: Array, orientation: Orientation) -> dict[str, Array]:
    """Every angle that landmarks give, without gates, by its name in the registry.

    points: (T, 33, 3) picture frame; world: (T, 33, 3) metres, x right, y up, z to the camera.
    Returns name -> (T,) in the registry's units; NaN where a landmark is NaN. Angles whose zero
    is the person's neutral are returned before that neutral is subtracted.
    """
    xy = points[..., :2]
    shoulders, hips = middle(xy, SHOULDERS), middle(xy, HIPS)
    trunk = shoulders - hips
    length = np.linalg.norm(trunk, axis=-1)
    thigh = {side: _trunk_thigh(xy, trunk, side, orientation.dorsal) for side in (0, 1)}
    arm = {side: _elevation(xy, trunk, ELBOWS, side) for side in (0, 1)}
    inclination = _trunk_inclination(trunk, orientation)
    place = orientation.place or Place.of(points[0])
    with np.errstate(invalid="ignore", divide="ignore"):
        return {
            "trunk_inclination": inclination,
            "trunk_lift": -inclination,
            "trunk_thigh_left": thigh[0],
            "trunk_thigh_right": thigh[1],
            "arm_elevation_left": arm[0],
            "arm_elevation_right": arm[1],
            "diagonal_lift": _higher(xy, trunk, WRISTS) + np.maximum(thigh[0], thigh[1]),
            "knee_flexion": _flexion(xy, HIPS, KNEES, ANKLES),
            "elbow_flexion": _flexion(xy, SHOULDERS, ELBOWS, WRISTS),
            "head": orientation.dorsal * signed_angle(trunk, middle(xy, EARS) - shoulders),
            "lateral_tilt": _lateral_tilt(xy),
            "shoulder_elevation": -100 * _ear_height(xy, trunk, length),
            "hip_shift": 100 * orientation.dorsal * (hips[:, 0] - place.hip_x) / place.trunk,
            "hip_drop": 100 * (place.hip_y - hips[:, 1]) / place.trunk,
            "hip_sag": _hip_sag(xy, shoulders, hips),
            "thoracic_rotation": _girdle_rotation(world),
            "knee_valgus": _knee_valgus(xy),
        }


def spine_angles(spine: Spine) -> dict[str, Array]:
    """The angles read from the back's contour, before the own neutral is subtracted."""
    return {
        "thoracic_extension": -spine.kyphosis,
        "lumbar_arch": spine.lordosis,
        "spine_flexion": spine.flexion,
        "trunk_sag": spine.sag,
    }


def _trunk_inclination(trunk: Array, orientation: Orientation) -> Array:
    """Forward lean from the vertical; from the horizontal (head lower positive) if horizontal."""
    lean = orientation.dorsal * -signed_angle(np.broadcast_to(_UP, trunk.shape), trunk)
    return wrap(lean - 90.0) if orientation.horizontal else np.asarray(lean)


def _trunk_thigh(xy: Array, trunk: Array, side: int, dorsal: int) -> Array:
    """0 with the thigh in line with the trunk, negative in hip flexion, positive in extension.

    A proxy for the hip that contains lumbar motion.
    """
    thigh = xy[:, KNEES[side]] - xy[:, HIPS[side]]
    return np.asarray(-dorsal * signed_angle(-trunk, thigh))


def _elevation(xy: Array, trunk: Array, ends: tuple[Joint, Joint], side: int) -> Array:
    """0 with the line from the shoulder to the end along the trunk, 180 overhead."""
    return angle_between(xy[:, ends[side]] - xy[:, SHOULDERS[side]], -trunk)


def _higher(xy: Array, trunk: Array, ends: tuple[Joint, Joint]) -> Array:
    """Elevation of the higher arm, to the wrist: for a straight arm the steadier end.

    On rendered sets the elbow of a level arm was up to 26 degrees off in the mirrored picture,
    the wrist 2.
    """
    return np.maximum(_elevation(xy, trunk, ends, 0), _elevation(xy, trunk, ends, 1))


def _flexion(
    xy: Array, first: tuple[Joint, Joint], hinge: tuple[Joint, Joint], last: tuple[Joint, Joint]
) -> Array:
    """Mean flexion of both sides' hinge joints, 0 = straight, in the picture plane."""
    both = [
        180.0 - angle_between(xy[:, a] - xy[:, b], xy[:, c] - xy[:, b])
        for a, b, c in zip(first, hinge, last, strict=True)
    ]
    return np.asarray((both[0] + both[1]) / 2)


def _lateral_tilt(xy: Array) -> Array:
    """Shoulder line against hip line in the frontal plane, right side-bend positive."""
    shoulder_line = xy[:, SHOULDERS[1]] - xy[:, SHOULDERS[0]]
    hip_line = xy[:, HIPS[1]] - xy[:, HIPS[0]]
    mirrored = np.where(hip_line[:, 0] < 0, 1.0, -1.0)  # facing the camera: right is image-left
    return np.asarray(mirrored * signed_angle(hip_line, shoulder_line))


def _ear_height(xy: Array, trunk: Array, length: Array) -> Array:
    """Mean height of the ears above the shoulders along the trunk, in trunk lengths."""
    up = trunk / length[:, None]
    above = [
        ((xy[:, ear] - xy[:, shoulder]) * up).sum(-1) / length
        for ear, shoulder in zip(EARS, SHOULDERS, strict=True)
    ]
    return np.asarray((above[0] + above[1]) / 2)


def _hip_sag(xy: Array, shoulders: Array, hips: Array) -> Array:
    """How far the hips hang below the line from shoulders to ankles, percent of its length."""
    line = middle(xy, ANKLES) - shoulders
    offset = hips - shoulders
    across = line[:, 0] * offset[:, 1] - line[:, 1] * offset[:, 0]
    below = -np.sign(line[:, 0]) * across
    return np.asarray(100 * below / (line**2).sum(-1))


def _girdle_rotation(world: Array) -> Array:
    """Rotation of the shoulder line on the hip line about the vertical, left positive."""
    lines = []
    for left, right in (SHOULDERS, HIPS):
        across = world[:, left] - world[:, right]
        lines.append(np.degrees(np.arctan2(across[:, 2], across[:, 0])))
    return wrap(lines[1] - lines[0])


def _knee_valgus(xy: Array) -> Array:
    """Mean frontal plane projection angle of both knees, knees falling in positive."""
    hip_width = xy[:, HIPS[0], 0] - xy[:, HIPS[1], 0]
    outward = np.sign(hip_width)  # image direction of the person's left
    total = np.zeros(len(xy))
    for side, sign in ((0, 1.0), (1, -1.0)):
        thigh = xy[:, HIPS[side]] - xy[:, KNEES[side]]
        shank = xy[:, ANKLES[side]] - xy[:, KNEES[side]]
        bend = wrap(signed_angle(shank, thigh) - 180.0)
        total = total + sign * outward * bend
    return np.asarray(-total / 2)


def world_knee_flexion(world: Array) -> Array:
    """Mean knee flexion from the 3D landmarks, for views in which the picture does not show it."""
    both = [
        180.0
        - angle_between(
            world[:, HIPS[side]] - world[:, KNEES[side]],
            world[:, ANKLES[side]] - world[:, KNEES[side]],
        )
        for side in (0, 1)
    ]
    return np.asarray((both[0] + both[1]) / 2)
