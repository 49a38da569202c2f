"""Limbs that leave the picture, also where the network pretends that they do not."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from midback.kinematics.skeleton import Joint
from midback.vision.pose import Array

MARGIN = 0.01
"""Share of the picture's shorter side that a landmark must keep from the edge."""

_NEAR_EDGE = 0.12
_SHORTENED = 0.75
_SETTLED_FRAMES = 8
_SEGMENTS = (
    (Joint.LEFT_ELBOW, Joint.LEFT_WRIST),
    (Joint.RIGHT_ELBOW, Joint.RIGHT_WRIST),
    (Joint.LEFT_KNEE, Joint.LEFT_ANKLE),
    (Joint.RIGHT_KNEE, Joint.RIGHT_ANKLE),
)


class CropWatch:
    """Tells which landmarks are outside the picture, frame by frame.

    A hand that left the picture is drawn by the network just inside its edge, at the end of a
    forearm that is suddenly short. So a wrist or ankle close to the edge counts as outside when
    its segment is below three quarters of the length it has away from the edge, and would reach
    over the edge with that length.
    """

    def __init__(self, size: tuple[int, int]) -> None:
        self._size = size
        self._length = np.zeros(len(_SEGMENTS))
        self._seen = np.zeros(len(_SEGMENTS), dtype=np.intp)

    def update(self, points: Array) -> NDArray[np.bool_]:
        """Take (33, 3) points, X right, Y up, pixels; return (33,) True where outside."""
        inside = self._distance_inside(points)
        outside = np.asarray(inside < MARGIN * min(self._size))
        near = inside < _NEAR_EDGE * min(self._size)
        for i, (parent, joint) in enumerate(_SEGMENTS):
            length = float(np.hypot(*(points[joint, :2] - points[parent, :2])))
            if not near[joint] and np.isfinite(length):
                share = 1.0 / min(self._seen[i] + 1, 30)
                self._length[i] += share * (length - self._length[i])
                self._seen[i] += 1
            elif near[joint] and self._seen[i] >= _SETTLED_FRAMES:
                stretched = points[[parent]] + (points[[joint]] - points[[parent]]) * (
                    self._length[i] / max(length, 1e-6)
                )
                beyond = self._distance_inside(stretched)[0] < MARGIN * min(self._size)
                outside[joint] |= bool(beyond) and length < _SHORTENED * self._length[i]
        return outside

    def _distance_inside(self, points: Array) -> Array:
        """Pixels from the nearest edge of the picture, negative outside it."""
        x, row = points[:, 0], -points[:, 1]
        width, height = self._size
        return np.asarray(np.minimum.reduce([x, width - x, row, height - row]))
