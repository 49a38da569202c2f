"""One person's gain in words and figures: what the history page, the plan and the report show."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from midback.history.outlook import until_known, until_real
from midback.history.rows import rows_of
from midback.history.trend import (
    FAMILIAR,
    NOISE,
    REAL,
    Trend,
    detectable,
    trend,
    verdict,
)
from midback.history.values import SessionValue
from midback.words import plural

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
    rows = rows_of(values, sem)
    found = trend(rows.weeks, rows.values, rows.blocks, rows.variance)
    blocks = len({one.block for one in rows.counted})
    sessions, weeks = int(found.sessions), float(found.weeks)
    if np.isnan(found.gain):
        needs = until_known(rows)
        reason = (
            f"{plural(sessions, 'session')} can be compared so far, {needs} more are needed; "
            f"the first {FAMILIAR} are for getting to know the exercise"
        )
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
        needs=0 if kind == REAL else until_real(rows, found, sem),
        sessions=sessions,
        weeks=weeks,
        blocks=blocks,
    )


def milestone(values: Sequence[SessionValue], sem: float, amount: float = MILESTONE) -> Milestone:
    """The first day on which a gain of `amount` was likely for the second session running.

    Likely: P(gain >= amount) >= .8 and the change is real. Without the second condition up to a
    tenth of the people without change get there in weekly looks (`make bench-weeks`), and twice
    as many when every session is looked at, as here.
    """
    rows = rows_of(values, sem)
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
    twice = [int(b) for a, b in pairwise(measured) if likely[a] & likely[b]]
    now = float(found.above(amount)[-1])
    return Milestone(amount, rows.days[twice[0]] if twice else None, None if np.isnan(now) else now)


def likely_gain(found: Trend, sem: Array | float, amount: float) -> NDArray[np.bool_]:
    """Whether each person's gain is real and of `amount` with a probability of .8."""
    with np.errstate(invalid="ignore"):
        enough = found.above(amount) >= _LIKELY_ENOUGH
    result: NDArray[np.bool_] = enough & (verdict(found, sem) == REAL)
    return result


def _sentence(kind: int, change: float) -> str:
    if kind == NOISE:
        return WITHIN_NOISE
    if kind == REAL:
        return REAL_GAIN if change > 0 else REAL_LOSS
    return IMPROVING if change > 0 else DECLINING
