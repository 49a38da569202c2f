"""Found against true repetitions: matching, F1, counts, boundaries; and two naive counters."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.signal import find_peaks

from midback.vision.pose import Array

IOU = 0.5
_RATE = 30.0


@dataclass(frozen=True)
class Counted:
    """One recording: true and found (N, 2) start and end, seconds.

    told: (N,) seconds from a repetition's end until it was told, None for counters that look
    ahead, NaN where only the end of the recording told.
    """

    true: Array
    found: Array
    told: Array | None = None

    def inside(self) -> Counted:
        """Without what was found before the first or after the last mark: nobody judged it."""
        if not len(self.true):
            return self
        middle = self.found.mean(axis=1)
        kept = (middle >= self.true[0, 0]) & (middle <= self.true[-1, 1])
        return Counted(self.true, self.found[kept], None if self.told is None else self.told[kept])


@dataclass(frozen=True)
class Tally:
    """Figures of several recordings. boundary_s: median over both ends of matched repetitions."""

    recordings: int
    true: int
    f1: float
    precision: float
    recall: float
    mae: float
    obo: float
    start_s: float
    end_s: float
    boundary_s: float
    told_s: float
    told_worst_s: float


def ious(true: Array, found: Array) -> Array:
    """(N, M) overlap of intervals divided by their union."""
    low = np.maximum(true[:, None, 0], found[None, :, 0])
    high = np.minimum(true[:, None, 1], found[None, :, 1])
    overlap = np.maximum(high - low, 0.0)
    lengths = (true[:, 1] - true[:, 0])[:, None] + (found[:, 1] - found[:, 0])[None]
    return np.asarray(overlap / np.maximum(lengths - overlap, 1e-9))


def matches(true: Array, found: Array) -> list[tuple[int, int]]:
    """Pairs that overlap by half of their union, best first, each used once."""
    if not len(true) or not len(found):
        return []
    table = ious(true, found)
    order = np.dstack(np.unravel_index(np.argsort(-table, axis=None, kind="stable"), table.shape))
    left, right, pairs = set(range(len(true))), set(range(len(found))), []
    for i, j in order[0].tolist():
        if table[i, j] < IOU:
            break
        if i in left and j in right:
            left.discard(i)
            right.discard(j)
            pairs.append((i, j))
    return pairs


def tally(counted: list[Counted]) -> Tally:
    """Pool recordings: repetitions for F1 and boundaries, recordings for the counts."""
    pairs = [matches(c.true, c.found) for c in counted]
    hits = sum(len(p) for p in pairs)
    true, found = (sum(len(getattr(c, k)) for c in counted) for k in ("true", "found"))
    off = np.array([abs(len(c.found) - len(c.true)) for c in counted])
    share = off / np.array([max(len(c.true), 1) for c in counted])
    errors = np.array(
        [
            np.abs(c.true[i] - c.found[j])
            for c, found_pairs in zip(counted, pairs, strict=True)
            for i, j in found_pairs
        ]
    ).reshape(-1, 2)
    told = np.concatenate([c.told for c in counted if c.told is not None] or [np.zeros(0)])
    told = told[np.isfinite(told)]
    starts, ends = errors.T
    return Tally(
        recordings=len(counted),
        true=true,
        f1=2 * hits / max(true + found, 1),
        precision=hits / max(found, 1),
        recall=hits / max(true, 1),
        mae=float(share.mean()),
        obo=float((off <= 1).mean()),
        start_s=_median(starts),
        end_s=_median(ends),
        boundary_s=_median(errors),
        told_s=_median(told),
        told_worst_s=float(np.quantile(told, 0.99)) if len(told) else float("nan"),
    )


def _median(values: Array) -> float:
    return float(np.median(values)) if values.size else float("nan")


def half_range(signal: Array, sign: int) -> Array:
    """Naive: excursions beyond half of the whole recording's range, met at the lowest between.

    signal: (T,) at 30 Hz. sign: of effort, 0 where it goes both ways from the median.
    """
    sides = [sign * signal] if sign else [signal, -signal]
    found: list[tuple[int, int]] = []
    for effort in sides:
        low, high = np.percentile(effort, [2, 98])
        level = np.median(effort) + (high - np.median(effort)) / 2 if not sign else (low + high) / 2
        edges = np.flatnonzero(np.diff(np.concatenate([[0], effort > level, [0]]).astype(int)))
        found += list(zip(edges[::2].tolist(), (edges[1::2] - 1).tolist(), strict=True))
    found.sort()
    return _stretched(found, signal, sign)


def peaks(signal: Array, sign: int) -> Array:
    """Naive, looking ahead: scipy's peaks with a prominence of .4 of the whole range."""
    effort = sign * signal if sign else signal
    low, high = np.percentile(effort, [2, 98])
    tops = find_peaks(effort, prominence=0.4 * (high - low), distance=_RATE / 2)[0]
    if not sign:
        below = find_peaks(-effort, prominence=0.4 * (high - low), distance=_RATE / 2)[0]
        tops = np.sort(np.concatenate([tops, below]))
    return _stretched([(int(top), int(top)) for top in tops], signal, sign)


def _stretched(found: list[tuple[int, int]], signal: Array, sign: int) -> Array:
    """Seconds; neighbours meet at the lowest point between, or at the median for both sides."""
    if not found:
        return np.zeros((0, 2))
    away = sign * signal if sign else np.abs(signal - np.median(signal))
    cuts = [0, *(0 for _ in found)]
    bounds = [0, *[first for first, _ in found[1:]], len(signal) - 1]
    for i in range(len(found) + 1):
        a = found[i - 1][1] if i else bounds[0]
        b = found[i][0] if i < len(found) else bounds[-1]
        cuts[i] = a + int(np.argmin(away[a : b + 1])) if b >= a else a
    return np.array([[cuts[i], cuts[i + 1]] for i in range(len(found))]) / _RATE
