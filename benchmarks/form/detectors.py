"""Detectors to compare, each as a statistic per repetition that stops the set above a threshold.

A statistic is (n, T), -inf where nothing can be said. The ones of science E3 judge the evidence of
a frozen baseline; ours is the product's own functions, called with thousands of sets at once.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from form.generator import FLOOR, SD, SE, Sets
from midback.form.baseline import FRESH, LEAST_FRESH, Belief, belief, level, standard_score
from midback.form.baseline import judge as judge_features
from midback.form.evidence import Recent, combine, strongest
from midback.form.guard import below_usual, usual
from midback.vision.pose import Array

Detector = Callable[[Sets, bool], Array]
NO = -np.inf


def changes(sets: Sets, history: bool) -> tuple[Array, Belief]:
    """Changes from the mean of the fresh repetitions, (n, R, F, T), and the belief before."""
    fresh = sets.values[:, :FRESH]
    known = np.isfinite(fresh).sum(1)
    total = np.where(np.isfinite(fresh), fresh, 0.0).sum(1)
    mean = np.where(known >= LEAST_FRESH, total / np.maximum(known, 1), np.nan)
    moved = np.moveaxis(sets.values - mean[:, None], 1, -1)
    sd = np.full(mean.shape, SD)
    return moved, belief(sd, (sets.known_mean - mean, sets.known_sd) if history else None)


def frozen_z(sets: Sets, history: bool) -> Array:
    """z of every monitored repetition by the frozen baseline, (n, T - 4, R, F)."""
    moved, before = changes(sets, history)
    at = level(moved[..., :FRESH], before, np.array(SE))
    z = [standard_score(moved[..., t], at) for t in range(FRESH, moved.shape[-1])]
    return np.stack(z, axis=1)


@dataclass(frozen=True, slots=True)
class Judged:
    """evidence, amounts: (n, T, R) as `BreakdownRule` has them, NaN and -inf where there is none.

    amounts is -inf too where the feature to name has not changed by its floor.
    """

    evidence: Array
    amounts: Array


def ours(sets: Sets, history: bool) -> Array:
    """The product: sharpened level, evidence of the last two to four, change above its floor."""
    return np.asarray(judge(sets, history).amounts.max(-1))


def judge(sets: Sets, history: bool, apart: float = 0.0) -> Judged:
    """The product's own functions on every set at once; apart: see guard.usual."""
    moved, before = changes(sets, history)
    n, regions, _, reps = moved.shape
    recent, past = Recent((n, regions)), usual(before, apart)
    guarded = started_below(sets, history, apart)[..., None]
    zero = np.where(guarded, past.mean, 0.0)
    evidence, amounts = np.full((n, reps, regions), np.nan), np.full((n, reps, regions), NO)
    flat = Belief(before.mean.reshape(n, -1), before.sd.reshape(n, -1), before.weight, before.dof)
    for t in range(FRESH, reps):
        own, alike = judge_features(moved[..., : t + 1].reshape(n, -1, t + 1), flat, np.array(SE))
        change = moved[..., t]
        z = np.where(guarded, standard_score(change, past), own.reshape(change.shape))
        evidence[:, t] = strongest(z)
        found = recent.update(evidence[:, t], alike[:, None])
        worst = np.where(np.isnan(z), -np.inf, z).argmax(-1)[..., None]
        far = np.take_along_axis(change - zero, worst, axis=-1)[..., 0]
        amounts[:, t] = np.where(far >= FLOOR, found, NO)
    return Judged(evidence, amounts)


def started_below(sets: Sets, history: bool, apart: float = 0.0) -> NDArray[np.bool_]:
    """Regions that the start guard judges by the earlier sets, (n, R)."""
    moved, before = changes(sets, history)
    if not history:
        return np.zeros(moved.shape[:2], dtype=np.bool_)
    return np.asarray(below_usual(moved[..., :FRESH], before, apart), dtype=np.bool_)


def on_evidence(rule: Callable[[Array], Array]) -> Detector:
    """A detector from a rule on the evidence (n, T - 4, R); missing evidence counts as none."""

    def detector(sets: Sets, history: bool) -> Array:
        found = rule(np.nan_to_num(combine(frozen_z(sets, history))))
        return np.concatenate([np.full((len(found), FRESH), NO), found], axis=1)

    return detector


def _each(step: Callable[[int, Array], Array], evidence: Array) -> Array:
    return np.stack([step(t, evidence) for t in range(evidence.shape[1])], axis=1)


def two_in_a_row(evidence: Array) -> Array:
    both = np.minimum(evidence[:, 1:], evidence[:, :-1]).max(-1)
    return np.concatenate([np.full((len(both), 1), NO), both], axis=1)


def two_of_three(evidence: Array) -> Array:
    def step(t: int, e: Array) -> Array:
        last = np.sort(e[:, max(0, t - 2) : t + 1], axis=1)
        return last[:, -2].max(-1) if t else np.full(len(e), NO)

    return _each(step, evidence)


def glr(evidence: Array) -> Array:
    """Best of the last one to four, one alone being worth 1.5 less."""

    def step(t: int, e: Array) -> Array:
        runs = [
            e[:, t - n + 1 : t + 1].sum(1) / np.sqrt(n) - 1.5 * (n == 1)
            for n in range(1, min(4, t + 1) + 1)
        ]
        return np.asarray(np.max(runs, axis=0).max(-1))

    return _each(step, evidence)


def cusum(k: float) -> Callable[[Array], Array]:
    def rule(evidence: Array) -> Array:
        total, out = np.zeros_like(evidence[:, 0]), []
        for t in range(evidence.shape[1]):
            total = np.maximum(0.0, total + evidence[:, t] - k)
            out.append(total.max(-1))
        return np.stack(out, axis=1)

    return rule


def ewma(evidence: Array) -> Array:
    smooth, variance, out = np.zeros_like(evidence[:, 0]), 0.0, []
    for t in range(evidence.shape[1]):
        smooth = 0.4 * evidence[:, t] + 0.6 * smooth
        variance = 0.16 + 0.36 * variance
        out.append((smooth / np.sqrt(variance)).max(-1))
    return np.stack(out, axis=1)


def bayes_change_point(evidence: Array) -> Array:
    """Log odds of a change so far: hazard 1/15, evidence N(3, 1.5^2) after it, N(0, 1) before."""
    odds, out = np.full_like(evidence[:, 0], 1e-12), []
    for t in range(evidence.shape[1]):
        e = evidence[:, t]
        gain = np.exp(-0.5 * ((e - 3.0) / 1.5) ** 2 + 0.5 * e**2) / 1.5
        odds = gain * (odds + 1.0 / 15.0) / (1.0 - 1.0 / 15.0)
        out.append(np.log(odds).max(-1))
    return np.stack(out, axis=1)


def page_hinkley(sets: Sets, history: bool) -> Array:
    z = np.nan_to_num(frozen_z(sets, history))
    overall = z.mean((2, 3)) * np.sqrt(z.shape[2] * z.shape[3])
    rule = cusum(0.5)(overall[..., None])
    return np.concatenate([np.full((len(rule), FRESH), NO), rule], axis=1)


def hotelling(two_sided: bool) -> Detector:
    def detector(sets: Sets, history: bool) -> Array:
        z = np.nan_to_num(frozen_z(sets, history))
        z = z if two_sided else np.maximum(z, 0.0)
        features = z.shape[-1]
        inverse = np.linalg.inv(np.full((features, features), 0.4) + 0.6 * np.eye(features))
        found = np.einsum("ntrf,fg,ntrg->nt", z, inverse, z)
        return np.concatenate([np.full((len(found), FRESH), NO), found], axis=1)

    return detector


def velocity_loss(sets: Sets, _history: bool) -> Array:
    """Share of the fresh speed that is lost."""
    loss = 1.0 - sets.speed / sets.speed[:, :FRESH].mean(1)[:, None]
    return np.where(np.arange(loss.shape[1]) < FRESH, NO, loss)


DETECTORS: dict[str, Detector] = {
    "ours: sharpened level, last 2-4": ours,
    "2 in a row (the default of E3)": on_evidence(two_in_a_row),
    "2 of 3": on_evidence(two_of_three),
    "GLR, 4 repetitions": on_evidence(glr),
    "CUSUM k 1.5": on_evidence(cusum(1.5)),
    "CUSUM k 1": on_evidence(cusum(1.0)),
    "CUSUM k .5": on_evidence(cusum(0.5)),
    "EWMA .4": on_evidence(ewma),
    "Page-Hinkley on the mean": page_hinkley,
    "Bayes change point": on_evidence(bayes_change_point),
    "T2, positive part": hotelling(two_sided=False),
    "T2, two-sided": hotelling(two_sided=True),
    "Shewhart": on_evidence(lambda evidence: np.asarray(evidence.max(-1))),
    "velocity loss, calibrated": velocity_loss,
}
