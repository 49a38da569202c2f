"""The study's postures, feet, knees and hands kept where they rest."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from midback.phantom.arms import PRONATION, arm, girdle, girdle_for
from midback.phantom.body import Body
from midback.phantom.cases import Case
from midback.phantom.intent import Intent
from midback.phantom.poses import (
    SEAT_LUMBAR,
    SEAT_PITCH,
    WRIST,
    kneeling_leg,
    lateral,
    prone,
    seat_height,
    support_arm,
    trunk_pose,
)
from midback.phantom.side_lying import side_lying
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

SQUAT_DEPTH = 0.19  # share of the leg by which the hips sink
SQUAT_BACK = 0.11  # metres at 1.75 m by which they go back
SQUAT_LEAN = 28.0


def posture(case: Case, intent: Intent) -> Pose:
    """Pose of a case with the given changes from neutral."""
    make: dict[str, Callable[[Case, Intent], Pose]] = {
        "standing": standing,
        "seated": seated,
        "all_fours": all_fours,
        "prone": lying_prone,
        "side_lying": lambda case, intent: side_lying(case.who, intent, case.down),
    }
    return replace(make[case.posture](case, intent), heading=case.heading)


def standing(case: Case, intent: Intent) -> Pose:
    """Upright over fixed feet, knees soft, or as far down in a half squat as intended."""
    body = case.who
    s, size = body.scale, lengths(body)
    leg = size.thigh + size.shank
    root = np.array([0.0, 0.992 * leg + size.ankle_height, 0.0])
    root -= intent.squat * np.array([SQUAT_BACK * s, SQUAT_DEPTH * leg, 0.0])
    pose = replace(
        trunk_pose(intent.spine, root, 0.0), pitch=intent.sway - SQUAT_LEAN * intent.squat
    )
    ankles: dict[Side, Array] = {
        side: np.array([-0.02 * s, size.ankle_height, 1.15 * lateral(side) * size.hip_half_width])
        for side in SIDES
    }
    return _upright(case, intent, pose, ankles)


def seated(case: Case, intent: Intent) -> Pose:
    """Upright on a stool at the origin, feet flat."""
    body = case.who
    s, size = body.scale, lengths(body)
    root = np.array([0.0, seat_height(body) + 0.088 * s * body.girth, 0.0])
    spine = replace(intent.spine, lumbar=intent.lumbar + SEAT_LUMBAR)
    pose = replace(trunk_pose(spine, root, 0.0), pitch=SEAT_PITCH + intent.sway)
    ankles: dict[Side, Array] = {}
    for side in SIDES:
        hip = root + np.array([0.0, 0.0, lateral(side) * size.hip_half_width])
        knee = hip + size.thigh * direction(84.0, 0.1 * lateral(side))
        ankles[side] = knee + size.shank * direction(3.0)
        ankles[side][1] = size.ankle_height
    return _upright(case, intent, pose, ankles)


def _upright(case: Case, intent: Intent, pose: Pose, ankles: dict[Side, Array]) -> Pose:
    body, arms = case.who, case.arms
    still = replace(pose, lumbar=pose.lumbar - intent.lumbar, thoracic=0.0, twist=0.0, bend=0.0)
    still = replace(still, lumbar_twist=0.0, pitch=pose.pitch - intent.sway, roll=0.0)
    pose = replace(pose, girdle=girdle_for(body, arms, intent), pronation=PRONATION[arms])
    frames = forward(body, pose)
    carry = frames.r("T4") @ forward(body, still).r("T4").T
    limbs: dict[str, Array] = {}
    for side in SIDES:
        limbs |= arm(body, frames, carry, arms, side)
        limbs |= _planted_leg(case, intent, frames, ankles[side], side)
    return replace(pose, limbs=limbs)


def _planted_leg(
    case: Case, intent: Intent, frames: Frames, ankle: Array, side: Side
) -> dict[str, Array]:
    """Leg to a foot that stays; its knee points forward, inward by intent.valgus."""
    size, z = lengths(case.who), lateral(side)
    inward = np.radians(intent.valgus)
    pole = np.array([np.cos(inward), 0.3, -z * np.sin(inward) + 0.06 * z])
    hip = frames.o(f"thigh_{side}")
    thigh, shank = two_link(hip, ankle, size.thigh, size.shank, pole)
    return {
        f"thigh_{side}": thigh,
        f"shank_{side}": shank,
        f"foot_{side}": direction(90.0, 0.12 * z),
    }


def all_fours(case: Case, intent: Intent) -> Pose:
    """Hands and knees stay on the mat, head towards +x; the higher arm is straight."""
    body = case.who
    size = lengths(body)
    knee = 0.05 * body.scale
    root = np.array([-0.30 * body.scale, knee + size.thigh, 0.0])
    arms = girdle(body, intent, ahead=0.035)
    pose = replace(trunk_pose(intent.spine, root, 0.0), girdle=arms, pronation=150.0)
    pose = replace(pose, pitch=_pitch_on_hands(body, pose))
    frames = forward(body, pose)
    limbs: dict[str, Array] = {}
    for side in SIDES:
        limbs |= support_arm(body, frames.o(f"girdle_{side}"), root, side)
        limbs |= kneeling_leg(root, frames.o(f"thigh_{side}"), side, knee)
    return replace(pose, limbs=limbs)


def _pitch_on_hands(body: Body, pose: Pose) -> float:
    """Pitch that brings the higher shoulder as high as a nearly straight arm carries it."""
    size = lengths(body)
    goal = 0.985 * (size.upper_arm + size.forearm) + WRIST * body.scale
    pitch = -80.0
    for _ in range(6):
        frames = forward(body, replace(pose, pitch=pitch))
        shoulders = np.array([frames.o(f"girdle_{side}") for side in SIDES])
        higher = shoulders[shoulders[:, 1].argmax()] - pose.root
        pitch -= float(np.degrees((higher[1] + pose.root[1] - goal) / higher[0]))
    return pitch


def lying_prone(case: Case, intent: Intent) -> Pose:
    """Face down, arms in a W; where the thorax turns down, that side's arm stays on the mat."""
    body = case.who
    pose = replace(prone(body, intent.spine), girdle=girdle(body, intent))
    sunk = lengths(body).shoulder_half_width * np.sin(np.radians(abs(intent.twist)))
    raised = float(np.degrees(sunk / lengths(body).thoracic))
    pose = replace(pose, pitch=pose.pitch + intent.sway + 0.5 * raised)
    flat = prone(body, replace(intent.spine, turn=0.0, lumbar_turn=0.0, roll=0.0))
    lower = "right" if intent.twist > 0 else "left"
    kept = {name: v for name, v in flat.limbs.items() if name.endswith(lower)}
    return replace(pose, limbs=pose.limbs | kept)
