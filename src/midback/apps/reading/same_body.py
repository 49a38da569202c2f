"""Whether two runs of the network see the same body in the same posture."""

from __future__ import annotations

import numpy as np

from midback.vision.pose import Pose

_JOINTS = [11, 12, 13, 14, 15, 16, 23, 24, 25, 26, 27, 28]  # shoulders to wrists, hips to ankles
_CLOSE = 0.05  # of the body's extent: mean over the joints


def same_body(a: Pose, b: Pose) -> bool:
    """Whether the joints of two found poses lie close together, left on left and right on right.

    A run that has chosen somebody else is far off, and so is one that took the left limbs for the
    right. Two runs on the same body differ by about .001 of its extent.
    """
    return joint_distance(a, b) < _CLOSE


def joint_distance(a: Pose, b: Pose) -> float:
    """Mean distance of shoulders, elbows, wrists, hips, knees and ankles, as a share of a's extent.

    The extent is the diagonal of the box around the landmarks in the picture.
    """
    mine, theirs = (pose.points[:, :2].astype(np.float64) for pose in (a, b))
    extent = max(1.0, float(np.linalg.norm(np.ptp(mine, axis=0))))
    return float(np.linalg.norm(mine[_JOINTS] - theirs[_JOINTS], axis=1).mean()) / extent
