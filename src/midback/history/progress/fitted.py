"""The fitted line of every camera set-up, to be drawn: never one line across two of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
from scipy.special import stdtrit

from midback.history.rows import rows_of
from midback.history.trend import trend
from midback.history.values import SessionValue, weeks_since

_MEDIAN_SE = np.sqrt(np.pi / 2)
"""Standard error of a median, in those of the mean."""


@dataclass(frozen=True, slots=True)
class BlockLine:
    """The line of one set-up on its counted days, with its 95 % interval, in the value's unit."""

    block: int
    days: tuple[date, ...]
    middle: tuple[float, ...]
    low: tuple[float, ...]
    high: tuple[float, ...]


def block_lines(values: Sequence[SessionValue], sem: float) -> tuple[BlockLine, ...]:
    """Lines of the slope that all set-ups share, each through the median of its own sessions.

    The interval holds the error of the level and that of the slope. Set-ups with one counted
    session have no line; without a gain there is none at all.
    """
    rows = rows_of(values, sem)
    found = trend(rows.weeks, rows.values, rows.blocks, rows.variance)
    if np.isnan(found.gain):
        return ()
    slope, scale = float(found.slope), float(found.scale)
    far = float(stdtrit(found.freedom, 0.975))
    se_slope = float(found.se / found.weeks)
    lines = []
    for block in sorted({one.block for one in rows.counted}):
        mine = [one for one in rows.counted if one.block == block]
        if len(mine) < 2:
            continue
        days = tuple(one.day for one in mine)
        weeks = np.array(weeks_since(days, days[0]))
        level = float(
            np.median(np.array([one.value for one in mine], dtype=np.float64) - slope * weeks)
        )
        middle = level + slope * weeks
        se_level = _MEDIAN_SE * scale / np.sqrt(len(mine))
        half = far * np.hypot(se_level, se_slope * (weeks - np.median(weeks)))
        low, high = middle - half, middle + half
        lines.append(BlockLine(block, days, _told(middle), _told(low), _told(high)))
    return tuple(lines)


def session_errors(values: Sequence[SessionValue], sem: float) -> tuple[float | None, ...]:
    """Standard error of each session's value: that of a session, and of its few repetitions."""
    spread = [one for one in values if one.sd is not None and one.reps > 1]
    freedom = sum(one.reps - 1 for one in spread)
    squares = sum((one.sd or 0.0) ** 2 * (one.reps - 1) for one in spread)
    within = squares / freedom if freedom else 0.0
    return tuple(
        None if one.value is None else float(np.sqrt(sem**2 + within / one.reps)) for one in values
    )


def _told(figures: np.ndarray[tuple[int], np.dtype[np.float64]]) -> tuple[float, ...]:
    return tuple(map(float, figures))
