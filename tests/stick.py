"""A stick figure with exact joint angles: poses without a network, for the rooms behind vision.

Side view, X right, Y up, head to the right unless mirrored. The back's edge is a two-arc curve
with the kyphosis and lordosis that are asked for.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from midback.kinematics import contour
from midback.kinematics.skeleton import Joint
from midback.vision.pose import LANDMARKS, RAYS, Array, Pose
from midback.vision.silhouette import ALONG

SIZE = (1280, 720)
TRUNK = 200.0


@dataclass(frozen=True)
class BirdDog:
    """One instant on all fours. lift: 0 at rest, 1 with arm and leg level with the trunk."""

    lift: float = 0.0
    left_arm: bool = True
    kyphosis: float = 30.0
    lordosis: float = 20.0


def bird_dog_points(state: BirdDog) -> Array:
    """(33, 3) landmarks of the state, pixels, X right, Y up."""
    points = np.zeros((LANDMARKS, 3))
    hips, shoulders = np.array([500.0, -400.0]), np.array([500.0 + TRUNK, -400.0])
    depth = 60.0
    near, far = (0.0, 0.0, depth), (0.0, 0.0, -depth)
    head = shoulders + [70.0, 10.0]
    for joint in range(11):
        points[joint] = [*head, 0.0]
    points[Joint.NOSE, :2] = head + [20.0, -30.0]
    for side in (0, 1):
        z = np.array(near if side == 1 else far)  # head to the right: the right side is near
        arm = state.lift if (side == 0) == state.left_arm else 0.0
        leg = state.lift if (side == 1) == state.left_arm else 0.0
        points[11 + side] = [*shoulders, 0.0] + z
        points[23 + side] = [*hips, 0.0] + z
        arm_down = np.radians(-90.0 + 90.0 * arm)
        along = np.array([np.cos(arm_down), np.sin(arm_down)])
        points[13 + side] = [*(shoulders + 90 * along), 0.0] + z
        points[15 + side] = [*(shoulders + 180 * along), 0.0] + z
        leg_down = np.radians(-90.0 - 90.0 * leg)
        thigh = np.array([np.cos(leg_down), np.sin(leg_down)])
        knee = hips + 120 * thigh
        shank = np.array([-1.0, 0.0])
        points[25 + side] = [*knee, 0.0] + z
        points[27 + side] = [*(knee + 120 * shank), 0.0] + z
        points[29 + side] = [*(knee + 130 * shank), 0.0] + z
        points[31 + side] = [*(knee + 150 * shank), 0.0] + z
        for hand in (17, 19, 21):
            points[hand + side] = points[15 + side]
    return points


def two_arc_distances(kyphosis: float, lordosis: float, clearance: float = 45.0) -> Array:
    """(RAYS,) distance of the back from the trunk line, C7 to S1 turning as asked."""
    u = np.linspace(0, 1, 400)
    middle = (u[1:] + u[:-1]) / 2
    theta = np.radians(-kyphosis * _ramp(middle, 0.05, 0.60) + lordosis * _ramp(middle, 0.60, 0.95))
    x = np.concatenate([[0.0], np.cumsum(np.cos(theta))])
    y = np.concatenate([[0.0], np.cumsum(np.sin(theta))])
    angle = np.arctan2(y[-1], x[-1])
    x, y = x * np.cos(angle) + y * np.sin(angle), y * np.cos(angle) - x * np.sin(angle)
    scale = (contour.C7 - contour.S1) * TRUNK / x[-1]
    along = contour.C7 - x * scale / TRUNK
    return np.asarray(np.interp(ALONG, along[::-1], (clearance + y * scale)[::-1]))


def _ramp(u: Array, start: float, end: float) -> Array:
    return np.asarray(0.5 - 0.5 * np.cos(np.pi * np.clip((u - start) / (end - start), 0, 1)))


def pose(
    state: BirdDog, t: float, *, mirrored: bool = False, noise: float = 0.0, seed: int = 0
) -> Pose:
    """The pose of the state. mirrored: the picture flipped left to right."""
    points = bird_dog_points(state)
    if noise:
        points[:, :2] += np.random.default_rng([seed, round(t * 1000)]).normal(0, noise, (33, 2))
    back = two_arc_distances(state.kyphosis, state.lordosis)
    silhouette = np.full((2, RAYS), 60.0)
    silhouette[0] = back  # head to the right: the back is left of hips-to-shoulders
    world = points / 400.0
    if mirrored:
        points, world = mirror(points, SIZE[0]), mirror(world, 0.0)
        silhouette = silhouette[::-1]
    return Pose(
        t,
        points.astype(np.float32),
        world.astype(np.float32),
        np.ones(LANDMARKS, dtype=np.float32),
        np.ascontiguousarray(silhouette).astype(np.float32),
    )


def mirror(points: Array, width: float) -> Array:
    """The same body in a mirrored picture: x flipped, left and right landmarks exchanged."""
    order = np.arange(LANDMARKS)
    order[7:] = [j + 1 if j % 2 else j - 1 for j in range(7, LANDMARKS)]
    out = points[order].copy()
    out[:, 0] = width - out[:, 0]
    return np.asarray(out)


def minimum_jerk(share: Array) -> Array:
    """Smooth 0 to 1."""
    s = np.clip(share, 0, 1)
    return np.asarray(s**3 * (10 - 15 * s + 6 * s**2))


def lift_curve(
    t: float, start: float, *, up: float = 1.0, hold: float = 1.0, down: float = 1.0
) -> float:
    """0 at rest, 1 while held."""
    rising = minimum_jerk(np.array((t - start) / up))
    falling = minimum_jerk(np.array((t - start - up - hold) / down))
    return float(rising - falling)
