"""How much range was gained over the weeks, with what is known about the error of that figure.

Model: value = level of the camera set-up + slope x weeks + error. Departures from science G, each
because the intervals must hold for every person, not on average over a prior (`make bench-weeks`):

- The slope has no prior. N(.3, 1) deg a week pulls a true slope of 2 down and its interval misses.
- Each set-up has a free level instead of N(0, 5^2). What such a prior adds about the slope is
  small beside what the sessions within a set-up say, and a shift of 8 deg would be read as gain.
- The scale is estimated from the sessions' own scatter, with Student's t, instead of taken from
  the repeated set-ups: those do not contain the difference between one day and another.
- "Real change" also needs odds of 20 to 1 that stay valid however often one looks. Without them
  up to a fifth of the people without change read it at least once in twelve weeks.
- Huber weights with Proposal 2 for the scale and his correction of the error (see robust).

Not modelled: errors of neighbouring sessions that go together (at a correlation of .4 the interval
holds in 81 % instead of 95 %), and gains that bend.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import stdtr, stdtrit

from midback.history.precision import mdc95
from midback.history.robust import robust_slope

Array = NDArray[np.float64]
Whole = NDArray[np.int64]

FAMILIAR = 2
"""Sessions at the start in which the exercise itself is learned: not counted."""

LEAST_FREEDOM = 3
"""With two, the interval is 4.3 standard errors wide on each side, with one 12.7: of no use."""

LONGEST_STEP = 1.0
"""Weeks from one set-up to the next that count as observed: across it nothing was compared."""

WINDOW = 3
"""Sessions averaged at each end, for the smallest change worth calling one."""

USUAL_SLOPE = 1 / 3
"""Slope a week, in errors of one session, that the evidence is sharpest for: 1 deg at SEM 3."""

EVIDENCE = 20.0
"""Odds from which a change is called real: people look after every session, see `odds`."""

_TINY = 1e-12

NOISE, LIKELY, REAL = 0, 1, 2


@dataclass(frozen=True, slots=True)
class Trend:
    """Of each person: gain over `weeks` with its error se, Student's t of `freedom`.

    Units: of the value; slope per week. scale: SD of one session about the line. odds: that there
    is a change at all, see `odds`. spread: of the weeks, squared. sessions: counted. All of the
    leading shape of the input; NaN where freedom < LEAST_FREEDOM.
    """

    gain: Array
    se: Array
    freedom: Array
    slope: Array
    scale: Array
    odds: Array
    spread: Array
    weeks: Array
    sessions: Array

    @property
    def low(self) -> Array:
        """Lower end of the 95 % interval."""
        return self.gain - self._half()

    @property
    def high(self) -> Array:
        """Upper end of the 95 % interval."""
        return self.gain + self._half()

    def _half(self) -> Array:
        half: Array = stdtrit(self.freedom, 0.975) * self.se
        return half

    def above(self, amount: float) -> Array:
        """Probability that the true gain is more than `amount`."""
        distance = self.gain - amount
        exact = np.where(distance == 0, 0.5, distance > 0)
        with np.errstate(invalid="ignore"):
            t = distance / np.where(self.se > 0, self.se, 1.0)
        known = np.where(self.se > 0, stdtr(self.freedom, t), exact)
        result: Array = np.where(np.isnan(self.gain), np.nan, known)
        return result


def trend(weeks: Array, values: Array, blocks: Whole, variance: Array | None = None) -> Trend:
    """Fit the model to one person or to many at once.

    weeks: (..., n) ascending; values: (..., n), NaN where a session was missed or not measurable;
    blocks: (..., n) number of the camera set-up. variance: (..., n) relative, of the values; equal
    without it. The first FAMILIAR measured sessions and set-ups with a single session are left
    out; the gain spans the rest, see LONGEST_STEP.
    """
    measured = np.isfinite(values)
    used = measured & (measured.cumsum(axis=-1) > FAMILIAR)
    numbers = np.unique(blocks)
    groups = (blocks[..., None] == numbers).astype(np.float64)
    sizes = np.einsum("...n,...nj->...j", used.astype(np.float64), groups)
    used &= np.einsum("...j,...nj->...n", sizes, groups) > 1
    weight = used / (np.ones_like(values) if variance is None else variance)
    y = np.where(used, values, 0.0)
    line = robust_slope(weeks, y, weight, groups)
    known = line.freedom >= LEAST_FREEDOM
    span = _span(weeks, blocks, used)

    def where(figures: Array) -> Array:
        return np.where(known, figures, np.nan)

    return Trend(
        gain=where(line.slope * span),
        se=where(line.se * span),
        freedom=where(line.freedom),
        slope=where(line.slope),
        scale=where(line.scale),
        odds=where(odds(line.slope / np.maximum(line.se, _TINY), line.freedom, line.spread)),
        spread=where(line.spread),
        weeks=span,
        sessions=used.sum(axis=-1).astype(np.float64),
    )


def odds(t: Array, freedom: Array, spread: Array) -> Array:
    """Bayes factor of a slope ~ N(0, (USUAL_SLOPE scale)^2) against none, levels and scale free.

    t: slope over its error. spread: sum of squares of the weeks about their set-up's mean. With
    the invariant priors of levels and scale it is a test martingale under normal errors: in a
    person without change it ever passes 20 with a probability of 5 % at most, however often one
    looks. Source: Rouder et al. 2009 (form); Hendriksen, de Heide & Grunwald 2021 (looking on).
    """
    squared, free = t**2, np.maximum(freedom, 1.0)
    wider = 1.0 + USUAL_SLOPE**2 * spread
    raised = np.log1p(squared / free) - np.log1p(squared / free / wider)
    log = (free + 1.0) / 2.0 * raised - np.log(wider) / 2.0
    result: Array = np.exp(np.minimum(log, 700.0))
    return result


def _span(weeks: Array, blocks: Whole, used: NDArray[np.bool_]) -> Array:
    """Observed weeks from the first to the last counted session."""
    order = np.argsort(~used, axis=-1, kind="stable")
    time, block, real = (np.take_along_axis(one, order, -1) for one in (weeks, blocks, used))
    steps = np.diff(time, axis=-1)
    other = np.diff(block, axis=-1) != 0
    steps = np.where(other, np.minimum(steps, LONGEST_STEP), steps)
    span: Array = np.where(real[..., 1:], steps, 0.0).sum(axis=-1)
    return span


def detectable(found: Trend, sem: Array | float) -> Array:
    """MDC95 of the averages of the first and last sessions, in the unit of the value.

    The error of one session is the larger of the person's own SEM and the scatter about the line.
    """
    ends = np.clip(found.sessions // 2, 1, WINDOW)
    return mdc95(np.maximum(sem, found.scale), ends)


def verdict(found: Trend, sem: Array | float) -> Whole:
    """NOISE, LIKELY or REAL of each person, for gain and loss alike; -1 where there is no gain.

    NOISE: the interval holds 0. REAL: it does not (so the direction has a probability of 97.5 %
    or more), the gain is at least the MDC95 (science G) and the odds are EVIDENCE or more.
    """
    big = np.abs(found.gain) >= detectable(found, sem)
    proven = found.odds >= EVIDENCE
    outside = (found.low > 0) | (found.high < 0)
    kind = np.where(outside, np.where(big & proven, REAL, LIKELY), NOISE)
    result: Whole = np.where(np.isnan(found.gain), -1, kind).astype(np.int64)
    return result
