"""Which region failed first, how sure that is, and the story of the set (science E4)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from midback.exercises import Feature
from midback.vision.pose import Array

FIRST_EVIDENCE = 1.5
"""Mean of two repetitions from which a region counts as failing, if it stays there."""

SURE = 0.6
"""Below this probability the two likeliest regions are named together."""

_DRAWS = 500


@dataclass(frozen=True, slots=True)
class FirstRegion:
    """Where it began. regions: one, or the two likeliest; probability: of the likeliest alone."""

    regions: tuple[str, ...]
    probability: float


@dataclass(frozen=True, slots=True)
class Story:
    """What a set's fatigue looked like: from which repetition, where, and how far it went.

    from_rep, by_rep: numbers of repetitions. change: of `feature` for the worse by `by_rep`,
    from the fresh repetitions, in its unit; from_usual: from those of earlier sets.
    """

    from_rep: int
    first: FirstRegion
    by_rep: int
    feature: Feature
    change: float
    from_usual: bool = False


def beginnings(evidence: Array) -> Array:
    """Index from which the mean of two repetitions is 1.5 or more and stays; else the length.

    evidence: (..., n, R) without gaps. Returns (..., R).
    """
    if evidence.shape[-2] < 2:
        return np.full((*evidence.shape[:-2], evidence.shape[-1]), evidence.shape[-2])
    pairs = (evidence[..., 1:, :] + evidence[..., :-1, :]) / 2.0
    low = pairs[..., ::-1, :] < FIRST_EVIDENCE
    run = np.where(low.any(-2), low.argmax(-2), pairs.shape[-2])
    return np.asarray(evidence.shape[-2] - run)


def first_to_fail(regions: tuple[str, ...], evidence: Array, seed: int = 0) -> FirstRegion:
    """Region that began to fail first, with its probability from 500 draws of the evidence.

    evidence: (n, R) of every judged repetition up to the call; NaN is not measured and takes the
    value before it. Among regions that begin together the one with more evidence at the end wins.
    """
    drawn = without_gaps(evidence)[None] + np.random.default_rng(seed).standard_normal(
        (_DRAWS, *evidence.shape)
    )
    order = beginnings(drawn) - 0.01 * np.tanh(drawn[:, -2:].mean(1) / 6.0)
    share = np.bincount(order.argmin(-1), minlength=len(regions)) / _DRAWS
    likely = np.argsort(-share, kind="stable")
    best = float(share[likely[0]])
    count = 1 if best >= SURE or len(regions) == 1 else 2
    return FirstRegion(tuple(regions[i] for i in likely[:count]), best)


def without_gaps(evidence: Array) -> Array:
    """Evidence (n, R) with every NaN replaced by the value before it, 0 at the start."""
    known = np.isfinite(evidence)
    at = np.where(known, np.arange(len(evidence))[:, None], -1)
    at = np.maximum.accumulate(at, axis=0)
    filled = np.take_along_axis(evidence, np.maximum(at, 0), axis=0)
    return np.where(at >= 0, filled, 0.0)
