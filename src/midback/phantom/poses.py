"""Whole-body postures of the exercises from a few numbers, feet and hands kept in contact."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from midback.phantom.body import Body
from midback.phantom.skeleton import (
    SIDES,
    Frames,
    Pose,
    Side,
    direction,
    forward,
    lengths,
    two_link,
)

Array = NDArray[np.float64]

WRIST = 0.035  # height of a supporting wrist at 1.75 m
PRONE_NECK = 18.0
PRONE_HEAD = 0.0
PRONE_CHEST = 0.04  # height of the breastbone above the mat at 1.75 m
SEAT_PITCH = 2.0
SEAT_LUMBAR = -8.0


@dataclass(frozen=True)
class Spine:
    """Trunk and head changes from neutral, degrees, extension, left rotation, right bend +.

    roll: pelvis about its long axis; the thorax stays unless it turns by itself: turn over the
    thoracic joints, lumbar_turn over the lumbar ones. bend: side-bend of the spine. sag: metres
    by which the chest sinks between the shoulder blades; the pelvis sinks by 0.4 of it.
    """

    lumbar: float = 0.0
    thoracic: float = 0.0
    neck: float = 0.0
    head: float = 0.0
    roll: float = 0.0
    sag: float = 0.0
    turn: float = 0.0
    lumbar_turn: float = 0.0
    bend: float = 0.0


def lateral(side: Side) -> float:
    """Sign of a side's z in the body's frame."""
    return -1.0 if side == "left" else 1.0


def trunk_pose(spine: Spine, root: Array, heading: float) -> Pose:
    """Pose of the trunk alone, limbs as they rest."""
    return Pose(
        root=root,
        heading=heading,
        lumbar=spine.lumbar,
        thoracic=spine.thoracic,
        neck=spine.neck,
        head=spine.head,
        roll=spine.roll,
        twist=spine.turn - spine.roll,
        lumbar_twist=spine.lumbar_turn,
        bend=spine.bend,
    )


def pitch_for_height(vector: Array, height: float) -> float:
    """Pitch (degrees) that brings a point at vector from the root to a height above the root.

    Of the two solutions the one with the point towards +x.
    """
    length = float(np.hypot(vector[0], vector[1]))
    lean = np.arcsin(np.clip(height / length, -1.0, 1.0)) - np.arctan2(vector[1], vector[0])
    return float(np.degrees(lean))


def _turn_towards(start: Array, goal: Array, share: float) -> Array:
    """Sagittal-plane blend of two directions by their angles, 0 down and 90 forward."""
    a, b = (np.degrees(np.arctan2(v[0], -v[1])) for v in (start, goal))
    sideways = (1 - share) * start[2] + share * goal[2]
    return direction(float(a + share * (b - a)), float(sideways))


def quadruped(
    body: Body,
    spine: Spine,
    lift: dict[str, float],
    heading: float = 0.0,
    reach: float = 1.0,
) -> Pose:
    """On all fours, head towards +x.

    lift: share 0..1 of the full lift of 'arm_left', 'arm_right', 'leg_left', 'leg_right';
    reach: range-of-motion factor of this repetition.
    """
    size = lengths(body)
    knee = 0.05 * body.scale
    root = np.array([-0.30 * body.scale, knee + size.thigh - 0.4 * spine.sag, 0.0])
    arm = 0.985 * (size.upper_arm + size.forearm)
    pose = trunk_pose(spine, root, 0.0)
    shift = np.array([0.035 * body.scale - spine.sag, 0.0, 0.0])
    pose = replace(pose, girdle=dict.fromkeys(SIDES, shift), pronation=150.0)
    still = forward(body, replace(pose, roll=0.0, twist=0.0))
    middle = 0.5 * (still.o("girdle_left") + still.o("girdle_right")) - root
    pose = replace(pose, pitch=pitch_for_height(middle, arm + WRIST * body.scale - root[1]))
    limbs: dict[str, Array] = {}
    frames = forward(body, pose)
    for side in SIDES:
        limbs |= support_arm(body, frames.o(f"girdle_{side}"), root, side)
        limbs |= kneeling_leg(root, frames.o(f"thigh_{side}"), side, knee)
        limbs |= _lifted_arm(limbs, side, lift.get(f"arm_{side}", 0.0), reach)
        limbs |= _lifted_leg(limbs, side, lift.get(f"leg_{side}", 0.0), reach)
    return replace(pose, limbs=limbs, heading=heading)


def support_arm(body: Body, shoulder: Array, root: Array, side: Side) -> dict[str, Array]:
    """Arm from the shoulder to a hand that stays flat on the mat, elbow pointing backward."""
    size = lengths(body)
    half = size.shoulder_half_width
    wrist = np.array([root[0] + 0.485 * body.scale, WRIST * body.scale, lateral(side) * half])
    pole = np.array([-1.0, 0.0, 0.3 * lateral(side)])
    upper, fore = two_link(shoulder, wrist, size.upper_arm, size.forearm, pole)
    hand = direction(82.0, 0.1 * lateral(side))
    return {f"upper_arm_{side}": upper, f"forearm_{side}": fore, f"hand_{side}": hand}


def kneeling_leg(root: Array, hip: Array, side: Side, knee: float) -> dict[str, Array]:
    """Leg from the hip to a knee that stays on the mat under it, knee: its height, metres."""
    target = np.array([root[0] - 0.01, knee, 1.05 * hip[2]])
    thigh = (target - hip) / np.linalg.norm(target - hip)
    return {
        f"thigh_{side}": thigh,
        f"shank_{side}": direction(-89.0),
        f"foot_{side}": direction(-84.0),
    }


def _lifted_arm(
    limbs: dict[str, Array], side: Side, share: float, reach: float
) -> dict[str, Array]:
    if share <= 0:
        return {}
    goal = direction(90.0 + 2.0 * reach, 0.16 * lateral(side))
    names = (f"upper_arm_{side}", f"forearm_{side}", f"hand_{side}")
    bent = 22.0 * np.sin(np.pi * share)
    moved = {name: _turn_towards(limbs[name], goal, share * reach) for name in names}
    angle = np.degrees(np.arctan2(moved[names[1]][0], -moved[names[1]][1]))
    moved[names[1]] = direction(float(angle + bent), float(moved[names[1]][2]))
    return moved


def _lifted_leg(
    limbs: dict[str, Array], side: Side, share: float, reach: float
) -> dict[str, Array]:
    if share <= 0:
        return {}
    full = share * reach
    return {
        f"thigh_{side}": _turn_towards(limbs[f"thigh_{side}"], direction(-91.0), full),
        f"shank_{side}": direction(-89.0 - 5.0 * np.sin(np.pi * share) - 1.0 * full),
        f"foot_{side}": direction(-84.0 + 62.0 * full),
    }


def prone(body: Body, spine: Spine, heading: float = 0.0) -> Pose:
    """Face down, head towards +x, arms in a W carried by the chest; pelvis stays on the mat."""
    s, size = body.scale, lengths(body)
    root = np.array([-0.12, 0.098 * body.girth, 0.0]) * s
    rest = replace(trunk_pose(Spine(neck=PRONE_NECK, head=PRONE_HEAD), root, 0.0))
    still = forward(body, rest)
    front = still.at("T6", np.array([0.115 * body.chest_depth, 0.0, 0.0]) * s) - root
    rest = replace(rest, pitch=pitch_for_height(front, PRONE_CHEST * s - root[1]))
    lifted = replace(spine, neck=spine.neck + PRONE_NECK, head=spine.head + PRONE_HEAD)
    pose = replace(trunk_pose(lifted, root, 0.0), pitch=rest.pitch)
    carry = forward(body, pose).r("T4") @ forward(body, rest).r("T4").T
    limbs: dict[str, Array] = {}
    for side in SIDES:
        z = lateral(side)
        limbs[f"upper_arm_{side}"] = unit(carry @ np.array([-0.42, -0.10, 0.9 * z]))
        limbs[f"forearm_{side}"] = unit(carry @ np.array([1.0, -0.03, -0.12 * z]))
        limbs[f"hand_{side}"] = unit(carry @ np.array([1.0, -0.02, -0.2 * z]))
        drop = np.degrees(np.arcsin((root[1] - 0.065 * s) / size.thigh))
        limbs[f"thigh_{side}"] = direction(float(-90.0 + drop), 0.08 * z)
        limbs[f"shank_{side}"] = direction(-89.0, 0.02 * z)
        limbs[f"foot_{side}"] = direction(-78.0, 0.1 * z)
    return replace(pose, limbs=limbs, heading=heading, pronation=90.0)


def unit(v: Array) -> Array:
    """Vector (3,) of length 1 along v."""
    scaled: Array = v / np.linalg.norm(v)
    return scaled


def seat_height(body: Body) -> float:
    """Height of the stool that suits the body, metres."""
    return lengths(body).shank + lengths(body).ankle_height - 0.06 * body.scale


def seated(body: Body, spine: Spine, heading: float = 0.0) -> Pose:
    """Sitting upright facing +x, arms crossed on the chest and carried by it."""
    s = body.scale
    root = np.array([-0.05 * s, seat_height(body) + 0.088 * s * body.girth, 0.0])
    lowered = replace(spine, lumbar=spine.lumbar + SEAT_LUMBAR)
    pose = replace(trunk_pose(lowered, root, 0.0), pitch=SEAT_PITCH)
    forwards = np.array([0.03, 0.0, 0.0]) * s
    pose = replace(pose, girdle=dict.fromkeys(SIDES, forwards), pronation=60.0)
    frames = forward(body, pose)
    limbs: dict[str, Array] = {}
    for side in SIDES:
        z = lateral(side)
        limbs |= crossed_arm(body, frames, side)
        limbs[f"thigh_{side}"] = direction(84.0, 0.10 * z)
        limbs[f"shank_{side}"] = direction(3.0)
        limbs[f"foot_{side}"] = direction(90.0, 0.12 * z)
    return replace(pose, limbs=limbs, heading=heading)


def crossed_arm(body: Body, frames: Frames, side: Side) -> dict[str, Array]:
    """Arm folded over the chest and carried by it, the left one in front."""
    s, size, z = body.scale, lengths(body), lateral(side)
    shoulder = frames.o(f"girdle_{side}")
    above = 0.03 if side == "left" else 0.0
    aim = np.array([0.135 * body.chest_depth + above, 0.02 - above, -0.11 * z]) * s
    wrist = frames.at("T4", aim)
    pole = frames.r("T4") @ np.array([0.35, -1.0, 0.35 * z])
    upper, fore = two_link(shoulder, wrist, size.upper_arm, size.forearm, pole)
    hand = unit(fore + 0.25 * (frames.r("T4") @ np.array([-1.0, 0.3, 0.0])))
    return {f"upper_arm_{side}": upper, f"forearm_{side}": fore, f"hand_{side}": hand}


def walking(body: Body, time: float, speed: float = 1.1) -> Pose:
    """Walk towards +x, at x = 0 when time is 0; speed in metres per second."""
    size = lengths(body)
    phase = 2 * np.pi * time * speed / (0.78 * body.height)
    limbs: dict[str, Array] = {}
    for side in SIDES:
        z = lateral(side)
        step = np.sin(phase + (np.pi if side == "right" else 0.0))
        ahead = np.cos(phase + (np.pi if side == "right" else 0.0))
        thigh = 4.0 + 22.0 * step
        bend = 12.0 + 42.0 * max(ahead, 0.0) ** 2
        limbs[f"thigh_{side}"] = direction(thigh)
        limbs[f"shank_{side}"] = direction(thigh - bend)
        limbs[f"foot_{side}"] = direction(88.0 + thigh - 0.6 * bend)
        limbs[f"upper_arm_{side}"] = direction(-20.0 * step, 0.14 * z)
        limbs[f"forearm_{side}"] = direction(-20.0 * step + 22.0, 0.05 * z)
        limbs[f"hand_{side}"] = direction(-18.0 * step + 26.0)
    height = size.thigh + size.shank + size.ankle_height
    bob = 0.02 * np.cos(2 * phase) - 0.04
    return Pose(np.array([speed * time, height + bob * body.scale, 0.0]), limbs=limbs)
