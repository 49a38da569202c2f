"""When an angle must not be shown, and what the person can change (science A5)."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from midback.kinematics.registry import ANGLES, AngleSpec
from midback.kinematics.skeleton import Joint
from midback.kinematics.view import FRONTAL_YAW, SIDE_YAW, Posture

OK, NOBODY, SMALL, SIDE_VIEW, FRONTAL_VIEW, CONTOUR, POSITION, PROXY = range(8)
UNSETTLED, OUTLINE, DISPUTED, UNREADABLE, COVERED, FRONT_VIEW, MOVED, OTHER_POSTURE = range(8, 16)
HIDDEN, UNSTEADY, CROPPED = 100, 150, 200
"""To these the first offending landmark is added."""

VISIBLE = 0.5
SMALLEST_TRUNK_PX = 50.0
REFERENCE_TRUNK_PX = 150.0
"""Below this the standard errors grow in proportion."""

NAMES = tuple(ANGLES)
_SAID: dict[Posture, str] = {
    "standing": "standing",
    "seated": "sitting",
    "kneeling": "kneeling",
    "all_fours": "on all fours",
    "plank": "in a plank",
    "supine": "lying on the back",
    "side_lying": "lying on one side",
}


def measured(codes: NDArray[np.uint8]) -> NDArray[np.bool_]:
    """Where a number may be shown, as a measurement or a proxy."""
    return np.asarray((codes == OK) | (codes == PROXY))


def is_cropped(codes: NDArray[np.uint8]) -> NDArray[np.bool_]:
    """Where a limb left the picture: what is lost is not random, the far end of the movement."""
    return np.asarray(codes >= CROPPED)


def reason(code: int, spec: AngleSpec, yaw: float) -> str:
    """One sentence: why there is no number, and what to change."""
    if code >= CROPPED:
        return f"{_part(code - CROPPED)} leaves the picture: move the camera back or turn it"
    if code >= UNSTEADY:
        return f"{_part(code - UNSTEADY)} is not tracked reliably: wear closer clothes or add light"
    if code >= HIDDEN:
        return f"{_part(code - HIDDEN)} cannot be seen: clear the view or add light"
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
