"""Slow and obvious versions of the stop rule's arithmetic."""

from __future__ import annotations

import math

import numpy as np


def posterior(
    values: list[float], mean0: float, sd0: float, weight0: float, dof0: float, se: float
) -> tuple[float, float, float, float]:
    """Science E2, one feature, as it is written there: level, sd, weight, dof."""
    k = len(values)
    average = sum(values) / k
    weight, dof = weight0 + k, dof0 + k
    middle = (weight0 * mean0 + k * average) / weight
    squares = dof0 * sd0**2 + sum((x - average) ** 2 for x in values)
    squares += weight0 * k / weight * (average - mean0) ** 2
    return middle, max(math.sqrt(squares / dof), se, 0.5 * sd0), weight, dof


def runs(evidence: list[float | None], offsets: dict[int, float], most: float) -> list[float]:
    """What the last two, three and four known repetitions amount to, after each repetition."""
    seen: list[float] = []
    out = []
    for value in evidence:
        if value is None:
            out.append(-math.inf)
            continue
        seen.append(min(max(value, -2.0), most))
        sums = [sum(seen[-n:]) / math.sqrt(n) - off for n, off in offsets.items() if len(seen) >= n]
        out.append(max(sums, default=-math.inf))
    return out


def beginning(evidence: list[float], level: float) -> int:
    """Index of the repetition from which the mean with the one before stays at the level."""
    start = len(evidence)
    for i in range(len(evidence) - 1, 0, -1):
        if np.mean([evidence[i], evidence[i - 1]]) < level:
            break
        start = i
    return start
