"""What settles over the rows of a set: the view, the side of the back, the position, the start.

One number after the other, so these are plain loops over what was computed for all rows at once.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import isfinite

import numpy as np
from numpy.typing import NDArray

from midback.kinematics.smoothing import RATE
from midback.kinematics.view import SIDE_YAW
from midback.vision.pose import Array

_VIEW_SHARE = 1.0 / RATE  # of the view's running mean, time constant 1 s
_RAISED_SHARE = _VIEW_SHARE / 10  # with the hands overhead the shoulders look narrow
_VIEW_SLACK = 5.0
_MOST_VOTES = 3 * RATE
_ENTER_ROWS, _LEAVE_ROWS = int(0.3 * RATE), int(0.8 * RATE)


@dataclass(frozen=True, slots=True)
class Views:
    """How the camera sees the person, (N,) each.

    yaw: running mean, degrees. side_on: whether that is a side view, with slack to leave it.
    votes: running sum of the evidence for the side of the back, see view.dorsal_votes.
    """

    yaw: Array
    side_on: NDArray[np.bool_]
    votes: Array

    @property
    def dorsal(self) -> NDArray[np.intp]:
        """The side of the back, see angles.Orientation."""
        return np.where(self.votes >= 0, 1, -1)


class ViewWatch:
    """Follows how the camera sees the person; who is not found changes nothing."""

    def __init__(self) -> None:
        self._yaw = np.nan
        self._side_on = False
        self.votes = 0.0

    def update(
        self,
        found: NDArray[np.bool_],
        yaw: Array,
        votes: Array,
        overhead: NDArray[np.bool_],
    ) -> Views:
        """Take (N,) rows, see view_yaw, dorsal_votes and hands_overhead."""
        running, side_on, sums = list[float](), list[bool](), list[float]()
        mean, side, total = self._yaw, self._side_on, self.votes
        for here, angle, vote, raised in zip(
            found.tolist(), yaw.tolist(), votes.tolist(), overhead.tolist(), strict=True
        ):
            if here:
                if isfinite(vote):
                    total = min(max(total + vote, -_MOST_VOTES), _MOST_VOTES)
                if isfinite(angle):
                    before = mean if isfinite(mean) else angle
                    mean = before + (_RAISED_SHARE if raised else _VIEW_SHARE) * (angle - before)
                side = mean >= SIDE_YAW - (_VIEW_SLACK if side else 0.0)
            running.append(mean)
            side_on.append(side)
            sums.append(total)
        self._yaw, self._side_on, self.votes = mean, side, total
        return Views(np.array(running), np.array(side_on, dtype=np.bool_), np.array(sums))


@dataclass(frozen=True, slots=True)
class Positions:
    """(N,) each. ready: whether the body is in the exercise's position. start: row in which the
    start was last seen, up to the first moment in position; -1: before these rows.
    """

    ready: NDArray[np.bool_]
    start: NDArray[np.intp]


class PositionWatch:
    """Enters the position after .3 s in it, leaves it after .8 s out of it."""

    def __init__(self) -> None:
        self._ready, self._was_ready, self._agree = False, False, 0

    def update(
        self, found: NDArray[np.bool_], stays: NDArray[np.bool_], begins: NDArray[np.bool_]
    ) -> Positions:
        """Take (N,) rows: whether somebody was found, held as in_position, as in_start."""
        ready, start, latest = [], [], -1
        for row, (here, stay, begin) in enumerate(
            zip(found.tolist(), stays.tolist(), begins.tolist(), strict=True)
        ):
            if here and not self._was_ready:
                latest, self._was_ready = row, self._ready
            self._settle(here and (stay if self._ready else begin))
            ready.append(self._ready)
            start.append(latest)
        return Positions(np.array(ready, dtype=np.bool_), np.array(start, dtype=np.intp))

    def _settle(self, held: bool) -> None:
        self._agree = 0 if held == self._ready else self._agree + 1
        if self._agree >= (_ENTER_ROWS if held else _LEAVE_ROWS):
            self._ready, self._agree = held, 0
