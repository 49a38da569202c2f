"""Scores from 0 to 100 with named deductions (science F)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from math import fsum

import numpy as np

from midback.exercises import Exercise, Feature
from midback.form.baseline import worsening
from midback.form.features import Rep
from midback.result import Deduction, ScoreSummary

LEAST_COVERAGE = 0.6
_COMMON = 0.5
"""Share of a repetition's error variance that every repetition of the set shares: the same body
seen by the same camera. A design choice."""


@dataclass(frozen=True, slots=True)
class RepScore:
    """Score of one repetition. score, se: None where less than 60 % could be measured."""

    score: float | None
    se: float | None
    deductions: tuple[Deduction, ...]
    coverage: float


def feature_change(feature: Feature, value: float, fresh: float | None) -> float | None:
    """Change for the worse by the feature's own reference; None where that is not known yet."""
    if feature.reference == "fresh":
        return None if fresh is None else worsening(feature, value, fresh)
    if feature.expected is not None:
        return worsening(feature, value, feature.expected)
    return value if feature.worse == "increase" else -value


def score_rep(exercise: Exercise, rep: Rep, fresh: dict[str, float]) -> RepScore:
    """Points lost on the ramp from tolerance to the red limit, over what could be measured.

    fresh: feature name -> mean of the person's own fresh repetitions on this side. Score and
    deductions add up to 100.
    """
    total = sum(feature.weight for feature in exercise.features)
    known: list[tuple[Feature, float]] = []
    for feature in exercise.features:
        value = rep.values.get(feature.name)
        change = None if value is None else feature_change(feature, value, fresh.get(feature.name))
        if change is not None:
            known.append((feature, change))
    measured = sum(feature.weight for feature, _ in known)
    coverage = measured / total if total else 0.0
    if not measured or coverage < LEAST_COVERAGE:
        return RepScore(None, None, (), coverage)
    deductions, variance = [], 0.0
    for feature, change in known:
        tolerance, red = _ramp(feature)
        share = min(max((change - tolerance) / (red - tolerance), 0.0), 1.0)
        weight = 100.0 * feature.weight / measured
        if share * weight > 0.0:
            deductions.append(_deduction(feature, change, weight * share))
        if 0.0 < share < 1.0:
            variance += (weight / (red - tolerance) * feature.se) ** 2
    deductions.sort(key=lambda item: -item.points)
    lost = fsum(item.points for item in deductions)
    if lost > 100.0:  # by rounding: the weights that were measured make 100
        first = deductions[0]
        deductions[0] = replace(first, points=first.points - (lost - 100.0))
    score = max(100.0 - lost, 0.0)
    return RepScore(score, float(np.sqrt(variance)), tuple(deductions), coverage)


def summarize(scores: list[RepScore], before_stop: int) -> ScoreSummary:
    """Set, fresh, last and fade from the scores in order; `before_stop` reps count for the set."""
    values = [item.score for item in scores]
    coverage = float(np.mean([item.coverage for item in scores])) if scores else 0.0
    known = [value for value in values if value is not None]
    if not before_stop or not known or len(known) < len(values) * 2 / 3:
        return ScoreSummary(None, None, None, None, coverage)
    fresh, last = _mean(values[:4]), _mean(values[-3:])
    fade = None if fresh is None or last is None else fresh - last
    counted = scores[:before_stop]
    return ScoreSummary(
        _mean([item.score for item in counted]), fresh, last, fade, coverage, set_error(counted)
    )


def set_error(scores: list[RepScore]) -> float | None:
    """Standard error of the mean score of these repetitions; None where none has a score.

    Half of each repetition's error variance is common to all and does not average out; the rest
    shows in how the repetitions differ, as does the person's own variation.
    """
    known = [(i.score, i.se) for i in scores if i.score is not None and i.se is not None]
    if not known:
        return None
    values, errors = (np.array(column) for column in zip(*known, strict=True))
    count, squares = len(values), float((errors**2).mean())
    apart = float(values.var(ddof=1)) if count > 1 else (1.0 - _COMMON) * squares
    apart = max(apart, (1.0 - _COMMON) * squares)
    return float(np.sqrt(_COMMON * squares + apart / count))


def _mean(values: list[float | None]) -> float | None:
    known = [value for value in values if value is not None]
    return float(np.mean(known)) if known else None


def _ramp(feature: Feature) -> tuple[float, float]:
    """Where points start to be lost, and where all of the weight is."""
    tolerance = max(feature.amber / 2, 1.5 * feature.se)
    red = feature.red if feature.red is not None else 2 * feature.amber
    return tolerance, max(red, tolerance + 1e-6)


def _deduction(feature: Feature, change: float, points: float) -> Deduction:
    return Deduction(feature.region, feature.name, change, feature.unit, points, feature.cue)
