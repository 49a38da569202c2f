"""How often to look: every frame while the body moves fast, fewer while it is still."""

from __future__ import annotations

from collections import deque
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from midback.vision.pose import Array, Pose

LONGEST_S = 0.1
"""Between two looks at most; the resampler bridges .2 s, so that one of them may see nobody."""

_JOINTS = [0, 11, 12, 13, 14, 15, 16, 23, 24, 25, 26, 27, 28]  # nose, and shoulders to ankles
_SEEN = 0.5  # visibility of a joint that counts
_BEND = 0.03  # of the trunk: how far a joint may leave the straight line between two looks
_STRIDE = 0.4  # of the trunk: how far a joint may go between two looks
_ALERT_S = 1.0  # every frame so long after the person was lost from sight
_MEMORY = 4  # looks
_SLACK_S = 0.002


class Pace(Protocol):
    """Asked about each frame in order, told each pose that was looked at."""

    def wants(self, t: float) -> bool:
        """Whether the frame at `t` seconds should be looked at."""
        ...

    def see(self, pose: Pose) -> None:
        """Take what was seen."""
        ...


class EveryFrame:
    """Looks at every frame."""

    def wants(self, t: float) -> bool:
        """Yes."""
        return True

    def see(self, pose: Pose) -> None:
        """Nothing follows from it."""


class MovementPace:
    """Looks again when a joint may have gone too far, or too far from a straight line.

    What lies between two looks is filled in by straight lines. A joint that accelerates by a is
    off such a line by at most a h^2 / 8 after h seconds; h follows from the largest acceleration
    and speed of late.
    """

    def __init__(self) -> None:
        self._late: deque[tuple[float, Array, NDArray[np.bool_]]] = deque(maxlen=_MEMORY)
        self._due = self._asked = -np.inf
        self._lost_at: float | None = None

    def wants(self, t: float) -> bool:
        """Whether it is time to look again, or will be before the next frame."""
        step, self._asked = t - self._asked, t
        return t + step > self._due + _SLACK_S

    def see(self, pose: Pose) -> None:
        """Decide how long not to look."""
        self._due = pose.t + self._rest(pose)

    def _rest(self, pose: Pose) -> float:
        if not pose.found:
            self._late.clear()
            self._lost_at = pose.t if self._lost_at is None else self._lost_at
            return 0.0 if pose.t - self._lost_at < _ALERT_S else LONGEST_S
        self._lost_at = None
        joints = pose.points[_JOINTS, :2].astype(np.float64)
        self._late.append((pose.t, joints, pose.visibility[_JOINTS] > _SEEN))
        if len(self._late) < _MEMORY:
            return 0.0
        speed, bend = self._movement(trunk_length(joints))
        return min(
            LONGEST_S, _STRIDE / max(speed, 1e-9), float(np.sqrt(8 * _BEND / max(bend, 1e-9)))
        )

    def _movement(self, trunk: float) -> tuple[float, float]:
        """Largest speed and acceleration of a joint that is seen, in trunk lengths and seconds."""
        t = np.array([at for at, _, _ in self._late])
        joints = np.stack([points for _, points, _ in self._late])[:, self._late[-1][2]] / trunk
        if not joints.size:
            return np.inf, np.inf
        steps = np.diff(t)
        speeds = np.diff(joints, axis=0) / steps[:, None, None]
        middle = (steps[1:] + steps[:-1]) / 2
        bends = np.diff(speeds, axis=0) / middle[:, None, None]
        fastest = np.linalg.norm(speeds[-1], axis=-1).max()
        return float(fastest), float(np.linalg.norm(bends.mean(axis=0), axis=-1).max())


def trunk_length(joints: Array) -> float:
    """Distance from the middle of the shoulders to that of the hips, in pixels, at least 1."""
    shoulders, hips = joints[1:3].mean(axis=0), joints[7:9].mean(axis=0)
    return max(1.0, float(np.linalg.norm(shoulders - hips)))
