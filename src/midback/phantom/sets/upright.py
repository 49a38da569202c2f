"""Postures on the feet, on a stool and on the knees, from named channels."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from midback.phantom import studied_poses
from midback.phantom.arms import girdle
from midback.phantom.body import ANNA, Body
from midback.phantom.cases import Case
from midback.phantom.intent import Intent
from midback.phantom.poses import crossed_arm, lateral, seated, trunk_pose, unit
from midback.phantom.sets.floor import KNEE, Channels, spine_of
from midback.phantom.skeleton import SIDES, Pose, Side, direction, forward, lengths, two_link

Array = NDArray[np.float64]

_UP, _LOW = 152.0, 62.0  # degrees of the upper arms in a wall slide


@dataclass(frozen=True)
class Anyone(Case):
    """A case of the study for any body, also one that has no name there."""

    person: Body = ANNA

    @property
    def who(self) -> Body:
        """The body, dressed."""
        return self.person


def sit(body: Body, v: Channels, side: Side | None) -> Pose:
    """On a stool, arms crossed on the chest."""
    return seated(body, spine_of(v))


def kneel(body: Body, v: Channels, side: Side | None) -> Pose:
    """Upright on both knees, shanks back on the mat, arms crossed on the chest."""
    s, size = body.scale, lengths(body)
    root = np.array([0.0, KNEE * s + size.thigh, 0.0])
    shift = np.array([0.03, 0.0, 0.0]) * s
    pose = replace(trunk_pose(spine_of(v), root, 0.0), pitch=v.get("sway", 0.0), pronation=60.0)
    pose = replace(pose, girdle=dict.fromkeys(SIDES, shift))
    frames = forward(body, pose)
    limbs: dict[str, Array] = {}
    for each in SIDES:
        limbs |= crossed_arm(body, frames, each)
        limbs[f"thigh_{each}"] = direction(0.0, 0.06 * lateral(each))
        limbs[f"shank_{each}"] = direction(-89.0)
        limbs[f"foot_{each}"] = direction(-84.0)
    return replace(pose, limbs=limbs)


def squat(body: Body, v: Channels, side: Side | None) -> Pose:
    """Feet planted, arms reaching forward; depth: 0 upright, 1 half way down."""
    intent = Intent(
        lumbar=v.get("lumbar", 0.0),
        thoracic=v.get("thoracic", 0.0),
        neck=v.get("neck", 0.0),
        head=v.get("head", 0.0),
        squat=v.get("depth", 0.0),
        valgus=v.get("valgus", 0.0),
        sway=v.get("sway", 0.0),
    )
    return studied_poses.standing(
        Anyone("", "", "standing", "still", 0.0, "forward", person=body), intent
    )


def turn(body: Body, v: Channels, side: Side | None) -> Pose:
    """On a stool, arms crossed; turn: degrees of the thorax on the pelvis, to the side."""
    sign = -1.0 if side == "right" else 1.0
    intent = Intent(
        twist=sign * v.get("turn", 0.0),
        roll=sign * v.get("pelvis", 0.0),
        girdle=0.1 * sign * v.get("turn", 0.0),
        lumbar=v.get("lumbar", 0.0),
    )
    return studied_poses.seated(
        Anyone("", "", "seated", "still", 0.0, "crossed", person=body), intent
    )


def _stand(body: Body, v: Channels, arm: Callable[[Array, Side], dict[str, Array]]) -> Pose:
    """Upright on straight legs; arm: limbs of a side from where its shoulder is."""
    s, size = body.scale, lengths(body)
    root = np.array([0.0, 0.992 * (size.thigh + size.shank) + size.ankle_height, 0.0])
    pose = replace(trunk_pose(spine_of(v), root, 0.0), pitch=v.get("sway", 0.0), pronation=20.0)
    lifted = girdle(body, Intent(hike=v.get("hike", 0.0)), above=v.get("scapula", 0.0))
    pose = replace(pose, girdle=lifted)
    frames = forward(body, pose)
    limbs: dict[str, Array] = {}
    for each in SIDES:
        limbs |= arm(frames.o(f"girdle_{each}"), each)
        start, z = frames.o(f"thigh_{each}"), lateral(each)
        foot = np.array([-0.02 * s, size.ankle_height, 1.15 * z * size.hip_half_width])
        thigh, shank = two_link(start, foot, size.thigh, size.shank, np.array([1.0, 0.0, 0.06 * z]))
        limbs |= {f"thigh_{each}": thigh, f"shank_{each}": shank}
        limbs[f"foot_{each}"] = direction(90.0, 0.12 * z)
    return replace(pose, limbs=limbs)


def wall_slide(body: Body, v: Channels, side: Side | None) -> Pose:
    """Standing, forearms upright beside the head slide up; slide: 0 low, 1 arms nearly straight."""
    share = v.get("slide", 0.0)
    out = np.radians(_LOW + share * (_UP - _LOW))
    fore = np.radians(176.0 - 6.0 * share)

    def arm(shoulder: Array, each: Side) -> dict[str, Array]:
        z = lateral(each)
        upper = np.array([0.10, -np.cos(out), z * np.sin(out)])
        lower = np.array([0.04, -np.cos(fore), z * np.sin(fore)])
        names = (f"upper_arm_{each}", f"forearm_{each}", f"hand_{each}")
        return dict(zip(names, map(unit, (upper, lower, lower)), strict=True))

    return _stand(body, {**v, "scapula": 0.03 * share * body.scale}, arm)


def row(body: Body, v: Channels, side: Side | None) -> Pose:
    """Standing, the hands come from ahead to beside the ribs; pull: 0 straight, 1 at the ribs."""
    size, share = lengths(body), v.get("pull", 0.0)
    far = 0.97 * (size.upper_arm + size.forearm)
    near = 0.40 * size.upper_arm

    def arm(shoulder: Array, each: Side) -> dict[str, Array]:
        ahead = far + share * (near - far)
        drop = -0.10 * far - share * 0.62 * size.upper_arm
        wrist = shoulder + np.array([ahead, drop, 0.02 * lateral(each)])
        pole = np.array([-0.6, -1.0, 0.25 * lateral(each)])
        upper, lower = two_link(shoulder, wrist, size.upper_arm, size.forearm, pole)
        names = (f"upper_arm_{each}", f"forearm_{each}", f"hand_{each}")
        return dict(zip(names, (upper, lower, lower), strict=True))

    return _stand(body, v, arm)
