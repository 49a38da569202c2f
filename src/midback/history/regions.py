"""Which region fails first, over time."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from scipy.special import betaincinv

from midback.history.records import SetRecord
from midback.words import region_name

WINDOW = 6
"""Sets that broke down which are looked at together."""


@dataclass(frozen=True, slots=True)
class RegionShare:
    """A region failed first in `count` of `of` sets. low, high: 95 % interval of the share."""

    region: str
    count: int
    of: int
    low: float
    high: float

    @property
    def sentence(self) -> str:
        """For instance "lower back first in 4 of the last 6"."""
        return f"{region_name(self.region)} first in {self.count} of the last {self.of}"


@dataclass(frozen=True, slots=True)
class RegionWindow:
    """Shares of the sets from `first` to `last`, the most frequent region first."""

    first: date
    last: date
    shares: tuple[RegionShare, ...]


def regions_over_time(sets: Iterable[SetRecord], window: int = WINDOW) -> list[RegionWindow]:
    """Windows of `window` sets that broke down, counted back from the latest; by day.

    Sets that ended well, or that pain ended, have no first region. The oldest window may hold
    fewer. Intervals: Jeffreys.
    """
    broke = sorted(
        (one for one in sets if one.first_region and one.stop and one.stop.kind != "pain"),
        key=lambda one: (one.performed, one.order),
    )
    ends = range(len(broke), 0, -window)
    return [_window(broke[max(end - window, 0) : end]) for end in reversed(ends)]


def _window(sets: list[SetRecord]) -> RegionWindow:
    counts = Counter(one.first_region or "" for one in sets)
    ordered = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    n = len(sets)
    shares = tuple(RegionShare(region, k, n, *_interval(k, n)) for region, k in ordered)
    return RegionWindow(sets[0].performed.date(), sets[-1].performed.date(), shares)


def _interval(count: int, of: int) -> tuple[float, float]:
    """Jeffreys 95 % interval of a share."""
    low = 0.0 if count == 0 else float(betaincinv(count + 0.5, of - count + 0.5, 0.025))
    high = 1.0 if count == of else float(betaincinv(count + 0.5, of - count + 0.5, 0.975))
    return low, high
