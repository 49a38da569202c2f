"""The Hampel filter: a value that stands out of its seven neighbours is replaced (science B)."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from midback.vision.pose import Array, Floats

LAG = 3
"""Rows by which the filter looks ahead."""

_NEAR = np.arange(2 * LAG + 1)
_LIMIT = 4.0 * 1.4826


class Hampel:
    """Replaces a value that stands out of its seven neighbours by their median.

    floor: (C,) deviation that never counts as an outlier, in the precision of the rows. Output lags
    by three rows.
    """

    def __init__(self, floor: Floats) -> None:
        self._floor = floor
        self._t = np.empty(0)
        self._rows = np.empty((0, len(floor)), dtype=floor.dtype)

    def update(self, t: Array, rows: Floats) -> tuple[Array, Floats]:
        """Take the next (N,) times and (N, C) rows; return those that have three followers now."""
        if not len(t):
            return t, rows
        if not len(self._t):
            self._t, self._rows = np.repeat(t[:1], LAG), np.repeat(rows[:1], LAG, axis=0)
        t, rows = np.concatenate([self._t, t]), np.concatenate([self._rows, rows])
        count = max(0, len(t) - 2 * LAG)
        self._t, self._rows = t[count:], rows[count:]
        if np.isnan(rows).all():
            return t[LAG : LAG + count], rows[LAG : LAG + count]
        cleaned = rows[LAG : LAG + count].copy()
        at = np.flatnonzero(_outermost(rows, count, self._floor))
        if len(at):
            channels = len(self._floor)
            seven = np.sort(rows.take(at + channels * _NEAR[:, None]), axis=0)
            middle, floor = seven[LAG], self._floor.take(at % channels)
            away = np.abs(cleaned.take(at) - middle)
            spread = np.sort(np.abs(seven - middle), axis=0)[LAG]
            outlier = (away > floor) & (away > _LIMIT * spread + floor)
            np.put(cleaned, at[outlier], middle[outlier])
        return t[LAG : LAG + count], cleaned


def _outermost(rows: Floats, count: int, floor: Floats) -> NDArray[np.bool_]:
    """Which of the first `count` values with LAG rows before them can stand out, (count, C).

    A median further away than the floor has four of the six neighbours on its side, and so
    one before and one after the value. Missing values count as the largest.
    """
    centre = rows[LAG : LAG + count]
    missing = np.isnan(rows)
    if missing.any():
        rows = np.where(missing, np.inf, rows)
    before, after = slice(0, count), slice(LAG + 1, None)
    pairs, last = (rows[:-2], rows[1:-1]), rows[2:]
    highest = np.maximum(np.maximum(*pairs), last)
    lowest = np.minimum(np.minimum(*pairs), last)
    under = np.minimum(highest[before], highest[after])
    over = np.maximum(lowest[before], lowest[after])
    with np.errstate(invalid="ignore"):
        return np.asarray((under - centre > floor) | (centre - over > floor))
