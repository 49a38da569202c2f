"""How exactly one session measures one person, and the smallest change that is more than that."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

from midback.history.records import SetRecord
from midback.history.values import Quantity, by_day, set_value

Array = NDArray[np.float64]

PRIOR_SETUPS = 6
"""As many repeated set-ups the usual error of the angle counts for (science G)."""


def personal_sem(sets: Iterable[SetRecord], quantity: Quantity, usual: float) -> float:
    """Standard error of one session of this person, in the unit of the quantity.

    From days on which the set-up was put up anew (`repeat`): s^2 = sum of squares about the day's
    mean over its degrees of freedom, which is mean(d^2) / 2 for pairs; then
    SEM^2 = (6 usual^2 + n s^2) / (6 + n). usual: AngleSpec.se of the angle, the answer without
    any repeat. Source: science.md G.
    """
    squares, freedom = 0.0, 0
    for of_day in by_day(sets).values():
        first = [one for one in of_day if not one.repeat][:1]
        tried = first + [one for one in of_day if one.repeat]
        values = [v for one in tried if (v := set_value(one, quantity).value) is not None]
        if len(values) > 1:
            squares += float(np.var(values)) * len(values)
            freedom += len(values) - 1
    return float(np.sqrt((PRIOR_SETUPS * usual**2 + squares) / (PRIOR_SETUPS + freedom)))


def mdc95(sem: Array | float, averaged: Array | float = 1.0) -> Array:
    """Smallest change between two averages of `averaged` sessions that is not noise, 95 %."""
    return np.asarray(1.96 * np.sqrt(2.0) * sem / np.sqrt(averaged), dtype=np.float64)
