"""The Hampel filter: a value that stands out of its seven neighbours is replaced (science B)."""

from __future__ import annotations

import numpy as np

from midback.vision.pose import Array

LAG = 3
"""Rows by which the filter looks ahead."""

_NEAR = np.arange(2 * LAG + 1)
_LIMIT = 4.0 * 1.4826
# Which comparisons the lesser one is still needed of, and of which the greater one.
_LESSER = ((0, 5), (0, 3), (1, 6), (2, 4), (3, 5), (2, 6), (3, 6), (4, 5), (1, 4), (3, 4))
_GREATER = ((0, 5), (0, 3), (1, 6), (2, 4), (0, 1), (3, 5), (2, 6), (2, 3), (1, 4), (1, 3))
_COMPARISONS = (
    *((0, 5), (0, 3), (1, 6), (2, 4), (0, 1), (3, 5), (2, 6)),
    *((2, 3), (3, 6), (4, 5), (1, 4), (1, 3), (3, 4)),
)
"""Of a network that brings the median of seven to the middle."""


class Hampel:
    """Replaces a value that stands out of its seven neighbours by their median.

    floor: (C,) deviation that never counts as an outlier. Output lags by three rows.
    """

    def __init__(self, floor: Array) -> None:
        self._floor = floor
        self._t = np.empty(0)
        self._rows = np.empty((0, len(floor)))

    def update(self, t: Array, rows: Array) -> tuple[Array, Array]:
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
        centre, middle = rows[LAG : LAG + count], _median([rows[i : i + count] for i in _NEAR])
        away, cleaned = np.abs(centre - middle), centre.copy()
        row, channel = np.nonzero(away > self._floor)
        if len(row):
            own = middle[row, channel]
            spread = np.sort(np.abs(rows[row + _NEAR[:, None], channel] - own), axis=0)[LAG]
            outlier = away[row, channel] > _LIMIT * spread + self._floor[channel]
            cleaned[row[outlier], channel[outlier]] = own[outlier]
        return t[LAG : LAG + count], cleaned


def _median(seven: list[Array]) -> Array:
    """Fourth smallest of seven arrays, missing values counted as the largest."""
    values = list(seven)
    for low, high in _COMPARISONS:
        pair = values[low], values[high]
        if (low, high) in _LESSER:
            values[low] = np.fmin(*pair)
        if (low, high) in _GREATER:
            values[high] = np.maximum(*pair)
    return values[LAG]
