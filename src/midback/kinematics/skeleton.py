"""Names of the 33 landmarks, and points made from them. Axes: X right, Y up."""

from __future__ import annotations

from enum import IntEnum

import numpy as np

from midback.vision.pose import Array


class Joint(IntEnum):
    """Rows of a (33, 3) pose that midback uses. LEFT is the person's left."""

    NOSE = 0
    LEFT_EAR = 7
    RIGHT_EAR = 8
    LEFT_SHOULDER = 11
    RIGHT_SHOULDER = 12
    LEFT_ELBOW = 13
    RIGHT_ELBOW = 14
    LEFT_WRIST = 15
    RIGHT_WRIST = 16
    LEFT_HIP = 23
    RIGHT_HIP = 24
    LEFT_KNEE = 25
    RIGHT_KNEE = 26
    LEFT_ANKLE = 27
    RIGHT_ANKLE = 28
    LEFT_HEEL = 29
    RIGHT_HEEL = 30
    LEFT_TOES = 31
    RIGHT_TOES = 32


SHOULDERS = (Joint.LEFT_SHOULDER, Joint.RIGHT_SHOULDER)
ELBOWS = (Joint.LEFT_ELBOW, Joint.RIGHT_ELBOW)
WRISTS = (Joint.LEFT_WRIST, Joint.RIGHT_WRIST)
HIPS = (Joint.LEFT_HIP, Joint.RIGHT_HIP)
KNEES = (Joint.LEFT_KNEE, Joint.RIGHT_KNEE)
ANKLES = (Joint.LEFT_ANKLE, Joint.RIGHT_ANKLE)
EARS = (Joint.LEFT_EAR, Joint.RIGHT_EAR)

MIRRORED = np.arange(33)
"""Row of each landmark in a body whose left and right are exchanged."""
MIRRORED[1:7] = (4, 5, 6, 1, 2, 3)
MIRRORED[7:] = [joint + 1 if joint % 2 else joint - 1 for joint in range(7, 33)]


def middle(points: Array, pair: tuple[Joint, Joint]) -> Array:
    """Midpoint of a left-right pair of (T, 33, D) points: (T, D)."""
    return np.asarray((points[:, pair[0]] + points[:, pair[1]]) / 2)


def signed_angle(a: Array, b: Array) -> Array:
    """Angle in degrees by which direction b is turned from a, counter-clockwise with Y up.

    a, b: (T, 2). Returns (T,) in (-180, 180].
    """
    cross = a[..., 0] * b[..., 1] - a[..., 1] * b[..., 0]
    dot = a[..., 0] * b[..., 0] + a[..., 1] * b[..., 1]
    return np.asarray(np.degrees(np.arctan2(cross, dot)))


def angle_between(a: Array, b: Array) -> Array:
    """Unsigned angle in degrees between (T, D) directions: (T,) in [0, 180]."""
    dot = (a * b).sum(-1)
    norms = np.linalg.norm(a, axis=-1) * np.linalg.norm(b, axis=-1)
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.asarray(np.degrees(np.arccos(np.clip(dot / norms, -1.0, 1.0))))


def wrap(degrees: Array) -> Array:
    """The same angle in [-180, 180)."""
    return np.asarray((degrees + 180.0) % 360.0 - 180.0)
