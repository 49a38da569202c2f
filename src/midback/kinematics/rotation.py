"""Axial rotation of the shoulder girdle and the pelvis, about the trunk's long axis.

The line from the right shoulder to the left one is turned by phi about the long axis: 0 where the
left shoulder is on the right of the trunk as the picture shows it (a front view), 180 in a view
of the back, -90 and 90 side-on. Two things tell phi. The picture shows the line shortened to
width * cos(phi), exact but blind near 0 and 180; the 3D landmarks give a direction with the
right shape and a wrong size. Each frame takes the phi that agrees best with both, the 3D part
first divided by the person's own gain, which the shortening teaches. Source: science A1 (V2), J.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, replace

import numpy as np

from midback.kinematics.angles import Plane
from midback.kinematics.skeleton import HIPS, SHOULDERS, Joint, wrap
from midback.kinematics.smoothing import RATE
from midback.kinematics.view import FRONTAL_YAW, view_yaw
from midback.vision.pose import Array

WIDTH_NOISE = 0.04
"""Standard deviation of the visible width, in shoulder widths."""

DEPTH_NOISE = 6.0
"""Standard deviation of the direction from 3D landmarks after its gain, degrees."""

_GIRDLE_GAIN, _PELVIS_GAIN = 0.80, 0.85  # of 3D landmarks against an optical chest and pelvis
_GAIN_PRIOR = 60.0  # frames' worth at 45 degrees
_LEARN_FROM, _LEARN_TO = 30.0, 70.0
_NEUTRAL_TRUST = 0.5  # of the 3D direction: someone told to face the camera does so within 10 deg
_NEUTRAL_ROWS = int(RATE)
_MOST_MOVED = 0.15  # share by which the trunk may seem longer or shorter than at the start
_STILL = 10.0  # degrees from the middle that three quarters of a still second may seem to turn
_STEPS = 6
_CORNERS = [*SHOULDERS, *HIPS]


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

    width, trunk: of the line and of the trunk, pixels. phi: of the line at the start, degrees.
    depth: the same as the 3D landmarks have it, with their own gain. gain: of the tangent of the
    3D direction.
    """

    width: float
    phi: float
    depth: float
    gain: float
    trunk: float


def turned(points: Array, world: Array, pair: tuple[Joint, Joint]) -> Turned:
    """Read the line of a left-right pair from (T, 33, 3) points and world landmarks."""
    corners = points[:, _CORNERS]
    body: Plane = corners[..., 0] + 1j * corners[..., 1]
    trunk = (body[:, 0] + body[:, 1] - body[:, 2] - body[:, 3]) / 2
    first = _CORNERS.index(pair[0])
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


def ungained(depth: Array, gain: float) -> Array:
    """Direction from 3D landmarks, their shrunken depth stretched by 1 / gain: (T,) degrees."""
    radians = np.radians(depth)
    return np.asarray(np.degrees(np.arctan2(np.sin(radians) / gain, np.cos(radians))))


def wrap_radians(angle: Array) -> Array:
    """The same angle in [-pi, pi)."""
    return np.asarray((angle + np.pi) % (2 * np.pi) - np.pi)


def calibrate(line: Turned, gain: float) -> Calibration:
    """Learn the start position of a front or back view from its (T,) frames."""
    shown = float(np.median(line.shown))
    nominal = 0.0 if shown >= 0 else 180.0
    depth = nominal + float(np.median(wrap(ungained(line.depth, gain) - nominal)))
    return Calibration(
        max(abs(shown), 1e-6),
        nominal + _NEUTRAL_TRUST * float(wrap(np.array(depth - nominal))),
        depth,
        gain,
        float(np.median(line.trunk)),
    )


def _turned_away(girdle: Calibration, by_width: float) -> float:
    """Degrees between facing the camera and the start: the larger of what width and depth say."""
    nominal = 0.0 if abs(girdle.phi) < 90.0 else 180.0
    askew = max(by_width, abs(float(wrap(np.array(girdle.depth - nominal)))))
    return abs(nominal - askew)


class RotationGauge:
    """Rotation of girdle and pelvis from the start position, row after row, left positive.

    The start is the first second in the exercise's position; before its end there is no number.
    Where the person was turned away then, a later still second facing the camera takes its place.
    start_yaw: how far the person was turned away from the camera then, degrees; 180 shows the back.
    moved: whether the distance to the camera has changed too much for the width to hold.
    """

    def __init__(self) -> None:
        self._rows: deque[tuple[Array, Array]] = deque(maxlen=_NEUTRAL_ROWS)
        self._own: tuple[Calibration, Calibration] | None = None
        self._learned = np.array([_GIRDLE_GAIN * _GAIN_PRIOR, _GAIN_PRIOR])
        self.start_yaw = np.nan
        self.moved = False

    def update(self, points: Array, world: Array) -> tuple[float, float]:
        """Girdle and pelvis, degrees, of one (33, 3) body in position; NaN while calibrating."""
        if self.moved or not self.start_yaw <= FRONTAL_YAW:
            if np.isfinite(points[_CORNERS]).all() and np.isfinite(world[_CORNERS]).all():
                self._rows.append((points, world))
            self._begin()
        if self._own is None:
            return np.nan, np.nan
        girdle, pelvis = self._own
        line = turned(points[None], world[None], SHOULDERS)
        self.moved = bool(np.abs(line.trunk[0] / girdle.trunk - 1.0) > _MOST_MOVED)
        girdle = self._learn(line, girdle)
        hips = turned(points[None], world[None], HIPS)
        deep = ungained(hips.depth, pelvis.gain) - pelvis.depth
        return float(wrap(girdle.phi - phi_of(line, girdle))[0]), float(-wrap(deep)[0])

    def _begin(self) -> None:
        """Take the last second as the start, if there is none or this one is a better one."""
        if len(self._rows) < _NEUTRAL_ROWS:
            return
        points, world = (np.stack(part) for part in zip(*self._rows, strict=True))
        line, hips = turned(points, world, SHOULDERS), turned(points, world, HIPS)
        girdle, pelvis = calibrate(line, _GIRDLE_GAIN), calibrate(hips, _PELVIS_GAIN)
        yaw = _turned_away(girdle, float(np.median(view_yaw(points))))
        drift = wrap(line.depth - line.depth[0])
        still = float(np.percentile(np.abs(drift - np.median(drift)), 75)) <= _STILL
        square = abs(pelvis.depth) <= FRONTAL_YAW and yaw <= FRONTAL_YAW
        if self._own is None or (still and square):
            self._own, self.start_yaw = (girdle, pelvis), yaw

    def _learn(self, line: Turned, girdle: Calibration) -> Calibration:
        """Take the gain of the 3D direction from what the shortening says, beyond 30 degrees."""
        shortened = float(
            np.degrees(np.arccos(np.clip(np.abs(line.shown) / girdle.width, 0, 1)))[0]
        )
        if shortened > _LEARN_FROM:
            true = np.tan(np.radians(min(shortened, _LEARN_TO)))
            seen = np.abs(np.tan(np.radians(np.clip(wrap(2 * line.depth) / 2, -85, 85))))[0]
            self._learned += [true * seen, true * true]
        gain = float(self._learned[0] / self._learned[1])
        depth = float(ungained(ungained(np.array([girdle.depth]), 1 / girdle.gain), gain)[0])
        return replace(girdle, gain=gain, depth=depth)
