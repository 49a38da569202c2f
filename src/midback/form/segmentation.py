"""Cutting one signal into repetitions with phases, as it arrives (science C)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from midback.exercises import Primary, Timing
from midback.kinematics.smoothing import RATE
from midback.vision.pose import Array

_START_SHARE = 0.15
_ONSET_SHARE = 0.02
_RETURN_SHARE = 0.35  # a quiet stay this low ends a repetition that never comes back fully
_PLATEAU_SHARE = 0.9
_HOLD_SHARE = 0.8
_LEAST_SHARE = 0.35
COMPLETE_SHARE = 0.7
"""Share of the person's own recent range below which a repetition is only partial."""

_FLOOR_SPEED = 3.0  # units a second
_SPEED_SHARE = 0.1
_CRAWL_SHARE = 0.05  # of the repetition's range a second: the way back is over
_REST_QUANTILE = 0.3
_REST_S = 4.0
_END_S = 0.2
_SETTLE_S = 0.7
_QUIET_S = 0.8
_HOLD_S = 0.4
_TRAIL_S = 60.0


@dataclass(frozen=True, slots=True)
class Span:
    """One excursion of the signal. first, peak, last: frame numbers of the 30 Hz grid.

    rom and baseline are in the signal's unit, oriented so that effort is positive times `sign`.
    complete: set by the session, which knows the range of each side.
    """

    first: int
    peak: int
    last: int
    complete: bool
    hold_s: float
    concentric_s: float
    eccentric_s: float
    rom: float
    baseline: float
    sign: int


class RepSegmenter:
    """REST -> ACTIVE -> REST on the effort signal, with the person's own range as the scale."""

    def __init__(self, primary: Primary, timing: Timing) -> None:
        self._primary, self._timing = primary, timing
        self._sign = {"increase": 1, "decrease": -1, "either": 0, "both": 1}[primary.direction]
        self._ranges: list[float] = []
        self._speeds: list[float] = []
        self._trail: list[float] = []
        self._origin, self._lost = 0, 0
        self._start: int | None = None
        self._base = 0.0
        self._below: int | None = None

    @property
    def sign(self) -> int:
        """+1 or -1 for the direction of effort; 0 while it is still undecided."""
        return self._sign

    @property
    def active(self) -> bool:
        """Whether a repetition is under way."""
        return self._start is not None

    @property
    def start(self) -> int | None:
        """First frame of the repetition under way."""
        return self._start

    def update(self, frame: int, value: float) -> Span | None:
        """Take the next frame's signal; return the repetition that this frame completes.

        NaN (not in position, nobody found) for longer than half a second abandons a repetition.
        """
        if not np.isfinite(value):
            self._lost += 1
            if self._lost > RATE / 2:
                self._forget(frame + 1)
            value = self._trail[-1] if self._trail else np.nan
            if not np.isfinite(value):
                self._forget(frame + 1)
                return None
        else:
            self._lost = 0
        if not self._trail:
            self._origin = frame
        self._trail.append(value)
        if len(self._trail) > _TRAIL_S * RATE and not self.active:
            cut = len(self._trail) - int(_REST_S * RATE) - 1
            del self._trail[:cut]
            self._origin += cut
        return self._step(frame)

    def flush(self) -> Span | None:
        """The repetition cut off by the end of the recording, if it was at least half way back."""
        if self._start is None:
            return None
        effort = self._effort(self._start)
        height = float(effort.max()) - self._base
        if effort[-1] - self._base > 0.6 * height:
            return None
        return self._finish(self._origin + len(self._trail) - 1)

    def _forget(self, origin: int) -> None:
        self._trail = []
        self._origin, self._lost = origin, 0
        self._start, self._below = None, None
        self._base = 0.0

    def _effort(self, first: int) -> Array:
        """The signal from a frame on, effort positive."""
        return (self._sign or 1) * np.asarray(self._trail[first - self._origin :])

    def _range(self) -> float:
        return float(np.median(self._ranges[-3:])) if self._ranges else self._primary.typical_rom

    def _least(self) -> float:
        return max(_LEAST_SHARE * self._range(), self._primary.min_rom)

    def _slow(self) -> float:
        speed = float(np.median(self._speeds[-3:])) if self._speeds else 2.0 * self._least()
        return max(_FLOOR_SPEED, _SPEED_SHARE * speed)

    def _step(self, frame: int) -> Span | None:
        if self._start is None:
            self._watch_for_start(frame)
            return None
        if (frame - self._start) / RATE > 3 * self._timing.max_s:
            self._forget(frame + 1)
            return None
        return self._watch_for_end(frame)

    def _watch_for_start(self, frame: int) -> None:
        if len(self._trail) < 3:
            return
        if self._sign == 0 and not self._decide_direction():
            return
        effort = self._effort(self._origin)
        speed = (effort[-1] - effort[-3]) * RATE / 2
        if speed <= self._slow():
            return
        rest = np.sort(effort[-int(_REST_S * RATE) :])
        base = float(rest[int(_REST_QUANTILE * len(rest))])
        first = self._last_still(effort, base)
        if effort[-1] > effort[first] + _START_SHARE * self._range():
            self._start, self._below = self._origin + first, None
            self._base = min(float(effort[first]), base + _START_SHARE * self._range())

    def _decide_direction(self) -> bool:
        """For movements that may go either way: the first clear excursion decides."""
        values = np.asarray(self._trail)
        rest = float(np.median(values[:10]))
        away = values[-1] - rest
        if abs(away) < self._least():
            return False
        self._sign = 1 if away > 0 else -1
        return True

    def _last_still(self, effort: Array, base: float) -> int:
        """Index at which the signal last stood still near its rest."""
        speed = np.gradient(effort) * RATE
        low = effort[:-1] < base + 0.3 * self._range()
        still = np.flatnonzero((speed[:-1] <= self._slow()) & low)
        return int(still[-1]) if len(still) else int(np.argmin(effort))

    def _watch_for_end(self, frame: int) -> Span | None:
        assert self._start is not None
        effort = self._effort(self._start)
        height = float(effort.max()) - self._base
        level = self._base + _START_SHARE * min(self._range(), max(height, 1e-9))
        past = int(np.argmax(effort)) < len(effort) - 2
        speed = (effort[-1] - effort[-3]) * RATE / 2 if len(effort) > 2 else 0.0
        if not past:
            return None
        if self._quiet_low(effort, height):
            return self._finish(frame)
        if effort[-1] >= level:
            self._below = None
            return None
        if self._below is None:
            self._below = frame
        waited = (frame - self._below) / RATE
        settled = speed > -self._slow()
        if (waited >= _END_S and settled) or waited >= _SETTLE_S:
            return self._finish(frame)
        return None

    def _quiet_low(self, effort: Array, height: float) -> bool:
        """Whether the signal stands still, low enough to count as the new rest."""
        tail = effort[-int(_QUIET_S * RATE) :]
        if len(tail) < int(_QUIET_S * RATE) or len(effort) <= len(tail):
            return False
        low = tail.max() < self._base + _RETURN_SHARE * height
        return bool(low and np.ptp(tail) < self._slow() * _QUIET_S / 2)

    def _finish(self, frame: int) -> Span | None:
        """Close the repetition under way; None where it is too small, short or long to count."""
        assert self._start is not None
        start, base = self._start, self._base
        effort = self._effort(start)
        start += self._onset_index(effort)
        effort = self._effort(start)
        last = start + self._settled_index(effort)
        span = _describe(effort[: last - start + 1], start, base, self._sign or 1, self._slow())
        keep = self._trail[last - self._origin :]
        self._forget(last)
        self._trail = keep
        moving = (span.last - span.first) / RATE - span.hold_s
        if span.rom < self._least() or not self._timing.min_s <= moving <= self._timing.max_s:
            return None
        if span.rom >= COMPLETE_SHARE * self._range() or not self._ranges:
            self._ranges.append(span.rom)
            self._speeds.append(float(np.abs(np.gradient(effort)).max() * RATE))
        return span

    def _onset_index(self, effort: Array) -> int:
        """Index at which the way out begins: the last frame still at the level of rest."""
        top = int(np.argmax(effort))
        rest = self._base + _ONSET_SHARE * (effort[top] - self._base)
        low = np.flatnonzero(effort[:top] <= rest)
        return int(low[-1]) if len(low) else 0

    def _settled_index(self, effort: Array) -> int:
        """Index at which the way back is over: the first slow frame below the end level."""
        top = int(np.argmax(effort))
        height = float(effort.max()) - self._base
        speed = np.gradient(effort) * RATE
        low = effort < self._base + _RETURN_SHARE * height
        rest = effort <= self._base + _ONSET_SHARE * height
        crawl = min(self._slow(), _CRAWL_SHARE * height)
        slow = np.flatnonzero(low[top:] & ((speed[top:] > -crawl) | rest[top:]))
        return top + int(slow[0]) if len(slow) else len(effort) - 1


def _describe(effort: Array, first: int, base: float, sign: int, slow: float) -> Span:
    """Phases and range of one excursion."""
    top = int(np.argmax(effort))
    near = effort[max(0, top - int(0.25 * RATE)) : top + int(0.25 * RATE) + 1]
    rom = float(np.median(near)) - base
    high = np.flatnonzero(effort >= base + _PLATEAU_SHARE * (effort[top] - base))
    near_top = effort >= base + _HOLD_SHARE * (effort[top] - base)
    still = (_speed_over(effort, 3) < 2 * slow) & near_top
    hold = _longest_run(still) / RATE
    return Span(
        first=first,
        peak=first + top,
        last=first + len(effort) - 1,
        complete=True,
        hold_s=hold if hold >= _HOLD_S else 0.0,
        concentric_s=float(high[0]) / RATE,
        eccentric_s=float(len(effort) - 1 - high[-1]) / RATE,
        rom=rom,
        baseline=sign * base,
        sign=sign,
    )


def _speed_over(values: Array, half: int) -> Array:
    """Absolute speed, units a second, over `half` frames to each side."""
    padded = np.pad(values, half, mode="edge")
    return np.asarray(np.abs(padded[2 * half :] - padded[: -2 * half]) * RATE / (2 * half))


def _longest_run(flags: Array) -> int:
    """Length of the longest run of True."""
    edges = np.flatnonzero(np.diff(np.concatenate([[0], flags.astype(np.int8), [0]])))
    return int((edges[1::2] - edges[::2]).max()) if len(edges) else 0
