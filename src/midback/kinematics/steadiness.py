"""Landmarks that cannot be right: limbs that change their length, left and right exchanged."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from midback.kinematics.skeleton import (
    ANKLES,
    ELBOWS,
    HIPS,
    KNEES,
    MIRRORED,
    SHOULDERS,
    WRISTS,
    middle,
)
from midback.vision.pose import Array, Pose

LENGTH_CHANGE = 0.30
"""Share by which a limb may seem longer or shorter than its own median. Science A5 says .15; on
real bird dogs that would refuse 15-44 % of good frames, since 3D lengths shrink with depth."""

_PAIRS = (SHOULDERS, ELBOWS, WRISTS, HIPS, KNEES, ANKLES)
_LEFT, _RIGHT = ([pair[side] for pair in _PAIRS] for side in (0, 1))
_LIMBS = tuple(
    (parent[side], end[side])
    for parent, end in ((SHOULDERS, ELBOWS), (ELBOWS, WRISTS), (HIPS, KNEES), (KNEES, ANKLES))
    for side in (0, 1)
)
_SETTLED_ROWS = 30
_LONGEST_MEMORY = 300  # rows
_APART = 0.15  # trunk lengths; closer pairs cannot be told apart
_MOST_PAIRS = 4
_MEMORY_S = 0.25
_MOST_SWAPPED_S = 0.5


class BoneWatch:
    """Tells which joints hang on a limb whose 3D length is not its own."""

    def __init__(self) -> None:
        self._length = np.full(len(_LIMBS), np.nan)
        self._seen = np.zeros(len(_LIMBS), dtype=np.intp)

    def update(self, world: Array) -> NDArray[np.bool_]:
        """Take (33, 3) world landmarks, metres; return (33,) True for the far joint of such a limb.

        A limb's own length is a running median; for its first second nothing is told.
        """
        near, far = (list(ends) for ends in zip(*_LIMBS, strict=True))
        length = np.linalg.norm(world[far] - world[near], axis=-1)
        settled = self._seen >= _SETTLED_ROWS
        with np.errstate(invalid="ignore", divide="ignore"):
            wrong = settled & (np.abs(length / self._length - 1) > LENGTH_CHANGE)
        known = np.isfinite(length) & (length > 0)
        start = known & (self._seen == 0)
        self._length[start] = length[start]
        step = 0.5 / np.clip(self._seen + 1, 10, _LONGEST_MEMORY)
        with np.errstate(invalid="ignore"):
            drawn = self._length * (1 + step * np.sign(length - self._length))
        self._length = np.where(known, drawn, self._length)
        self._seen += known
        unsteady = np.zeros(len(world), dtype=np.bool_)
        unsteady[[joint for joint, bad in zip(far, wrong, strict=True) if bad]] = True
        return unsteady


class SwapWatch:
    """Puts left and right back where the network exchanges them between two frames.

    Each frame is predicted from the two before. Where at least four of six pairs of joints fit
    their prediction better with left and right exchanged, with less than half the squared error,
    the whole body is exchanged back. After half a second the network is believed: then it was
    wrong before.
    """

    def __init__(self) -> None:
        self._since: float | None = None
        self._before: tuple[float, Array] | None = None
        self._speed: Array | None = None

    def update(self, pose: Pose) -> Pose:
        """The pose, with left and right exchanged where that is the steadier reading."""
        if not pose.found:
            return pose
        points = pose.points[:, :2].astype(np.float64)
        swapped = self._is_swapped(pose.t, points)
        self._since = (self._since or pose.t) if swapped else None
        if self._since is not None and pose.t - self._since > _MOST_SWAPPED_S:
            swapped, self._since, self._before = False, None, None
        if swapped:
            pose = replace(
                pose,
                points=pose.points[MIRRORED],
                world=pose.world[MIRRORED],
                visibility=pose.visibility[MIRRORED],
            )
            points = points[MIRRORED]
        if self._before is not None:
            t, last = self._before
            self._speed = (points - last) / (pose.t - t) if 0 < pose.t - t < _MEMORY_S else None
        self._before = (pose.t, points)
        return pose

    def _is_swapped(self, t: float, points: Array) -> bool:
        if self._before is None or self._speed is None or t - self._before[0] > _MEMORY_S:
            return False
        ahead = self._before[1] + self._speed * (t - self._before[0])
        left, right = ahead[_LEFT], ahead[_RIGHT]
        apart = np.linalg.norm(left - right, axis=-1)
        body = ahead[None]
        trunk = np.linalg.norm(middle(body, SHOULDERS) - middle(body, HIPS))
        same = _squared(points[_LEFT] - left) + _squared(points[_RIGHT] - right)
        swapped = _squared(points[_RIGHT] - left) + _squared(points[_LEFT] - right)
        better = (swapped < 0.5 * same) & (apart > _APART * trunk)
        return int(better.sum()) >= _MOST_PAIRS


def _squared(difference: Array) -> Array:
    return np.asarray((difference**2).sum(axis=-1))
