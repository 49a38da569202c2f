"""The one pipeline: poses in, events and the result out. Live and batch drive it alike."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from midback.bands import own_band
from midback.calls import ambers, breakdown_stop, hold_stop, limit_stop, pain_stop, partial_stop
from midback.columns import Columns
from midback.events import Event, RepFinished, Reposition, StopCalled
from midback.exercises import Exercise
from midback.form.breakdown import Breakdown, BreakdownRule
from midback.form.curves import UsualCurve, as_percent
from midback.form.evidence import Caution
from midback.form.features import Rep as FormRep
from midback.form.features import feature_value
from midback.form.history import History
from midback.form.holding import HoldWatch
from midback.form.limits import LimitWatch, Watched
from midback.form.quick import median
from midback.form.segmentation import COMPLETE_SHARE, RepSegmenter, Span
from midback.keyframes import Band, KeyFrames
from midback.kinematics import ANGLES
from midback.kinematics.measurability import NAMES, measured
from midback.kinematics.rows import AngleRow, AngleRows
from midback.kinematics.smoothing import RATE
from midback.kinematics.stream import AngleStream
from midback.moments import Moments, stillest
from midback.now import Now, now
from midback.outcome import STILL_S, Outcome
from midback.result import Result, Series, Software, Source, Stop
from midback.sides import Side, chosen, lifted_side
from midback.vision.pose import Array, Pose

_NEUTRAL_S, _LEAST_NEUTRAL = 3.0, 5
_SAME_PLACE = 50.0  # % of the trunk, up or down


class Session:
    """One set of one exercise, watched frame by frame.

    Feed all poses to `update`, call `finish` at the end, then read `result`, `series`,
    `keyframes`. No I/O, no clock: the same poses give the same answers however they arrive.
    metric: whether the poses' 3D landmarks were measured, see AngleStream. caution: how soon the
    set is ended. earlier: what is known from the person's earlier sets. side: see sides.chosen.
    """

    def __init__(
        self,
        exercise: Exercise,
        width: int,
        height: int,
        *,
        metric: bool = False,
        caution: Caution = "normal",
        earlier: History | None = None,
        side: Side | None = None,
    ) -> None:
        self.exercise, self._chosen_side = exercise, chosen(exercise, side)
        self._stream = AngleStream(exercise.posture, (width, height), metric=metric)
        self._columns = Columns()
        self._segmenter = RepSegmenter(exercise.primary, exercise.timing)
        self._rule = BreakdownRule(exercise, earlier or History(), caution)
        self._hold = HoldWatch(exercise, caution) if exercise.kind == "hold" else None
        self._limits = LimitWatch(exercise)
        self._moments = Moments()
        self._neutral: Array | None = None
        self._neutral_s = 0.0
        self._reps: list[FormRep] = []
        self._ranges: dict[str | None, list[float]] = {}
        self._usual: dict[tuple[str | None, str], UsualCurve] = {}
        self._stop: Stop | None = None
        self._row: AngleRow | None = None
        self._fresh_means: dict[str, list[float]] = {}

    def update(self, *poses: Pose) -> tuple[Event, ...]:
        """Take the pose of the next frame, or of the next frames; return what became known.

        Many at once are quicker by far, and give the same to the last bit.
        """
        return tuple(self._take(self._stream.update(poses), poses)) if poses else ()

    def finish(self) -> tuple[Event, ...]:
        """Take the rows still inside the smoother's lag, and a repetition the end cut short."""
        events = self._take(self._stream.flush(), ())
        span = self._segmenter.flush()
        return (*events, *(self._finish_rep(span) if span is not None else ()))

    def report_pain(self, nrs: float | None = None, *, sharp: bool = False) -> tuple[Event, ...]:
        """Take what the person says of pain, nrs from 0 to 10; sharp, spreading or numb ends it."""
        call = self._rule.report_pain(len(self._reps) + 1, nrs, sharp=sharp)
        if call is None or self._stop is not None:
            return ()
        return tuple(self._call_stop(pain_stop(call, 0.0 if self._row is None else self._row.t)))

    def now(self) -> Now | None:
        """How things stand at the latest row; None before there is one. For the live faces."""
        if self._row is None:
            return None
        hold = self._hold.rule if self._hold is not None else None
        return now(self.exercise, self._row, self._columns, self._segmenter, self._neutral, hold)

    @property
    def reps(self) -> tuple[FormRep, ...]:
        """The repetitions so far, with the value of every feature."""
        return tuple(self._reps)

    def result(self, source: Source, software: Software) -> Result:
        """The document of this session; call `finish` before."""
        return self._outcome().result(source, software, self.series())

    def series(self) -> Series:
        """Every angle per frame of the 30 Hz grid."""
        return self._columns.series(self._neutral)

    def keyframes(self) -> KeyFrames:
        """Moments worth showing: best repetition, where form broke, last repetition."""
        outcome = self._outcome()
        broken = self._stop.feature if self._stop is not None else None
        angle = self.exercise.feature(broken).angle if broken else self.exercise.primary.angle
        dorsal = 1 if self._columns.median("dorsal") >= 0 else -1
        held = self._hold is not None
        return self._moments.keyframes(outcome.best_rep(), angle, self.series(), dorsal, held=held)

    def baseline(self, name: str) -> Band | None:
        """Mean and one SD of a feature over the fresh repetitions, on its angle's own axis.

        None for a name that is no feature, and before the fresh repetitions are complete.
        """
        sides = [rep.side for rep in self._reps]
        return own_band(self.exercise, name, self._rule, sides, self._neutral)

    def _outcome(self) -> Outcome:
        return Outcome(
            self.exercise,
            self._columns,
            self._reps,
            self._rule,
            self._stop,
            self._neutral_s,
            self._hold.rule if self._hold is not None else None,
        )

    def _take(self, rows: AngleRows, poses: Sequence[Pose]) -> list[Event]:
        """Go through the rows one by one, each with the poses up to the one that completed it."""
        self._columns.lay(rows)
        self._moments.offer(poses)
        primary = NAMES.index(self.exercise.primary.angle)
        signal = np.where(rows.ready, rows.values[:, primary], np.nan).tolist()
        watched = self._limits.watched(rows.values, rows.codes)
        events: list[Event] = []
        for index, (value, pose) in enumerate(zip(signal, rows.pose.tolist(), strict=True)):
            self._moments.reached = pose + 1
            frame = self._columns.advance()
            before = self._segmenter.start
            span = self._segmenter.update(frame, value)
            start = self._segmenter.start
            if start is not None and start != before:
                self._limits.reset()
                if not self._reps:
                    self._set_neutral(start)
            if self._hold is not None:
                events.extend(self._watch_hold(self._hold, rows, index))
            elif start is not None and self._stop is None:
                events.extend(self._watch_limits(watched, index, rows))
            if span is not None:
                events.extend(self._finish_rep(span))
        if len(rows):
            self._row = rows.row(len(rows) - 1)
        return events

    def _set_neutral(self, start: int) -> None:
        """Neutral: the median of up to 3 s in position before the first repetition."""
        first = max(0, start - int(_NEUTRAL_S * RATE))
        still = int(self._columns.ready(first, start).sum())
        if still < _LEAST_NEUTRAL:
            start = min(start + _LEAST_NEUTRAL, self._columns.count - 1)
        self._neutral = self._columns.neutral(first, start)
        self._neutral_s = still / RATE

    def _watch_limits(self, watched: Watched, index: int, rows: AngleRows) -> list[Event]:
        neutral = self._neutral if self._neutral_s >= STILL_S else None
        hit = self._limits.update(watched, index, neutral, self._fresh_means)
        if hit is None:
            return []
        (feature, change), rep, t = hit, len(self._reps) + 1, float(rows.t[index])
        self._moments.keep_break(rep, t)
        return self._call_stop(limit_stop(self.exercise, rep, t, feature, change))

    def _watch_hold(self, hold: HoldWatch, rows: AngleRows, index: int) -> list[Event]:
        """Judge a hold by the second."""
        share = self._segmenter.share
        call = hold.update(rows.values[index], rows.codes[index], self._neutral, share)
        if self._neutral is None and hold.began_unseen:
            self._set_neutral(self._columns.count - 1)
        rep, t = len(self._reps) + 1, float(rows.t[index])
        if hold.settled:
            self._moments.keep_peak(rep, t)
        if call is None or self._stop is not None:
            return []
        self._moments.keep_break(rep, t)
        return self._call_stop(hold_stop(self.exercise, call, rep, t))

    def _call_stop(self, stop: Stop) -> list[Event]:
        self._stop = stop
        return [StopCalled(stop)]

    def _finish_rep(self, span: Span) -> list[Event]:
        if self._went_elsewhere(span):
            return []
        if not self._reps:
            self._set_neutral(span.first)
        side = self._side(span)
        span = replace(span, complete=self._is_complete(side, span.rom))
        self._reps.append(rep := FormRep(len(self._reps) + 1, side, span, self._values(side, span)))
        self._remember_curves(rep)
        if self._hold is not None:
            return [RepFinished(self._outcome().rep(rep))]
        trace = self._columns.angle(self.exercise.primary.angle, span.first, span.last)
        shown = span.first + stillest(span.sign * trace)
        self._moments.keep_peak(rep.index, self._columns.time(shown))
        evidence, call = self._rule.update(rep)
        fresh = self._rule.fresh_means()
        if fresh != self._fresh_means:  # else the same object, which is what LimitWatch goes by
            self._fresh_means = fresh
        events: list[Event] = [RepFinished(self._outcome().rep(rep))]
        events.extend(ambers(rep.index, evidence))
        if self._rule.usable.reposition:
            events.append(Reposition(rep.index))
        if call is not None and self._stop is None:
            events.extend(self._call_stop(self._stop_from(call, rep)))
        return events

    def _went_elsewhere(self, span: Span) -> bool:
        """A repetition ends where it began; sitting down is none. Squats may part half way up."""
        squats = self.exercise.primary.angle == "knee_flexion"
        return not squats and self._columns.moved("hip_drop", span.first, span.last) > _SAME_PLACE

    def _side(self, span: Span) -> str | None:
        if not self.exercise.primary.alternates:
            return self._chosen_side
        if self.exercise.primary.sides == "sign":
            to_the_left = "left" in ANGLES[self.exercise.primary.angle].positive
            return "left" if (span.sign > 0) == to_the_left else "right"
        return lifted_side(self._columns, span)

    def _is_complete(self, side: str | None, rom: float) -> bool:
        """Whether the range is .7 of the person's own recent range on this side."""
        ranges = self._ranges.setdefault(side, [])
        complete = not ranges or rom >= COMPLETE_SHARE * median(ranges[-3:])
        if complete:
            ranges.append(rom)
        return complete

    def _remember_curves(self, rep: FormRep) -> None:
        """Keep a complete repetition's curves for those that follow to be compared with."""
        angles = {f.angle for f in self.exercise.features if f.statistic == "consistency"}
        for angle in angles if rep.span.complete else ():
            curve = as_percent(self._columns.usable(angle, rep.span.first, rep.span.last))
            if curve is not None:
                self._usual.setdefault((rep.side, angle), UsualCurve()).add(curve)

    def _values(self, side: str | None, span: Span) -> dict[str, float | None]:
        assert self._neutral is not None
        values: dict[str, float | None] = {}
        first, last = span.first, span.last
        for feature in self.exercise.features:
            second = feature.against
            trace = self._columns.angle(feature.angle, first, last)
            ok = measured(self._columns.codes(feature.angle, first, last))
            neutral = float(self._neutral[NAMES.index(feature.angle)])
            value = feature_value(
                feature,
                span,
                trace,
                ok & np.isfinite(trace),
                neutral,
                usual=self._usual.get((side, feature.angle)),
                against=None if second is None else self._columns.usable(second, first, last),
            )
            if feature.statistic == "rom" and feature.angle == self.exercise.primary.angle:
                value = span.rom
            values[feature.name] = value if value is not None and np.isfinite(value) else None
        return values

    def _stop_from(self, call: Breakdown, rep: FormRep) -> Stop:
        time_s = self._columns.time(rep.span.last)
        feature, change = call.feature, call.change
        if feature is None or change is None:
            return partial_stop(call, time_s)
        trace = self._columns.angle(feature.angle, rep.span.first, rep.span.last)
        worst = rep.span.first + stillest(trace if feature.worse == "increase" else -trace)
        self._moments.keep_break(rep.index, self._columns.time(worst))
        own = self._rule.baseline(feature.name, rep.side)
        return breakdown_stop(self.exercise, call, feature, change, time_s, own)
