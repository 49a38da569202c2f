"""Cutting one signal into repetitions with phases, as it arrives (science C)."""

from __future__ import annotations

from math import isfinite

import numpy as np

from midback.exercises import Primary, Timing
from midback.form.middle import Middle
from midback.form.quick import median, slope
from midback.form.spans import Span, describe
from midback.form.trail import Trail
from midback.form.way import Way
from midback.kinematics.smoothing import RATE
from midback.vision.pose import Array

__all__ = ["COMPLETE_SHARE", "RepSegmenter", "Span"]

_START_SHARE = 0.15
_ONSET_SHARE = 0.02
_RETURN_SHARE = 0.35  # a quiet stay this low ends a repetition that never comes back fully
_LEAST_SHARE = 0.35
_KNOWN_SHARE = 0.5  # of the least range, once the own one is known
_FIRST_SHARE = 0.25  # of the usual range, before the person's own is known
_VALLEY_SHARE = 0.5  # of the height: a way back this deep, and up again, parts two repetitions
_RISE_SHARE = 0.2  # of the own range: so far up again
_CROSS_SHARE = 0.15  # of the own range beyond the middle: the other side has begun
COMPLETE_SHARE = 0.7
"""Share of the person's own recent range below which a repetition is only partial."""

_FLOOR_SPEED = 3.0  # units a second
_SPEED_SHARE = 0.1
_CRAWL_SHARE = 0.05  # of the repetition's range a second: the way back is over
_REST_QUANTILE = 0.3
_REST_S = 4.0
_END_S = 0.2
_SETTLE_S, _QUIET_S = 0.7, 0.4
_TRAIL_S, _LOST_S = 60.0, 0.8


class RepSegmenter:
    """REST -> ACTIVE -> REST on the effort signal, with the person's own range as the scale.

    A signal that goes both ways is cut where it passes the middle between its sides.
    """

    def __init__(self, primary: Primary, timing: Timing) -> None:
        self._primary, self._timing = primary, timing
        self._two_sided = primary.direction == "both"
        self._sign = {"increase": 1, "decrease": -1, "either": 0, "both": 0}[primary.direction]
        self._ranges: list[float] = []
        self._speeds: list[float] = []
        self._scale()
        self._middle = Middle(primary.typical_rom)
        self._trail, self._lost, self._cut = Trail(), 0, True
        self._start: int | None = None
        self._base = 0.0
        self._way = Way()
        self._below: int | None = None

    @property
    def sign(self) -> int:
        """+1 or -1 for the direction of effort; 0 while it is still undecided."""
        return self._sign

    @property
    def start(self) -> int | None:
        """First frame of the repetition under way."""
        return self._start

    @property
    def share(self) -> float | None:
        """Share of the way out at which the repetition under way is; None without one."""
        if self._start is None:
            return None
        return (self._way.now - self._base) / max(self._way.top - self._base, 1e-9)

    def update(self, frame: int, value: float) -> Span | None:
        """Take the next frame's signal; return the repetition that this frame completes.

        NaN (not in position, nobody found) for longer than .8 s abandons a repetition.
        """
        trail = self._trail
        if isfinite(value):
            self._lost = 0
        else:
            self._lost += 1
            if self._lost > _LOST_S * RATE or not len(trail):
                self._forget(frame + 1)
                return None
            value = trail.latest()
        if self._start is not None:
            trail.append(value)
            return self._follow(frame, self._start, value)
        if not len(trail):
            trail.restart(frame)
        trail.append(value)
        if len(trail) > _TRAIL_S * RATE:
            trail.cut(trail.next - int(_REST_S * RATE) - 1)
        self._watch_for_start()
        return None

    def flush(self) -> Span | None:
        """The repetition cut off by the end of the recording, if it was at least half way back."""
        if self._start is None:
            return None
        effort = self._effort(self._start)
        height = float(effort.max()) - self._base
        if effort[-1] - self._base > 0.6 * height:
            return None
        return self._finish(self._trail.next - 1)

    def _forget(self, origin: int) -> None:
        self._cut = True
        self._trail.restart(origin)
        self._lost = 0
        self._rest()

    def _rest(self) -> None:
        self._start, self._below = None, None
        self._base = 0.0

    def _effort(self, first: int) -> Array:
        """The signal from a frame on, effort positive."""
        values = self._trail.since(first)
        return -values if self._sign < 0 else values

    def _scale(self) -> None:
        """Take the person's own range and speed as the scale, where they are known.

        _least: range that counts; once the own one is known, a small one is a short one.
        """
        known = bool(self._ranges)
        self._range = median(self._ranges[-3:]) if known else self._primary.typical_rom
        share, least = (_LEAST_SHARE, _KNOWN_SHARE) if known else (_FIRST_SHARE, 1.0)
        self._least = max(share * self._range, least * self._primary.min_rom)
        speed = median(self._speeds[-3:]) if self._speeds else 2.0 * self._least
        self._slow = max(_FLOOR_SPEED, _SPEED_SHARE * speed)

    def _follow(self, frame: int, start: int, value: float) -> Span | None:
        if (frame - start) / RATE > 3 * self._timing.max_s:
            self._forget(frame + 1)
            return None
        self._way.follow(self._oriented(value))
        return self._watch_for_end(frame)

    def _oriented(self, value: float) -> float:
        return -value if self._sign < 0 else value

    def _begin(self, start: int, base: float) -> None:
        """Take a repetition as under way since a frame."""
        self._start, self._base, self._below = start, base, None
        self._way = Way.along(self._effort(start))

    def _watch_for_start(self) -> None:
        if len(self._trail) < 3:
            return
        if self._two_sided:
            self._choose_side()
        elif self._sign == 0 and not self._decide_direction():
            return
        rise = self._oriented(self._trail.latest()) - self._oriented(self._trail.latest(3))
        if rise * RATE / 2 <= self._slow:
            return
        effort = self._effort(self._trail.origin)
        recent = effort[-int(_REST_S * RATE) :]
        base = self._rest_level(recent)
        first = self._last_still(effort, base)
        if effort[-1] > effort[first] + _START_SHARE * self._range:
            lowest = min(float(effort[first]), base + _START_SHARE * self._range)
            self._begin(self._trail.origin + first, base if self._two_sided else lowest)

    def _rest_level(self, recent: Array) -> float:
        """Where the signal rests: low among the last seconds, or the middle of both sides."""
        if self._two_sided:
            return self._sign * self._middle.value
        k = int(_REST_QUANTILE * len(recent))
        return float(np.partition(recent, k)[k])

    def _choose_side(self) -> None:
        """Both ways: the repetition goes to the side of the middle where the signal is."""
        recent = self._trail.since(self._trail.next - int(RATE))
        self._sign = 1 if recent[-1] >= self._middle.update(recent, self._range) else -1

    def _decide_direction(self) -> bool:
        """For movements that may go either way: the first clear excursion decides."""
        values = self._trail.since(self._trail.origin)
        away = values[-1] - median(values[:10])
        if abs(away) < self._least:
            return False
        self._sign = 1 if away > 0 else -1
        return True

    def _last_still(self, effort: Array, base: float) -> int:
        """Index at which the signal last stood still near its rest, or passed it."""
        speed = slope(effort) * RATE
        low = effort[:-1] < base + 0.3 * self._range
        still = np.flatnonzero(((speed[:-1] <= self._slow) & low) | (effort[:-1] <= base))
        return int(still[-1]) if len(still) else int(np.argmin(effort))

    def _watch_for_end(self, frame: int) -> Span | None:
        way, height = self._way, self._way.top - self._base
        if way.top_at >= way.length - 2:
            return None
        if way.low > way.top - _VALLEY_SHARE * height:  # too high for any of the ends below
            self._below = None
            return None
        if way.rises_again(_VALLEY_SHARE * height, _RISE_SHARE * self._range):
            return self._part((self._start or 0) + way.low_at)
        over = self._passed_the_middle() or self._quiet_low(height)
        return self._finish(frame) if over or self._back_at_rest(frame, height) else None

    def _passed_the_middle(self) -> bool:
        """Whether a movement to both sides has begun its way to the other one."""
        return self._two_sided and self._way.now < self._base - _CROSS_SHARE * self._range

    def _back_at_rest(self, frame: int, height: float) -> bool:
        """Whether the signal has been low for long enough, and no longer falls."""
        now = self._way.now
        if now >= self._base + _START_SHARE * min(self._range, max(height, 1e-9)):
            self._below = None
            return False
        if self._below is None:
            self._below = frame
        waited = (frame - self._below) / RATE
        rested = now <= self._base + _ONSET_SHARE * height and not self._began_unseen()
        before = self._oriented(self._trail.latest(3))
        settled = rested or (now - before) * RATE / 2 > -self._crawl(height)
        return (waited >= _END_S and settled) or waited >= _SETTLE_S

    def _began_unseen(self) -> bool:
        """Whether the signal set in during this repetition, so that its rest is not known yet."""
        assert self._start is not None
        return self._cut and self._start - self._trail.origin < RATE / 2

    def _part(self, valley: int) -> Span | None:
        """Close the repetition in a valley and begin the next one there."""
        end = self._trail.next - 1
        span = self._finish(end, valley)
        self._begin(valley, float(self._effort(valley)[0]))
        return span

    def _quiet_low(self, height: float) -> bool:
        """Whether the signal stands still, low enough to count as the new rest."""
        limit = self._base + _RETURN_SHARE * height
        if self._way.now >= limit or self._way.length <= int(_QUIET_S * RATE):
            return False
        tail = self._effort(self._trail.next - int(_QUIET_S * RATE))
        return bool(tail.max() < limit and np.ptp(tail) < self._slow * _QUIET_S / 2)

    def _finish(self, frame: int, valley: int | None = None) -> Span | None:
        """Close the repetition under way; None where it is too small, short or long to count."""
        assert self._start is not None
        start = self._start
        effort = self._effort(start)[: (valley or frame) - start + 1]
        if self._began_unseen():
            self._base = min(self._base, float(effort[-1]))
        base = self._base
        start += self._onset_index(effort)
        effort = effort[start - self._start :]
        last = valley or start + self._settled_index(effort)
        span = describe(effort[: last - start + 1], start, base, self._sign or 1, self._slow)
        fastest = float(np.abs(slope(effort)).max() * RATE)
        self._trail.cut(last)
        self._cut = False
        self._rest()
        self._middle.learn(span, self._range)
        lasted = (span.last - span.first) / RATE
        if span.rom < self._least or lasted < self._timing.min_s:
            return None
        if lasted - span.hold_s > self._timing.max_s:
            return None
        if span.rom >= COMPLETE_SHARE * self._range or not self._ranges:
            self._ranges.append(span.rom)
            self._speeds.append(fastest)
            self._scale()
        return span

    def _onset_index(self, effort: Array) -> int:
        """Index at which the way out begins: the last frame still at the level of rest."""
        top = int(np.argmax(effort))
        rest = self._base + _ONSET_SHARE * (effort[top] - self._base)
        low = np.flatnonzero(effort[:top] <= rest)
        return int(low[-1]) if len(low) else 0

    def _settled_index(self, effort: Array) -> int:
        """Index at which the way back is over: at the level of rest, or slow from there on."""
        top = int(np.argmax(effort))
        height = float(effort.max()) - self._base
        speed = slope(effort) * RATE
        rest = np.flatnonzero(effort[top:] <= self._base + _ONSET_SHARE * height)
        falling = np.flatnonzero(speed[top:] < -self._crawl(height))
        ends = [top + int(rest[0])] if len(rest) else []
        ends.append(min(top + int(falling[-1]) + 1 if len(falling) else top, len(effort) - 1))
        return min(ends)

    def _crawl(self, height: float) -> float:
        """Speed below which the way back counts as over."""
        return min(self._slow, _CRAWL_SHARE * height)
