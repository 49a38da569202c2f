"""When an angle must not be shown, and what the person can change (science A5)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import get_args

import numpy as np
from numpy.typing import NDArray

from midback.kinematics.back_watch import Back
from midback.kinematics.registry import ANGLES, AngleSpec
from midback.kinematics.skeleton import HIPS, MIRRORED, SHOULDERS, Joint, middle
from midback.kinematics.view import FRONTAL_YAW, SIDE_YAW, Posture
from midback.vision.pose import Array

OK, NOBODY, SMALL, SIDE_VIEW, FRONTAL_VIEW, CONTOUR, POSITION, PROXY = range(8)
UNSETTLED, OUTLINE, DISPUTED, UNREADABLE, COVERED, FRONT_VIEW, MOVED, OTHER_POSTURE = range(8, 16)
_HIDDEN, _UNSTEADY, _CROPPED = 100, 150, 200

VISIBLE = 0.5
SMALLEST_TRUNK_PX = 50.0
REFERENCE_TRUNK_PX = 150.0
"""Below this the standard errors grow in proportion."""

NAMES = tuple(ANGLES)
_OF_THE_THORAX = ("thoracic_extension", "spine_flexion")
_NEEDS: NDArray[np.bool_] = np.zeros((len(NAMES), 33), dtype=np.bool_)
_PAIRED: NDArray[np.bool_] = np.zeros((len(NAMES), 33), dtype=np.bool_)
for _row, _spec in enumerate(ANGLES.values()):
    _NEEDS[_row, list(_spec.needs)] = True
    for _need in _spec.needs:
        _PAIRED[_row, _need] = _spec.view == "side" and MIRRORED[_need] in _spec.needs
_CONTOUR: NDArray[np.bool_] = np.array([spec.contour for spec in ANGLES.values()])
_THORACIC: NDArray[np.bool_] = np.array([name in _OF_THE_THORAX for name in ANGLES])
_SIDE: NDArray[np.bool_] = np.array([spec.view == "side" for spec in ANGLES.values()])
_FRONTAL: NDArray[np.bool_] = np.array([spec.view == "frontal" for spec in ANGLES.values()])
_TURNED: NDArray[np.bool_] = np.array([spec.view == "turned" for spec in ANGLES.values()])
_ELSEWHERE: NDArray[np.bool_] = np.array([spec.proxy_elsewhere for spec in ANGLES.values()])
_ALWAYS_PROXY: NDArray[np.bool_] = np.array([spec.always_proxy for spec in ANGLES.values()])
_MEANINGLESS: dict[Posture, NDArray[np.bool_]] = {
    posture: np.array([not spec.fits(posture) for spec in ANGLES.values()])
    for posture in get_args(Posture)
}
_SAID = {
    "standing": "standing",
    "seated": "sitting",
    "kneeling": "kneeling",
    "all_fours": "on all fours",
    "plank": "in a plank",
    "supine": "lying on the back",
    "side_lying": "lying on one side",
}


@dataclass(frozen=True, slots=True)
class Lifted:
    """Whether, on all fours, an arm or a leg is off the floor."""

    arm: bool = False
    leg: bool = False


@dataclass(frozen=True, slots=True)
class Limbs:
    """What is known of each landmark in a frame, each (33,).

    visibility: 0..1. outside: whether it left the picture. unsteady: whether it ends a limb that
    is not as long as it should be.
    """

    visibility: Array
    outside: NDArray[np.bool_]
    unsteady: NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Conditions:
    """What a frame was seen under.

    yaw: of the view, degrees. start_yaw: how far the person was turned away from the camera in
    the still start position, NaN before its end. moved: nearer or farther since then. outline:
    whether there is a mask at all. back: whether the contour is that of a back. lifted: limbs
    that move that contour.
    """

    yaw: float
    start_yaw: float
    posture: Posture
    moved: bool = False
    in_position: bool = True
    outline: bool = True
    back: Back = "clear"
    lifted: Lifted = Lifted()


def gate(
    points: Array,
    values: Array,
    limbs: Limbs,
    now: Conditions,
) -> NDArray[np.uint8]:
    """Code per angle, in the order of ANGLES, for one frame: OK, PROXY or why it is refused.

    points: (33, 3) picture frame. values: (A,) of the angles. With a lifted limb the low back
    only compares with itself, and under a lifted arm the thorax is hidden.
    """
    if not np.isfinite(points[0, 0]):
        return np.full(len(NAMES), NOBODY, dtype=np.uint8)
    trunk = middle(points[None, :, :2], SHOULDERS) - middle(points[None, :, :2], HIPS)
    codes = np.zeros(len(NAMES), dtype=np.uint8)
    codes[_ALWAYS_PROXY] = PROXY
    wrong_side = _SIDE & (now.yaw < SIDE_YAW)
    codes[wrong_side] = np.where(_ELSEWHERE, PROXY, SIDE_VIEW)[wrong_side]
    joined = now.posture == "prone"  # by the far arm and the head
    if now.lifted.arm or now.lifted.leg or joined:
        codes[_CONTOUR] = PROXY
    if now.lifted.arm:
        codes[_THORACIC] = CONTOUR
    if now.back == "covered":
        codes[_THORACIC] = COVERED
    if now.back == "disputed":
        codes[NAMES.index("thoracic_extension")] = DISPUTED
    codes[_CONTOUR & ~np.isfinite(values)] = CONTOUR if now.outline else OUTLINE
    trusted = np.where(limbs.unsteady, 0.0, 1.0)
    _mark(codes, _NEEDS & (_best(trusted) < 1.0), _UNSTEADY)
    _mark(codes, _NEEDS & (_best(limbs.visibility) < VISIBLE), _HIDDEN)
    _mark(codes, _NEEDS & ~np.isfinite(points[:, 0]), _HIDDEN)
    _mark(codes, _NEEDS & limbs.outside, _CROPPED)
    codes[wrong_side & ~_ELSEWHERE] = SIDE_VIEW
    codes[_FRONTAL & (now.yaw > FRONTAL_YAW)] = FRONTAL_VIEW
    codes[_TURNED] = np.where(np.isfinite(now.start_yaw), codes[_TURNED], UNSETTLED)
    if now.moved:
        codes[_TURNED] = MOVED
    codes[_TURNED & (now.start_yaw > FRONTAL_YAW)] = FRONT_VIEW
    codes[_MEANINGLESS[now.posture]] = OTHER_POSTURE
    if not now.in_position:
        codes[:] = POSITION
    if np.hypot(*trunk[0]) < SMALLEST_TRUNK_PX:
        codes[:] = SMALL
    codes[~np.isfinite(values) & ((codes == OK) | (codes == PROXY))] = UNREADABLE
    return codes


def _best(score: Array) -> Array:
    """(A, 33) score of each landmark; where an angle can do with either side, of the better one."""
    return np.where(_PAIRED, np.maximum(score, score[MIRRORED]), score)


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
    if code >= _UNSTEADY:
        return (
            f"{_part(code - _UNSTEADY)} is not tracked reliably: wear closer clothes or add light"
        )
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
        FRONT_VIEW: "face the camera squarely and begin again",
        MOVED: "you are nearer to the camera or farther away than at the start: go back there",
        UNSETTLED: "the start position was not held: keep still for a second before you begin "
        "(and landmarks from elsewhere need a depth)",
        OUTLINE: "the outline of the back was not read: this exercise does not watch it, or the "
        "landmarks came without a picture",
        DISPUTED: "the edge of the back does not move like a back: wear close-fitting clothes and "
        "clear what stands behind you",
        COVERED: "hair or a hood covers the upper back: tie it up and begin again",
        OTHER_POSTURE: "it means something only in exercises done "
        + " or ".join(said for posture, said in _SAID.items() if posture in (spec.postures or ())),
        UNREADABLE: "what it is read from points at the camera or is not given",
        POSITION: "the body is not in the position of the exercise",
    }
    return sentences.get(code, f"{spec.title.lower()} could not be read")


def _part(joint: int) -> str:
    name = Joint(joint).name.lower().replace("_", " ")
    return f"the {name}".replace("the nose", "the face")
