"""Bones and forward kinematics.

Angles in degrees, lengths in metres, frames as in the package docstring. Spine joints share a
region's angle equally, so the tangents at sacrum, T12 and T1 differ by exactly that angle.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from midback.phantom.body import Body

Array = NDArray[np.float64]
Side = Literal["left", "right"]
SIDES: tuple[Side, Side] = ("left", "right")

LUMBAR = ("L5", "L4", "L3", "L2", "L1")
THORACIC = ("T12", "T10", "T8", "T6", "T4", "T1")
NECK = ("C6", "C3")
SPINE = (*LUMBAR, *THORACIC, *NECK, "head")
LIMBS = ("upper_arm", "forearm", "hand", "thigh", "shank", "foot")
BONES: tuple[str, ...] = (
    "pelvis",
    *SPINE,
    *(f"{bone}_{side}" for side in SIDES for bone in ("girdle", *LIMBS)),
)
BONE_INDEX = {name: index for index, name in enumerate(BONES)}

_PARENT = {"forearm": "upper_arm", "hand": "forearm", "shank": "thigh", "foot": "shank"}
_REFERENCE = {
    "upper_arm": 90.0,
    "forearm": 40.0,
    "hand": 0.0,
    "thigh": 45.0,
    "shank": -45.0,
    "foot": 90.0,
}


@dataclass(frozen=True)
class Lengths:
    """Segment lengths of a body, metres."""

    lumbar: float
    thoracic: float
    neck: float
    upper_arm: float
    forearm: float
    hand: float
    thigh: float
    shank: float
    foot: float
    ankle_height: float
    hip_half_width: float
    shoulder_half_width: float


def lengths(body: Body) -> Lengths:
    """Segment lengths scaled to the body's height (after Drillis and Contini)."""
    s = body.scale
    return Lengths(
        lumbar=0.185 * s,
        thoracic=0.285 * s,
        neck=0.105 * s,
        upper_arm=0.295 * s,
        forearm=0.255 * s,
        hand=0.18 * s,
        thigh=0.43 * s,
        shank=0.425 * s,
        foot=0.25 * s,
        ankle_height=0.075 * s,
        hip_half_width=0.088 * s,
        shoulder_half_width=(0.165 + 0.02 * body.girth) * s,
    )


def direction(angle_deg: float, lateral: float = 0.0) -> Array:
    """Return the unit vector at an angle: 0 down, 90 forward (+x), 180 up; plus a z component."""
    a = np.radians(angle_deg)
    v = np.array([np.sin(a), -np.cos(a), lateral])
    unit: Array = v / np.linalg.norm(v)
    return unit


@dataclass(frozen=True)
class Pose:
    """A posture.

    root: (3,) midpoint of the hip joints, world. heading: turn about the vertical, left +,
    0 facing image-right; applied last, about the world's origin. pitch: pelvis about its right
    axis, backward tilt +; -90 lies prone. roll: pelvis about its long axis, left +. lumbar,
    thoracic, neck, head: change from neutral, extension +. twist, lumbar_twist: left rotation +
    spread over the thorax and over the lumbar spine. bend: right side-bend + spread over both.
    limbs: bone name -> (3,) direction towards its far end, as seen with heading 0.
    girdle: side -> (3,) shift of the shoulder in the T4 frame. pronation: turn of both hands
    about the forearm, thumbs inward +.
    """

    root: Array
    pitch: float = 0.0
    heading: float = 0.0
    roll: float = 0.0
    lumbar: float = 0.0
    thoracic: float = 0.0
    neck: float = 0.0
    head: float = 0.0
    twist: float = 0.0
    lumbar_twist: float = 0.0
    bend: float = 0.0
    limbs: dict[str, Array] = field(default_factory=dict)
    girdle: dict[str, Array] = field(default_factory=dict)
    pronation: float = 0.0


@dataclass(frozen=True)
class Frames:
    """World frames of all bones: rotation (B, 3, 3), origin (B, 3), in the order of BONES."""

    rotation: Array
    origin: Array

    def r(self, bone: str) -> Array:
        """Rotation (3, 3) of a bone; its columns are anterior, cranial, right."""
        rotation: Array = self.rotation[BONE_INDEX[bone]]
        return rotation

    def o(self, bone: str) -> Array:
        """Origin (3,) of a bone."""
        origin: Array = self.origin[BONE_INDEX[bone]]
        return origin

    def at(self, bone: str, local: Array) -> Array:
        """World position of a point given in a bone's frame."""
        point: Array = self.o(bone) + self.r(bone) @ local
        return point


def rot(axis: int, degrees: float) -> Array:
    """Right-handed rotation matrix about axis 0, 1 or 2."""
    c, s = np.cos(np.radians(degrees)), np.sin(np.radians(degrees))
    m = np.eye(3)
    i, j = (axis + 1) % 3, (axis + 2) % 3
    m[i, i], m[i, j], m[j, i], m[j, j] = c, -s, s, c
    return m


def swing(start: Array, end: Array) -> Array:
    """Shortest rotation (3, 3) that turns unit vector start onto unit vector end."""
    v, c = np.cross(start, end), float(start @ end)
    k = np.array([[0, -v[2], v[1]], [v[2], 0, -v[0]], [-v[1], v[0], 0]])
    turned: Array = np.eye(3) + k + k @ k / max(1.0 + c, 1e-6)
    return turned


def sacral_tilt(body: Body) -> float:
    """Forward tilt of the sacral tangent in the pelvis frame when standing, degrees (< 0)."""
    return -0.62 * body.lordosis


def neck_neutral(body: Body) -> float:
    """Neck extension that keeps the head upright over the neutral spine, degrees."""
    return -(sacral_tilt(body) + body.lordosis - body.kyphosis)


def _spine_joints(body: Body, pose: Pose) -> list[tuple[str, Array, Array]]:
    size = lengths(body)
    lumbar = (body.lordosis + pose.lumbar) / len(LUMBAR)
    thoracic = (pose.thoracic - body.kyphosis) / len(THORACIC)
    neck = neck_neutral(body)
    step_l = np.array([0.0, size.lumbar / len(LUMBAR), 0.0])
    step_t = np.array([0.0, size.thoracic / len(THORACIC), 0.0])
    step_n = np.array([0.0, size.neck / len(NECK), 0.0])
    base = np.array([-0.035, 0.085, 0.0]) * body.scale
    bend = rot(0, pose.bend / (len(LUMBAR) + len(THORACIC)))
    lumbar_turn = bend @ rot(1, pose.lumbar_twist / len(LUMBAR))
    thoracic_turn = bend @ rot(1, pose.twist / len(THORACIC))
    joints: list[tuple[str, Array, Array]] = []
    for i, name in enumerate(LUMBAR):
        tilt = lumbar + (sacral_tilt(body) if i == 0 else 0.0)
        joints.append((name, base if i == 0 else step_l, rot(2, tilt) @ lumbar_turn))
    for i, name in enumerate(THORACIC):
        turn = rot(2, thoracic) @ thoracic_turn
        joints.append((name, step_l if i == 0 else step_t, turn))
    for i, name in enumerate(NECK):
        turn = rot(2, 0.35 * neck + pose.neck / len(NECK))
        joints.append((name, step_t if i == 0 else step_n, turn))
    joints.append(("head", step_n, rot(2, 0.3 * neck + pose.head)))
    return joints


def pelvis_rotation(pose: Pose) -> Array:
    """World rotation (3, 3) of the pelvis without the heading."""
    turned: Array = rot(2, pose.pitch) @ rot(1, pose.roll)
    return turned


def _shoulder_offset(body: Body, side: Side, shift: Array | None) -> Array:
    z = -1.0 if side == "left" else 1.0
    s = body.scale
    half = lengths(body).shoulder_half_width
    offset = np.array([0.022 * s, 0.022 * s, z * half])
    return offset if shift is None else offset + shift


def _rest_direction(bone: str) -> Array:
    return direction(_REFERENCE[bone])


def _limb_origin(body: Body, bone: str, side: Side) -> tuple[str, Array]:
    """Parent bone and the joint's position in the parent's frame."""
    size, z = lengths(body), -1.0 if side == "left" else 1.0
    if bone == "upper_arm":
        return f"girdle_{side}", np.zeros(3)
    if bone == "thigh":
        return "pelvis", np.array([0.0, 0.0, z * size.hip_half_width])
    parent = _PARENT[bone]
    return f"{parent}_{side}", np.array([0.0, -float(getattr(size, parent)), 0.0])


def forward(body: Body, pose: Pose) -> Frames:
    """World frames of every bone. Limb bones point down (-y) their own frame; feet along +x."""
    rotation = np.tile(np.eye(3), (len(BONES), 1, 1))
    origin = np.zeros((len(BONES), 3))
    rotation[0], origin[0] = pelvis_rotation(pose), pose.root
    for child, (name, offset, turn) in enumerate(_spine_joints(body, pose), start=1):
        assert BONES[child] == name
        origin[child] = origin[child - 1] + rotation[child - 1] @ offset
        rotation[child] = rotation[child - 1] @ turn
    chest = BONE_INDEX["T4"]
    for side in SIDES:
        girdle = BONE_INDEX[f"girdle_{side}"]
        offset = _shoulder_offset(body, side, pose.girdle.get(side))
        origin[girdle] = origin[chest] + rotation[chest] @ offset
        rotation[girdle] = rotation[chest]
        for bone in LIMBS:
            name = f"{bone}_{side}"
            parent, offset = _limb_origin(body, bone, side)
            p, i = BONE_INDEX[parent], BONE_INDEX[name]
            origin[i] = origin[p] + rotation[p] @ offset
            rest, reference = _rest_direction(bone), rot(2, _REFERENCE[bone])
            if bone == "foot":
                reference = np.eye(3)
            goal = rotation[p].T @ pose.limbs[name] if name in pose.limbs else rest
            spin = rot(1, _spin(bone, side, pose))
            rotation[i] = rotation[p] @ swing(rest, goal) @ reference @ spin
    turn = rot(1, pose.heading)
    return Frames(turn @ rotation, origin @ turn.T)


def _spin(bone: str, side: Side, pose: Pose) -> float:
    half = 0.5 * pose.pronation * (1.0 if side == "left" else -1.0)
    return -half if bone in ("forearm", "hand") else 0.0


def joints(body: Body, frames: Frames) -> dict[str, Array]:
    """World positions (3,) of the joints that pose estimators name, e.g. 'left_shoulder'."""
    found: dict[str, Array] = {}
    named = {"upper_arm": "shoulder", "forearm": "elbow", "hand": "wrist"}
    named |= {"thigh": "hip", "shank": "knee", "foot": "ankle"}
    for side in SIDES:
        for bone, joint in named.items():
            found[f"{side}_{joint}"] = frames.o(f"{bone}_{side}")
        toe = np.array([0.7 * lengths(body).foot, -0.7 * lengths(body).ankle_height, 0.0])
        found[f"{side}_foot_index"] = frames.at(f"foot_{side}", toe)
    s = body.scale
    found["nose"] = frames.at("head", np.array([0.125, 0.055, 0.0]) * s)
    found["left_ear"] = frames.at("head", np.array([0.01, 0.065, -0.078]) * s)
    found["right_ear"] = frames.at("head", np.array([0.01, 0.065, 0.078]) * s)
    return found


def two_link(start: Array, target: Array, l1: float, l2: float, pole: Array) -> tuple[Array, Array]:
    """Directions of two links from start to target, bent towards pole; straight if too far."""
    line = target - start
    reach = float(np.linalg.norm(line))
    axis = line / reach
    d = float(np.clip(reach, abs(l1 - l2) + 1e-6, l1 + l2 - 1e-6))
    along = (l1**2 - l2**2 + d**2) / (2 * d)
    side = pole - (pole @ axis) * axis
    side = side / np.linalg.norm(side)
    first: Array = (along * axis + np.sqrt(max(l1**2 - along**2, 0.0)) * side) / l1
    second: Array = (d * axis - l1 * first) / l2
    return first, second / np.linalg.norm(second)
