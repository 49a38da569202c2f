"""Poses as rows of numbers, as the resampler and the smoothers take them, and back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields, replace

import numpy as np
from numpy.typing import NDArray

from midback.kinematics.contour import SpineCurve, Trunk, spine_curve
from midback.kinematics.measurability import VISIBLE
from midback.kinematics.skeleton import EARS, HIPS, MIRRORED, SHOULDERS, Joint, middle
from midback.vision.pose import LANDMARKS, RAYS, Array, Array32, Floats, Pose
from midback.vision.silhouette import trunk_line

SIDES = (1, -1)
"""Silhouette rows: the left and the right of the direction from hips to shoulders."""

_TRUNK_HZ, _LIMB_HZ = 3.0, 5.0
_JOINTS = [int(joint) for joint in Joint]
_FIELDS = [field.name for field in fields(SpineCurve)]
_PER_SIDE = len(_FIELDS)
_ARMS = [
    [Joint.LEFT_SHOULDER, Joint.LEFT_ELBOW, Joint.LEFT_WRIST],
    [Joint.RIGHT_SHOULDER, Joint.RIGHT_ELBOW, Joint.RIGHT_WRIST],
]


@dataclass(frozen=True, slots=True)
class Block:
    """Poses one after the other as arrays. t: (T,) seconds. points, world: (T, 33, 3). visibility:
    (T, 33). silhouette: (T, 2, RAYS), NaN without a mask, float32. outlined: (T,) whether there
    was one.
    """

    t: Array
    points: Array32
    world: Array32
    visibility: Array32
    silhouette: Array32
    outlined: NDArray[np.bool_]

    @classmethod
    def of(cls, poses: Sequence[Pose]) -> Block:
        """The poses as arrays."""
        outlined = np.array([pose.silhouette is not None for pose in poses], dtype=np.bool_)
        silhouette = np.full((len(poses), 2, RAYS), np.nan, dtype=np.float32)
        seen = [pose.silhouette for pose in poses if pose.silhouette is not None]
        if seen:
            silhouette[outlined] = np.concatenate(seen).reshape(-1, 2, RAYS)
        shape = (len(poses), LANDMARKS, 3)
        return cls(
            np.array([pose.t for pose in poses], dtype=np.float64),
            np.array([pose.points for pose in poses], dtype=np.float32).reshape(shape),
            np.array([pose.world for pose in poses], dtype=np.float32).reshape(shape),
            np.array([pose.visibility for pose in poses], dtype=np.float32).reshape(shape[:2]),
            silhouette,
            outlined,
        )

    def exchanged(self, rows: NDArray[np.intp]) -> Block:
        """The same with left and right exchanged in some rows."""
        if not len(rows):
            return self
        points, world, seen = self.points.copy(), self.world.copy(), self.visibility.copy()
        for part in (points, world, seen):
            part[rows] = part[rows][:, MIRRORED]
        return replace(self, points=points, world=world, visibility=seen)

    @property
    def found(self) -> NDArray[np.bool_]:
        """(T,) whether a person was found."""
        return np.isfinite(self.points[:, 0, 0])


def landmark_channels(block: Block) -> Array32:
    """(T, 6 * joints) places in the picture, world and visibility of the joints in use; NaN where
    nobody was found.
    """
    count, joints = len(block.t), len(_JOINTS)
    places = block.points[:, _JOINTS, :2].reshape(count, 2 * joints)
    world = block.world[:, _JOINTS].reshape(count, 3 * joints)
    rows = np.concatenate([places, world, block.visibility[:, _JOINTS]], axis=1)
    rows[~block.found] = np.nan
    return rows


def split(rows: Floats) -> tuple[Array, Array, Array]:
    """Points (N, 33, 3), world (N, 33, 3) and visibility (N, 33) of landmark channels; NaN for
    the depth in the picture and for joints that are not in use.
    """
    points, world = (np.full((len(rows), LANDMARKS, 3), np.nan) for _ in range(2))
    visibility = np.full((len(rows), LANDMARKS), np.nan)
    joints = len(_JOINTS)
    points[:, _JOINTS, :2] = rows[:, : 2 * joints].reshape(-1, joints, 2)
    world[:, _JOINTS] = rows[:, 2 * joints : 5 * joints].reshape(-1, joints, 3)
    visibility[:, _JOINTS] = rows[:, 5 * joints :]
    return points, world, visibility


def spine_channels(block: Block, wanted: NDArray[np.bool_]) -> Array:
    """(T, 2 * fields) the spine read on the left and on the right, see SIDES.

    wanted: (T, 2) on which sides to read; elsewhere, and where nobody was found, it is NaN.
    """
    spine = np.full((len(block.t), len(SIDES), _PER_SIDE), np.nan)
    ready = block.found & block.outlined
    for row, side in enumerate(SIDES):
        frames = np.flatnonzero(ready & wanted[:, row])
        if len(frames):
            edge = block.silhouette[frames, row].astype(np.float64)
            curve = spine_curve(
                spine_trunk(block.points[frames], block.visibility[frames]), edge, side
            )
            spine[frames, row] = np.stack([getattr(curve, name) for name in _FIELDS], -1)
    return spine.reshape(len(block.t), len(SIDES) * _PER_SIDE)


def spine_of(rows: Floats, dorsal: NDArray[np.intp]) -> SpineCurve:
    """The spine on the side of the back, from (N, 2 * fields) channels."""
    spine = rows.reshape(len(rows), len(SIDES), _PER_SIDE)
    side = np.where(dorsal == SIDES[0], 0, 1)
    return SpineCurve(*spine[np.arange(len(rows)), side].T)


def spine_trunk(points: Floats, visibility: Floats) -> Trunk:
    """What the contours of (T, 33, 3) bodies are read against; a hidden arm is left out, it is a
    guess.
    """
    hips, shoulders = trunk_line(points)
    xy: Array = points[..., :2].astype(np.float64)
    arms = np.where(visibility[:, _ARMS, None] < VISIBLE, np.nan, xy[:, _ARMS])
    return Trunk(hips, shoulders, middle(xy, EARS), arms)


def landmark_cutoffs() -> Array32:
    """Hz per landmark channel: trunk and head 3, limbs 5."""
    steady = {Joint.NOSE, *EARS, *SHOULDERS, *HIPS}
    joints = np.array([_TRUNK_HZ if joint in steady else _LIMB_HZ for joint in Joint])
    seen = np.full(len(_JOINTS), _LIMB_HZ)
    every = np.concatenate([np.repeat(joints, 2), np.repeat(joints, 3), seen])
    return every.astype(np.float32)


def landmark_floor(size: tuple[int, int]) -> Array32:
    """Deviations that the outlier filter never touches: pixels, metres, visibility."""
    floors = np.array([0.004 * max(size), 0.01, 0.2], dtype=np.float32)
    return np.repeat(floors, [count * len(_JOINTS) for count in (2, 3, 1)])


SPINE_CUTOFFS: Array = np.full(len(SIDES) * _PER_SIDE, _TRUNK_HZ)
SPINE_FLOOR: Array = np.full(len(SIDES) * _PER_SIDE, 2.0)
"""The same for the spine's channels; degrees."""
