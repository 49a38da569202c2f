"""Fixed-lag smoothing of rows on the 30 Hz grid (science B3), in blocks of any size."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from midback.vision.pose import Array

RATE = 30.0
"""Frames a second of everything behind the resampler."""

LAG = 6
"""Frames by which the smoother looks ahead: .2 s."""

BRIDGE = 6
"""Longest run of missing frames that prediction may fill: .2 s."""

_UNKNOWN = 1e6
_FIRST_VELOCITY_VARIANCE = _UNKNOWN / RATE**2
_SETTLED = 1e-13
_LONGEST_RUN = 3 * BRIDGE  # missing rows after which a channel begins anew


@dataclass(frozen=True, slots=True)
class _State:
    """Certainty of one row. a, b, c: variance, covariance, velocity variance, the velocity being a
    row's change. run: of missing.
    """

    a: float
    b: float
    c: float
    run: int


@dataclass(frozen=True, slots=True, eq=False)
class _Step:
    """One row's gains. k: on value and velocity, of the innovation. g: (4,) row by row, by which
    the row before is smoothed. fresh: whether the channel begins anew here.
    """

    k: tuple[float, float]
    g: tuple[float, float, float, float]
    fresh: bool
    missing: bool
    after: _State


_NO_GAIN = (0.0, 0.0)
_NO_RETURN = (0.0, 0.0, 0.0, 0.0)
_NEW = _State(1.0, 0.0, _FIRST_VELOCITY_VARIANCE, 0)
_UNSEEN = _State(_UNKNOWN, 0.0, _FIRST_VELOCITY_VARIANCE, 1)
_LOST = _State(0.0, 0.0, 0.0, _LONGEST_RUN + 1)
_GONE = _Step(_NO_GAIN, _NO_RETURN, False, True, _LOST)


@lru_cache(maxsize=20_000)
def _step(before: _State | None, missing: bool, cutoff: float) -> _Step:
    """Advance by a row: gains depend on which rows were missing, never on values."""
    if before is None:
        return _Step(_NO_GAIN, _NO_RETURN, True, missing, _UNSEEN if missing else _NEW)
    if before.run > _LONGEST_RUN:
        return _GONE if missing else _Step(_NO_GAIN, _NO_RETURN, True, False, _NEW)
    a, b, c = before.a, before.b, before.c
    q = (2 * np.pi * cutoff / RATE) ** 4
    along, across = a + b, b + c
    p0, p1, p2 = along + across + q / 3, across + q / 2, c + q
    det = p0 * p2 - p1**2
    g = (
        (along * p2 - b * p1) / det,
        (b * p0 - along * p1) / det,
        (across * p2 - c * p1) / det,
        (c * p0 - across * p1) / det,
    )
    if missing:
        run = before.run + 1
        after = _LOST if run > _LONGEST_RUN else _State(p0, p1, p2, run)
        return _Step(_NO_GAIN, g, False, True, after)
    share = 1.0 / (p0 + 1.0)
    after = _State(p0 * (1 - share * p0), p1 * (1 - share * p0), p2 - share * p1**2, 0)
    if before.run == 0 and max(abs(after.a - a), abs(after.b - b), abs(after.c - c)) < _SETTLED * a:
        after = before  # rounding must not keep it from settling
    return _Step((p0 * share, p1 * share), g, False, False, after)


@lru_cache(maxsize=20_000)
def _weights(followers: tuple[_Step, ...]) -> tuple[float, ...]:
    """How much of a row's own correction by each of its LAG followers reaches it.

    What a follower moved its prediction by, value and velocity, comes back through the product of
    the gains between. (2 * LAG,): of the values, then of the velocities.
    """
    of_value, of_velocity, found = 1.0, 0.0, list[tuple[float, float]]()
    for step in followers:
        g = step.g
        of_value, of_velocity = (
            of_value * g[0] + of_velocity * g[2],
            of_value * g[1] + of_velocity * g[3],
        )
        found.append((of_value, of_velocity))
    return (*(value for value, _ in found), *(velocity for _, velocity in found))


@dataclass(frozen=True, slots=True)
class _Course:
    """What channels of one cutoff, whose rows were missing together, have behind them.

    steps: of the latest LAG rows, oldest first.
    """

    cutoff: float
    steps: tuple[_Step, ...] = ()

    def onwards(self, missing: Sequence[bool]) -> list[_Step]:
        """The steps of the rows that follow."""
        state = self.steps[-1].after if self.steps else None
        found: list[_Step] = []
        last_missing = max((i for i, one in enumerate(missing) if one), default=-1)
        for i, one in enumerate(missing):
            step = _step(state, one, self.cutoff)
            if step.after is state and i > last_missing:  # settled: so are all that follow
                return found + [step] * (len(missing) - i)
            found.append(step)
            state = step.after
        return found


def _followed(steps: list[_Step], count: int) -> list[tuple[float, ...]]:
    """Weights of the first rows, see _weights."""
    found: list[tuple[float, ...]] = []
    settled: _Step | None = None
    for row in range(count):
        if steps[row + LAG] is not settled:
            window = tuple(steps[row + 1 : row + 1 + LAG])
            found.append(_weights(window))
            settled = window[0] if all(step is window[0] for step in window) else None
        else:
            found.append(found[-1])
    return found


def _lost(steps: list[_Step], count: int) -> list[bool]:
    """Which of the first rows lie in a run of missing ones too long to bridge, as far as seen."""
    out, following = [False] * len(steps), 0
    for row in reversed(range(len(steps))):
        step = steps[row]
        out[row] = step.missing and step.after.run + min(following, LAG) > BRIDGE
        following = following + 1 if step.missing else 0
    return out[:count]


class FixedLagSmoother:
    """Constant-velocity Kalman filter with a fixed-lag smoother, the shape of filtfilt Butterworth.

    cutoff: (C,) Hz; |H| = 1/(1+(f/fc)^4). Missing runs of at most .2 s are bridged, longer ones
    come out as NaN. However the rows are cut into blocks, the same values come out.
    Source: science B3.
    """

    def __init__(self, cutoff: Array) -> None:
        found = list(dict.fromkeys(cutoff.tolist()))
        self._courses = [_Course(hz) for hz in found]
        self._owner = np.array([found.index(hz) for hz in cutoff.tolist()], dtype=np.intp)
        channels = len(cutoff)
        self._t = np.empty(0)
        self._values = np.empty((0, channels))
        self._moves = np.empty((2, 0, channels))
        self._velocity = np.zeros(channels)

    def update(self, t: Array, rows: Array) -> tuple[Array, Array]:
        """Take the next (N,) times and (N, C) rows, NaN where missing.

        Returns times and values of the rows that have their six followers now.
        """
        if not len(t):
            return t, rows
        missing = np.isnan(rows)
        if missing.all() and all(course.steps == (_GONE,) * LAG for course in self._courses):
            t = np.concatenate([self._t, t])
            self._t = t[-LAG:]
            return t[:-LAG], rows
        if (missing == missing[:, :1]).all():
            together = missing[:, 0].tolist()
            onwards = [course.onwards(together) for course in self._courses]
        else:
            onwards = self._divide(missing)
            rows = np.where(missing, 0.0, rows)
        if missing[:, 0].any():
            rows = np.where(missing, 0.0, rows)
        self._filter(rows, onwards)
        self._t = np.concatenate([self._t, t])
        steps = [[*course.steps, *own] for course, own in zip(self._courses, onwards, strict=True)]
        self._courses = [
            _Course(course.cutoff, tuple(own[-LAG:]))
            for course, own in zip(self._courses, steps, strict=True)
        ]
        return self._smoothed(steps, max(0, len(self._t) - LAG))

    def flush(self) -> tuple[Array, Array]:
        """The rows still inside the lag, smoothed with what is there."""
        steps = [[*course.steps, *[_GONE] * LAG] for course in self._courses]
        self._values = np.pad(self._values, ((0, LAG), (0, 0)))
        self._moves = np.pad(self._moves, ((0, 0), (0, LAG), (0, 0)))
        return self._smoothed(steps, len(self._t))

    def _divide(self, missing: NDArray[np.bool_]) -> list[list[_Step]]:
        """Part the courses of channels whose rows are missing apart, join those that are alike;
        return the steps of each.
        """
        data, rows = missing.T.tobytes(), len(missing)
        parts = [
            (owner, data[first : first + rows])
            for owner, first in zip(self._owner.tolist(), range(0, len(data), rows), strict=True)
        ]
        numbers: dict[tuple[_Course, bytes], int] = {}
        number_of = {
            (owner, pattern): numbers.setdefault((self._courses[owner], pattern), len(numbers))
            for owner, pattern in dict.fromkeys(parts)  # few: a course is slow to look up
        }
        self._owner = np.array([number_of[part] for part in parts])
        self._courses = [course for course, _ in numbers]
        return [course.onwards([bool(byte) for byte in pattern]) for course, pattern in numbers]

    def _filter(self, rows: Array, steps: list[list[_Step]]) -> None:
        """Forward pass: appends each row's value and by how much the row moved its prediction."""
        gains = self._spread([[step.k for step in own] for own in steps])
        anew = [any(step.fresh for step in row) for row in zip(*steps, strict=True)]
        values, moves = np.empty_like(rows), np.empty((2, *rows.shape))
        ahead, velocity = np.empty(rows.shape[1]), self._velocity
        before = self._values[-1] if len(self._values) else np.zeros(rows.shape[1])
        add, subtract, multiply = np.add, np.subtract, np.multiply  # each row costs their calls
        every = zip(rows, values, *gains, *moves, strict=True)
        for i, (row, value, gain, velocity_gain, move, change) in enumerate(every):
            add(before, velocity, ahead)
            subtract(row, ahead, value)
            multiply(gain, value, move)
            multiply(velocity_gain, value, change)
            add(ahead, move, value)
            add(velocity, change, velocity)
            if anew[i]:
                begins = np.array([own[i].fresh for own in steps])[self._owner]
                value[begins], velocity[begins] = row[begins], 0.0
            before = value
        self._values = np.concatenate([self._values, values])
        self._moves = np.concatenate([self._moves, moves], axis=1)

    def _smoothed(self, steps: list[list[_Step]], count: int) -> tuple[Array, Array]:
        """Backward pass of the first rows, written out; they are done with."""
        t, values, moves = self._t[:count], self._values[:count].copy(), self._moves
        if count:
            weights = self._spread([_followed(own, count) for own in steps])
            for ahead in range(LAG):
                later = slice(ahead + 1, ahead + 1 + count)
                values += weights[ahead] * moves[0, later]
                values += weights[LAG + ahead] * moves[1, later]
            if any(step.missing for own in steps for step in own):
                lost = np.array([_lost(own, count) for own in steps])
                values[lost.T[:, self._owner]] = np.nan
        self._t, self._values, self._moves = self._t[count:], self._values[count:], moves[:, count:]
        return t, values

    def _spread(self, of_courses: list[list[tuple[float, ...]]]) -> Array:
        """(K, rows, C) numbers of every channel, from K of every row of every course.

        Where all rows are alike, one row seen often.
        """
        rows = len(of_courses[0])
        if all(own.count(own[0]) == rows for own in of_courses):
            alike = np.array([own[0] for own in of_courses])[self._owner].T
            return np.broadcast_to(alike[:, None], (len(alike), rows, len(self._owner)))
        return np.array(of_courses)[self._owner].transpose(2, 1, 0)
