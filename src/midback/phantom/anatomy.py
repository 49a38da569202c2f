"""The solids that make up a body, placed on its skeleton in the binding pose."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from midback.phantom.body import Body
from midback.phantom.skeleton import SIDES, SPINE, Frames, Side, lengths
from midback.phantom.solid import Cone, Ellipsoid, Primitive, Trunk

Array = NDArray[np.float64]

STEPS = 8  # trunk curve points per spine level

# spine level: half width, depth in front of the spine, depth behind it (metres at 1.75 m)
_PROFILE = {
    "crotch": (0.125, 0.085, 0.085),
    "pelvis": (0.160, 0.100, 0.110),
    "L5": (0.152, 0.125, 0.078),
    "L3": (0.138, 0.132, 0.062),
    "L1": (0.138, 0.130, 0.062),
    "T10": (0.146, 0.134, 0.064),
    "T8": (0.152, 0.136, 0.065),
    "T6": (0.152, 0.126, 0.065),
    "T4": (0.142, 0.104, 0.063),
    "T1": (0.098, 0.066, 0.060),
    "C6": (0.062, 0.050, 0.058),
}
_FRONT_LEVELS = ("L3", "L1", "T10", "T8", "T6", "T4")


def _v(x: float, y: float, z: float = 0.0) -> Array:
    return np.array([x, y, z])


def spine_curve(body: Body, frames: Frames) -> tuple[Array, list[str]]:
    """Points (K, 2) of the trunk's axis in the binding pose, and the level name of each."""
    low = frames.at("pelvis", _v(0.0, -0.055) * body.scale)
    levels = ["crotch", "pelvis", *SPINE[:-2]]
    points = [low, *(frames.o(name) for name in levels[1:])]
    return np.array(points)[:, :2], levels


def trunk(body: Body, frames: Frames) -> Trunk:
    """Build the torso from crotch to neck base, finely resampled along a smooth curve."""
    from scipy.interpolate import PchipInterpolator

    curve, levels = spine_curve(body, frames)
    known = [i for i, name in enumerate(levels) if name in _PROFILE]
    table = np.array([_PROFILE[levels[i]] for i in known]) * body.scale
    table[:, 0] *= body.girth
    table[:, 1] *= [body.chest_depth if levels[i] in _FRONT_LEVELS else body.girth for i in known]
    fine = np.linspace(0, len(levels) - 1, STEPS * (len(levels) - 1) + 1)
    profile = PchipInterpolator(known, table)(fine)
    smooth = PchipInterpolator(np.arange(len(levels)), curve)(fine)
    return Trunk("spine", smooth, profile[:, 0], profile[:, 1], profile[:, 2], 0.03)


def _arm(body: Body, frames: Frames, side: Side) -> list[Primitive]:
    s, g, size = body.scale, body.scale * body.girth, lengths(body)
    upper, fore, hand = (frames.o(f"{b}_{side}") for b in ("upper_arm", "forearm", "hand"))
    girdle = f"girdle_{side}"
    z = -1.0 if side == "left" else 1.0
    neck = frames.at("T1", _v(0.0, 0.0, 0.035 * z) * s)
    sleeve = upper + 0.62 * (fore - upper)
    names = {b: f"{b}_{side}" for b in ("upper_arm", "forearm", "hand")}
    chest = frames.at(girdle, _v(0.045, -0.06, -0.055 * z) * s)
    blade = frames.at(girdle, _v(-0.035, -0.055, -0.065 * z) * s)
    parts: list[Primitive] = [
        Cone(girdle, neck, upper, 0.045 * g, 0.052 * g, 0.05),
        Cone(girdle, chest, upper, 0.055 * g, 0.05 * g, 0.05),
        Cone(girdle, blade, upper, 0.05 * g, 0.05 * g, 0.05),
        Cone(names["upper_arm"], upper, fore, 0.054 * g, 0.041 * g, 0.045),
        Cone(names["upper_arm"], upper, sleeve, 0.062 * g, 0.057 * g, 0.012),
        Cone(names["forearm"], fore, fore + 0.35 * (hand - fore), 0.041 * g, 0.042 * g, 0.02),
        Cone(names["forearm"], fore, hand, 0.041 * g, 0.026 * g, 0.02),
    ]
    frame = frames.r(names["hand"])
    palm = frames.at(names["hand"], _v(0.0, -0.052, 0.0) * s)
    radii = _v(0.042, 0.055, 0.018) * s
    parts.append(Ellipsoid(names["hand"], palm, frame, radii, 0.02))
    for k, reach in enumerate((0.155, 0.178, 0.17, 0.145)):
        base = frames.at(names["hand"], _v(0.027 - 0.018 * k, -0.085, 0.0) * s)
        tip = frames.at(names["hand"], _v(0.030 - 0.020 * k, -reach * size.hand / (0.18 * s)) * s)
        parts.append(Cone(names["hand"], base, tip, 0.0105 * s, 0.0085 * s, 0.008))
    thumb = (_v(0.03, -0.03) * s, _v(0.068, -0.09) * s)
    a, b = (frames.at(names["hand"], p) for p in thumb)
    parts.append(Cone(names["hand"], a, b, 0.014 * s, 0.0095 * s, 0.01))
    return parts


def _leg(body: Body, frames: Frames, side: Side) -> list[Primitive]:
    s, g, size = body.scale, body.scale * body.girth, lengths(body)
    z = -1.0 if side == "left" else 1.0
    hip, knee, ankle = (frames.o(f"{b}_{side}") for b in ("thigh", "shank", "foot"))
    shank, foot = f"shank_{side}", f"foot_{side}"
    glute = frames.at("pelvis", _v(-0.045, 0.012, 0.068 * z) * s)
    calf = frames.at(shank, _v(-0.016, -0.28 * size.shank / s) * s)
    cuff = frames.at(shank, _v(0.0, -0.9 * size.shank / s) * s)
    heel = frames.at(foot, _v(-0.035, -0.038) * s)
    ball = frames.at(foot, _v(0.125, -0.048) * s)
    toe = frames.at(foot, _v(0.178, -0.052) * s)
    radii = _v(0.085, 0.088, 0.082) * g
    frame = frames.r(f"thigh_{side}")
    mid = frames.at(f"thigh_{side}", _v(0.012, -0.16) * s)
    return [
        Ellipsoid("pelvis", glute, frames.r("pelvis"), radii, 0.05),
        Cone(f"thigh_{side}", hip, knee, 0.078 * g, 0.055 * g, 0.05),
        Ellipsoid(f"thigh_{side}", mid, frame, _v(0.084, 0.16, 0.08) * g, 0.04),
        Cone(shank, knee, ankle, 0.054 * g, 0.037 * g, 0.03),
        Ellipsoid(shank, calf, frames.r(shank), _v(0.056, 0.115, 0.054) * g, 0.03),
        Cone(shank, cuff - 0.02 * (ankle - knee), cuff, 0.045 * g, 0.046 * g, 0.01),
        Cone(foot, ankle, heel, 0.034 * s, 0.034 * s, 0.02),
        Cone(foot, ankle, ball, 0.036 * s, 0.03 * s, 0.03),
        Cone(foot, heel, ball, 0.033 * s, 0.032 * s, 0.02),
        Cone(foot, ball, toe, 0.031 * s, 0.025 * s, 0.02),
    ]


def torso_parts(body: Body, frames: Frames) -> list[Primitive]:
    """Everything but the head."""
    s = body.scale
    parts: list[Primitive] = [trunk(body, frames)]
    if body.bust:
        for z in (-1.0, 1.0):
            centre = frames.at("T8", _v(0.085 * body.chest_depth, 0.0, 0.068 * z) * s)
            radii = _v(0.06, 0.065, 0.062) * (s * (0.75 + 0.25 * body.bust))
            parts.append(Ellipsoid("T8", centre, frames.r("T8"), radii, 0.05))
    for side in SIDES:
        parts += _arm(body, frames, side) + _leg(body, frames, side)
    base, top = frames.at("T1", _v(-0.004, 0.02) * s), frames.at("head", _v(0.0, 0.03) * s)
    parts.append(Cone("C6", base, top, 0.06 * s, 0.055 * s, 0.045))
    return parts


def head_parts(body: Body, frames: Frames) -> list[Primitive]:
    """Skull, jaw, nose and ears; the head bone's origin is the top of the neck."""
    s, r = body.scale, frames.r("head")

    def place(x: float, y: float, z: float = 0.0) -> Array:
        return frames.at("head", _v(x, y, z) * s)

    parts: list[Primitive] = [
        Ellipsoid("head", place(0.008, 0.105), r, _v(0.098, 0.102, 0.076) * s, 0.03),
        Ellipsoid("head", place(0.045, 0.03), r, _v(0.062, 0.062, 0.058) * s, 0.04),
        Ellipsoid("head", place(0.08, -0.012), r, _v(0.026, 0.02, 0.026) * s, 0.03),
        Cone("head", place(0.098, 0.085), place(0.122, 0.05), 0.009 * s, 0.014 * s, 0.018),
        Ellipsoid("head", place(0.097, 0.016), r, _v(0.014, 0.008, 0.024) * s, 0.012),
        Cone("head", place(0.0, 0.02), place(0.0, -0.04), 0.056 * s, 0.056 * s, 0.04),
    ]
    for z in (-1.0, 1.0):
        ear = _v(0.018, 0.032, 0.010) * s
        parts.append(Ellipsoid("head", place(0.002, 0.065, 0.077 * z), r, ear, 0.008))
        brow = (place(0.098, 0.098, 0.014 * z), place(0.088, 0.1, 0.048 * z))
        parts.append(Cone("head", *brow, 0.008 * s, 0.007 * s, 0.015))
    return parts


def hair_parts(body: Body, frames: Frames) -> list[Primitive]:
    """Hair as a shell around the skull, open at the face; none when bald."""
    if body.hair == "bald":
        return []
    s, r = body.scale, frames.r("head")

    def place(x: float, y: float, z: float = 0.0) -> Array:
        return frames.at("head", _v(x, y, z) * s)

    parts: list[Primitive] = [
        Ellipsoid("head", place(-0.006, 0.122), r, _v(0.102, 0.096, 0.082) * s, 0.03),
        Ellipsoid("head", place(-0.038, 0.085), r, _v(0.07, 0.085, 0.077) * s, 0.03),
    ]
    if body.hair == "bun":
        parts.append(Ellipsoid("head", place(-0.09, 0.175), r, _v(0.04, 0.038, 0.04) * s, 0.015))
    if body.hair == "bob":
        parts.append(Ellipsoid("head", place(-0.04, 0.06), r, _v(0.068, 0.095, 0.086) * s, 0.03))
    if body.hair == "long":
        parts += _long_hair(body, frames)
    return parts


def _long_hair(body: Body, frames: Frames) -> list[Primitive]:
    """Hair from the back of the head over the neck and down to between the shoulder blades."""
    s, g = body.scale, body.girth
    knots = (("T1", -0.074 * g), ("T4", -0.070 * g), ("T6", -0.070 * g))
    nape = frames.at("head", _v(-0.045, 0.05) * s)
    parts: list[Primitive] = [
        Ellipsoid("head", nape, frames.r("head"), _v(0.062, 0.1, 0.082) * s, 0.03)
    ]
    for z in (-0.055, -0.018, 0.018, 0.055):
        above = frames.at("head", _v(-0.06, 0.0, z) * s)
        for bone, (level, x) in zip(("C3", "T1", "T4"), knots, strict=True):
            below = frames.at(level, _v(x, 0.0, 1.15 * z) * s)
            parts.append(Cone(bone, above, below, 0.03 * s, 0.026 * s, 0.03))
            above = below
    return parts


def eye_parts(body: Body, frames: Frames) -> list[Primitive]:
    """Eyeballs, looking forward."""
    s, r = body.scale, frames.r("head")
    radii = _v(0.013, 0.010, 0.015) * s
    return [
        Ellipsoid("head", frames.at("head", _v(0.089, 0.078, z * 0.032) * s), r, radii, 0.002)
        for z in (-1.0, 1.0)
    ]
