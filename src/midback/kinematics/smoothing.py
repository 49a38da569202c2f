"""Fixed-lag smoothing of rows on the 30 Hz grid (science B3), in blocks of any size."""

from __future__ import annotations

from itertools import groupby

import numpy as np
from numpy.typing import NDArray
from scipy.signal import lfilter

from midback.kinematics.gains import BRIDGE, GONE, LAG, RATE, Course, Step, lost, weights_of
from midback.vision.pose import Array, Floats

__all__ = ["BRIDGE", "LAG", "RATE", "FixedLagSmoother"]


class FixedLagSmoother:
    """Constant-velocity Kalman filter with a fixed-lag smoother, the shape of filtfilt Butterworth.

    cutoff: (C,) Hz, in the precision of the rows; |H| = 1/(1+(f/fc)^4). Missing runs of at most
    .2 s are bridged, longer ones come out as NaN. However the rows are cut into blocks, the same
    values come out. Source: science B3.
    """

    def __init__(self, cutoff: Floats) -> None:
        found = list(dict.fromkeys(cutoff.tolist()))
        self._courses = [Course(hz) for hz in found]
        self._owner = np.array([found.index(hz) for hz in cutoff.tolist()], dtype=np.intp)
        channels, self._dtype = len(cutoff), cutoff.dtype
        self._t = np.empty(0)
        self._values, self._innovations = np.empty((2, 0, channels), dtype=self._dtype)
        self._value, self._velocity = np.zeros((2, channels), dtype=self._dtype)  # of the latest
        self._ahead: Floats | None = None  # what lfilter knows of it, while the gains are steady

    def update(self, t: Array, rows: Floats) -> tuple[Array, Floats]:
        """Take the next (N,) times and (N, C) rows, NaN where missing.

        Returns times and values of the rows that have their six followers now.
        """
        if not len(t):
            return t, rows
        missing = np.isnan(rows)
        if missing.all() and all(course.steps == (GONE,) * LAG for course in self._courses):
            t = np.concatenate([self._t, t])
            self._t = t[-LAG:]
            return t[:-LAG], rows
        if (missing == missing[:, :1]).all():
            together = missing[:, 0].tolist()
            onwards = [course.onwards(together) for course in self._courses]
        else:
            onwards = self._divide(missing)
        if missing.any():
            rows = np.where(missing, 0.0, rows)
        self._filter(rows, onwards)
        self._t = np.concatenate([self._t, t])
        steps = [[*course.steps, *own] for course, own in zip(self._courses, onwards, strict=True)]
        self._courses = [
            Course(course.cutoff, tuple(own[-LAG:]))
            for course, own in zip(self._courses, steps, strict=True)
        ]
        return self._smoothed(steps, max(0, len(self._t) - LAG))

    def flush(self) -> tuple[Array, Floats]:
        """The rows still inside the lag, smoothed with what is there."""
        steps = [[*course.steps, *[GONE] * LAG] for course in self._courses]
        self._innovations = np.pad(self._innovations, ((0, LAG), (0, 0)))
        return self._smoothed(steps, len(self._t))

    def _divide(self, missing: NDArray[np.bool_]) -> list[list[Step]]:
        """Part the courses of channels whose rows are missing apart, join those that are alike;
        return the steps of each.
        """
        data, rows = missing.T.tobytes(), len(missing)
        parts = [
            (owner, data[first : first + rows])
            for owner, first in zip(self._owner.tolist(), range(0, len(data), rows), strict=True)
        ]
        numbers: dict[tuple[Course, bytes], int] = {}
        number_of = {
            (owner, pattern): numbers.setdefault((self._courses[owner], pattern), len(numbers))
            for owner, pattern in dict.fromkeys(parts)  # few: a course is slow to look up
        }
        self._owner = np.array([number_of[part] for part in parts])
        self._courses = [course for course, _ in numbers]
        return [course.onwards([bool(byte) for byte in pattern]) for course, pattern in numbers]

    def _filter(self, rows: Floats, steps: list[list[Step]]) -> None:
        """Forward pass: appends each row's value, and by how much the row missed its prediction."""
        values, innovations = np.empty_like(rows), np.empty_like(rows)
        for part, steady in _runs(steps):
            own = [course[part] for course in steps]
            through = self._steady if steady else self._one_by_one
            through(rows[part], own, values[part], innovations[part])
        self._values = np.concatenate([self._values, values])
        self._innovations = np.concatenate([self._innovations, innovations])

    def _steady(
        self, rows: Floats, steps: list[list[Step]], values: Floats, missed: Floats
    ) -> None:
        """Rows whose gains are all the same: the Kalman filter is then a plain recursive one.

        A channel that is gone runs on at its last velocity, and its next row begins it anew.
        """
        if self._ahead is None:
            gain = np.array([own[0].k[0] for own in steps], dtype=self._dtype)[self._owner]
            self._ahead = (1 - gain) * np.stack([self._value + self._velocity, -self._value])
        for course, own in enumerate(steps):
            one = len(steps) == 1
            channels = slice(None) if one else np.flatnonzero(self._owner == course)
            k, kv = own[0].k
            seen = rows[:, channels]
            b, a = np.array([[k, kv - k, 0.0], [1.0, k + kv - 2, 1 - k]], dtype=self._dtype)
            found, ahead = lfilter(b, a, seen, axis=0, zi=self._ahead[:, channels])
            values[:, channels], missed[:, channels] = found, (seen - found) / (1 - k)
            self._ahead[:, channels] = ahead
            self._value[channels] = found[-1]
            self._velocity[channels] = ahead[0] / (1 - k) - found[-1]

    def _one_by_one(
        self, rows: Floats, steps: list[list[Step]], values: Floats, missed: Floats
    ) -> None:
        gains = self._spread([[step.k for step in own] for own in steps])
        anew = [any(step.fresh for step in row) for row in zip(*steps, strict=True)]
        before, velocity = self._value, self._velocity
        ahead, move = np.empty((2, rows.shape[1]), dtype=self._dtype)
        every = zip(rows, values, missed, *gains, anew, strict=True)
        for i, (row, value, innovation, gain, velocity_gain, begins_anew) in enumerate(every):
            np.add(before, velocity, ahead)
            np.subtract(row, ahead, innovation)
            np.multiply(gain, innovation, move)
            np.add(ahead, move, value)
            np.multiply(velocity_gain, innovation, move)
            np.add(velocity, move, velocity)
            if begins_anew:
                begins = np.array([own[i].fresh for own in steps])[self._owner]
                value[begins], velocity[begins] = row[begins], 0.0
            before = value
        self._value, self._ahead = before.copy(), None

    def _smoothed(self, steps: list[list[Step]], count: int) -> tuple[Array, Floats]:
        """Backward pass of the first rows, written out; they are done with."""
        t, values, missed = self._t[:count], self._values[:count].copy(), self._innovations
        if count:
            weights = self._spread([weights_of(own, count) for own in steps])
            part = np.empty_like(values)
            for ahead, weight in enumerate(weights, 1):
                values += np.multiply(weight, missed[ahead : ahead + count], out=part)
            gone = [lost(own, count) for own in steps]
            if any(map(any, gone)):
                values[np.array(gone).T[:, self._owner]] = np.nan
        self._t, self._values, self._innovations = (
            self._t[count:],
            self._values[count:],
            missed[count:],
        )
        return t, values

    def _spread(self, of_courses: list[list[tuple[float, ...]]]) -> Floats:
        """(K, rows, C) numbers of every channel, from K of every row of every course.

        Where all rows are alike, one row seen often.
        """
        rows = len(of_courses[0])
        if all(own.count(own[0]) == rows for own in of_courses):
            alike = np.array([own[0] for own in of_courses], dtype=self._dtype)[self._owner].T
            return np.broadcast_to(alike[:, None], (len(alike), rows, len(self._owner)))
        return np.array(of_courses, dtype=self._dtype)[self._owner].transpose(2, 1, 0)


def _runs(steps: list[list[Step]]) -> list[tuple[slice, bool]]:
    """Rows that follow each other and are steady in every course, or are not in some."""
    rows = len(steps[0])
    if all(own[0].steady and own.count(own[0]) == rows for own in steps):
        return [(slice(0, rows), True)]
    found, first = list[tuple[slice, bool]](), 0
    for steady, run in groupby(
        all(step.steady for step in row) for row in zip(*steps, strict=True)
    ):
        found.append((slice(first, first + len(list(run))), steady))
        first = found[-1][0].stop
    return found
