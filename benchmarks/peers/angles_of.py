"""What each tool calls trunk, hip and knee, turned to one convention, and what is true."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from midback.kinematics.skeleton import ANKLES, HIPS, KNEES, SHOULDERS
from midback.vision.pose import Array, Pose
from peers import tools
from peers.tools import Tool

Series = Mapping[str, Array]
LEAN, HIPS_BENT, KNEES_BENT = "lean", ("hip_L", "hip_R"), ("knee_L", "knee_R")

_SPORTS2D = {
    "hip_L": "left hip", "hip_R": "right hip", "knee_L": "left knee", "knee_R": "right knee",
}  # fmt: skip
_POSE2SIM = {
    "hip_L": "hip_flexion_l", "hip_R": "hip_flexion_r", "knee_L": "knee_angle_l",
    "knee_R": "knee_angle_r",
}  # fmt: skip


def _midback(s: Series) -> Series:
    """Its hip counts extension as positive; its knee is the mean of both."""
    return {
        LEAN: s[LEAN],
        "hip_L": -s["trunk_thigh_left"],
        "hip_R": -s["trunk_thigh_right"],
        "knee_L": s["knee_flexion"],
        "knee_R": s["knee_flexion"],
    }


def _sports2d(s: Series) -> Series:
    """Its trunk is 90 upright and less when the person, facing right, leans forward."""
    return {LEAN: 90 - s["trunk"]} | {ours: s[theirs] for ours, theirs in _SPORTS2D.items()}


def _pose2sim(s: Series) -> Series:
    return {ours: s[theirs] for ours, theirs in _POSE2SIM.items()}


def _myogait(s: Series) -> Series:
    return {LEAN: s["trunk_angle"]} | {name: s[name] for name in (*HIPS_BENT, *KNEES_BENT)}


def _upose(s: Series) -> Series:
    """Its hip is the thigh against the pelvis, whose only turn is about the vertical."""
    hips = {"hip_L": -s["hip_L_x"], "hip_R": -s["hip_R_x"]}
    return {LEAN: s["torso_x"], "knee_L": s["knee_L"], "knee_R": s["knee_R"]} | hips


CONVENTION: dict[Tool, Callable[[Series], Series]] = {
    tools.MIDBACK_POSES: _midback,
    tools.SPORTS2D: _sports2d,
    tools.SPORTS2D_TOLD: _sports2d,
    tools.POSE2SIM: _pose2sim,
    tools.MYOGAIT: _myogait,
    tools.UPOSE: _upose,
}
"""Series of a tool -> lean (degrees forward from upright), hips and knees (flexion positive)."""


def protractor(poses: Sequence[Pose], facing: int) -> dict[str, Array]:
    """The same angles as one would measure them on the picture: (T,) each, in (-180, 180].

    facing: +1 where the person faces the right edge of the picture, -1 the left, seen by eye.
    lean: of the line from mid-hip to mid-shoulder, forwards from upright. hip: of the thigh from
    that line's continuation. knee: of the shank from the thigh's. Flexion is positive.
    """
    points = np.stack([pose.points for pose in poses]).astype(np.float64)
    x, y = facing * points[..., 0], points[..., 1]
    body: NDArray[np.complex128] = x + 1j * y
    hips, shoulders = body[:, list(HIPS)].mean(axis=1), body[:, list(SHOULDERS)].mean(axis=1)
    trunk = shoulders - hips
    found = {LEAN: -_turn(np.full_like(trunk, 1j), trunk)}
    for i, side in enumerate("LR"):
        thigh = body[:, KNEES[i]] - body[:, HIPS[i]]
        found[f"hip_{side}"] = _turn(-trunk, thigh)
        found[f"knee_{side}"] = -_turn(thigh, body[:, ANKLES[i]] - body[:, KNEES[i]])
    return found


def _turn(a: NDArray[np.complex128], b: NDArray[np.complex128]) -> Array:
    """Degrees from a to b, counter-clockwise."""
    return np.asarray(np.degrees(np.angle(b * np.conj(a))))
