"""Postures on one side, belly to the camera: side plank and side-lying leg lift."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from midback.phantom.body import Body
from midback.phantom.poses import lateral, trunk_pose, unit
from midback.phantom.sets.floor import PLANK_TRUNK, Channels, spine_of
from midback.phantom.skeleton import SIDES, Pose, Side, forward, lengths

Array = NDArray[np.float64]

DOWN: Side = "left"  # head towards +x, the belly faces the camera
UPPER: Side = "right"
_LYING = 6.0  # degrees the legs rise while the hips lie on the floor


def _on_side(body: Body, v: Channels, root: Array, slope: float) -> Pose:
    """Trunk on its left side; slope: degrees by which it rises towards the head."""
    roll = 90.0 * lateral(DOWN) + v.get("roll", 0.0)
    return replace(trunk_pose(spine_of(v), root, 0.0), pitch=-90.0 + slope, roll=roll, twist=0.0)


def side_plank(body: Body, v: Channels, side: Side | None) -> Pose:
    """On the left forearm and the feet; up: share 0..1 of the way up, hips: degrees they sink."""
    s, size = body.scale, lengths(body)
    leg, trunk = size.thigh + size.shank, PLANK_TRUNK * s
    up = v.get("up", 1.0)
    ankle = np.array([-0.95, 0.06, 0.0]) * s
    middle = size.upper_arm + 0.06 * s + size.shoulder_half_width
    straight = float(np.degrees(np.arcsin((middle - ankle[1]) / (leg + trunk))))
    rise = up * (straight - v.get("hips", 0.0)) + (1 - up) * _LYING
    root = ankle + leg * np.array([np.cos(np.radians(rise)), np.sin(np.radians(rise)), 0.0])
    lean = float(np.degrees(np.arcsin(np.clip((middle - root[1]) / trunk, -1, 1))))
    pose = _on_side(body, v, root, lean)
    frames = forward(body, pose)
    limbs = _legs(rise, 0.0)
    limbs[f"upper_arm_{DOWN}"] = unit(np.array([0.05, -1.0, 0.1]))
    for bone in ("forearm", "hand"):
        limbs[f"{bone}_{DOWN}"] = unit(np.array([0.25, -0.02, 1.0]))
    along = -frames.r("T4")[:, 1]
    for bone in ("upper_arm", "forearm", "hand"):
        limbs[f"{bone}_{UPPER}"] = unit(along + np.array([0.0, 0.10, 0.0]))
    return replace(pose, limbs=limbs)


def leg_lift(body: Body, v: Channels, side: Side | None) -> Pose:
    """Lying on the left side, legs long; lift: degrees the upper leg is raised."""
    s = body.scale
    root = np.array([-0.05, 0.165 * body.girth, 0.0]) * s
    pose = _on_side(body, v, root + np.array([v.get("shift", 0.0), 0.0, 0.0]), 0.0)
    under = np.array([0.07, 0.01, -0.07 * lateral(DOWN)]) * s  # drawn forward from under the chest
    pose = replace(pose, girdle={DOWN: under})
    frames = forward(body, pose)
    limbs = _legs(0.0, v.get("lift", 0.0))
    low = frames.o(f"girdle_{DOWN}")
    limbs[f"upper_arm_{DOWN}"] = unit(np.array([1.0, (0.05 * s - low[1]) / 0.3, 0.35]))
    limbs[f"forearm_{DOWN}"] = limbs[f"hand_{DOWN}"] = unit(np.array([1.0, 0.0, 0.05]))
    high = frames.o(f"girdle_{UPPER}")
    limbs[f"upper_arm_{UPPER}"] = unit(np.array([-0.45, -0.42, 0.9]))
    limbs[f"forearm_{UPPER}"] = unit(np.array([0.25, -(high[1] - 0.15 * s) / 0.4, 0.55]))
    limbs[f"hand_{UPPER}"] = unit(np.array([0.8, -0.1, 0.5]))
    return replace(pose, limbs=limbs)


def _legs(rise: float, lift: float) -> dict[str, Array]:
    """Both legs along the body, the upper one raised in the plane of the picture."""
    limbs: dict[str, Array] = {}
    for each in SIDES:
        tilt = np.radians(-rise + (lift if each == UPPER else 0.0))
        leg = np.array([-np.cos(tilt), np.sin(tilt), 0.0])
        limbs |= {f"thigh_{each}": leg, f"shank_{each}": leg}
        limbs[f"foot_{each}"] = unit(np.array([-0.25, 0.0, 1.0]))
    return limbs
