"""What the arms do in a posture, given where the trunk has come to."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from midback.phantom.body import Body
from midback.phantom.cases import Arms
from midback.phantom.intent import Intent
from midback.phantom.poses import crossed_arm, lateral, unit
from midback.phantom.skeleton import SIDES, Frames, Side, direction, lengths, two_link

Array = NDArray[np.float64]

_AHEAD = {"crossed": 0.03, "forward": 0.035, "hips": -0.005}  # shoulder, metres at 1.75 m
_ABOVE = {"overhead": 0.035}
PRONATION = {"crossed": 60.0, "forward": 60.0, "overhead": 0.0, "hips": 20.0, "hanging": 40.0}
_RETRACTION = 0.0003  # metres backward per degree of thoracic extension


def girdle(body: Body, intent: Intent, ahead: float = 0.0, above: float = 0.0) -> dict[str, Array]:
    """Shift (3,) of each shoulder on the thorax: hiked by intent.hike, turned by intent.girdle."""
    half = lengths(body).shoulder_half_width
    shifts: dict[str, Array] = {}
    for side in SIDES:
        turned = half * np.sin(np.radians(intent.girdle)) * lateral(side)
        x = ahead * body.scale + turned - _RETRACTION * intent.thoracic
        shifts[side] = np.array([x, above * body.scale + 0.01 * intent.hike, 0.0])
    return shifts


def girdle_for(body: Body, arms: Arms, intent: Intent) -> dict[str, Array]:
    """Shift of the shoulders that goes with what the arms do."""
    return girdle(body, intent, _AHEAD.get(arms, 0.0), _ABOVE.get(arms, 0.0))


def arm(body: Body, frames: Frames, carry: Array, arms: Arms, side: Side) -> dict[str, Array]:
    """Directions of upper arm, forearm and hand; carry: how the thorax turned from neutral."""
    if arms == "crossed":
        return crossed_arm(body, frames, side)
    if arms == "hips":
        return _on_hip(body, frames, side)
    z = lateral(side)
    if arms == "hanging":
        wide = 0.13 + 0.15 * max(body.girth - 1.0, 0.0)
        return _named(side, direction(2.0, wide * z), direction(14.0, 0.03 * z), direction(16.0))
    if arms == "forward":
        straight = (direction(90.0, 0.03 * z), direction(91.0, 0.0), direction(90.0))
    else:
        straight = (direction(168.0, 0.16 * z), direction(172.0, 0.02 * z), direction(172.0))
    return _named(side, *(carry @ bone for bone in straight))


def _on_hip(body: Body, frames: Frames, side: Side) -> dict[str, Array]:
    """Hand on the iliac crest, thumb backward, elbow out and a little back."""
    size, s, z = lengths(body), body.scale, lateral(side)
    wrist = frames.at("pelvis", np.array([-0.01, 0.085, z * (0.165 * body.girth + 0.035)]) * s)
    pole = frames.r("T4") @ np.array([-0.45, 0.0, z])
    shoulder = frames.o(f"girdle_{side}")
    upper, fore = two_link(shoulder, wrist, size.upper_arm, size.forearm, pole)
    hand = unit(frames.r("pelvis") @ np.array([0.85, -0.55, -0.12 * z]))
    return _named(side, upper, fore, hand)


def _named(side: Side, upper: Array, fore: Array, hand: Array) -> dict[str, Array]:
    return {f"upper_arm_{side}": upper, f"forearm_{side}": fore, f"hand_{side}": hand}
