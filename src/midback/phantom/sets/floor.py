"""Postures on hands, knees, belly, back and toes, from named channels."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from midback.phantom.body import Body
from midback.phantom.poses import (
    WRIST,
    Spine,
    kneeling_leg,
    lateral,
    pitch_for_height,
    prone,
    quadruped,
    support_arm,
    trunk_pose,
    unit,
)
from midback.phantom.skeleton import (
    SIDES,
    Pose,
    Side,
    direction,
    forward,
    lengths,
    two_link,
)

Array = NDArray[np.float64]
Channels = Mapping[str, float]

KNEE = 0.05  # height of a knee on the mat at 1.75 m
PLANK_TRUNK = 0.52  # hips to shoulders at 1.75 m
_TOES, _TOE_ANKLE = -1.08, 0.205


def spine_of(v: Channels) -> Spine:
    """The part of the channels that the trunk and the head do."""
    return Spine(
        v.get("lumbar", 0.0),
        v.get("thoracic", 0.0),
        v.get("neck", 0.0),
        v.get("head", 0.0),
        v.get("roll", 0.0),
        v.get("sag", 0.0),
        v.get("turn", 0.0),
    )


def bird_dog(body: Body, v: Channels, side: Side | None) -> Pose:
    """On all fours; lift: share of the full lift of the side's arm and the other leg."""
    lift: dict[str, float] = {}
    if side is not None and v.get("lift", 0.0) > 0.0:
        other = "right" if side == "left" else "left"
        lift = {f"arm_{side}": v["lift"], f"leg_{other}": v["lift"]}
    turned = -v.get("roll", 0.0) if side == "left" else v.get("roll", 0.0)
    pose = quadruped(body, replace(spine_of(v), roll=turned), lift)
    return _rocked(body, pose, v.get("shift", 0.0), lift)


def wave(body: Body, v: Channels, side: Side | None) -> Pose:
    """On all fours without a lift: the back rounds and sinks between hands and knees."""
    return bird_dog(body, {**v, "lift": 0.0}, None)


def open_arm(body: Body, v: Channels, side: Side | None) -> Pose:
    """On all fours; the near arm opens out and up by `open` degrees while the thorax turns."""
    opened = v.get("open", 0.0)
    turn = -v.get("turn", 0.0)  # head to the right: the right side is near
    pose = quadruped(body, replace(spine_of(v), turn=turn), {})
    pose = _rocked(body, pose, v.get("shift", 0.0), {})
    frames = forward(body, pose)
    out = np.radians(opened)
    arm = unit(np.array([0.1, -np.cos(out), np.sin(out)]))
    limbs = {**pose.limbs, "upper_arm_right": arm, "forearm_right": arm, "hand_right": arm}
    limbs |= support_arm(body, frames.o("girdle_left"), _root(body), "left")
    return replace(pose, limbs=limbs)


def lying_prone(body: Body, v: Channels, side: Side | None) -> Pose:
    """Face down, arms in a W carried by the chest."""
    return prone(body, spine_of(v))


def _root(body: Body) -> Array:
    """Hips over the knees on all fours."""
    return np.array([-0.30 * body.scale, KNEE * body.scale + lengths(body).thigh, 0.0])


def _rocked(body: Body, pose: Pose, shift: float, lift: Mapping[str, float]) -> Pose:
    """The hips moved forward by `shift` metres; hands and knees on the mat stay there."""
    if not shift:
        return pose
    root = _root(body)
    size = lengths(body)
    down = size.thigh - np.sqrt(size.thigh**2 - shift**2)
    moved = replace(pose, root=pose.root + np.array([shift, -down, 0.0]))
    frames = forward(body, moved)
    limbs = dict(pose.limbs)
    for side in SIDES:
        if not lift.get(f"arm_{side}"):
            limbs |= support_arm(body, frames.o(f"girdle_{side}"), root, side)
        if not lift.get(f"leg_{side}"):
            limbs |= kneeling_leg(root, frames.o(f"thigh_{side}"), side, KNEE * body.scale)
    return replace(moved, limbs=limbs)


def bridge(body: Body, v: Channels, side: Side | None) -> Pose:
    """On the back, head towards -x, feet flat; lift: share of the way of the hips up.

    At 1 the hips are on the line from shoulders to knees; shoulders and feet stay.
    """
    s, size = body.scale, lengths(body)
    lying, rest = 0.10 * body.chest_depth * s, 0.10 * body.girth * s
    high = 0.5 * (lying + size.shank + size.ankle_height)
    hip = rest + v.get("lift", 0.0) * (high - rest)
    pose = replace(trunk_pose(spine_of(v), np.array([0.0, hip, 0.0]), 0.0), pronation=90.0)
    pose = replace(pose, pitch=_supine_pitch(body, pose, lying - hip))
    back = _shoulders(body, pose)[0] + 0.52 * s
    pose = replace(pose, root=pose.root - np.array([back, 0.0, 0.0]))
    ankle = np.array([0.62 * size.thigh, size.ankle_height, 0.0])
    frames = forward(body, pose)
    limbs: dict[str, Array] = {}
    for each in SIDES:
        z, start = lateral(each), frames.o(f"thigh_{each}")
        goal = ankle + np.array([0.0, 0.0, 1.05 * start[2]])
        thigh, shank = two_link(start, goal, size.thigh, size.shank, np.array([0.2, 1.0, 0.0]))
        limbs |= {f"thigh_{each}": thigh, f"shank_{each}": shank}
        limbs[f"foot_{each}"] = direction(89.0, 0.1 * z)
        drop = (0.05 * s - frames.o(f"girdle_{each}")[1]) / (size.upper_arm + size.forearm)
        arm = unit(np.array([1.0, drop, 0.22 * z]))
        limbs |= {f"{bone}_{each}": arm for bone in ("upper_arm", "forearm", "hand")}
    return replace(pose, limbs=limbs)


def _shoulders(body: Body, pose: Pose) -> Array:
    """Point (3,) between the shoulders."""
    frames = forward(body, pose)
    middle: Array = 0.5 * (frames.o("girdle_left") + frames.o("girdle_right"))
    return middle


def _supine_pitch(body: Body, pose: Pose, rise: float) -> float:
    """Pitch at which the shoulders lie `rise` metres above the hips, face up: by halving."""
    low, high = 45.0, 150.0
    for _ in range(20):
        middle = 0.5 * (low + high)
        above = _shoulders(body, replace(pose, pitch=middle))[1] - pose.root[1]
        low, high = (middle, high) if above > rise else (low, middle)
    return 0.5 * (low + high)


def plank(body: Body, v: Channels, side: Side | None) -> Pose:
    """On hands and toes; bend: 0 arms straight, 1 chest low; hips: degrees the legs sink."""
    s, size = body.scale, lengths(body)
    leg = size.thigh + size.shank
    ankle = np.array([_TOES, _TOE_ANKLE, 0.0]) * s
    high = (0.985 - 0.42 * v.get("bend", 0.0)) * (size.upper_arm + size.forearm) + WRIST * s
    rise = float(np.degrees(np.arcsin((high - ankle[1]) / (leg + PLANK_TRUNK * s))))
    rise -= v.get("hips", 0.0)
    root = ankle + leg * np.array([np.cos(np.radians(rise)), np.sin(np.radians(rise)), 0.0])
    pose = replace(trunk_pose(spine_of(v), root, 0.0), pronation=150.0)
    middle = np.array([0.02 * s, PLANK_TRUNK * s, 0.0])
    pose = replace(pose, pitch=pitch_for_height(middle, high - root[1]))
    frames = forward(body, pose)
    under = np.array([_TOES * s + 0.79 * s, 0.0, 0.0])
    limbs: dict[str, Array] = {}
    for each in SIDES:
        limbs |= support_arm(body, frames.o(f"girdle_{each}"), under, each)
        limbs |= {f"{bone}_{each}": direction(rise - 90.0) for bone in ("thigh", "shank")}
        limbs[f"foot_{each}"] = direction(12.0)
    return replace(pose, limbs=limbs)
