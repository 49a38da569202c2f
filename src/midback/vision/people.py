"""Keeping to one person when others are in the picture. Pure logic, no networks.

MediaPipe follows one body from frame to frame and lets go only when that body is lost; then it
takes the next best, who may be a passer-by. `PersonKeeper` notices the change and says which
part of the picture to show the network until the right person is back.
"""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import repeat

import numpy as np
from numpy.typing import NDArray

TORSO = (11, 12, 23, 24)
RECENT_S = 0.134  # how far back a pose is compared with
RESTART_S = 0.5
PATIENCE_S = 3.0  # how long the right person is waited for
# Mean path of the four torso landmarks as a share of the body's extent, and turn of the trunk
# in the picture, both within RECENT_S or while out of sight. The fastest real squat (sped up)
# reaches 0.26 and 23 degrees; a slide to someone passing in front turns by 30 to 46, a fresh
# start on someone else by 83 and more.
MAX_STEP = 0.33
MAX_TURN_DEG = 40.0
MAX_SCALE = 2.5  # of the extent; limbs drawn in and stretched out differ by 1.9
_MARGIN = 0.3
_SHORT = 0.12  # a trunk that looks shorter than this share of the extent has no direction

Points = NDArray[np.float32]
Box = tuple[float, float, float, float]


@dataclass(frozen=True, slots=True)
class Body:
    """Place and size of one body: torso (4 places) and extent in the pixels of `points`.

    reach: from mid-hips to the farthest landmark.
    """

    t: float
    torso: list[tuple[float, float]]
    extent: float
    reach: float
    box: Box  # left, bottom, right, top; Y up

    @classmethod
    def of(cls, points: Points, t: float) -> Body:
        """Measure the landmarks (33, 3) of one person."""
        x, y = points[:, :2].T.tolist()
        left, bottom, right, top = min(x), min(y), max(x), max(y)
        extent = max(1.0, math.hypot(right - left, top - bottom))
        torso = [(x[joint], y[joint]) for joint in TORSO]
        hips = (torso[2][0] + torso[3][0]) / 2, (torso[2][1] + torso[3][1]) / 2
        reach = max(map(math.dist, zip(x, y, strict=True), repeat(hips)))
        return cls(t, torso, extent, reach, (left, bottom, right, top))

    def distance(self, other: Body) -> float:
        """Mean distance of the torso landmarks, as a share of this body's extent."""
        paths = map(math.dist, self.torso, other.torso)
        return sum(paths) / len(TORSO) / self.extent

    def alike(self, other: Body) -> bool:
        """Whether `other` is about as large as this body and its trunk points the same way."""
        if not 1 / MAX_SCALE < other.extent / self.extent < MAX_SCALE:
            return False
        mine, theirs = self._trunk(), other._trunk()
        lengths = math.hypot(*mine), math.hypot(*theirs)
        if min(lengths[0] / self.extent, lengths[1] / other.extent) < _SHORT:
            return True
        cosine = (mine[0] * theirs[0] + mine[1] * theirs[1]) / (lengths[0] * lengths[1])
        return cosine > math.cos(math.radians(MAX_TURN_DEG))

    def _trunk(self) -> tuple[float, float]:
        """From mid-hips to mid-shoulders."""
        (ax, ay), (bx, by), (cx, cy), (dx, dy) = self.torso
        return (ax + bx - cx - dx) / 2, (ay + by - cy - dy) / 2


class PersonKeeper:
    """Says of each new pose whether it is the person that was chosen at the start.

    The person may move up to MAX_STEP of the own extent within RECENT_S. When the pose goes
    further, or comes back elsewhere after a gap, it is refused, and `window` narrows the view
    to where the person was. After PATIENCE_S without the person, a new choice is due.
    """

    def __init__(self) -> None:
        self._recent: deque[Body] = deque()
        self._lost = False
        self._restarted = 0.0

    @property
    def reach(self) -> float:
        """From mid-hips to the farthest landmark, of the pose accepted last."""
        return self._recent[-1].reach

    def choice_due(self, t: float) -> bool:
        """Whether nobody is followed: at the start, or after PATIENCE_S without the person."""
        return not self._recent or t - self._recent[-1].t > PATIENCE_S

    def choose(self, people: Sequence[Points], size: tuple[int, int], t: float) -> None:
        """Follow one of `people`: who was followed before, else the largest and most central.

        people: landmarks (33, 3) of at least one; size: the picture's (width, height).
        """
        bodies = [Body.of(points, t) for points in people]
        same = [body for body in bodies if self._recent and self._continues(body)]
        self._recent = deque([max(same or bodies, key=lambda body: _prominence(body, size))])
        self._lost = False

    def accept(self, points: Points, t: float) -> bool:
        """Judge the pose at `t`, later than all before; remember it where it is accepted."""
        body = Body.of(points, t)
        lost = not self._continues(body)
        if lost and not self._lost:
            self._restarted = t
        self._lost = lost
        if lost:
            return False
        self._recent.append(body)
        while len(self._recent) > 1 and t - self._recent[0].t > RECENT_S:
            self._recent.popleft()
        return True

    def _continues(self, body: Body) -> bool:
        known = self._recent[0]
        return known.alike(body) and known.distance(body) < MAX_STEP

    def window(self, t: float) -> Box | None:
        """Say where to look for the person (left, bottom, right, top; Y up); None for anywhere.

        Every RESTART_S without the person it is empty, so that the network lets go of whoever
        it follows; otherwise it is where the person was, and a margin.
        """
        if not self._lost:
            return None
        if t - self._restarted > RESTART_S:
            self._restarted = t
            return 0.0, 0.0, 0.0, 0.0
        body = self._recent[0]
        margin = _MARGIN * body.extent
        left, bottom, right, top = body.box
        return left - margin, bottom - margin, right + margin, top + margin


def _prominence(body: Body, size: tuple[int, int]) -> float:
    """Extent, falling to nothing from the middle of the picture to its corners."""
    width, height = size
    x, y = (sum(values) / len(TORSO) for values in zip(*body.torso, strict=True))
    off = math.hypot(x - width / 2, y + height / 2) / math.hypot(width / 2, height / 2)
    return body.extent * max(0.0, 1.0 - off)
