"""Lying on one side, knees bent, for the open-book rotation."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from midback.phantom.arms import girdle
from midback.phantom.body import Body
from midback.phantom.intent import Intent
from midback.phantom.poses import lateral, trunk_pose, unit
from midback.phantom.skeleton import Frames, Pose, Side, forward, lengths, rot, two_link

Array = NDArray[np.float64]

HIP_BEND, KNEE_BEND = 50.0, 55.0
OPENING = 1.4  # degrees the upper arm opens on the thorax per degree of rotation


def side_lying(body: Body, intent: Intent, down: Side) -> Pose:
    """On the side `down`, head towards +x; lying on the right side the back is at +z."""
    s, sign = body.scale, lateral(down)
    upper: Side = "left" if down == "right" else "right"
    root = np.array([0.0, 0.165 * body.girth * s, 0.0])
    still = replace(trunk_pose(Intent().spine, root, 0.0), pitch=-90.0, roll=90.0 * sign)
    pose = replace(trunk_pose(intent.spine, root, 0.0), pitch=-90.0 + 0.3 * intent.sway)
    pose = replace(pose, roll=90.0 * sign + intent.roll, girdle=_girdle(body, intent, down))
    still = replace(still, girdle=_girdle(body, Intent(), down))
    frames, rest = forward(body, pose), forward(body, still)
    limbs = _legs(body, frames, rest, down)
    low, wrist = _lower_arm(body, frames, down)
    limbs |= low | _upper_arm(body, frames, rest, upper, wrist, sign * intent.twist)
    return replace(pose, limbs=limbs, pronation=40.0)


def _girdle(body: Body, intent: Intent, down: Side) -> dict[str, Array]:
    """Shoulders: the lower one drawn forward from under the thorax."""
    s = body.scale
    shifts = girdle(body, intent)
    shifts[down] = shifts[down] + np.array([0.07, 0.01, -0.06 * lateral(down)]) * s
    other = "left" if down == "right" else "right"
    shifts[other] = shifts[other] + np.array([0.035, 0.0, 0.0]) * s
    return shifts


def _legs(body: Body, frames: Frames, rest: Frames, down: Side) -> dict[str, Array]:
    """Both legs bent alike, each knee at its height over the mat."""
    s, size, pelvis = body.scale, lengths(body), rest.r("pelvis")
    limbs: dict[str, Array] = {}
    for side in ("left", "right"):
        level = (0.065 if side == down else 0.185) * s * (0.4 + 0.6 * body.girth)
        hip = frames.o(f"thigh_{side}")
        a, b = np.radians([HIP_BEND, HIP_BEND - KNEE_BEND])
        thigh = pelvis @ np.array([np.sin(a), -np.cos(a), 0.0])
        thigh[1] = (level - hip[1]) / size.thigh
        limbs[f"thigh_{side}"] = unit(thigh)
        shank = pelvis @ np.array([np.sin(b), -np.cos(b), 0.0])
        limbs[f"shank_{side}"] = unit(shank + np.array([0.0, -0.02, 0.0]))
    return limbs


def _lower_arm(body: Body, frames: Frames, side: Side) -> tuple[dict[str, Array], Array]:
    """Arm on the mat straight ahead of the chest, and where its wrist is."""
    s, size = body.scale, lengths(body)
    shoulder = frames.o(f"girdle_{side}")
    ahead = np.array([0.0, 0.0, -lateral(side)])
    upper = ahead + np.array([0.12, 0.0, 0.0])
    upper[1] = (0.05 * s - shoulder[1]) / size.upper_arm
    upper = unit(upper)
    fore = unit(ahead + np.array([0.05, -0.02, 0.0]))
    wrist: Array = shoulder + size.upper_arm * upper + size.forearm * fore
    names = (f"upper_arm_{side}", f"forearm_{side}", f"hand_{side}")
    return dict(zip(names, (upper, fore, unit(fore * [1.0, 0.0, 1.0])), strict=True)), wrist


def _upper_arm(
    body: Body, frames: Frames, rest: Frames, side: Side, below: Array, opened: float
) -> dict[str, Array]:
    """Arm that rests on the other one and opens with the thorax and beyond it."""
    size = lengths(body)
    target = below + np.array([0.0, 0.075 * body.scale, 0.0])
    pole = np.array([-0.3, 1.0, 0.0])
    upper, fore = two_link(rest.o(f"girdle_{side}"), target, size.upper_arm, size.forearm, pole)
    hand = unit(fore * [1.0, 0.3, 1.0])
    opening = rot(1, OPENING * max(opened, 0.0) * -lateral(side))
    carry = frames.r("T4") @ opening @ rest.r("T4").T
    names = (f"upper_arm_{side}", f"forearm_{side}", f"hand_{side}")
    return {name: carry @ bone for name, bone in zip(names, (upper, fore, hand), strict=True)}
