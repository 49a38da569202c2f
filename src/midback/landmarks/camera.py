"""A virtual camera: a measured body in space, seen without perspective as in a picture."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from midback.errors import InputError
from midback.kinematics.skeleton import HIPS, SHOULDERS, middle
from midback.landmarks.joints import TRUNK, Body
from midback.vision.pose import Array, Pose, missing_pose

PIXELS_PER_METRE = 400.0
"""A trunk of half a metre is 200 pixels long."""

_START_S = 1.0
_UP = np.array([0.0, 1.0, 0.0])
_LEAST_LINE = 0.3  # of the horizontal part of the shoulder and hip lines
_MARGIN_M, _MARGIN_SHARE = 0.3, 0.2
_TRUNK_M = (0.2, 1.0)


def look(body: Body, view: str, where: str) -> tuple[Array, tuple[int, int]]:
    """Picture of the body: (T, 33, 3) pixels, X right, Y up, Z to the camera, and (width, height).

    view: side (the person's right side), left_side, front or back, counted from where the person
    stands in the first second. A picture (flat) is only moved so that all of it lies inside.
    Raises InputError where shoulders and hips do not tell which way the person faces.
    """
    if body.flat:
        return _framed(body.points, margin=_MARGIN_M * PIXELS_PER_METRE)
    seen = body.points @ _axes(leftward(body.points[start(body)], where), view).T
    return _framed(seen * PIXELS_PER_METRE, margin=_MARGIN_M * PIXELS_PER_METRE)


def check_space(body: Body, standing: bool, where: str) -> None:
    """Raise InputError where the trunk's length or direction shows wrong units or axes."""
    if body.flat:
        return
    points = body.points[start(body)]
    trunk = np.nanmean(middle(points, SHOULDERS) - middle(points, HIPS), axis=0)
    length = float(np.linalg.norm(trunk))
    if not _TRUNK_M[0] <= length <= _TRUNK_M[1]:
        raise InputError(
            f"{where}: hips to shoulders would be {length:.3g} m: set the right `units` (m, cm, "
            "mm) in the mapping"
        )
    if standing and trunk[1] < _LEAST_LINE * length:
        raise InputError(
            f"{where}: the trunk does not point up at the start: set the right `up` axis in the "
            "mapping"
        )


def poses(body: Body, picture: Array) -> Iterator[Pose]:
    """One Pose for each frame; frames without a trunk hold nobody.

    picture: (T, 33, 3) of `look`. World coordinates are metres along the picture's axes from
    between the hips, NaN for a flat picture, which has neither metres nor depth.
    """
    shift = picture - middle(picture, HIPS)[:, None]
    world = np.full_like(picture, np.nan) if body.flat else shift / PIXELS_PER_METRE
    points = picture.copy()
    points[..., 2] = 0.0 if body.flat else shift[..., 2]
    there = np.isfinite(points[:, TRUNK[0], 0]).tolist()
    parts = (part.astype(np.float32) for part in (points, world, body.visibility))
    for t, somebody, *pose in zip(body.t.tolist(), there, *parts, strict=True):
        yield Pose(t, *pose) if somebody else missing_pose(t)


def start(body: Body) -> Array:
    """(T,) mask: frames with a trunk in the first second that has any."""
    whole = np.isfinite(body.points[:, TRUNK[0], 0])
    first = body.t[int(np.argmax(whole))]
    return np.asarray(whole & (body.t <= first + _START_S))


def leftward(points: Array, where: str) -> Array:
    """Horizontal unit vector to the person's left, from the shoulder and hip lines."""
    lines = np.concatenate([points[:, a] - points[:, b] for a, b in (SHOULDERS, HIPS)])
    level = lines * [1.0, 0.0, 1.0]
    mean = (level / np.linalg.norm(lines, axis=-1, keepdims=True)).mean(axis=0)
    length = float(np.linalg.norm(mean))
    if not length >= _LEAST_LINE:
        raise InputError(
            f"{where}: the lines of shoulders and hips do not tell where the person faces at the "
            "start: check the markers and the `up` axis in the mapping"
        )
    return np.asarray(mean / length)


def _axes(left: Array, view: str) -> Array:
    """Rows: the picture's X, Y and Z in the room. Seen from the front, left is image-right."""
    forward = np.cross(left, _UP)
    right = {"side": forward, "left_side": -forward, "front": left, "back": -left}[view]
    return np.stack([right, _UP, np.cross(right, _UP)])


def _framed(points: Array, margin: float) -> tuple[Array, tuple[int, int]]:
    """Move the points so that every one is well inside a picture, whose top left is 0, 0."""
    flat = points[..., :2].reshape(-1, 2)
    low, high = np.nanmin(flat, axis=0), np.nanmax(flat, axis=0)
    margin += _MARGIN_SHARE * float((high - low).min())
    width, height = np.ceil(high - low + 2 * margin)
    moved = points.copy()
    moved[..., 0] += margin - low[0]
    moved[..., 1] += -margin - high[1]
    return moved, (int(width), int(height))
