"""When form breaks down: evidence per region, and the call to stop (science E1, E2, E4)."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from midback.exercises import Exercise, Feature
from midback.form.baseline import FRESH, Baseline, fresh_baseline, worsening, z_score
from midback.form.features import Rep

AMBER_EVIDENCE = 3.0
RED_EVIDENCE = 2.1
FIRST_EVIDENCE = 1.5
_CORRELATION = 0.4
_NEARLY = 0.7


@dataclass(frozen=True, slots=True)
class RegionEvidence:
    """Combined evidence of one region in one repetition.

    value: standard normal if nothing changed. worst: the feature to name, see _telling; change:
    that feature's change for the worse, in its unit.
    """

    region: str
    value: float
    worst: Feature
    change: float


@dataclass(frozen=True, slots=True)
class Breakdown:
    """The repetition in which form is judged to have broken, where and by what."""

    rep: int
    kind: str  # "breakdown" | "partial"
    region: str
    feature: Feature | None
    change: float | None


@dataclass(slots=True)
class BreakdownRule:
    """Two repetitions in a row with strong evidence in one region end the set.

    The baseline of each side is its first four complete repetitions; monitoring starts after
    them. Repetitions without evidence neither add to a run nor break it.
    """

    exercise: Exercise
    fresh: dict[str | None, list[Rep]] = field(default_factory=dict)
    history: list[dict[str, RegionEvidence]] = field(default_factory=list)
    rep_numbers: list[int] = field(default_factory=list)
    _baselines: dict[tuple[str | None, str], Baseline] = field(default_factory=dict)
    _partials: int = 0

    def baseline(self, name: str, side: str | None) -> Baseline | None:
        """Frozen fresh level of a feature on a side; None before it is complete."""
        return self._baselines.get((side, name))

    def fresh_means(self) -> dict[str, list[float]]:
        """Frozen fresh means of each feature, one per side that has them."""
        means: dict[str, list[float]] = {}
        for (_, name), baseline in self._baselines.items():
            means.setdefault(name, []).append(baseline.mean)
        return means

    def update(self, rep: Rep) -> tuple[dict[str, RegionEvidence], Breakdown | None]:
        """Judge one repetition: the evidence per region, and the call if this rep makes it."""
        if not rep.span.complete:
            self._partials += 1
            if self._partials >= 2:
                return {}, Breakdown(rep.index, "partial", "control", None, None)
            return {}, None
        self._partials = 0
        group = self.fresh.setdefault(rep.side, [])
        if len(group) < FRESH:
            group.append(rep)
            if len(group) == FRESH:
                self._freeze(rep.side)
            return {}, None
        evidence = self._evidence(rep)
        if not evidence:
            return {}, None
        call = self._two_in_a_row(rep, evidence)
        self.history.append(evidence)
        self.rep_numbers.append(rep.index)
        return evidence, call

    def first_region(self, region: str, rep: int) -> str:
        """The region whose evidence rose first and stayed until the call at `rep`."""
        judged = sum(number <= rep for number in self.rep_numbers)
        history = self.history[:judged]
        started: dict[str, tuple[int, float]] = {}
        for name in history[-1] if history else {}:
            values = [step[name].value for step in history if name in step]
            run = 0
            for value in reversed(values):
                if value < FIRST_EVIDENCE:
                    break
                run += 1
            if run:
                started[name] = (run, values[-1])
        return max(started, key=lambda name: started[name]) if started else region

    def _freeze(self, side: str | None) -> None:
        for feature in self.exercise.features:
            values = [rep.values.get(feature.name) for rep in self.fresh[side]]
            known = [value for value in values if value is not None]
            if len(known) >= FRESH - 1:
                baseline = fresh_baseline(feature, known)
                assert baseline is not None
                self._baselines[side, feature.name] = baseline

    def _evidence(self, rep: Rep) -> dict[str, RegionEvidence]:
        regions: dict[str, list[tuple[float, Feature, float]]] = {}
        for feature in self.exercise.features:
            baseline, value = self.baseline(feature.name, rep.side), rep.values.get(feature.name)
            if baseline is None or value is None:
                continue
            item = (
                z_score(feature, value, baseline),
                feature,
                worsening(feature, value, baseline.mean),
            )
            regions.setdefault(feature.region, []).append(item)
        return {name: _combine(name, items) for name, items in regions.items()}

    def _two_in_a_row(self, rep: Rep, now: dict[str, RegionEvidence]) -> Breakdown | None:
        if not self.history:
            return None
        before = self.history[-1]
        for name, found in sorted(now.items(), key=lambda item: -item[1].value):
            strong = found.value >= RED_EVIDENCE and found.change >= found.worst.floor
            if strong and name in before and before[name].value >= RED_EVIDENCE:
                return Breakdown(rep.index, "breakdown", name, found.worst, found.change)
        return None


def _combine(region: str, items: list[tuple[float, Feature, float]]) -> RegionEvidence:
    """Sum of z over its own spread, with a correlation of .4 between features of a region."""
    z = np.array([item[0] for item in items])
    n = len(z)
    value = float(z.sum() / np.sqrt(n + n * (n - 1) * _CORRELATION))
    _, worst, change = _telling(items)
    return RegionEvidence(region, value, worst, change)


def _telling(items: list[tuple[float, Feature, float]]) -> tuple[float, Feature, float]:
    """The feature to name: the one that changed most, or an angle that changed nearly as much.

    Degrees are what a person can picture and a report can draw.
    """
    top = max(items, key=lambda item: item[0])
    angles = [item for item in items if item[1].unit == "deg" and item[0] >= _NEARLY * top[0]]
    return max(angles, key=lambda item: item[0], default=top) if top[0] > 0 else top
