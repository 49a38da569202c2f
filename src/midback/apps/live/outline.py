"""What to draw of a body over its picture, as shares of the picture from its top left corner."""

from __future__ import annotations

import numpy as np

from midback.moments import back_edge
from midback.vision.pose import Pose


def points_of(pose: Pose, size: tuple[int, int]) -> tuple[tuple[float, float, float], ...]:
    """x, y and visibility of the 33 landmarks; empty where nobody was found."""
    if not pose.found:
        return ()
    x, y = pose.points[:, 0] / size[0], -pose.points[:, 1] / size[1]
    return tuple(map(tuple, np.stack([x, y, pose.visibility], 1).astype(float).round(4).tolist()))


def back_of(pose: Pose, size: tuple[int, int], dorsal: int) -> tuple[tuple[float, float], ...]:
    """The edge of the back from the neck to the pelvis; empty where it was not seen."""
    edge = back_edge(pose, dorsal) if pose.found else None
    if edge is None:
        return ()
    shares = np.asarray(edge, dtype=float) / (size[0], -size[1])
    return tuple(map(tuple, shares.round(4).tolist()))
