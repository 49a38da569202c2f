"""Named points over time, as a reader found them: the file's own axes and units."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np

from midback.errors import InputError
from midback.vision.pose import Array

Units = Literal["m", "cm", "mm", "px"]

METRES: dict[str, float] = {"m": 1.0, "cm": 0.01, "mm": 0.001}

_AT_ONCE = 1e-3  # of a frame


@dataclass(frozen=True, slots=True)
class Markers:
    """What a file holds.

    t: (T,) seconds. names: N names in the order of the points. xyz: (T, N, 3) in `units`, NaN
    where a marker was not seen; of a picture (px) only x and y count. confidence: (T, N) 0..1.
    """

    t: Array
    names: tuple[str, ...]
    xyz: Array
    confidence: Array
    units: Units

    @property
    def flat(self) -> bool:
        """Whether these are pixels of a picture, without depth."""
        return self.units == "px"


def seen(xyz: Array) -> Array:
    """(T, N, 3) with NaN in place of points that are not finite or exactly at the origin."""
    lost = ~np.isfinite(xyz).all(axis=-1) | (xyz == 0).all(axis=-1)
    return np.where(lost[..., None], np.nan, xyz)


def measured(t: Array, names: tuple[str, ...], xyz: Array, units: Units) -> Markers:
    """Make Markers of a system that tells where a marker is, or nothing: confidence 1 or 0."""
    points = seen(xyz)
    return Markers(t, names, points, np.isfinite(points[..., 0]).astype(np.float64), units)


def at_times(markers: Markers, t: Array, longest_gap_s: float) -> Markers:
    """The markers at (N,) other times, in a straight line from frame to frame.

    NaN between two frames of which one lacks the marker or that are too far apart.
    """
    after = np.clip(np.searchsorted(markers.t, t), 1, len(markers.t) - 1)
    start, end = markers.t[after - 1], markers.t[after]
    share = ((t - start) / (end - start)).clip(0.0, 1.0)[:, None, None]
    first, second = markers.xyz[after - 1], markers.xyz[after]
    within = (end - start <= longest_gap_s)[:, None, None]
    line = np.where(within, first + share * (second - first), np.nan)
    line = np.where(share < _AT_ONCE, first, np.where(share > 1.0 - _AT_ONCE, second, line))
    return measured(t, markers.names, line, markers.units)


def mean_rate(t: Array) -> float:
    """Frames a second of (T,) times, two at least, over their whole span."""
    return float((len(t) - 1) / (t[-1] - t[0]))


def check(markers: Markers, where: str) -> None:
    """Raise InputError where there is nothing to measure or time stands still."""
    if len(markers.t) < 2:
        raise InputError(f"{where}: has {len(markers.t)} frames; a movement needs a few seconds")
    steps = np.diff(markers.t)
    if not np.isfinite(markers.t).all() or not (steps > 0).all():
        frame = int(np.argmin(np.isfinite(markers.t[1:]) & (steps > 0))) + 2
        raise InputError(f"{where}: time does not increase at frame {frame}: export it again")
    if not np.isfinite(markers.xyz[..., :2]).any():
        raise InputError(f"{where}: no marker was seen in any frame: export it again")
