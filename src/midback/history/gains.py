"""One person's gain in words and figures: what the history page, the plan and the report show."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from statistics import median
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from midback.history.trend import (
    FAMILIAR,
    LEAST_FREEDOM,
    NOISE,
    REAL,
    Trend,
    detectable,
    odds,
    trend,
    verdict,
)
from midback.history.values import COUNTED, SessionValue, weeks_since

Array = NDArray[np.float64]
Kind = Literal["noise", "likely", "real"]

WITHIN_NOISE = "within measurement noise"
IMPROVING = "probably improving, keep measuring"
DECLINING = "probably declining, keep measuring"
REAL_GAIN = "real change"
REAL_LOSS = "real change, to less"
SENTENCES = (WITHIN_NOISE, IMPROVING, DECLINING, REAL_GAIN, REAL_LOSS)
"""All that is ever said about a gain."""

MILESTONE = 5.0
"""Units of the quantity, so degrees of a range."""

_LIKELY_ENOUGH = 0.8
_AHEAD = 60
"""Sessions that are looked ahead; a change that needs more is not promised."""


@dataclass(frozen=True, slots=True)
class Gain:
    """Change from the first counted session to the last, in the unit of the quantity.

    low, high: 95 % interval. probability: that the true change is above 0. mdc: MDC95 of the
    averaged first and last sessions. needs: further sessions until it may be called real at this
    pace, or until there is a figure at all; None where 60 would not do, 0 where it is real.
    sessions, weeks, blocks: counted, see trend. Without figures `reason` says why.
    """

    estimate: float | None
    low: float | None
    high: float | None
    probability: float | None
    mdc: float | None
    per_week: float | None
    kind: Kind | None
    sentence: str | None
    needs: int | None
    sessions: int
    weeks: float
    blocks: int
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class Milestone:
    """Whether a true gain of `amount` is likely. probability: now, None without a gain."""

    amount: float
    reached: date | None
    probability: float | None


def gain(values: Sequence[SessionValue], sem: float) -> Gain:
    """Change of one quantity over its session values (any order); sem: see personal_sem."""
    rows = _rows(values, sem)
    found = trend(rows.weeks, rows.values, rows.blocks, rows.variance)
    blocks = len({one.block for one in rows.counted})
    sessions, weeks = int(found.sessions), float(found.weeks)
    if np.isnan(found.gain):
        needs = _until_known(rows)
        reason = f"{sessions} comparable sessions so far after {FAMILIAR} to get to know it"
        nothing = (None,) * 8
        return Gain(*nothing, needs, sessions, weeks, blocks, reason)
    kind = int(verdict(found, sem))
    return Gain(
        estimate=float(found.gain),
        low=float(found.low),
        high=float(found.high),
        probability=float(found.above(0.0)),
        mdc=float(detectable(found, sem)),
        per_week=float(found.slope),
        kind=("noise", "likely", "real")[kind],
        sentence=_sentence(kind, float(found.gain)),
        needs=0 if kind == REAL else _until_real(rows, found, sem),
        sessions=sessions,
        weeks=weeks,
        blocks=blocks,
    )


def milestone(values: Sequence[SessionValue], sem: float, amount: float = MILESTONE) -> Milestone:
    """The first day on which a gain of `amount` was likely for the second session running.

    Likely: P(gain >= amount) >= .8 and the change is real. Without the second condition a
    tenth to a fifth of the people without any change reach 5 deg at SEM 5 (`make bench-weeks`).
    """
    rows = _rows(values, sem)
    n = len(rows.days)
    if not n:
        return Milestone(amount, None, None)
    seen = np.tri(n, dtype=bool)
    found = trend(
        np.broadcast_to(rows.weeks, (n, n)),
        np.where(seen, rows.values, np.nan),
        np.broadcast_to(rows.blocks, (n, n)),
        np.broadcast_to(rows.variance, (n, n)),
    )
    likely = likely_gain(found, sem, amount)
    measured = np.flatnonzero(np.isfinite(rows.values))
    twice = [int(b) for a, b in zip(measured, measured[1:], strict=False) if likely[a] & likely[b]]
    now = float(found.above(amount)[-1])
    return Milestone(amount, rows.days[twice[0]] if twice else None, None if np.isnan(now) else now)


def likely_gain(found: Trend, sem: Array | float, amount: float) -> NDArray[np.bool_]:
    """Whether each person's gain is real and of `amount` with a probability of .8."""
    with np.errstate(invalid="ignore"):
        enough = found.above(amount) >= _LIKELY_ENOUGH
    result: NDArray[np.bool_] = enough & (verdict(found, sem) == REAL)
    return result


@dataclass(frozen=True, slots=True)
class _Rows:
    days: list[date]
    weeks: Array
    values: Array
    blocks: NDArray[np.int64]
    variance: Array
    counted: list[SessionValue]


def _rows(values: Sequence[SessionValue], sem: float) -> _Rows:
    """Session values as arrays by day; a session of fewer repetitions weighs a little less."""
    rows = sorted(values, key=lambda one: (one.day, one.recording))
    days = [one.day for one in rows]
    squares = [one.sd**2 * (one.reps - 1) for one in rows if one.sd is not None]
    freedom = sum(one.reps - 1 for one in rows if one.sd is not None)
    within = sum(squares) / freedom if freedom else 0.0
    usual = sem**2 + within / (COUNTED.stop - COUNTED.start)
    variance = [(sem**2 + within / max(one.reps, 1)) / usual for one in rows]
    measured = [one for one in rows if one.value is not None]
    return _Rows(
        days,
        np.array(weeks_since(days, days[0]) if days else [], dtype=np.float64),
        np.array([np.nan if one.value is None else one.value for one in rows], dtype=np.float64),
        np.array([one.block for one in rows], dtype=np.int64),
        np.array(variance, dtype=np.float64),
        measured[FAMILIAR:],
    )


def _sentence(kind: int, change: float) -> str:
    if kind == NOISE:
        return WITHIN_NOISE
    if kind == REAL:
        return REAL_GAIN if change > 0 else REAL_LOSS
    return IMPROVING if change > 0 else DECLINING


def _until_known(rows: _Rows) -> int:
    """Further sessions in the present set-up until there is an interval."""
    block = rows.blocks[-1] if len(rows.blocks) else 1
    for more in range(1, FAMILIAR + LEAST_FREEDOM + 2):
        ahead = np.arange(1.0, more + 1) + (rows.weeks[-1] if len(rows.weeks) else 0.0)
        weeks = np.concatenate([rows.weeks, ahead])
        values = np.concatenate([rows.values, np.zeros(more)])
        blocks = np.concatenate([rows.blocks, np.full(more, block)])
        if np.isfinite(trend(weeks, values, blocks).gain):
            return more
    return FAMILIAR + LEAST_FREEDOM + 2


def _until_real(rows: _Rows, found: Trend, sem: float) -> int | None:
    """Further sessions, as often as so far and at the same pace, until the change is real."""
    days = [(b.day - a.day).days for a, b in zip(rows.counted, rows.counted[1:], strict=False)]
    step = max(median(days), 1) / 7
    last = rows.counted[-1].block
    present = np.array(weeks_since([one.day for one in rows.counted if one.block == last],
                                   rows.days[0]))  # fmt: skip
    more = np.arange(1.0, _AHEAD + 1)
    spread = found.spread + _added_spread(present, step)
    se_slope = found.se / found.weeks * np.sqrt(found.spread / spread)
    weeks, freedom = found.weeks + more * step, found.freedom + more
    slope, scale = np.full(_AHEAD, found.slope), np.full(_AHEAD, found.scale)
    evidence = odds(slope / np.maximum(se_slope, 1e-12), freedom, spread)
    ahead = Trend(slope * weeks, se_slope * weeks, freedom, slope, scale, evidence, spread, weeks,
                  found.sessions + more)  # fmt: skip
    real = np.flatnonzero(verdict(ahead, sem) == REAL)
    return int(more[real[0]]) if len(real) else None


def _added_spread(present: Array, step: float) -> Array:
    """Growth of the weeks' sum of squares in the present set-up, for 1 to _AHEAD sessions more."""
    ahead = present[-1] + step * np.arange(1, _AHEAD + 1)
    grown = [np.concatenate([present, ahead[: k + 1]]) for k in range(_AHEAD)]
    before = float(((present - present.mean()) ** 2).sum())
    return np.array([float(((one - one.mean()) ** 2).sum()) - before for one in grown])
