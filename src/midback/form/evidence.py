"""From standard scores to the decision: evidence of a region, and of its latest repetitions.

The same functions run live, on one person, and in the benchmark, on thousands of sets at once:
every array may have any leading shape.
"""

from __future__ import annotations

from typing import Literal

import numpy as np

from midback.form.baseline import USUAL_RESEMBLANCE
from midback.vision.pose import Array

Caution = Literal["cautious", "normal", "stable"]
"""How soon the set is ended, as a person would choose it; see CHOICES."""

CHOICES: dict[Caution, str] = {
    "cautious": "better stop early",
    "normal": "balanced",
    "stable": "only when sure",
}

FALSE_STOPS: dict[Caution, float] = {"cautious": 0.10, "normal": 0.05, "stable": 0.02}
"""Share of healthy sets of 20 repetitions that each setting stops for nothing (simulated)."""

THRESHOLDS: dict[Caution, tuple[float, float]] = {
    "cautious": (3.40, 3.17),
    "normal": (3.67, 3.46),
    "stable": (3.92, 3.79),
}
"""Without and with earlier sets: where `Recent` ends the set that watches four regions, see
`needed`; benchmarks/form/simulated.py."""

_REGIONS = 4
_PER_REGION: dict[Caution, float] = {"cautious": 0.37, "normal": 0.31, "stable": 0.21}

AMBER_EVIDENCE = 3.0
"""One repetition this far off is named, and the set goes on."""

RUNS = (2, 3, 4)
"""How many of the latest repetitions are judged together."""

_OFFSETS = (0.0, 0.7, 0.9)
_MOST, _LEAST = 2.8, -2.0
_CORRELATION = 0.4
_ALONE, _CHANCES = 0.6, 0.10


def needed(caution: Caution, *, known: bool, regions: int) -> float:
    """What `Recent` must amount to for the set to end; known: whether there are earlier sets.

    The fewer regions are watched, the fewer chances there are to be wrong: at the same share of
    false stops less is needed, by the logarithm of their number.
    """
    return THRESHOLDS[caution][known] + _PER_REGION[caution] * float(np.log(regions / _REGIONS))


def combine(z: Array) -> Array:
    """Evidence of a region: the sum of its features' z (last axis) over the sum's own spread.

    Features of a region correlate by .4. NaN is not measured; NaN where nothing was.
    """
    known = np.isfinite(z)
    n = known.sum(-1)
    total = np.where(known, z, 0.0).sum(-1)
    spread = np.sqrt(n + n * (n - 1) * _CORRELATION)
    return np.where(n > 0, total / np.maximum(spread, 1.0), np.nan)


def strongest(z: Array) -> Array:
    """Evidence of a region as `combine` has it, or of one feature alone, a little discounted.

    Form often breaks in one feature of a region, and the others must not hide it: the row "1 of
    them moves" of benchmarks/form/simulated.py. Two ways to be far off are two chances to be so
    by accident: a region of several features pays for that.
    """
    alone = np.where(np.isfinite(z), z, -np.inf).max(-1) - _ALONE
    several, together = np.isfinite(z).sum(-1) > 1, combine(z)
    return np.where(several, np.fmax(together, alone) - _CHANCES, together)


class Recent:
    """Evidence of the last two, three or four repetitions together, per region.

    No repetition counts more than 2.8, so that one slip cannot end a set however large it is; a
    longer run needs a little more than a shorter one, because it has more chances.
    """

    def __init__(self, shape: tuple[int, ...]) -> None:
        self._latest = np.full((RUNS[-1], *shape), np.nan)

    def update(self, evidence: Array, alike: Array | float = USUAL_RESEMBLANCE) -> Array:
        """Take one repetition's evidence, NaN where not measured; return what it amounts to now.

        alike: how much repetitions resemble each other; a run of similar ones tells less.
        -inf before there are two. A region that was not measured neither adds nor resets, and
        cannot make the call: -inf as well.
        """
        kept = np.clip(evidence, _LEAST, _MOST)
        moved = np.concatenate([self._latest[1:], kept[None]])
        self._latest = np.where(np.isnan(kept), self._latest, moved)
        runs = [
            self._latest[-n:].sum(0) / (np.sqrt(n) * _stretch(n, alike)) - offset
            for n, offset in zip(RUNS, _OFFSETS, strict=True)
        ]
        best = np.fmax.reduce(runs)
        return np.where(np.isnan(kept) | np.isnan(best), -np.inf, best)


def _stretch(n: int, alike: Array | float) -> Array:
    """Spread of the sum of n values that resemble each other, relative to the usual one."""
    return np.asarray(np.sqrt(_variance(n, alike) / _USUAL[n]))


def _variance(n: int, phi: Array | float) -> Array:
    return np.asarray(n + 2.0 * sum((n - k) * np.power(phi, k) for k in range(1, n)))


_USUAL = {n: _variance(n, USUAL_RESEMBLANCE) for n in RUNS}
