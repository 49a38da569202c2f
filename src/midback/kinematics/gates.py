"""When an angle must not be shown: the gates, on rows of any number (science A5)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import get_args

import numpy as np
from numpy.typing import NDArray

from midback.kinematics import back_watch
from midback.kinematics.measurability import (
    CONTOUR,
    COVERED,
    CROPPED,
    DISPUTED,
    FRONT_VIEW,
    FRONTAL_VIEW,
    HIDDEN,
    MOVED,
    NAMES,
    NOBODY,
    OK,
    OTHER_POSTURE,
    OUTLINE,
    POSITION,
    PROXY,
    SIDE_VIEW,
    SMALL,
    SMALLEST_TRUNK_PX,
    UNREADABLE,
    UNSETTLED,
    UNSTEADY,
    VISIBLE,
)
from midback.kinematics.registry import ANGLES
from midback.kinematics.skeleton import MIRRORED
from midback.kinematics.view import FRONTAL_YAW, SIDE_YAW, Posture
from midback.vision.pose import LANDMARKS, Array
from midback.vision.silhouette import trunk_line

Flags = NDArray[np.bool_]
Codes = NDArray[np.uint8]

_SPECS = tuple(ANGLES.values())
_NEEDS: Flags = np.zeros((LANDMARKS, len(_SPECS)), dtype=np.bool_)
_PAIRED: Flags = np.zeros((LANDMARKS, len(_SPECS)), dtype=np.bool_)
for _column, _spec in enumerate(_SPECS):
    _NEEDS[list(_spec.needs), _column] = True
    for _need in _spec.needs:
        _PAIRED[_need, _column] = _spec.view == "side" and MIRRORED[_need] in _spec.needs
_NEEDED: Flags = np.asarray(_NEEDS.any(axis=1))
_CONTOUR: Flags = np.array([spec.contour for spec in _SPECS])
_THORACIC: Flags = np.isin(NAMES, ("thoracic_extension", "spine_flexion"))
_EXTENSION: Flags = np.isin(NAMES, "thoracic_extension")
_SIDE: Flags = np.array([spec.view == "side" for spec in _SPECS])
_FRONTAL: Flags = np.array([spec.view == "frontal" for spec in _SPECS])
_TURNED: Flags = np.array([spec.view == "turned" for spec in _SPECS])
_ELSEWHERE: Flags = np.array([spec.proxy_elsewhere for spec in _SPECS])
_ALWAYS_PROXY: Flags = np.array([spec.always_proxy for spec in _SPECS])
_MEANINGLESS: dict[Posture, Flags] = {
    posture: np.array([not spec.fits(posture) for spec in _SPECS]) for posture in get_args(Posture)
}


@dataclass(frozen=True, slots=True)
class Lifted:
    """Whether, on all fours, an arm or a leg is off the floor: (N,)."""

    arm: Flags
    leg: Flags


@dataclass(frozen=True, slots=True)
class Limbs:
    """What is known of each landmark in each row, each (N, 33).

    visibility: 0..1. outside: whether it left the picture. unsteady: whether it ends a limb that
    is not as long as it should be.
    """

    visibility: Array
    outside: Flags
    unsteady: Flags


@dataclass(frozen=True, slots=True)
class Conditions:
    """What the rows were seen under, each (N,) but the posture.

    yaw: of the view, degrees. start_yaw: how far the person was turned away from the camera in
    the still start position, NaN before its end. moved: nearer or farther since then. outline:
    whether there is a mask at all. back: whether the contour is that of a back, see back_watch.
    lifted: limbs that move that contour.
    """

    posture: Posture
    yaw: Array
    start_yaw: Array
    moved: Flags
    in_position: Flags
    outline: Flags
    back: Codes
    lifted: Lifted


def gate(points: Array, values: Array, limbs: Limbs, now: Conditions) -> Codes:
    """Code per row and angle, in the order of ANGLES: OK, PROXY or why it is refused: (N, A).

    points: (N, 33, 3) picture frame. values: (N, A) of the angles. With a lifted limb the low
    back only compares with itself, and under a lifted arm the thorax is hidden.
    """
    codes = np.zeros(values.shape, dtype=np.uint8)
    codes[:, _ALWAYS_PROXY] = PROXY
    wrong_side = _SIDE & _rows(now.yaw < SIDE_YAW)
    _put(codes, wrong_side & _ELSEWHERE, PROXY)
    joined = now.posture == "prone"  # by the far arm and the head
    _put(codes, _CONTOUR & _rows(now.lifted.arm | now.lifted.leg | joined), PROXY)
    _put(codes, _THORACIC & _rows(now.lifted.arm), CONTOUR)
    _put(codes, _THORACIC & _rows(now.back == back_watch.COVERED), COVERED)
    _put(codes, _EXTENSION & _rows(now.back == back_watch.DISPUTED), DISPUTED)
    finite = np.isfinite(values)
    unread = _CONTOUR & ~finite
    _put(codes, unread & _rows(now.outline), CONTOUR)
    _put(codes, unread & _rows(~now.outline), OUTLINE)
    _mark(codes, limbs.unsteady, UNSTEADY, either_side=True)
    _mark(codes, limbs.visibility < VISIBLE, HIDDEN, either_side=True)
    _mark(codes, ~np.isfinite(points[:, :, 0]), HIDDEN)
    _mark(codes, limbs.outside, CROPPED)
    _put(codes, wrong_side & ~_ELSEWHERE, SIDE_VIEW)
    _put(codes, _FRONTAL & _rows(now.yaw > FRONTAL_YAW), FRONTAL_VIEW)
    _put(codes, _TURNED & _rows(~np.isfinite(now.start_yaw)), UNSETTLED)
    _put(codes, _TURNED & _rows(now.moved), MOVED)
    _put(codes, _TURNED & _rows(now.start_yaw > FRONTAL_YAW), FRONT_VIEW)
    codes[:, _MEANINGLESS[now.posture]] = OTHER_POSTURE
    codes[~now.in_position] = POSITION
    hips, shoulders = trunk_line(points)
    trunk = shoulders - hips
    codes[np.hypot(trunk[:, 0], trunk[:, 1]) < SMALLEST_TRUNK_PX] = SMALL
    _put(codes, ~finite & ((codes == OK) | (codes == PROXY)), UNREADABLE)
    codes[~np.isfinite(points[:, 0, 0])] = NOBODY
    return codes


def _rows(flags: Flags) -> Flags:
    return flags[:, None]


def _put(codes: Codes, where: Flags, code: int) -> None:
    np.copyto(codes, np.uint8(code), where=where)


def _mark(codes: Codes, bad: Flags, kind: int, *, either_side: bool = False) -> None:
    """Write the first offending landmark of each angle into its code.

    bad: (N, 33). either_side: an angle that can do with either side is only spoilt by both.
    """
    for joint in np.flatnonzero(bad.any(axis=0) & _NEEDED)[::-1]:
        here = bad[:, joint]
        needed = _NEEDS[joint] & _rows(here)
        if either_side:
            needed &= ~_PAIRED[joint] | _rows(here & bad[:, MIRRORED[joint]])
        _put(codes, needed, kind + int(joint))
