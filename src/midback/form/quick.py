"""Median, percentile and slope of a few numbers: numpy's to the last bit, a quarter of its time.

A repetition asks for a dozen of them, and numpy's own are made for arrays of any shape.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from midback.vision.pose import Array


def median(values: Array | Sequence[float]) -> float:
    """Of at least one number, none of them NaN."""
    ordered, middle = np.sort(values), len(values) // 2
    if len(values) % 2:
        return float(ordered[middle])
    return float((ordered[middle - 1] + ordered[middle]) / 2)


def percentiles(values: Array, *shares: float) -> list[float]:
    """Of at least one number, none of them NaN: linear between neighbours; shares in percent."""
    ordered = np.sort(values)
    return [_between(ordered, (len(ordered) - 1) * (share / 100)) for share in shares]


def _between(ordered: Array, place: float) -> float:
    below = int(place)
    low, high = float(ordered[below]), float(ordered[min(below + 1, len(ordered) - 1)])
    along = place - below
    if along < 0.5:
        return low + (high - low) * along
    return high - (high - low) * (1 - along)


def slope(values: Array) -> Array:
    """Change per row of at least two: half of that to both neighbours, at the ends to the one."""
    found = np.empty(len(values))
    found[1:-1] = (values[2:] - values[:-2]) / 2
    found[0], found[-1] = values[1] - values[0], values[-1] - values[-2]
    return found
