"""Intervals for shares, rank correlations and areas under the curve; people are drawn."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray
from scipy.stats import rankdata

from midback.vision.pose import Array

Rows = NDArray[np.int64]
"""Numbers of rows."""

SEED, DRAWS = 20261121, 2000


def wilson(hits: int, count: int) -> tuple[float, float]:
    """95 % score interval of a share."""
    if not count:
        return 0.0, 1.0
    z, share = 1.959964, hits / count
    middle = share + z**2 / (2 * count)
    spread = z * np.sqrt(share * (1 - share) / count + z**2 / (4 * count**2))
    bottom = 1 + z**2 / count
    return float((middle - spread) / bottom), float((middle + spread) / bottom)


def auroc(scores: Array, bad: Array) -> float:
    """Probability that a bad one scores below a good one, ties half. bad: booleans."""
    ranks = rankdata(-scores)
    ill = int(bad.sum())
    well = len(bad) - ill
    return float((ranks[bad].sum() - ill * (ill + 1) / 2) / (ill * well))


def by_people(people: list[str], statistic: Callable[[Rows], float]) -> tuple[float, float]:
    """95 % bootstrap interval of statistic(rows), drawing people with all their rows."""
    names = sorted(set(people))
    rows = {name: np.flatnonzero(np.array(people) == name) for name in names}
    rng = np.random.default_rng(SEED)
    found = []
    for _ in range(DRAWS):
        drawn = rng.choice(names, len(names))
        value = statistic(np.concatenate([rows[name] for name in drawn]))
        if np.isfinite(value):
            found.append(value)
    low, high = np.percentile(found, [2.5, 97.5])
    return float(low), float(high)
