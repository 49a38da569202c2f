"""Recordings in which everything happens that may happen, for tests of how poses are taken in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from test_rotation import Scene

from midback.kinematics.skeleton import MIRRORED
from midback.vision.pose import LANDMARKS, RAYS, Array, Pose, missing_pose

FPS = 30.0


def turning_round() -> list[Pose]:
    """Standing: side-on, then square to the camera, turning the trunk, stepping back, squatting
    a little nearer again, and at last with the back to the camera.
    """
    t = np.arange(0, 18, 1 / FPS)
    offset = np.interp(t, [0, 2, 2.5, 15, 15.6], [85, 85, 4, 4, 180])
    girdle = np.where((t > 5) & (t < 11), 45 * np.sin(2 * np.pi * (t - 5) / 3), 0.0)
    scale = np.interp(t, [0, 8, 8.4, 10, 10.5], [1, 1, 0.75, 0.75, 1.05])
    rng = np.random.default_rng(6)
    poses = []
    for at, away, turn, size in zip(t, offset, girdle, scale, strict=True):
        points, world = Scene(away, gain=0.8).film(turn)
        points = points * size + rng.normal(0, 0.7, points.shape)
        world = world + rng.normal(0, 0.004, world.shape)
        poses.append(_pose(at, points, world, rng))
    return poses


def _pose(t: float, points: Array, world: Array, rng: np.random.Generator) -> Pose:
    seen = np.clip(rng.normal(0.8, 0.2, LANDMARKS), 0, 1)
    edge = np.where(rng.random((2, RAYS)) < 0.05, np.nan, rng.normal(45, 2, (2, RAYS)))
    return Pose(
        float(t),
        points.astype(np.float32),
        world.astype(np.float32),
        seen.astype(np.float32),
        edge.astype(np.float32),
    )


def damaged(poses: Sequence[Pose], seed: int = 0) -> list[Pose]:
    """The poses as a bad camera and a bad network give them.

    Times tremble, stand still and go back, pictures are dropped, nobody is found in some; there
    are gaps of .3, 2.5 and 3600 s. Left and right are exchanged for some frames, once for longer
    than is put back. The mask comes late and fails now and then. A hand jumps.
    """
    rng = np.random.default_rng(seed)
    found, delay, exchanged = list[Pose](), 0.0, 0
    for i, pose in enumerate(poses):
        delay += {200: 0.3, 330: 2.5, 400: 3600.0}.get(i, 0.0)
        t = pose.t + delay + rng.normal(0, 0.002)
        if 290 <= i < 293:
            t = found[-1].t  # as if the clock stood
        if rng.random() < 0.03:
            continue
        if rng.random() < 0.03 or 130 <= i < 134 or 240 <= i < 262:
            found.append(missing_pose(t))
            continue
        exchanged = {60: 5, 150: 25}.get(i, exchanged)
        points, world, seen = pose.points.copy(), pose.world.copy(), pose.visibility.copy()
        if exchanged > 0:
            exchanged -= 1
            points, world, seen = points[MIRRORED], world[MIRRORED], seen[MIRRORED]
        if rng.random() < 0.03:
            points[15:17, :2] += rng.normal(0, 60, 2).astype(np.float32)
        if rng.random() < 0.05:
            seen[rng.integers(11, LANDMARKS, 4)] = 0.1
        outlined = i > 20 and rng.random() < 0.8
        found.append(
            replace(
                pose,
                t=t,
                points=points,
                world=world,
                visibility=seen,
                silhouette=pose.silhouette if outlined else None,
            )
        )
        if rng.random() < 0.03:
            again = (points + rng.normal(0, 3, points.shape)).astype(np.float32)
            found.append(replace(found[-1], t=t - float(rng.choice([0.0, 0.01])), points=again))
    return found
