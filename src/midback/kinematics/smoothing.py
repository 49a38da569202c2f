"""One filter for live and stored values (science B): 30 Hz grid, Hampel, fixed-lag smoother.

All three are streaming stages on rows of C channels. NaN marks a missing value of a channel.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from midback.vision.pose import Array

RATE = 30.0
"""Frames a second of everything behind the resampler."""

LAG = 6
"""Frames by which the smoother looks ahead: .2 s."""

BRIDGE = 6
"""Longest run of missing frames that prediction may fill: .2 s."""

_HAMPEL_HALF = 3
_HAMPEL_LIMIT = 4.0 * 1.4826
_MAX_STEP_S = 0.2
_LONGEST_GAP_S = 2.0
_FIRST_VELOCITY_VARIANCE = 1e6


class Resampler:
    """Linear resampling of timestamped rows to a 30 Hz grid that starts at the first row."""

    def __init__(self) -> None:
        self._last: tuple[float, Array] | None = None
        self._start = 0.0
        self._count = 0

    def update(self, t: float, row: Array) -> list[tuple[float, Array]]:
        """Rows of the grid up to t. A row that does not advance time is dropped.

        Grid points inside a gap longer than .2 s, or beside a missing value, are NaN. Of a gap
        longer than 2 s only the first 2 s are filled; the grid starts anew behind it.
        """
        if self._last is None:
            self._last, self._start, self._count = (t, row), t, 1
            return [(t, row)]
        t0, row0 = self._last
        if t <= t0:
            return []
        out: list[tuple[float, Array]] = []
        if t - t0 > _LONGEST_GAP_S:  # a sleeping laptop, a joined file: do not fill the hours
            step = 1.0 / RATE
            gap = int(_LONGEST_GAP_S * RATE)
            out = [(t0 + (i + 1) * step, np.full_like(row, np.nan)) for i in range(gap)]
            self._last, self._start, self._count = (t, row), t, 1
            return [*out, (t, row)]
        while (at := self._start + self._count / RATE) <= t + 1e-9:
            self._count += 1
            share = min(max((at - t0) / (t - t0), 0.0), 1.0)
            if share >= 1.0 - 1e-6:
                out.append((at, row))
            elif t - t0 > _MAX_STEP_S:
                out.append((at, np.full_like(row, np.nan)))
            else:
                out.append((at, row0 + share * (row - row0)))
        self._last = (t, row)
        return out


class Hampel:
    """Replaces a value that stands out of its seven neighbours by their median.

    floor: (C,) deviation that never counts as an outlier. Output lags by three rows.
    """

    def __init__(self, floor: Array) -> None:
        self._floor = floor
        self._rows: deque[tuple[float, Array]] = deque(maxlen=2 * _HAMPEL_HALF + 1)

    def update(self, t: float, row: Array) -> tuple[float, Array] | None:
        """The cleaned row of three rows ago, once there is one."""
        if not self._rows:
            self._rows.extend([(t, row)] * _HAMPEL_HALF)
        self._rows.append((t, row))
        if len(self._rows) <= 2 * _HAMPEL_HALF:
            return None
        window = np.stack([values for _, values in self._rows])
        at, centre = self._rows[_HAMPEL_HALF]
        middle = np.sort(window, axis=0)[_HAMPEL_HALF]
        spread = np.sort(np.abs(window - middle), axis=0)[_HAMPEL_HALF]
        outlier = np.abs(centre - middle) > _HAMPEL_LIMIT * spread + self._floor
        return at, np.where(outlier, middle, centre)


@dataclass(slots=True)
class _Step:
    """Filtered state of one row, and how to smooth it once the next row is known."""

    t: float
    missing: NDArray[np.bool_]
    run: NDArray[np.intp]  # missing rows in a row up to and including this one
    state: Array  # (2, C) value, velocity
    cov: Array  # (3, C) variance, covariance, velocity variance
    gain: Array | None = None  # (4, C)
    ahead: Array | None = None  # (2, C) the next row as predicted from this one


@dataclass(frozen=True, slots=True)
class Smoothed:
    """A smoothed row. value, velocity: (C,) and per second; NaN where missing too long."""

    t: float
    value: Array
    velocity: Array


class FixedLagSmoother:
    """Constant-velocity Kalman filter with a fixed-lag smoother, the shape of filtfilt Butterworth.

    cutoff: (C,) Hz; |H| = 1/(1+(f/fc)^4). Missing runs of at most .2 s are bridged, longer ones
    come out as NaN. Source: science B3.
    """

    def __init__(self, cutoff: Array) -> None:
        dt = 1.0 / RATE
        q = dt * (2 * np.pi * cutoff) ** 4
        self._q = np.stack([q * dt**3 / 3, q * dt**2 / 2, q * dt])
        self._steps: deque[_Step] = deque(maxlen=LAG + 1)

    def update(self, t: float, row: Array) -> Smoothed | None:
        """The smoothed row of six rows ago, once there is one."""
        full = len(self._steps) == LAG + 1
        self._steps.append(self._first(t, row) if not self._steps else self._next(t, row))
        if not full and len(self._steps) <= LAG:
            return None
        return self._smooth(0)

    def flush(self) -> list[Smoothed]:
        """The rows still inside the lag, smoothed with what is there."""
        first = 1 if len(self._steps) == LAG + 1 else 0
        return [self._smooth(i) for i in range(first, len(self._steps))]

    def _first(self, t: float, row: Array) -> _Step:
        missing = np.isnan(row)
        value = np.where(missing, 0.0, row)
        state = np.stack([value, np.zeros_like(value)])
        cov = np.stack([np.ones_like(value), np.zeros_like(value), np.ones_like(value)])
        cov[2] *= _FIRST_VELOCITY_VARIANCE
        cov[0, missing] = _FIRST_VELOCITY_VARIANCE
        return _Step(t, missing, missing.astype(np.intp), state, cov)

    def _next(self, t: float, row: Array) -> _Step:
        before, dt = self._steps[-1], 1.0 / RATE
        value, speed = before.state
        a, b, c = before.cov
        ahead = np.stack([value + dt * speed, speed])
        cross = b + dt * c
        p = np.stack([a + dt * (b + cross), cross, c]) + self._q
        det = p[0] * p[2] - p[1] ** 2
        before.gain = np.stack(
            [
                ((a + dt * b) * p[2] - b * p[1]) / det,
                (b * p[0] - (a + dt * b) * p[1]) / det,
                ((b + dt * c) * p[2] - c * p[1]) / det,
                (c * p[0] - (b + dt * c) * p[1]) / det,
            ]
        )
        before.ahead = ahead
        missing = np.isnan(row)
        fresh = ~missing & (before.run > 3 * BRIDGE)
        share = np.where(missing, 0.0, 1.0 / (p[0] + 1.0))
        innovation = np.where(missing, 0.0, row - ahead[0])
        state = ahead + np.stack([p[0], p[1]]) * share * innovation
        cov = np.stack(
            [p[0] * (1 - share * p[0]), p[1] * (1 - share * p[0]), p[2] - share * p[1] ** 2]
        )
        if fresh.any():
            state[:, fresh] = np.stack([row[fresh], np.zeros(int(fresh.sum()))])
            cov[:, fresh] = np.array([[1.0], [0.0], [_FIRST_VELOCITY_VARIANCE]])
        return _Step(t, missing, np.where(missing, before.run + 1, 0), state, cov)

    def _smooth(self, index: int) -> Smoothed:
        steps = list(self._steps)
        state = steps[-1].state
        for step in reversed(steps[index:-1]):
            assert step.gain is not None
            assert step.ahead is not None
            d0, d1 = state - step.ahead
            g = step.gain
            state = step.state + np.stack([g[0] * d0 + g[1] * d1, g[2] * d0 + g[3] * d1])
        step = steps[index]
        value, speed = state
        if step.missing.any():
            run, going = step.run.copy(), step.missing.copy()
            for later in steps[index + 1 :]:
                going &= later.missing
                run += going
            lost = step.missing & ((run > BRIDGE) | (going & (run >= len(steps) - index)))
            value, speed = np.where(lost, np.nan, value), np.where(lost, np.nan, speed)
        return Smoothed(step.t, value, speed)
