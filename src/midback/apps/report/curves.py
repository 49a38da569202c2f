"""Traces made ready to draw: cut to the set, thinned, split at gaps."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from midback.keyframes import Band
from midback.result import Rep, Series, Trace

Array = NDArray[np.float64]

_MOST_POINTS = 1500  # per trace: finer than a screen is wide


def thinned(t: Array, trace: Trace) -> tuple[Array, Array, Array]:
    """Keep at most about 1500 instants: the extremes of each stretch, and every gap.

    Returns (M,) time, value, se in the trace's unit; NaN marks a gap.
    """
    values, errors = trace.value, trace.se
    if len(t) <= _MOST_POINTS:
        return t, values, errors
    keep: list[int] = []
    for stretch in np.array_split(np.arange(len(t)), _MOST_POINTS // 3):
        first, end = int(stretch[0]), int(stretch[-1]) + 1
        value = values[first:end]
        finite, gap = np.flatnonzero(np.isfinite(value)), np.flatnonzero(~np.isfinite(value))
        chosen = {int(gap[0]), int(gap[-1])} if len(gap) else set()
        if len(finite):
            chosen |= {int(np.nanargmin(value)), int(np.nanargmax(value))}
        keep += sorted(first + index for index in chosen)
    return t[keep], values[keep], errors[keep]


def around_reps(series: Series, reps: Sequence[Rep], margin: float = 3.0) -> Series:
    """Cut the series to the set: `margin` seconds before the first and after the last rep."""
    if not reps:
        return series
    ends = reps[0].start_s - margin, reps[-1].end_s + margin
    first, behind = np.searchsorted(series.t, ends[0]), np.searchsorted(series.t, ends[1], "right")
    return series.part(slice(int(first), int(behind)))


def peak_band(series: Series, angle: str, reps: Sequence[Rep]) -> Band | None:
    """Mean and one SD of an angle at the peaks of these repetitions; None below three."""
    trace = series.traces.get(angle)
    if trace is None or not len(series.t):
        return None
    nearest = [int(np.argmin(np.abs(series.t - rep.peak_s))) for rep in reps if rep.complete]
    peaks = trace.value[nearest]
    peaks = peaks[np.isfinite(peaks)]
    if len(peaks) < 3:
        return None
    mean, spread = float(peaks.mean()), float(peaks.std(ddof=1))
    return Band(mean, mean - spread, mean + spread)


def gaps(t: Array, value: Array) -> list[tuple[float, float]]:
    """Return the stretches (start, end) in seconds without a measurement."""
    missing = np.concatenate([[False], ~np.isfinite(value), [False]])
    starts = np.flatnonzero(missing[1:] & ~missing[:-1])
    ends = np.flatnonzero(missing[:-1] & ~missing[1:]) - 1
    last = len(t) - 1
    return [
        (float(t[max(int(a) - 1, 0)]), float(t[min(int(b) + 1, last)]))
        for a, b in zip(starts, ends, strict=True)
    ]


def runs(value: Array) -> list[tuple[int, int]]:
    """Return the index ranges [a, b) of finite stretches: a filled band must not cross a gap."""
    finite = np.concatenate([[False], np.isfinite(value), [False]])
    starts = np.flatnonzero(finite[1:] & ~finite[:-1])
    ends = np.flatnonzero(finite[:-1] & ~finite[1:])
    return [(int(a), int(b)) for a, b in zip(starts, ends, strict=True) if b - a > 1]
