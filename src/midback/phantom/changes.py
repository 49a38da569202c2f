"""How far a body's joints have moved from its neutral posture: the truth of the study."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from midback.phantom.skeleton import SIDES, Frames
from midback.phantom.truth import sagittal_angle

Array = NDArray[np.float64]

THORAX = ("T6", "T4", "T1")


def changes(now: Frames, neutral: Frames) -> dict[str, float]:
    """Changes from the neutral, degrees; shoulder_elevation in cm.

    thoracic_extension, lumbar_arch: between end tangents (L1 and T1, pelvis and L1), seen in the
    sagittal plane of the region's middle vertebra, extension +. rotation: thorax (T6, T4, T1) on
    pelvis, girdle_rotation: shoulder line on hip line, both about the line from the mid-hip to
    T1, left +. side_bend: of the thorax's right axis on the pelvis's one against that line,
    right +. pelvic_roll: pelvis about its own long axis, left +. head: head axis on the line from
    mid-hip to mid-shoulder, extension +. shoulder_elevation: both shoulders along T4's axis.
    knee_valgus: mean frontal plane projection angle, knees inward +.
    """
    before, after = _absolute(neutral), _absolute(now)
    found = {name: _wrapped(after[name] - before[name]) for name in after}
    lift = _shoulder_height(now) - _shoulder_height(neutral)
    turned = neutral.r("pelvis").T @ now.r("pelvis")
    roll = float(np.degrees(np.arctan2(-turned[2, 0], turned[2, 2])))
    return found | {"shoulder_elevation": 100 * lift, "pelvic_roll": roll}


def _absolute(frames: Frames) -> dict[str, float]:
    axis = frames.o("T1") - frames.o("pelvis")
    axis = axis / np.linalg.norm(axis)
    thorax = np.mean([frames.r(bone)[:, 2] for bone in THORAX], axis=0)
    pelvis = frames.r("pelvis")[:, 2]
    line = _middle(frames, "upper_arm") - _middle(frames, "thigh")
    return {
        "thoracic_extension": _bend(frames, "L1", "T8", "T1"),
        "lumbar_arch": _bend(frames, "pelvis", "L3", "L1"),
        "rotation": _turn(axis, pelvis, thorax),
        "girdle_rotation": _turn(axis, _line(frames, "thigh"), _line(frames, "upper_arm")),
        "side_bend": _rise(axis, pelvis) - _rise(axis, thorax),
        "head": sagittal_angle(_in(frames, "T4", line), _in(frames, "T4", frames.r("head")[:, 1])),
        "knee_valgus": float(np.mean([_valgus(frames, side) for side in SIDES])),
    }


def _in(frames: Frames, bone: str, vector: Array) -> Array:
    local: Array = frames.r(bone).T @ vector
    return local


def _bend(frames: Frames, low: str, plane: str, high: str) -> float:
    first, second = (_in(frames, plane, frames.r(bone)[:, 1]) for bone in (low, high))
    return sagittal_angle(first, second)


def _turn(axis: Array, first: Array, second: Array) -> float:
    """Angle from first to second as seen along the axis, degrees."""
    return float(np.degrees(np.arctan2(axis @ np.cross(first, second), _flat(axis, first, second))))


def _flat(axis: Array, first: Array, second: Array) -> float:
    return float(first @ second - (first @ axis) * (second @ axis))


def _rise(axis: Array, vector: Array) -> float:
    """Angle of a vector above the plane across the axis, degrees."""
    return float(np.degrees(np.arcsin(vector @ axis / np.linalg.norm(vector))))


def _line(frames: Frames, bone: str) -> Array:
    line: Array = frames.o(f"{bone}_right") - frames.o(f"{bone}_left")
    return line


def _middle(frames: Frames, bone: str) -> Array:
    middle: Array = 0.5 * (frames.o(f"{bone}_left") + frames.o(f"{bone}_right"))
    return middle


def _shoulder_height(frames: Frames) -> float:
    return float(_in(frames, "T4", _middle(frames, "upper_arm") - frames.o("T4"))[1])


def _valgus(frames: Frames, side: str) -> float:
    """Frontal plane projection angle: vertical plane through the pelvis's right axis."""
    across = frames.r("pelvis")[:, 2] * [1.0, 0.0, 1.0]
    plane = np.stack([across / max(float(np.linalg.norm(across)), 1e-9), [0.0, 1.0, 0.0]])
    hip, knee, ankle = (plane @ frames.o(f"{bone}_{side}") for bone in ("thigh", "shank", "foot"))
    outward = 1.0 if side == "right" else -1.0
    return outward * sagittal_angle(knee - hip, ankle - knee)


def _wrapped(angle: float) -> float:
    return float((angle + 180.0) % 360.0 - 180.0)
