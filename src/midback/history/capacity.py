"""How much good form somebody has: repetitions or seconds until it breaks, over the weeks.

A set that ended well tells only that the point lies farther away than what was done. Leaving that
out, or taking the amount for the point, answers with the plan instead of the person.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from midback.history.censored import Posterior, censored_trend
from midback.history.records import SetRecord, Unit
from midback.history.values import first_sets, weeks_since

Array = NDArray[np.float64]

LEAST_SETS = 10
LEAST_BROKEN = 3
"""With fewer sets, or fewer that reached the point, the middle is off by more than 5 % on average
(`make bench-weeks`), and no figure is shown."""

LATEST = 60
"""Sets that are looked at."""

MOVED = "moved farther away"
CLOSER = "came closer"
UNCHANGED = "not shown to have moved"

_SURE = 0.9
_FORM = ("breakdown", "limit", "partial")


@dataclass(frozen=True, slots=True)
class Effort:
    """One first set of a day. amount: repetitions or seconds of good form; broke: whether form
    broke there, else it ended well and the point lies farther away.
    """

    day: date
    amount: float
    broke: bool
    unit: Unit


@dataclass(frozen=True, slots=True)
class CapacityPoint:
    """The median amount to breakdown on a day, with its 95 % interval."""

    day: date
    median: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Capacity:
    """curve: on the days from the first set to the last. farther: probability that the point
    moves away. sets, broken: counted. Without a curve `reason` says why, `needs` how many more
    sets at the least.
    """

    unit: Unit | None
    curve: tuple[CapacityPoint, ...]
    farther: float | None
    sentence: str | None
    needs: int
    sets: int
    broken: int
    reason: str | None = None


def efforts(sets: Iterable[SetRecord]) -> list[Effort]:
    """What every day's first set says; one exercise and variant are expected.

    A set whose form could not be judged says nothing, one that pain ended only a lower bound.
    """
    found = (effort(one) for one in first_sets(sets))
    return [one for one in found if one is not None]


def effort(one: SetRecord) -> Effort | None:
    """Amount of good form in one set; None where form was not judged or nothing was done."""
    held = one.total_s is not None
    unit: Unit = "s" if held else "reps"
    broke = one.stop is not None and one.stop.kind in _FORM
    if not broke and not (one.can_judge and (held or one.judged > 0)):
        return None
    if held:
        amount = one.good_s if broke and one.good_s is not None else one.total_s
    elif broke and one.stop is not None:
        amount = float(one.stop.rep)
    else:
        end = float("inf") if one.stop is None else one.stop.rep  # pain: what was whole until then
        amount = float(sum(rep.complete and rep.index <= end for rep in one.reps))
    if amount is None or amount <= 0:
        return None
    return Effort(one.performed.date(), amount, broke, unit)


def capacity(done: Sequence[Effort], points: int = 12) -> Capacity:
    """Median amount to breakdown over time, at up to `points` of the days.

    log B ~ N(a + b weeks, s^2), sets that ended well as lower bounds; intervals from the
    posterior under flat priors (science G asks for censored maximum likelihood, whose Wald
    intervals are too short for ten to twenty sets). The middle is corrected for its logarithm,
    see `limits`.
    """
    rows = sorted(done, key=lambda one: one.day)[-LATEST:]
    broken = sum(one.broke for one in rows)
    unit = rows[-1].unit if rows else None
    needs = max(LEAST_SETS - len(rows), LEAST_BROKEN - broken, 0)
    if needs:
        reason = (
            f"{len(rows)} judged sets so far, {broken} until form broke; "
            f"{LEAST_SETS} and {LEAST_BROKEN} are needed"
        )
        return Capacity(unit, (), None, None, needs, len(rows), broken, reason)
    days = [one.day for one in rows]
    weeks = np.array(weeks_since(days, days[0]))
    shown = sorted(set(np.linspace(0, len(rows) - 1, points).round().astype(int).tolist()))
    before = weeks[None, :] - weeks[shown][:, None]
    log = np.log([_bound(one) for one in rows])
    broke = np.array([one.broke for one in rows])
    shape = before.shape
    found = censored_trend(before, np.broadcast_to(log, shape), np.broadcast_to(broke, shape))
    low, median, high = (np.exp(one) for one in limits(found))
    curve = tuple(
        CapacityPoint(days[i], *map(float, figures))
        for i, *figures in zip(shown, median, low, high, strict=True)
    )
    farther = float(found.rising()[-1])
    return Capacity(unit, curve, farther, _sentence(farther), 0, len(rows), broken)


def limits(found: Posterior) -> tuple[Array, Array, Array]:
    """Low, middle and high of the level: 95 % interval, and a middle that is right on average.

    The middle lies half the variance below the median of the posterior: B is shown, not its
    logarithm, and the exponential of an unbiased logarithm is too large on average.
    """
    low, median, high = (found.level_at(p) for p in (0.025, 0.5, 0.975))
    return low, np.maximum(median - ((high - low) / 3.92) ** 2 / 2, low), high


def _bound(one: Effort) -> float:
    """A count of r that ended well means: more than r + .5 of an unrounded amount."""
    return one.amount + 0.5 if one.unit == "reps" and not one.broke else one.amount


def _sentence(farther: float) -> str:
    if farther >= _SURE:
        return MOVED
    return CLOSER if farther <= 1 - _SURE else UNCHANGED
