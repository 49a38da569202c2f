"""Which part of the torso's skin wears what."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from midback.phantom import anatomy, look
from midback.phantom.body import Body
from midback.phantom.skeleton import BONES, SIDES, SPINE, Frames

Array = NDArray[np.float64]

SLEEVE = 0.205
CUFF = 0.385


def _starts(names: NDArray[np.str_], *prefixes: str) -> NDArray[np.bool_]:
    found = np.zeros(len(names), dtype=bool)
    for prefix in prefixes:
        found |= np.char.startswith(names, prefix)
    return found


def _below(frames: Frames, bone: str, points: Array) -> Array:
    """Positions (N, 3) in a bone's frame with y running from its joint to its far end."""
    local = (points - frames.o(bone)) @ frames.r(bone)
    below: Array = local * np.array([1.0, -1.0, 1.0])
    return below


def _names(weights: Array) -> NDArray[np.str_]:
    names: NDArray[np.str_] = np.array(BONES)[weights.argmax(axis=1)]
    return names


def _on_trunk(names: NDArray[np.str_]) -> NDArray[np.bool_]:
    return np.isin(names, ["pelvis", *SPINE[:-3]]) | _starts(names, "girdle")


def shirt(
    body: Body, frames: Frames, points: Array, weights: Array
) -> tuple[NDArray[np.bool_], Array, Array]:
    """Which vertices (N,) of the trunk, sleeves left out, the shirt covers in the binding pose.

    Also their spine level, as in anatomy.spine_curve, and how far before the spine they are.
    """
    level, anterior, _ = anatomy.trunk(body, frames).project(points[:, 0], points[:, 1])
    level = level / anatomy.STEPS
    return _on_trunk(_names(weights)) & (level > body.clothes.hem), level, anterior


def torso(body: Body, frames: Frames, points: Array, weights: Array) -> Array:
    """Colours (N, 3) in the binding pose: each vertex belongs to the bone that holds it most."""
    seed, clothes = look.seed_of(body), body.clothes
    names, trunk = _names(weights), _on_trunk(_names(weights))
    covered, level, _ = shirt(body, frames, points, weights)
    along, seam = 0.05 * level, np.ones(len(points))
    pants = _starts(names, "thigh", "shank") | (trunk & ~covered)
    for side in SIDES:
        arm = _below(frames, f"upper_arm_{side}", points)[:, 1]
        sleeve = names == f"upper_arm_{side}"
        covered |= sleeve & (arm < SLEEVE * body.scale)
        along = np.where(sleeve, 0.02 + arm, along)
        shank = _below(frames, f"shank_{side}", points)[:, 1]
        pants &= ~((names == f"shank_{side}") & (shank > CUFF * body.scale))
        for bone in (f"thigh_{side}", f"shank_{side}"):
            local = _below(frames, bone, points)
            outer = (local[:, 2] > 0) == (side == "right")
            seam = np.where((names == bone) & outer, local[:, 0], seam)
    colour = look.skin(body, points)
    colour[covered] = look.shirt(clothes, along, points, seed)[covered]
    colour[pants] = look.trousers(clothes, seam, points, seed)[pants]
    shoe = _starts(names, "foot")
    colour[shoe] = look.shoe(clothes, points, seed)[shoe]
    return np.clip(colour, 0.0, 1.0)
