"""A stick figure in a side plank, belly to the camera: poses of a hold without a network."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from stick import minimum_jerk

from midback.kinematics.skeleton import Joint
from midback.vision.pose import LANDMARKS, Array, Pose

FPS = 30.0
FLOOR_S = 3.0
LIFT_S = 1.2
REST_SAG = 14.0
_ANKLE = np.array([350.0, -560.0])
_SHOULDER = np.array([850.0, -430.0])
_HIP_SHARE = 0.38  # of the way from the shoulders to the ankles


def plank_points(sag: float, shoulder: Array = _SHOULDER) -> Array:
    """(33, 3) landmarks, pixels, X right, Y up; sag: per cent of the body's length."""
    along = _ANKLE - shoulder
    length = float(np.hypot(*along))
    down = np.array([along[1], -along[0]]) / length
    down = down if down[1] < 0 else -down
    hips = shoulder + _HIP_SHARE * along + sag / 100.0 * length * down
    knees = (hips + _ANKLE) / 2
    points = np.zeros((LANDMARKS, 3))
    head = shoulder - 0.12 * along
    points[:11, :2] = head
    points[Joint.NOSE, :2] = head + [10.0, -10.0]
    up = -down
    for side, upper in ((0, -1.0), (1, 1.0)):  # on the left side
        across = 35.0 * upper * up
        points[11 + side, :2] = shoulder + across
        points[23 + side, :2] = hips + 0.7 * across
        points[25 + side, :2] = knees + 0.3 * across
        points[27 + side, :2] = _ANKLE + 0.2 * across
        points[29 + side, :2] = _ANKLE + 0.2 * across + [-10.0, -5.0]
        points[31 + side, :2] = _ANKLE + 0.2 * across + [-5.0, -20.0]
    points[13, :2] = [shoulder[0], -580.0]
    points[14, :2] = shoulder + 35.0 * up + 0.2 * along
    points[15, :2] = [shoulder[0] + 10.0, -580.0]
    points[16, :2] = shoulder + 35.0 * up + 0.38 * along
    for hand in (17, 19, 21):
        points[hand], points[hand + 1] = points[15], points[16]
    return points


def plank_pose(sag: float, t: float, shoulder: Array = _SHOULDER) -> Pose:
    """The pose at one instant, with a little of a network's noise."""
    points = plank_points(sag, shoulder)
    points[:, :2] += np.random.default_rng([3, round(t * 1000)]).normal(0, 0.8, (LANDMARKS, 2))
    world = points / 400.0
    visible = np.ones(LANDMARKS, dtype=np.float32)
    return Pose(t, points.astype(np.float32), world.astype(np.float32), visible)


def held(
    seconds: float,
    sag: Callable[[float], float] = lambda _: 0.0,
    *,
    floor_s: float = FLOOR_S,
    down: bool = True,
) -> list[Pose]:
    """On the floor, up, held for so long, down again.

    sag: of seconds since the hold was reached, per cent of the body's length. floor_s: 0 begins
    in the plank. down: whether the recording goes on after the hold.
    """
    begin = floor_s + LIFT_S if floor_s else 0.0
    end = begin + seconds
    poses = []
    for i in range(int((end + (LIFT_S + 2.0 if down else 0.0)) * FPS)):
        t = i / FPS
        up = float(minimum_jerk(np.array((t - floor_s) / LIFT_S))) if floor_s else 1.0
        up -= float(minimum_jerk(np.array((t - end) / LIFT_S)))
        asked = sag(t - begin) if 0.0 <= t - begin <= seconds else sag(seconds)
        poses.append(plank_pose((1 - up) * REST_SAG + up * asked, t))
    return poses


def lying(seconds: float) -> list[Pose]:
    """Flat on the side, the shoulders hardly above the feet."""
    low = np.array([850.0, -535.0])
    return [plank_pose(1.0, i / FPS, low) for i in range(int(seconds * FPS))]
