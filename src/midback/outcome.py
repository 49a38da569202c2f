"""From what a session has seen to the document that it hands out."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal, cast

import numpy as np

from midback.columns import Columns
from midback.exercises import Exercise
from midback.form.baseline import FRESH
from midback.form.breakdown import Breakdown, BreakdownRule
from midback.form.features import Rep as FormRep
from midback.form.holds import HoldRule
from midback.form.score import RepScore, score_rep, summarize
from midback.kinematics import ANGLES
from midback.kinematics.smoothing import RATE
from midback.result import Hold, Rep, Result, ScoreSummary, Series, Software, Source, Stop
from midback.story import sentence_of
from midback.summary import describe_view, refusal, summarize_angles
from midback.words import region_name

STILL_S = 1.0
"""Shortest still start position that changes and limits may be counted from, seconds."""

LEAST_HOLD_S = 3.0
"""Shorter than this nobody has held anything, seconds."""

_LEAST_FPS = 20
_LEAST_REPS = 3
"""A score from fewer repetitions would say nothing."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """Everything a session knows at one moment. neutral_s: length of the still start position."""

    exercise: Exercise
    columns: Columns
    reps: list[FormRep]
    rule: BreakdownRule
    stop: Stop | None
    neutral_s: float
    hold: HoldRule | None

    def result(self, source: Source, software: Software, series: Series) -> Result:
        """The whole document. series: of all the columns."""
        scores = [self._score(rep) for rep in self.reps]
        before = len(scores) if self.stop is None else max(self.stop.rep - 1, 1)
        score = summarize(scores, before if len(scores) >= _LEAST_REPS else 0)
        return Result(
            source=source,
            exercise=self.exercise.name,
            view=describe_view(self.columns, self._before_turning()),
            coverage=float(self.columns.found().mean()) if self.columns.count else 0.0,
            angles=summarize_angles(self.columns, series, *self._extent()),
            reps=tuple(map(self.rep, self.reps, scores)),
            stop=self.stop,
            first_region=self._first_region(),
            first_probability=self._first_probability(),
            story=self._story(),
            judged_reps=len(self.rule.history),
            can_judge=self._can_judge(),
            hold=None if self.hold is None else Hold(self.hold.total_s, self.hold.good_s),
            score=score,
            warnings=(*self._warnings(score), *_frame_rate_warning(source)),
            software=software,
        )

    def rep(self, rep: FormRep, score: RepScore | None = None) -> Rep:
        """One repetition with its score as far as it is known. score: where it is at hand."""
        span, time, score = rep.span, self.columns.time, score or self._score(rep)
        primary = self.exercise.primary
        codes = self.columns.codes(primary.angle, span.first, span.last)
        shown = primary.unit == "deg" and refusal(codes) is None
        return Rep(
            index=rep.index,
            side=cast(Literal["left", "right", "unknown"] | None, rep.side),
            start_s=time(span.first),
            peak_s=time(span.peak),
            end_s=time(span.last),
            complete=span.complete,
            hold_s=span.hold_s,
            concentric_s=span.concentric_s,
            eccentric_s=span.eccentric_s,
            rom_deg=span.rom if shown else None,
            score=score.score,
            score_se=score.se,
            deductions=score.deductions,
            values=rep.values,
        )

    def _extent(self) -> tuple[int, int]:
        """Frames of the set: from the start position before the first repetition to the last."""
        if not self.reps:
            return 0, self.columns.count - 1
        lead = int(self.neutral_s * RATE)
        return max(0, self.reps[0].span.first - lead), self.reps[-1].span.last

    def _before_turning(self) -> int | None:
        """Last frame of the start where the movement itself turns the body out of the view."""
        turns = ANGLES[self.exercise.primary.angle].view == "turned"
        return self.reps[0].span.first if turns and self.reps else None

    def best_rep(self) -> int | None:
        """Number of the best complete repetition before the stop, the earliest among equals."""
        end = self.stop.rep if self.stop is not None else np.inf
        early = [rep for rep in self.reps if rep.index < end and rep.span.complete]
        if not early:
            return None
        return max(early, key=lambda rep: (self._score(rep).score or -1.0, -rep.index)).index

    def _score(self, rep: FormRep) -> RepScore:
        return score_rep(self.exercise, self._trusted(rep), self._fresh(rep.side))

    def _trusted(self, rep: FormRep) -> FormRep:
        """The repetition without changes from a neutral that was never held still."""
        if self.neutral_s >= STILL_S:
            return rep
        own_neutral = {f.name for f in self.exercise.features if f.reference == "neutral"}
        values = {n: None if n in own_neutral else value for n, value in rep.values.items()}
        return replace(rep, values=values)

    def _fresh(self, side: str | None) -> dict[str, float]:
        """Mean of each feature over the fresh repetitions of a side, once there are enough."""
        frozen = {f.name: self.rule.baseline(f.name, side) for f in self.exercise.features}
        return {name: base.mean for name, base in frozen.items() if base is not None}

    def _first_region(self) -> str | None:
        if self.stop is None or self.stop.kind == "pain":
            return None
        if self.stop.kind != "breakdown" or self.hold is not None:
            return self.stop.region
        return self.rule.first_region(self.stop.region, self.stop.rep)

    def _first_probability(self) -> float | None:
        if self.stop is None or self.stop.kind != "breakdown" or self.hold is not None:
            return None
        found = self.rule.first_to_fail(self.stop.rep)
        return None if found is None else found.probability

    def _story(self) -> str | None:
        """How the fatigue went, for a set that ended by breakdown."""
        stop = self.stop
        if stop is None or stop.kind != "breakdown" or self.hold is not None:
            return None
        feature = self.exercise.feature(stop.feature) if stop.feature else None
        told = self.rule.story(Breakdown(stop.rep, stop.kind, stop.region, feature, None))
        return None if told is None else sentence_of(self.exercise, told)

    def _can_judge(self) -> bool:
        return self.rule.usable.can_judge if self.hold is None else self.hold.can_judge

    def _warnings(self, score: ScoreSummary) -> list[str]:
        if not self.reps and (self.hold is None or self.hold.total_s < LEAST_HOLD_S):
            what = "repetition" if self.hold is None else "hold"
            return [
                f"No {what} was seen: check the exercise's name, and that the whole body is in "
                "the picture."
            ]
        out = []
        from_neutral = any(f.reference == "neutral" for f in self.exercise.features)
        if self.neutral_s < STILL_S and (self.hold is None or from_neutral):
            out.append(
                "There is no still second in the start position before the first repetition: "
                "changes are counted from its first frames, and absolute limits were not watched."
            )
        if not self._can_judge():
            out.append(
                "Form could not be judged: more than a third of it was not measurable from this "
                "view. Move the camera or yourself before the next set."
            )
        for region in self.rule.below_usual():
            out.append(
                f"At the start {region_name(region)} were already below your usual: choose an "
                "easier version today."
            )
        if self.hold is not None:
            return out
        each = " on each side" if self.exercise.primary.alternates else ""
        if not self.rule.history and self.stop is None:
            out.append(
                f"Fatigue could not be judged: that takes more than {FRESH} complete "
                f"repetitions{each} in a view that shows them."
            )
        if score.set is None and self._can_judge():
            out.append(
                "Form cannot be scored: too few repetitions, or too little of them can be measured "
                "from this view."
            )
        return out


def _frame_rate_warning(source: Source) -> list[str]:
    """Below 20 frames a second fast faults slip between the frames (science A5)."""
    rate = (source.frames - 1) / source.duration_s if source.duration_s > 0 else _LEAST_FPS
    if rate >= _LEAST_FPS:
        return []
    return [
        f"Only {rate:.0f} frames a second: fast faults and exact times are missed; "
        f"record with {_LEAST_FPS} or more."
    ]
