"""Left beside right: the difference of the latest sessions, with what the measurement allows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.special import stdtrit

from midback.history.precision import mdc95
from midback.history.robust import robust_slope
from midback.history.trend import LEAST_FREEDOM
from midback.history.values import SessionValue
from midback.words import plural

LATEST = 6
"""Sessions that the difference is taken from."""

NO_DIFFERENCE = "no difference beyond measurement noise"
LEFT_MORE = "left moves further"
RIGHT_MORE = "right moves further"


@dataclass(frozen=True, slots=True)
class Difference:
    """left - right, in the unit of the quantity. low, high: 95 % interval. mdc: smallest
    difference between two averages of as many sessions that is more than noise. Without figures
    `reason` says why. As this camera sees it: from the side, the far arm and leg are seen worse,
    and an error that is the same every day is in no interval.
    """

    estimate: float | None
    low: float | None
    high: float | None
    mdc: float | None
    sentence: str | None
    sessions: int
    reason: str | None = None


def difference(
    left: Sequence[SessionValue], right: Sequence[SessionValue], sem: float
) -> Difference:
    """Robust mean of the latest sessions' differences; both sides of a day come from one set."""
    lefts = {one.day: one.value for one in left if one.value is not None}
    rights = {one.day: one.value for one in right if one.value is not None}
    days = sorted(lefts.keys() & rights.keys())[-LATEST:]
    n = len(days)
    if n <= LEAST_FREEDOM:
        missing = LEAST_FREEDOM + 1 - n
        reason = f"{plural(n, 'session')} with both sides so far, {missing} more are needed"
        return Difference(None, None, None, None, None, n, reason)
    apart = np.array([lefts[day] - rights[day] for day in days])
    ones = np.ones(n)
    found = robust_slope(ones, apart, ones, np.zeros((n, 0)))
    middle, half = float(found.slope), float(stdtrit(found.freedom, 0.975) * found.se)
    mdc = float(mdc95(sem, n))
    sure = abs(middle) > half and abs(middle) >= mdc
    said = (LEFT_MORE if middle > 0 else RIGHT_MORE) if sure else NO_DIFFERENCE
    return Difference(middle, middle - half, middle + half, mdc, said, n)
