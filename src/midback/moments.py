"""Keeps the few poses of a session that are worth showing later."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from operator import attrgetter

import numpy as np

from midback.form.quick import slope
from midback.keyframes import KeyFrame, KeyFrames
from midback.kinematics.channels import SIDES
from midback.kinematics.contour import C7, S1, contour_points
from midback.result import Series
from midback.vision.pose import Array, Pose
from midback.vision.silhouette import ALONG, trunk_line

_TIME = attrgetter("t")
_MEMORY_S = 40.0
"""Before the latest pose; longer than a slow repetition with a hold, whose peak is asked for at its
end."""


class Moments:
    """Remembers recent poses and picks the ones that a report will draw.

    reached: how many of the poses offered last have come by now.
    """

    def __init__(self) -> None:
        self._recent: list[Pose] = []
        self._offered: Sequence[Pose] = ()
        self._taken = 0
        self.reached = 0
        self._peaks: dict[int, Pose] = {}
        self._broke: tuple[int, Pose] | None = None

    def offer(self, poses: Sequence[Pose]) -> None:
        """Give the next poses. They are remembered as far as `reached`, and once others come."""
        self.reached = len(self._offered)
        self._remember()
        self._offered, self._taken, self.reached = poses, 0, 0

    def _remember(self) -> None:
        self._recent.extend(self._offered[self._taken : self.reached])
        self._taken = max(self._taken, self.reached)
        if self._recent:
            oldest = self._recent[-1].t - _MEMORY_S
            del self._recent[: bisect_left(self._recent, oldest, key=_TIME)]

    def keep_peak(self, rep: int, t: float) -> None:
        """Keep the pose at a repetition's peak."""
        pose = self._nearest(t)
        if pose is not None:
            self._peaks[rep] = pose

    def keep_break(self, rep: int, t: float) -> None:
        """Keep the pose in which form broke."""
        pose = self._nearest(t)
        if pose is not None:
            self._broke = (rep, pose)

    def keyframes(
        self, best: int | None, angle: str, series: Series, dorsal: int, *, held: bool = False
    ) -> KeyFrames:
        """Frames of the best, the breaking and the last repetition, pointing at the angle.

        held: of a hold, where the end of its first seconds stands in for the best.
        """
        last = max(self._peaks, default=None)
        best = min(self._peaks, default=None) if held else best
        return KeyFrames(
            best=_frame(best, self._peaks.get(best or 0), angle, series, dorsal),
            broke=_frame(*self._broke, angle, series, dorsal) if self._broke else None,
            last=_frame(last, self._peaks.get(last or 0), angle, series, dorsal),
        )

    def _nearest(self, t: float) -> Pose | None:
        self._remember()
        after = bisect_left(self._recent, t, key=_TIME)
        ways = reversed(self._recent[:after]), self._recent[after:]
        near = (next((pose for pose in way if pose.found), None) for way in ways)
        found = (pose for pose in near if pose is not None)
        return min(found, key=lambda pose: abs(pose.t - t), default=None)


def stillest(values: Array) -> int:
    """Index of the quietest instant near the top of a curve: there the drawn skeleton is true.

    While a limb moves, the network's own smoothing lets the skeleton trail behind it.
    """
    known = np.where(np.isfinite(values), values, -np.inf)
    top = known.max()
    low = np.min(known, where=np.isfinite(known), initial=top)
    if not np.isfinite(top) or len(values) < 3:
        return 0
    speed = np.abs(slope(np.where(np.isfinite(values), values, low)))
    return int(np.argmin(np.where(known >= low + 0.9 * (top - low), speed, np.inf)))


def _frame(
    rep: int | None, pose: Pose | None, angle: str, series: Series, dorsal: int
) -> KeyFrame | None:
    if rep is None or pose is None or not len(series.t):
        return None
    trace = series.traces[angle]
    value = float(trace.value[int(np.argmin(np.abs(series.t - pose.t)))])
    known = value if np.isfinite(value) else None
    return KeyFrame(pose.t, rep, pose, angle, known, trace.unit, back_edge(pose, dorsal))


def back_edge(pose: Pose, dorsal: int) -> Array | None:
    """The dorsal edge from C7 to S1 where it was seen, in picture pixels, Y up."""
    if pose.silhouette is None:
        return None
    hips, shoulders = trunk_line(pose.points[None])
    distances = pose.silhouette[SIDES.index(dorsal)][None].astype(np.float64)
    points = contour_points(hips, shoulders, distances, dorsal)[0]
    points = points[(ALONG >= S1) & (ALONG <= C7)]
    points = points[np.isfinite(points[:, 0])]
    return points if len(points) >= 2 else None
