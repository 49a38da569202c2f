"""Repetitions as curves: how alike they are, and how two segments move together (science D)."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from midback.form.baseline import FRESH
from midback.form.quick import slope
from midback.vision.pose import Array

POINTS = 101
"""A repetition from 0 to 100 per cent of its time."""


def as_percent(trace: Array) -> Array | None:
    """A (N,) trace as (101,) values over its own time; None where its ends are unknown.

    Gaps inside are bridged by straight lines.
    """
    known = np.isfinite(trace)
    if known.sum() < 3 or not (known[0] and known[-1]):
        return None
    at = np.linspace(0, len(trace) - 1, POINTS)
    return np.interp(at, np.flatnonzero(known), trace[known])


@dataclass(slots=True)
class UsualCurve:
    """The mean curve of a person's fresh repetitions, from the second repetition on.

    It grows with each of the first four and is frozen then, since a running mean would follow
    the very change that it should show.
    """

    curves: list[Array] = field(default_factory=list)

    def difference(self, curve: Array) -> float | None:
        """Root mean square distance to the mean curve, in the trace's unit; None without one.

        Divided by sqrt(1 + 1/n) of the n curves in the mean, so that with few of them it is not
        larger for that reason alone.
        """
        if not self.curves:
            return None
        apart = curve - np.mean(self.curves, axis=0)
        return float(np.sqrt((apart**2).mean() / (1.0 + 1.0 / len(self.curves))))

    def add(self, curve: Array) -> None:
        """Take a complete repetition's curve, as long as there are fewer than four."""
        if len(self.curves) < FRESH:
            self.curves.append(curve)


def phase(curve: Array) -> Array:
    """Phase angle of a curve in its own phase plane, degrees (N,); NaN for one that stands still.

    Position centred on the middle of its range and divided by half of it, velocity divided by
    its largest size. Source: science D, Lamb & Stoeckl 2014.
    """
    centred = curve - (curve.max() + curve.min()) / 2
    speed = slope(curve)
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.asarray(
            np.degrees(np.arctan2(speed / np.abs(speed).max(), centred / np.abs(centred).max()))
        )


def relative_phase(a: Array, b: Array) -> Array:
    """Continuous relative phase of two curves over the same time, degrees in [-180, 180): (N,)."""
    return np.asarray((phase(a) - phase(b) + 180.0) % 360.0 - 180.0)


def mean_relative_phase(a: Array, b: Array) -> float | None:
    """Mean size of the relative phase (MARP): 0 = together, 180 = opposite; None where one stands.

    a, b: (N,) traces over the same frames.
    """
    apart = np.abs(relative_phase(a, b))
    return float(apart.mean()) if np.isfinite(apart).all() else None


def deviation_phase(pairs: list[tuple[Array, Array]]) -> float | None:
    """How much the coordination differs between repetitions (DP): mean SD over time, degrees.

    pairs: (101,) curves of both segments, a pair per repetition. None for fewer than three. The
    spread is circular, so that -179 and 179 degrees are near each other.
    """
    if len(pairs) < 3:
        return None
    apart = np.radians([relative_phase(a, b) for a, b in pairs])
    if not np.isfinite(apart).all():
        return None
    length = np.abs(np.exp(1j * apart).mean(axis=0))
    return float(np.degrees(np.sqrt(-2.0 * np.log(np.clip(length, 1e-12, 1.0)))).mean())
