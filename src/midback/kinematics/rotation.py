"""Axial rotation of the shoulder girdle and the pelvis, about the trunk's long axis.

The line from the right shoulder to the left one is turned by phi about the long axis: 0 where the
left shoulder is on the right of the trunk as the picture shows it (a front view), 180 in a view
of the back, -90 and 90 side-on. Two things tell phi. The picture shows the line shortened to
width * cos(phi), exact but blind near 0 and 180; the 3D landmarks give a direction with the
right shape and a wrong size. Each frame takes the phi that agrees best with both, the 3D part
first divided by the person's own gain, which the shortening teaches. Source: science A1 (V2), J.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from midback.kinematics.angles import Plane
from midback.kinematics.skeleton import HIPS, SHOULDERS, Joint, wrap
from midback.vision.pose import Array

WIDTH_NOISE = 0.04
"""Standard deviation of the visible width, in shoulder widths."""

DEPTH_NOISE = 6.0
"""Standard deviation of the direction from 3D landmarks after its gain, degrees."""

GIRDLE_GAIN, PELVIS_GAIN = 0.80, 0.85  # of 3D landmarks against an optical chest and pelvis
_NEUTRAL_TRUST = 0.5  # of the 3D direction: someone told to face the camera does so within 10 deg
_STEPS = 6
CORNERS = [*SHOULDERS, *HIPS]


@dataclass(frozen=True, slots=True)
class Turned:
    """How a line looks about the trunk's long axis. Each (T,).

    shown: its length across the trunk in the picture, pixels, positive to the right of a trunk
    that points up. depth: phi of the 3D landmarks, degrees. trunk: its length, pixels.
    """

    shown: Array
    depth: Array
    trunk: Array


@dataclass(frozen=True, slots=True)
class Calibration:
    """The person's own start position.

    Any shape. width, trunk: of the line and of the trunk, pixels. phi: of the line at the start,
    degrees. depth: the same as the 3D landmarks have it, with their own gain. gain: of the tangent
    of the 3D direction.
    """

    width: Array
    phi: Array
    depth: Array
    gain: Array
    trunk: Array


def turned(points: Array, world: Array, pair: tuple[Joint, Joint]) -> Turned:
    """Read the line of a left-right pair from (T, 33, 3) points and world landmarks."""
    corners = points[:, CORNERS]
    body: Plane = corners[..., 0] + 1j * corners[..., 1]
    trunk = (body[:, 0] + body[:, 1] - body[:, 2] - body[:, 3]) / 2
    first = CORNERS.index(pair[0])
    line = body[:, first] - body[:, first + 1]
    return Turned(_beside(line, trunk), _depth_phi(world, pair), np.abs(trunk))


def _beside(line: Plane, trunk: Plane) -> Array:
    """Length of a line's part across the trunk, positive on the right of a trunk pointing up."""
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.asarray((line * np.conj(-1j * trunk)).real / np.abs(trunk))


def _depth_phi(world: Array, pair: tuple[Joint, Joint]) -> Array:
    """Direction of the line about the trunk's axis in the 3D landmarks, degrees."""
    x, y, z = (world[:, pair[0]] - world[:, pair[1]]).T
    up = world[:, SHOULDERS[0]] + world[:, SHOULDERS[1]] - world[:, HIPS[0]] - world[:, HIPS[1]]
    a, b, c = up.T
    # across the trunk in the picture plane lies (b, -a, 0); that times the trunk is the depth
    flat = np.hypot(a, b)
    beside = x * b - y * a
    towards = (z * flat**2 - c * (x * a + y * b)) / np.sqrt(flat**2 + c**2)
    return np.asarray(np.degrees(np.arctan2(towards, beside)))


def phi_of(line: Turned, own: Calibration) -> Array:
    """The phi that agrees best with the picture and with the 3D landmarks: (T,) degrees.

    Least squares of (shown / width - cos phi) / WIDTH_NOISE and (phi - depth) / DEPTH_NOISE, the
    depth counted from the start position, by Gauss-Newton.
    """
    shown = line.shown / own.width
    deep = np.radians(own.phi + wrap(ungained(line.depth, own.gain) - own.depth))
    noise = np.radians(DEPTH_NOISE)
    foreshortened = np.copysign(np.arccos(np.clip(shown, -1.0, 1.0)), wrap_radians(deep))
    slope = np.sin(foreshortened) / WIDTH_NOISE
    phi = deep + wrap_radians(foreshortened - deep) * slope**2 / (slope**2 + noise**-2)
    for _ in range(_STEPS):
        slope = np.sin(phi) / WIDTH_NOISE
        pull = (shown - np.cos(phi)) / WIDTH_NOISE * slope + wrap_radians(phi - deep) / noise**2
        phi = phi - pull / (slope**2 + noise**-2)
    return np.asarray(np.degrees(phi))


def ungained(depth: Array, gain: float | Array) -> Array:
    """Direction from 3D landmarks, their shrunken depth stretched by 1 / gain: degrees."""
    radians = np.radians(depth)
    return np.asarray(np.degrees(np.arctan2(np.sin(radians) / gain, np.cos(radians))))


def wrap_radians(angle: Array) -> Array:
    """The same angle in [-pi, pi)."""
    return np.asarray((angle + np.pi) % (2 * np.pi) - np.pi)


def calibrate(line: Turned, gain: float) -> Calibration:
    """Learn the start position of a front or back view from its frames, along the last axis."""
    shown = np.median(line.shown, axis=-1)
    nominal = np.where(shown >= 0, 0.0, 180.0)
    away = wrap(ungained(line.depth, gain) - nominal[..., None])
    depth = nominal + np.median(away, axis=-1)
    return Calibration(
        np.maximum(np.abs(shown), 1e-6),
        nominal + _NEUTRAL_TRUST * wrap(depth - nominal),
        depth,
        np.full(shown.shape, gain),
        np.median(line.trunk, axis=-1),
    )


def turned_away(girdle: Calibration, by_width: Array) -> Array:
    """Degrees between facing the camera and the start: the larger of what width and depth say."""
    nominal = np.where(np.abs(girdle.phi) < 90.0, 0.0, 180.0)
    askew = np.maximum(by_width, np.abs(wrap(girdle.depth - nominal)))
    return np.asarray(np.abs(nominal - askew))
