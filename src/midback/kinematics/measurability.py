"""When an angle must not be shown, and what the person can change (science A5)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from midback.kinematics.registry import ANGLES, AngleSpec
from midback.kinematics.skeleton import HIPS, SHOULDERS, Joint, middle
from midback.kinematics.view import FRONTAL_YAW, SIDE_YAW
from midback.vision.pose import Array

OK, NOBODY, SMALL, SIDE_VIEW, FRONTAL_VIEW, CONTOUR, POSITION, PROXY = range(8)
_HIDDEN, _CROPPED = 100, 200

VISIBLE = 0.5
SMALLEST_TRUNK_PX = 50.0
REFERENCE_TRUNK_PX = 150.0
"""Below this the standard errors grow in proportion."""

NAMES = tuple(ANGLES)
_OF_THE_THORAX = ("thoracic_extension", "spine_flexion")
_NEEDS: NDArray[np.bool_] = np.zeros((len(NAMES), 33), dtype=np.bool_)
_PAIRED: NDArray[np.bool_] = np.zeros((len(NAMES), 33), dtype=np.bool_)
_OTHER: NDArray[np.intp] = np.arange(33)
for _joint in range(7, 33):
    _OTHER[_joint] = _joint + 1 if _joint % 2 else _joint - 1
for _row, _spec in enumerate(ANGLES.values()):
    _NEEDS[_row, list(_spec.needs)] = True
    for _need in _spec.needs:
        _PAIRED[_row, _need] = _spec.view == "side" and _OTHER[_need] in _spec.needs
_CONTOUR: NDArray[np.bool_] = np.array([spec.contour for spec in ANGLES.values()])
_THORACIC: NDArray[np.bool_] = np.array([name in _OF_THE_THORAX for name in ANGLES])
_SIDE: NDArray[np.bool_] = np.array([spec.view == "side" for spec in ANGLES.values()])
_FRONTAL: NDArray[np.bool_] = np.array([spec.view == "frontal" for spec in ANGLES.values()])
_ELSEWHERE: NDArray[np.bool_] = np.array([spec.proxy_elsewhere for spec in ANGLES.values()])
_ALWAYS_PROXY: NDArray[np.bool_] = np.array([spec.always_proxy for spec in ANGLES.values()])


@dataclass(frozen=True, slots=True)
class Lifted:
    """Whether, on all fours, an arm or a leg is off the floor."""

    arm: bool = False
    leg: bool = False


def gate(
    points: Array,
    visibility: Array,
    yaw: float,
    values: Array,
    outside: NDArray[np.bool_],
    in_position: bool,
    lifted: Lifted,
) -> NDArray[np.uint8]:
    """Code per angle, in the order of ANGLES, for one frame: OK, PROXY or why it is refused.

    points: (33, 3) picture frame. yaw: of the view, degrees. values: (A,) of the angles.
    outside: (33,) landmarks outside the picture. lifted: limbs that move the edge of the
    back; then the low back only compares with itself, and under a lifted arm the thorax is hidden.
    """
    if not np.isfinite(points[0, 0]):
        return np.full(len(NAMES), NOBODY, dtype=np.uint8)
    trunk = middle(points[None, :, :2], SHOULDERS) - middle(points[None, :, :2], HIPS)
    codes = np.zeros(len(NAMES), dtype=np.uint8)
    codes[_ALWAYS_PROXY] = PROXY
    wrong_side = _SIDE & (yaw < SIDE_YAW)
    codes[wrong_side] = np.where(_ELSEWHERE, PROXY, SIDE_VIEW)[wrong_side]
    if lifted.arm or lifted.leg:
        codes[_CONTOUR] = PROXY
    if lifted.arm:
        codes[_THORACIC] = CONTOUR
    codes[_CONTOUR & ~np.isfinite(values)] = CONTOUR
    _mark(codes, _NEEDS & (_seen(visibility) < VISIBLE), _HIDDEN)
    _mark(codes, _NEEDS & outside, _CROPPED)
    codes[wrong_side & ~_ELSEWHERE] = SIDE_VIEW
    codes[_FRONTAL & (yaw > FRONTAL_YAW)] = FRONTAL_VIEW
    if not in_position:
        codes[:] = POSITION
    if np.hypot(*trunk[0]) < SMALLEST_TRUNK_PX:
        codes[:] = SMALL
    codes[~np.isfinite(values) & ((codes == OK) | (codes == PROXY))] = NOBODY
    return codes


def _seen(visibility: Array) -> Array:
    """(A, 33) visibility; where an angle can do with either side, the better one."""
    best = np.maximum(visibility, visibility[_OTHER])
    return np.where(_PAIRED, best, visibility)


def _mark(codes: NDArray[np.uint8], bad: NDArray[np.bool_], kind: int) -> None:
    """Write the first offending joint of each angle into its code."""
    rows = bad.any(axis=1)
    codes[rows] = (kind + bad.argmax(axis=1)[rows]).astype(np.uint8)


def measured(codes: NDArray[np.uint8]) -> NDArray[np.bool_]:
    """Where a number may be shown, as a measurement or a proxy."""
    return np.asarray((codes == OK) | (codes == PROXY))


def is_cropped(codes: NDArray[np.uint8]) -> NDArray[np.bool_]:
    """Where a limb left the picture: what is lost is not random, the far end of the movement."""
    return np.asarray(codes >= _CROPPED)


def reason(code: int, spec: AngleSpec, yaw: float) -> str:
    """One sentence: why there is no number, and what to change."""
    if code >= _CROPPED:
        return f"{_part(code - _CROPPED)} leaves the picture: move the camera back or turn it"
    if code >= _HIDDEN:
        return f"{_part(code - _HIDDEN)} cannot be seen: clear the view or add light"
    sentences = {
        NOBODY: "nobody was found: the whole body must be in the picture, in good light",
        SMALL: "the person is too small in the picture: move the camera closer",
        SIDE_VIEW: f"turn side-on to the camera (the view is {yaw:.0f} deg, needs at least "
        f"{SIDE_YAW:.0f})",
        FRONTAL_VIEW: f"face the camera or turn the back to it (the view is {yaw:.0f} deg from "
        f"the front, needs at most {FRONTAL_YAW:.0f})",
        CONTOUR: "the edge of the back is hidden by an arm, hair, a chair or loose cloth: clear it",
        POSITION: "the body is not in the position of the exercise",
    }
    return sentences.get(code, f"{spec.title.lower()} could not be read")


def _part(joint: int) -> str:
    name = Joint(joint).name.lower().replace("_", " ")
    return f"the {name}".replace("the nose", "the face")
