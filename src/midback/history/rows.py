"""Session values of one person as the arrays that a trend is fitted to."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from midback.history.trend import FAMILIAR
from midback.history.values import COUNTED, SessionValue, weeks_since

Array = NDArray[np.float64]

LATEST = 120
"""Session values that are looked at: a straight line over more than this says little."""


@dataclass(frozen=True, slots=True)
class Rows:
    """One person's session values by day. counted: measured ones past the first FAMILIAR."""

    days: list[date]
    weeks: Array
    values: Array
    blocks: NDArray[np.int64]
    variance: Array
    counted: list[SessionValue]


def rows_of(values: Sequence[SessionValue], sem: float) -> Rows:
    """Session values as arrays by day; a session of fewer repetitions weighs a little less."""
    rows = sorted(values, key=lambda one: (one.day, one.recording))[-LATEST:]
    days = [one.day for one in rows]
    squares = [one.sd**2 * (one.reps - 1) for one in rows if one.sd is not None]
    freedom = sum(one.reps - 1 for one in rows if one.sd is not None)
    within = sum(squares) / freedom if freedom else 0.0
    usual = sem**2 + within / (COUNTED.stop - COUNTED.start)
    variance = [(sem**2 + within / max(one.reps, 1)) / usual for one in rows]
    measured = [one for one in rows if one.value is not None]
    return Rows(
        days,
        np.array(weeks_since(days, days[0]) if days else [], dtype=np.float64),
        np.array([np.nan if one.value is None else one.value for one in rows], dtype=np.float64),
        np.array([one.block for one in rows], dtype=np.int64),
        np.array(variance, dtype=np.float64),
        measured[FAMILIAR:],
    )
