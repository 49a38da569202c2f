"""Timestamped rows onto the even 30 Hz grid that everything behind is made for (science B)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from midback.kinematics.smoothing import RATE
from midback.vision.pose import Array, Floats

_MAX_STEP_S = 0.2
_LONGEST_GAP_S = 2.0
_SAME_S, _SAME_SHARE = 1e-9, 1e-6


@dataclass(frozen=True, slots=True)
class Grid:
    """New rows of the grid, told by the rows they lie between. Each (N,).

    low, high: numbers of the rows around, 0 for the one before the new ones. share: of the way
    from low to high. missing: nothing is known there. last: the row to keep for the next time.
    """

    t: Array
    low: NDArray[np.intp]
    high: NDArray[np.intp]
    share: Array
    missing: NDArray[np.bool_]
    last: int

    def of(self, rows: Floats) -> Floats:
        """(N, C) resampled from (1 + T, C) rows, the first of them from the last time."""
        low, high = rows[self.low], rows[self.high]
        out = low + self.share[:, None].astype(rows.dtype) * (high - low)
        same = self.share >= 1.0 - _SAME_SHARE
        out[same] = high[same]
        out[self.missing] = np.nan
        return out


class Resampler:
    """Linear resampling of timestamped rows to a 30 Hz grid that starts at the first row."""

    def __init__(self) -> None:
        self._last: float | None = None
        self._start = 0.0
        self._count = 0

    def update(self, t: Array) -> Grid:
        """Take the times of (T,) new rows; return the rows of the grid that they complete.

        A row that does not advance time is dropped. Grid points inside a gap longer than .2 s, or
        beside a missing value, are NaN. Of a gap longer than 2 s only the first 2 s are filled;
        the grid starts anew behind it.
        """
        before = -np.inf if self._last is None else self._last
        latest = np.maximum.accumulate(np.concatenate([[before], t]))
        kept = np.flatnonzero(t > latest[:-1])
        gaps = np.flatnonzero(t[kept] - latest[kept] > _LONGEST_GAP_S)
        parts: list[Grid] = []
        last = 0
        for part in np.split(kept + 1, gaps) if len(gaps) else [kept + 1]:
            if len(part) and latest[part[0]] - latest[part[0] - 1] > _LONGEST_GAP_S:
                parts.append(self._begin(float(latest[part[0]]), int(part[0])))
                last, part = int(part[0]), part[1:]  # noqa: PLW2901
            if len(part):
                parts.append(self._go_on(latest, last, part))
                last = int(part[-1])
        return _joined(parts)

    def _begin(self, t: float, row: int) -> Grid:
        """Start a grid, after the first 2 s of the gap before it: hours are not filled."""
        steps = 0 if self._last is None else int(_LONGEST_GAP_S * RATE)
        filled = (self._last or 0.0) + np.arange(1, steps + 1) * (1.0 / RATE)
        self._last, self._start, self._count = t, t, 1
        own = np.full(len(filled) + 1, row, dtype=np.intp)
        missing = np.ones(len(own), dtype=np.bool_)
        missing[-1] = False
        return Grid(np.append(filled, t), own, own, np.ones(len(own)), missing, row)

    def _go_on(self, t: Array, before: int, rows: NDArray[np.intp]) -> Grid:
        """Grid points up to the last of these rows. t: (1 + T,) of all, rows: numbers of some,
        before: of the row kept before them.
        """
        last = float(t[rows[-1]])
        end = self._count + int(max(0.0, (last - self._start) * RATE - self._count)) + 2
        at = self._start + np.arange(self._count, end) / RATE
        at = at[at <= last + _SAME_S]
        self._last, self._count = last, self._count + len(at)
        ends = np.concatenate([[before], rows])
        found = np.searchsorted(t[rows] + _SAME_S, at)
        low, high = ends[found], ends[found + 1]
        step = t[high] - t[low]
        share = np.clip((at - t[low]) / step, 0.0, 1.0)
        gap = (step > _MAX_STEP_S) & (share < 1.0 - _SAME_SHARE)
        return Grid(at, low, high, share, gap, int(rows[-1]))


def _joined(parts: list[Grid]) -> Grid:
    if len(parts) == 1:
        return parts[0]
    none = np.empty(0, dtype=np.intp)
    nothing = Grid(np.empty(0), none, none, np.empty(0), none.astype(np.bool_), 0)
    parts = [nothing, *parts]
    return Grid(
        np.concatenate([part.t for part in parts]),
        np.concatenate([part.low for part in parts]),
        np.concatenate([part.high for part in parts]),
        np.concatenate([part.share for part in parts]),
        np.concatenate([part.missing for part in parts]),
        parts[-1].last,
    )
