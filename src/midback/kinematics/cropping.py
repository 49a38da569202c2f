"""Limbs that leave the picture, also where the network pretends that they do not."""

from __future__ import annotations

from math import inf, nan

import numpy as np
from numpy.typing import NDArray

from midback.kinematics.skeleton import Joint
from midback.vision.pose import Array

MARGIN = 0.01
"""Share of the picture's shorter side that a landmark must keep from the edge."""

_NEAR_EDGE = 0.12
_SHORTENED = 0.75
_SETTLED_FRAMES = 8
_MEMORY = 30  # frames of the running mean
_MEAN_SHARES = [1.0 / min(count + 1, _MEMORY) for count in range(_MEMORY + 1)]
_SEGMENTS = (
    (Joint.LEFT_ELBOW, Joint.LEFT_WRIST),
    (Joint.RIGHT_ELBOW, Joint.RIGHT_WRIST),
    (Joint.LEFT_KNEE, Joint.LEFT_ANKLE),
    (Joint.RIGHT_KNEE, Joint.RIGHT_ANKLE),
)
_PARENTS, _ENDS = (list(joints) for joints in zip(*_SEGMENTS, strict=True))


class CropWatch:
    """Tells which landmarks are outside the picture, frame by frame.

    A hand that left the picture is drawn by the network just inside its edge, at the end of a
    forearm that is suddenly short. So a wrist or ankle close to the edge counts as outside when
    its segment is below three quarters of the length it has away from the edge, and would reach
    over the edge with that length.
    """

    def __init__(self, size: tuple[int, int]) -> None:
        self._size = size
        self._length = [0.0] * len(_SEGMENTS)
        self._seen = [0] * len(_SEGMENTS)

    def update(self, points: Array) -> NDArray[np.bool_]:
        """Take (N, 33, 3) points, X right, Y up, pixels; return (N, 33) True where outside."""
        inside = self._distance_inside(points)
        outside = np.asarray(inside < MARGIN * min(self._size))
        near = inside[:, _ENDS] < _NEAR_EDGE * min(self._size)
        limb = points[:, _ENDS, :2] - points[:, _PARENTS, :2]
        length = np.hypot(limb[..., 0], limb[..., 1])
        own = np.empty_like(length)
        for i in range(len(_SEGMENTS)):
            own[:, i] = self._follow(i, length[:, i].tolist(), near[:, i].tolist())
        short = near & (length < _SHORTENED * own)  # own is NaN as long as it is not known
        if short.any():
            stretch = own / np.maximum(length, 1e-6)
            reached = points[:, _PARENTS, :2] + limb * stretch[..., None]
            beyond = self._distance_inside(reached) < MARGIN * min(self._size)
            outside[:, _ENDS] |= short & beyond
        return outside

    def _follow(self, segment: int, lengths: list[float], near: list[bool]) -> list[float]:
        """The segment's length away from the edge as known at each row, NaN until it is known."""
        own, seen = self._length[segment], self._seen[segment]
        known, share = [], _MEAN_SHARES[seen]
        for length, close in zip(lengths, near, strict=True):
            if not close and 0.0 <= length < inf:
                own += (length - own) * share
                if seen < _MEMORY:
                    seen += 1
                    share = _MEAN_SHARES[seen]
            known.append(own if seen >= _SETTLED_FRAMES else nan)
        self._length[segment], self._seen[segment] = own, seen
        return known

    def _distance_inside(self, points: Array) -> Array:
        """Pixels from the nearest edge of the picture, negative outside it."""
        x, row = points[..., 0], -points[..., 1]
        width, height = self._size
        return np.asarray(np.minimum.reduce([x, width - x, row, height - row]))
