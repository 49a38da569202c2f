"""One pose as one row of numbers, as the resampler and the smoother take it, and back."""

from __future__ import annotations

from dataclasses import astuple, fields

import numpy as np
from numpy.typing import NDArray

from midback.kinematics.contour import SpineCurve, Trunk, spine_curve
from midback.kinematics.measurability import VISIBLE
from midback.kinematics.skeleton import EARS, HIPS, SHOULDERS, Joint, middle
from midback.vision.pose import LANDMARKS, Array, Pose
from midback.vision.silhouette import trunk_line

SIDES = (1, -1)
"""Silhouette rows: the left and the right of the direction from hips to shoulders."""

_TRUNK_HZ, _LIMB_HZ = 3.0, 5.0
_PER_SIDE = len(fields(SpineCurve))
_SPINE = slice(7 * LANDMARKS, 7 * LANDMARKS + 2 * _PER_SIDE)
_CHANNELS = _SPINE.stop


def channels_of(pose: Pose, sides: tuple[int, ...]) -> Array:
    """One pose as a row: points, world, visibility, and the spine on the likely sides."""
    row = np.full(_CHANNELS, np.nan)
    if not pose.found:
        return row
    row[: 3 * LANDMARKS] = pose.points.ravel()
    row[3 * LANDMARKS : 6 * LANDMARKS] = pose.world.ravel()
    row[6 * LANDMARKS : 7 * LANDMARKS] = pose.visibility
    if pose.silhouette is not None:
        row[_SPINE] = _spine_channels(pose, pose.silhouette, sides)
    return row


def spine_trunk(pose: Pose) -> Trunk:
    """What the contour of one pose is read against; a hidden arm is left out, it is a guess."""
    hips, shoulders = trunk_line(pose.points[None])
    xy = pose.points[None, :, :2].astype(np.float64)
    seen = xy.copy()
    seen[:, pose.visibility < VISIBLE] = np.nan
    arms = np.stack(
        [
            seen[:, [Joint.LEFT_SHOULDER, Joint.LEFT_ELBOW, Joint.LEFT_WRIST]],
            seen[:, [Joint.RIGHT_SHOULDER, Joint.RIGHT_ELBOW, Joint.RIGHT_WRIST]],
        ],
        axis=1,
    )
    return Trunk(hips, shoulders, middle(xy, EARS), arms)


def _spine_channels(pose: Pose, silhouette: NDArray[np.float32], sides: tuple[int, ...]) -> Array:
    trunk = spine_trunk(pose)
    found = np.full((len(SIDES), _PER_SIDE), np.nan)
    for side in sides:
        row = SIDES.index(side)
        curve = spine_curve(trunk, silhouette[row : row + 1].astype(np.float64), side)
        found[row] = [float(part[0]) for part in astuple(curve)]
    return found.ravel()


def split(channels: Array) -> tuple[Array, Array, Array, Array]:
    """Points (33, 3), world (33, 3), visibility (33,) and both sides' spine of one row."""
    points = channels[: 3 * LANDMARKS].reshape(LANDMARKS, 3)
    world = channels[3 * LANDMARKS : 6 * LANDMARKS].reshape(LANDMARKS, 3)
    return (
        points,
        world,
        channels[6 * LANDMARKS : 7 * LANDMARKS],
        channels[_SPINE].reshape(2, _PER_SIDE),
    )


def cutoffs() -> Array:
    """Hz per channel: trunk, head and contour 3, limbs 5."""
    joints = np.full(LANDMARKS, _LIMB_HZ)
    joints[: Joint.RIGHT_EAR + 1] = _TRUNK_HZ
    joints[list(SHOULDERS + HIPS)] = _TRUNK_HZ
    spatial = np.repeat(joints, 3)
    return np.concatenate(
        [spatial, spatial, np.full(LANDMARKS, _LIMB_HZ), np.full(2 * _PER_SIDE, _TRUNK_HZ)]
    )


def outlier_floor(size: tuple[int, int]) -> Array:
    """Deviations that the outlier filter never touches: pixels, metres, visibility, degrees."""
    pixels = np.full(3 * LANDMARKS, 0.004 * max(size))
    return np.concatenate(
        [pixels, np.full(3 * LANDMARKS, 0.01), np.full(LANDMARKS, 0.2), np.full(2 * _PER_SIDE, 2.0)]
    )
