"""Angles from landmarks: pure functions on whole recordings or on one frame (T = 1).

The picture is the complex plane: a point is X right + 1j * Y up in aspect-corrected pixels, and
`turn(a, b)` is the angle from direction a to direction b, so nothing here can jump at 180 degrees
unless a limb really points backwards. Extension, elevation and valgus are positive, as are
bending to the person's right and rotation to the left. Source: science A0, A1.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from midback.kinematics.contour import SpineCurve
from midback.kinematics.skeleton import (
    ANKLES,
    EARS,
    ELBOWS,
    HIPS,
    KNEES,
    SHOULDERS,
    WRISTS,
    Joint,
    wrap,
)
from midback.vision.pose import Array

_SHOULDER_SHARE = 0.6
"""Of the shoulder line in side bend; the rest is twice the lean of the trunk line, which for an
evenly bent spine is what the thorax leans. A raised arm tilts one and not the other."""

_MOST_EXTENSION = 120.0  # degrees of a hip; beyond it a thigh is folded past the trunk
_SHORTEST_THIGH = 0.35  # of the shank in the picture; a knee that points at the camera has no side

Plane = NDArray[np.complex128]


@dataclass(frozen=True, slots=True)
class Start:
    """Where the body was when the set began, as points and directions of the complex plane.

    Each (T,), or (1,) where one start counts for all. hips: mid-hip point. trunk: from hips to
    shoulders. shoulder_line, hip_line: from the left joint to the right one. legs: from the hips
    to the ankles.
    """

    hips: Plane
    trunk: Plane
    shoulder_line: Plane
    hip_line: Plane
    legs: Plane

    @classmethod
    def of(cls, points: Array) -> Start:
        """Start of the bodies in (T, 33, 3) points, X right, Y up."""
        body = plane(points)
        hips = middle(body, HIPS)
        return cls(
            hips,
            middle(body, SHOULDERS) - hips,
            across(body, SHOULDERS),
            across(body, HIPS),
            middle(body, ANKLES) - hips,
        )

    def at(self, rows: NDArray[np.intp]) -> Start:
        """The starts in some rows."""
        return Start(*(part[rows] for part in self._parts()))

    def then(self, later: Start, rows: NDArray[np.intp]) -> Start:
        """For each of the rows a start: of `later` there, or this one where the row is negative."""
        return Start(
            *(
                np.where(rows < 0, before, after[rows])
                for before, after in zip(self._parts(), later._parts(), strict=True)
            )
        )

    def _parts(self) -> tuple[Plane, ...]:
        return self.hips, self.trunk, self.shoulder_line, self.hip_line, self.legs


@dataclass(frozen=True, slots=True)
class Orientation:
    """How the person lies in the picture, settled once for a set.

    dorsal: +1 where the back is on the left of the direction hips to shoulders in the picture
    (Y up), -1 on its right; for each frame (T,) where it may change. horizontal: whether the
    exercise is done on all fours, prone or in a plank, so that inclinations count from the
    horizontal. start: what shifts and tilts are counted from; None: the first frame. supine: lying
    on the back, if horizontal.
    """

    dorsal: int | NDArray[np.intp]
    horizontal: bool
    start: Start | None = None
    supine: bool = False


def plane(points: Array) -> Plane:
    """(33, T) complex landmarks of (T, 33, 3) points."""
    body = np.empty((points.shape[1], len(points)), dtype=np.complex128)
    body.real, body.imag = points[..., 0].T, points[..., 1].T
    return body


def middle(body: Plane, pair: tuple[Joint, Joint]) -> Plane:
    """Midpoint of a left-right pair: (T,)."""
    return np.asarray((body[pair[0]] + body[pair[1]]) / 2)


def across(body: Plane, pair: tuple[Joint, Joint]) -> Plane:
    """Line from the left joint of a pair to the right one: (T,)."""
    return np.asarray(body[pair[1]] - body[pair[0]])


def turn(a: Plane | complex, b: Plane) -> Array:
    """Degrees by which direction b is turned from a, counter-clockwise, in (-180, 180]: (T,)."""
    between = b * np.conj(a)
    return np.asarray(np.degrees(np.arctan2(between.imag, between.real)))


def seen_from(trunk: Plane, *lines: Plane) -> Array:
    """+1 where the camera sees the person's front, -1 the back, in whatever posture: (T,).

    trunk: from hips to shoulders. lines: from left joints to right ones.
    """
    line = sum(lines[1:], start=lines[0])
    return np.where((np.conj(trunk) * line).imag < 0, -1.0, 1.0)


def landmark_angles(points: Array, orientation: Orientation) -> dict[str, Array]:
    """Every angle that landmarks give without a calibration, ungated, by its registry name.

    points: (T, 33, 3) picture frame. Returns name -> (T,) in the registry's units; NaN where a
    landmark is NaN. Angles whose zero is the person's neutral are returned before that neutral
    is subtracted.
    """
    body = plane(points)
    start = orientation.start or Start.of(points[:1])
    hips, shoulders = middle(body, HIPS), middle(body, SHOULDERS)
    trunk, shoulder_line, hip_line = shoulders - hips, across(body, SHOULDERS), across(body, HIPS)
    front = seen_from(trunk, shoulder_line, hip_line)
    thigh = [_trunk_thigh(body, trunk, side, orientation.dorsal) for side in (0, 1)]
    arm = [_elevation(body, trunk, ELBOWS, side) for side in (0, 1)]
    hand = [_elevation(body, trunk, WRISTS, side) for side in (0, 1)]
    inclination = _trunk_inclination(trunk, orientation)
    length, lean = np.abs(start.trunk), front * turn(1j, trunk)
    with np.errstate(invalid="ignore", divide="ignore"):
        return {
            "trunk_inclination": inclination,
            "trunk_lift": -inclination,
            "trunk_thigh_left": thigh[0],
            "trunk_thigh_right": thigh[1],
            "trunk_thigh": (thigh[0] + thigh[1]) / 2,
            "arm_elevation_left": arm[0],
            "arm_elevation_right": arm[1],
            # to the wrist: of a straight arm the steadier end by far
            "diagonal_lift": np.maximum(*hand) + np.maximum(*thigh),
            "arm_elevation": (hand[0] + hand[1]) / 2,
            "hand_rise": 100 * np.maximum(*_hands_up(body, trunk, shoulders, orientation.dorsal)),
            "leg_lift": np.maximum(*_above_line(body, trunk)),
            "knee_flexion": _flexion(body, HIPS, KNEES, ANKLES),
            "elbow_flexion": _flexion(body, SHOULDERS, ELBOWS, WRISTS),
            "head": orientation.dorsal * turn(trunk, middle(body, EARS) - shoulders),
            "side_bend": front * (_SHOULDER_SHARE * turn(start.shoulder_line, shoulder_line)
                                  + 2 * (1 - _SHOULDER_SHARE) * turn(start.trunk, trunk)),
            "lateral_tilt": front * turn(hip_line, shoulder_line),
            "lateral_lean": lean,
            "shoulder_elevation": -100 * _ear_height(body, trunk),
            "pelvic_drop": front * turn(start.hip_line, hip_line),
            "hip_shift": 100 * orientation.dorsal * (hips - start.hips).real / length,
            "hip_sway": -100 * front * (hips - start.hips).real / length,
            "chest_sway": -100 * front * (shoulders - start.hips - start.trunk).real / length,
            "hip_drop": -100 * (hips - start.hips).imag / length,
            "hip_sag": _sag(shoulders, hips, middle(body, ANKLES)),
            "knee_valgus": _knee_valgus(body, front),
            "knee_separation": 100 * np.abs(across(body, KNEES) / across(body, ANKLES)),
        }  # fmt: skip


def spine_angles(spine: SpineCurve) -> dict[str, Array]:
    """The angles read from the back's contour, before the own neutral is subtracted."""
    return {
        "thoracic_extension": -spine.kyphosis,
        "lumbar_arch": spine.lordosis,
        "spine_flexion": spine.flexion,
        "trunk_sag": spine.sag,
    }


def trunk_inclination(points: Array, orientation: Orientation) -> Array:
    """The one angle that tells the position: (T,) degrees, as in landmark_angles."""
    body = plane(points)
    return _trunk_inclination(middle(body, SHOULDERS) - middle(body, HIPS), orientation)


def _trunk_inclination(trunk: Plane, orientation: Orientation) -> Array:
    """Forward lean from the vertical; from the horizontal (head lower positive) if horizontal."""
    lean = -orientation.dorsal * turn(1j, trunk)
    level = -90.0 if orientation.supine else 90.0
    return wrap(lean - level) if orientation.horizontal else lean


def _trunk_thigh(body: Plane, trunk: Plane, side: int, dorsal: int | NDArray[np.intp]) -> Array:
    """0 with the thigh in line with the trunk, negative in hip flexion, positive in extension.

    A proxy for the hip that contains lumbar motion.
    """
    bend = -dorsal * turn(-trunk, body[KNEES[side]] - body[HIPS[side]])
    return np.where(bend > _MOST_EXTENSION, bend - 360.0, bend)


def _elevation(body: Plane, trunk: Plane, ends: tuple[Joint, Joint], side: int) -> Array:
    """0 with the line from the shoulder to the end along the trunk, 180 overhead."""
    return np.abs(turn(-trunk, body[ends[side]] - body[SHOULDERS[side]]))


def _hands_up(
    body: Plane, trunk: Plane, shoulders: Plane, dorsal: int | NDArray[np.intp]
) -> list[Array]:
    """How far each wrist is on the back's side of the trunk line, in trunk lengths."""
    return [dorsal * ((body[wrist] - shoulders) / trunk).imag for wrist in WRISTS]


def _above_line(body: Plane, trunk: Plane) -> list[Array]:
    """Degrees by which each leg, hip to ankle, points above the line of the trunk."""
    up = np.sign(trunk.real)
    return [
        -up * turn(-trunk, body[ankle] - body[hip]) for hip, ankle in zip(HIPS, ANKLES, strict=True)
    ]


def _flexion(
    body: Plane, first: tuple[Joint, Joint], hinge: tuple[Joint, Joint], last: tuple[Joint, Joint]
) -> Array:
    """Mean flexion of both sides' hinge joints, 0 = straight, in the picture plane."""
    bends = [
        np.abs(turn(body[b] - body[a], body[c] - body[b]))
        for a, b, c in zip(first, hinge, last, strict=True)
    ]
    return np.asarray((bends[0] + bends[1]) / 2)


def _ear_height(body: Plane, trunk: Plane) -> Array:
    """Mean height of the ears above the shoulders along the trunk, in trunk lengths."""
    above = (middle(body, EARS) - middle(body, SHOULDERS)) / trunk
    return np.asarray(above.real)


def _sag(shoulders: Plane, hips: Plane, ankles: Plane) -> Array:
    """How far the hips hang below the line from shoulders to ankles, percent of its length."""
    line = ankles - shoulders
    along = (hips - shoulders) / line
    return np.asarray(-100 * np.sign(line.real) * along.imag)


def _knee_valgus(body: Plane, front: Array) -> Array:
    """Mean frontal plane projection angle of both knees, knees falling in positive.

    NaN where a thigh points so much at the camera that its side is undefined.
    """
    bends = []
    for hip, knee, ankle in zip(HIPS, KNEES, ANKLES, strict=True):
        thigh, shank = body[knee] - body[hip], body[ankle] - body[knee]
        shown = np.abs(thigh) > _SHORTEST_THIGH * np.abs(shank)
        bends.append(np.where(shown, turn(thigh, shank), np.nan))
    return np.asarray(front * (bends[0] - bends[1]) / 2)


def squatting_knee_flexion(points: Array, start: Start) -> Array:
    """Knee flexion of someone who stood upright at the start, for views from the front or back.

    points: (T, 33, 3). Returns (T,) degrees, from how much nearer the hips are to the ankles: two
    segments of one length, bent by k, are cos(k / 2) of their length apart. Hips that go back as
    they go down make it some degrees too large; noise counts most near the upright.
    """
    body = plane(points)
    near = np.abs(middle(body, ANKLES) - middle(body, HIPS)) / np.abs(start.legs)
    return np.asarray(2.0 * np.degrees(np.arccos(np.minimum(near, 1.0))))
