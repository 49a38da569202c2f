"""When form breaks down: evidence per region, and the call to stop (science E1, E2, E4)."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from midback.exercises import Exercise, Feature
from midback.form.baseline import Baseline
from midback.form.evidence import AMBER_EVIDENCE, Caution, Recent, needed, strongest
from midback.form.features import Rep
from midback.form.first import FIRST_EVIDENCE, FirstRegion, Story, first_to_fail
from midback.form.history import History
from midback.form.levels import SideLevels
from midback.form.pain import PainWatch
from midback.form.usable import UsableReps
from midback.vision.pose import Array

__all__ = ["AMBER_EVIDENCE", "Breakdown", "BreakdownRule", "RegionEvidence"]

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

    @property
    def amber(self) -> bool:
        """Whether to name the fault while there is time to mend it; the set goes on."""
        return self.value >= AMBER_EVIDENCE or self.change >= self.worst.amber


@dataclass(frozen=True, slots=True)
class Breakdown:
    """The repetition in which form is judged to have broken, where and by what.

    from_usual: the change is counted from earlier sets, because this one began below them.
    """

    rep: int
    kind: str  # "breakdown" | "partial" | "pain"
    region: str
    feature: Feature | None
    change: float | None
    from_usual: bool = False


@dataclass(slots=True)
class BreakdownRule:
    """The last two, three or four repetitions together end the set, see `Recent`.

    The baseline of each side is its first four complete repetitions; monitoring starts after
    them. Repetitions without evidence neither add to a run nor break it. earlier: what is known
    from the person's earlier sets. caution: how soon the set is ended. pain: see `PainWatch`.
    """

    exercise: Exercise
    earlier: History = field(default_factory=History)
    caution: Caution = "normal"
    pain: PainWatch = field(default_factory=PainWatch)
    history: list[dict[str, RegionEvidence]] = field(default_factory=list)
    rep_numbers: list[int] = field(default_factory=list)
    usable: UsableReps = field(init=False)
    _sides: dict[str | None, SideLevels] = field(default_factory=dict)
    _regions: tuple[str, ...] = field(init=False)
    _of_region: NDArray[np.bool_] = field(init=False)
    _recent: Recent = field(init=False)
    _partials: int = 0

    def __post_init__(self) -> None:
        self._regions = tuple(dict.fromkeys(f.region for f in self.exercise.features))
        regions = np.array([feature.region for feature in self.exercise.features])
        self._of_region = regions == np.array(self._regions)[:, None]
        self._recent = Recent((len(self._regions),))
        self.usable = UsableReps(self.exercise)

    def baseline(self, name: str, side: str | None) -> Baseline | None:
        """Frozen fresh level of a feature on a side; None before it is complete."""
        found = self._sides.get(side)
        names = [feature.name for feature in self.exercise.features]
        return None if found is None or name not in names else found.baseline(names.index(name))

    def fresh_means(self) -> dict[str, list[float]]:
        """Frozen fresh means of each feature, one per side that has them."""
        means: dict[str, list[float]] = {}
        for levels in self._sides.values():
            for i, feature in enumerate(self.exercise.features):
                baseline = levels.baseline(i)
                if baseline is not None:
                    means.setdefault(feature.name, []).append(baseline.mean)
        return means

    def below_usual(self) -> tuple[str, ...]:
        """Regions that began this set below the person's usual (start guard), on any side.

        They are judged by the earlier sets; the person should choose an easier version.
        """
        found = [name for levels in self._sides.values() for name in levels.below]
        return tuple(dict.fromkeys(found))

    def report_pain(
        self, rep: int, nrs: float | None = None, *, sharp: bool = False
    ) -> Breakdown | None:
        """Take what the person says about pain in repetition `rep`; the call if it ends the set.

        nrs: 0 to 10. sharp: sharp, spreading or numb.
        """
        if self.pain.report(nrs, sharp=sharp):
            return Breakdown(rep, "pain", "control", None, None)
        return None

    def update(self, rep: Rep) -> tuple[dict[str, RegionEvidence], Breakdown | None]:
        """Judge one repetition: the evidence per region, and the call if this rep makes it."""
        self.usable.update(rep)
        if not rep.span.complete:
            self._partials += 1
            if self._partials >= 2:
                return {}, Breakdown(rep.index, "partial", "control", None, None)
            return {}, None
        self._partials = 0
        if rep.side not in self._sides:
            self._sides[rep.side] = SideLevels(self.exercise, rep.side, self.earlier)
        levels = self._sides[rep.side]
        judged = levels.complete
        levels.add(rep)
        if not judged:
            return {}, None
        z, alike = levels.z()
        evidence = self._evidence(z, levels.changes())
        if not evidence:
            return {}, None
        self.history.append(evidence)
        self.rep_numbers.append(rep.index)
        return evidence, self._call(rep, evidence, alike)

    def first_to_fail(self, rep: int) -> FirstRegion | None:
        """Where form began to fail among the repetitions judged up to `rep`, and how surely."""
        judged = [
            e for e, number in zip(self.history, self.rep_numbers, strict=True) if number <= rep
        ]
        if len(judged) < 2:
            return None
        return first_to_fail(self._regions, np.stack([self._failing(e) for e in judged]))

    def first_region(self, region: str, rep: int) -> str:
        """The region that began to fail first, before the call in `region` at `rep`."""
        found = self.first_to_fail(rep)
        return region if found is None else found.regions[0]

    def story(self, call: Breakdown) -> Story | None:
        """How the fatigue of a set went that ended by breakdown; None for another end."""
        first = self.first_to_fail(call.rep)
        if call.kind != "breakdown" or first is None:
            return None
        region, since = first.regions[0], call.rep
        told = call.feature, call.change
        for evidence, number in zip(self.history[::-1], self.rep_numbers[::-1], strict=True):
            if number > call.rep or region not in evidence:
                continue
            if evidence[region].value < FIRST_EVIDENCE:
                break
            since = number
            if number == call.rep:
                told = evidence[region].worst, evidence[region].change
        feature, change = told
        if feature is None or change is None:
            return None
        return Story(since, first, call.rep, feature, change, region in self.below_usual())

    def _evidence(self, z: Array, changes: Array) -> dict[str, RegionEvidence]:
        """What a repetition says of each region that was measured. z, changes: (F,)."""
        found: dict[str, RegionEvidence] = {}
        watched, mine = self.exercise.features, self._of_region & np.isfinite(z)
        evidence = strongest(np.where(mine, z, np.nan))
        for name, own, value in zip(self._regions, mine, evidence.tolist(), strict=True):
            at = np.flatnonzero(own).tolist()
            if at:
                _, worst, change = _telling(
                    [(float(z[i]), watched[i], float(changes[i])) for i in at]
                )
                found[name] = RegionEvidence(name, value, worst, change)
        return found

    def _values(self, evidence: dict[str, RegionEvidence]) -> Array:
        return np.array([evidence[n].value if n in evidence else np.nan for n in self._regions])

    def _failing(self, evidence: dict[str, RegionEvidence]) -> Array:
        """The evidence, none where the change is not even half of what matters."""
        small = [n in evidence and 2 * evidence[n].change < evidence[n].worst.floor
                 for n in self._regions]  # fmt: skip
        values = self._values(evidence)
        return np.where(small, np.fmin(values, 0.0), values)

    def _call(self, rep: Rep, now: dict[str, RegionEvidence], alike: float) -> Breakdown | None:
        amounts = self._recent.update(self._values(now), alike)
        least = needed(self.caution, known=bool(self.earlier), regions=len(self._regions))
        for i in np.argsort(-amounts, kind="stable"):
            found = now.get(self._regions[i])
            if found is not None and amounts[i] >= least and found.change >= found.worst.floor:
                what = found.worst, found.change, found.region in self.below_usual()
                return Breakdown(rep.index, "breakdown", found.region, *what)
        return None


def _telling(items: list[tuple[float, Feature, float]]) -> tuple[float, Feature, float]:
    """The feature to name: the one that changed most, or an angle that changed nearly as much.

    Degrees are what a person can picture and a report can draw.
    """
    top = max(items, key=lambda item: item[0])
    angles = [item for item in items if item[1].unit == "deg" and item[0] >= _NEARLY * top[0]]
    return max(angles, key=lambda item: item[0], default=top) if top[0] > 0 else top
