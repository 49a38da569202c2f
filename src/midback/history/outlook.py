"""How many more sessions it takes: to a first figure, or to a change that may be called real."""

from __future__ import annotations

from itertools import pairwise
from statistics import median

import numpy as np
from numpy.typing import NDArray

from midback.history.rows import Rows
from midback.history.trend import FAMILIAR, LEAST_FREEDOM, REAL, Trend, odds, trend, verdict
from midback.history.values import weeks_since

Array = NDArray[np.float64]

_AHEAD = 60
"""Sessions that are looked ahead; a change that needs more is not promised."""


def until_known(rows: Rows) -> int:
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


def until_real(rows: Rows, found: Trend, sem: float) -> int | None:
    """Further sessions, as often as so far and at the same pace, until the change is real."""
    days = [(b.day - a.day).days for a, b in pairwise(rows.counted)]
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
