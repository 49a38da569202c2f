"""One excursion of a signal: its phases, hold and range (science C)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from midback.form.quick import median
from midback.kinematics.smoothing import RATE
from midback.vision.pose import Array

_PLATEAU_SHARE = 0.9
_HOLD_SHARE = 0.8
_HOLD_S = 0.4
_NEAR_S = 0.25
_DIP_SHARE = 0.6


@dataclass(frozen=True, slots=True)
class Span:
    """One excursion of the signal. first, peak, last: frame numbers of the 30 Hz grid.

    rom and baseline are in the signal's unit, oriented so that effort is positive times `sign`.
    complete: set by the session, which knows the range of each side. bounces: how often
    it fell and rose again between .6 and all of its height. pauses: how often it stood still for
    .4 s on its way, holds apart.
    """

    first: int
    peak: int
    last: int
    complete: bool
    hold_s: float
    concentric_s: float
    eccentric_s: float
    rom: float
    baseline: float
    sign: int
    bounces: int = 0
    pauses: int = 0


def describe(effort: Array, first: int, base: float, sign: int, slow: float) -> Span:
    """Phases and range of one excursion.

    effort: (N,) the signal from frame `first` on, effort positive. base: its value at rest.
    slow: speed below which it stands still, units a second.
    """
    top = int(np.argmax(effort))
    half = int(_NEAR_S * RATE)
    near = effort[max(0, top - half) : top + half + 1]
    rom = median(near) - base
    height = effort[top] - base
    high = np.flatnonzero(effort >= base + _PLATEAU_SHARE * height)
    near_top = effort >= base + _HOLD_SHARE * height
    still = speed_over(effort, 3) < 2 * slow
    hold = _longest_run(still & near_top) / RATE
    moving = effort >= base + (1 - _PLATEAU_SHARE) * height
    return Span(
        first=first,
        peak=first + top,
        last=first + len(effort) - 1,
        complete=True,
        hold_s=hold if hold >= _HOLD_S else 0.0,
        concentric_s=float(high[0]) / RATE,
        eccentric_s=float(len(effort) - 1 - high[-1]) / RATE,
        rom=rom,
        baseline=sign * base,
        sign=sign,
        bounces=_bounces(effort, effort >= base + _DIP_SHARE * height, slow),
        pauses=int((_runs(still & moving & ~near_top) >= _HOLD_S * RATE).sum()),
    )


def _bounces(effort: Array, near_top: NDArray[np.bool_], slow: float) -> int:
    """How often, while near the top, it fell and rose again faster than standing still."""
    up = np.flatnonzero(near_top)
    speed = np.diff(effort[up[0] : up[-1] + 1]) * RATE
    signs = np.sign(speed[np.abs(speed) > slow])
    return int(((signs[:-1] < 0) & (signs[1:] > 0)).sum())


def speed_over(values: Array, half: int) -> Array:
    """Absolute speed, units a second, over `half` frames to each side."""
    padded = np.concatenate([values[:1].repeat(half), values, values[-1:].repeat(half)])
    return np.asarray(np.abs(padded[2 * half :] - padded[: -2 * half]) * RATE / (2 * half))


def _runs(flags: NDArray[np.bool_]) -> Array:
    """Lengths of the runs of True."""
    edges = np.flatnonzero(np.diff(np.concatenate([[0], flags.astype(np.int8), [0]])))
    return np.asarray(edges[1::2] - edges[::2])


def _longest_run(flags: NDArray[np.bool_]) -> int:
    return int(_runs(flags).max(initial=0))
