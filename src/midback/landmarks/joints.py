"""From named markers to midback's landmarks, in a space whose y points up."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from midback.errors import InputError
from midback.kinematics.skeleton import EARS, HIPS, SHOULDERS, Joint
from midback.landmarks.mapping import JOINTS, Mapping, nearest
from midback.landmarks.markers import METRES, Markers
from midback.vision.pose import LANDMARKS, Array

TRUNK = [*SHOULDERS, *HIPS]


@dataclass(frozen=True, slots=True)
class Body:
    """Landmarks in the room.

    t: (T,) seconds. points: (T, 33, 3) metres, right-handed, y up; of a picture pixels, x right,
    y up, z NaN. NaN where a landmark is absent, throughout in a frame without all of the trunk's
    four. visibility: (T, 33) 0..1. absent: landmarks that no frame has.
    """

    t: Array
    points: Array
    visibility: Array
    flat: bool
    absent: tuple[str, ...]


def body(markers: Markers, mapping: Mapping, where: str) -> Body:
    """Make the landmarks that the mapping names; what it does not name stays absent.

    Raises InputError for a marker that the file does not have, with the nearest names in it, and
    where no frame has both shoulders and both hips.
    """
    column = {name.rpartition(":")[2]: i for i, name in enumerate(markers.names)}
    column |= {name: i for i, name in enumerate(markers.names)}
    points = np.full((len(markers.t), LANDMARKS, 3), np.nan)
    visibility = np.zeros((len(markers.t), LANDMARKS))
    for name, made_of in mapping.landmarks.items():
        joint = JOINTS[name]
        unknown = [marker for marker in made_of if marker not in column]
        if unknown and (joint in TRUNK or not mapping.optional):
            near = nearest(unknown[0], tuple(column))
            raise InputError(f"{where}: has no marker '{unknown[0]}' for the {name}{near}")
        if not unknown:
            rows = [column[marker] for marker in made_of]
            points[:, joint] = markers.xyz[:, rows].mean(axis=1)
            visibility[:, joint] = markers.confidence[:, rows].min(axis=1)
    points = upright(points, mapping.up) * METRES.get(markers.units, 1.0)
    whole = np.isfinite(points[:, TRUNK, :2]).all(axis=(1, 2))
    if not whole.any():
        raise InputError(f"{where}: no frame has both shoulders and both hips: name other markers")
    points[~whole] = np.nan
    known = np.isfinite(points[..., 0])
    absent = tuple(name for name, joint in JOINTS.items() if not known[:, joint].any())
    return Body(markers.t, _carried(points), np.where(known, visibility, 0.0), markers.flat, absent)


def upright(points: Array, up: str) -> Array:
    """Turn (..., 3) points, without mirroring, so that the axis `up` becomes y."""
    turned = np.roll(points, 1 - "xyz".index(up[-1]), axis=-1)
    return np.asarray(turned * [1.0, -1.0, -1.0] if up.startswith("-") else turned)


def _carried(points: Array) -> Array:
    """A Pose without a nose counts as nobody: an absent nose lies, unseen, where it says nothing.

    That is between the ears, or between the shoulders where these are absent too. No angle
    reads the nose, and its visibility stays 0.
    """
    ears, shoulders = (points[:, list(pair)].mean(axis=1) for pair in (EARS, SHOULDERS))
    stand_in = np.where(np.isfinite(ears), ears, shoulders)
    nose = points[:, Joint.NOSE]
    points[:, Joint.NOSE] = np.where(np.isfinite(nose[:, :1]), nose, stand_in)
    return points
