"""What the pipeline says about a rendered set, live and in one go."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass

from midback.events import StopCalled
from midback.exercises import find
from midback.form.earlier import history_from
from midback.form.history import History
from midback.phantom.sets.script import Script
from midback.result import Result, Software, Source
from midback.session import Session
from midback.vision.pose import Pose


@dataclass(frozen=True)
class Judged:
    """One set: what was planned, what was said, and whether live and batch said the same."""

    script: Script
    result: Result
    same: bool

    @property
    def said(self) -> int | None:
        """Repetition of the script in which the stop was called; a missed one does not shift it.

        A stop during the pause after a repetition belongs to that repetition.
        """
        if self.result.stop is None:
            return None
        time_s = self.result.stop.time_s
        begun = [rep.index for rep in self.script.reps if rep.begin <= time_s]
        return begun[-1] if begun else 0

    @property
    def right(self) -> bool:
        """Stopped at the true repetition or the next; a clean set: not stopped."""
        bad = self.script.first_bad_rep
        if bad is None:
            return self.said is None
        return self.said in (bad, bad + 1)

    @property
    def region_right(self) -> bool:
        """Whether the region that failed is the one named first."""
        failing = self.script.failing
        return failing is not None and self.result.first_region == failing.region


def judge(
    script: Script, poses: Sequence[Pose], earlier: History | None = None, *, twice: bool = True
) -> Judged:
    """The result of a set: live, pose by pose with the stop taken from the events, and at once.

    earlier: what the person's earlier sets told. twice: also run it at once and compare;
    otherwise `same` only compares events and result.
    """
    exercise = find(script.movement.exercise)
    live = Session(exercise, *script.camera.size, earlier=earlier)
    events = [event for pose in poses for event in live.update(pose)] + [*live.finish()]
    called = next((event.stop for event in events if isinstance(event, StopCalled)), None)
    result = live.result(_source(script, poses), Software("", "", None))
    same = called == result.stop
    if twice:
        whole = Session(exercise, *script.camera.size, earlier=earlier)
        whole.update(*poses)
        whole.finish()
        again = whole.result(_source(script, poses), Software("", "", None))
        same &= json.dumps(again.to_dict()) == json.dumps(result.to_dict())
    return Judged(script, result, same)


def told(script: Script, poses: Sequence[Pose]) -> History:
    """What a set tells of the person who did it, for the next one."""
    exercise = find(script.movement.exercise)
    session = Session(exercise, *script.camera.size)
    session.update(*poses)
    session.finish()
    good = [(rep.side, rep.values) for rep in session.reps if rep.span.complete]
    return history_from(exercise, [good])


def _source(script: Script, poses: Sequence[Pose]) -> Source:
    duration = poses[-1].t - poses[0].t
    return Source("", None, float(script.fps), len(poses), duration, *script.camera.size)
