"""What the annotated video shows at each time: the finished session, looked at again."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass, field

import numpy as np

from midback.apps.live.feedback import Feedback, Gauge, Tone
from midback.apps.live.outline import back_of, points_of
from midback.apps.live.said import cause
from midback.apps.run import Scored
from midback.events import Amber
from midback.form.evidence import Caution
from midback.keyframes import Band
from midback.kinematics import ANGLES
from midback.now import Now
from midback.result import Rep, Result
from midback.session import Session
from midback.sides import Side
from midback.vision.pose import Pose
from midback.words import wording

CARD_S = 3.0
"""How long the stop is the largest thing to see."""


@dataclass(frozen=True, slots=True)
class Shown:
    """One frame's annotation. score: of the last finished repetition. card: the stop is new."""

    feedback: Feedback
    score: float | None
    card: bool


@dataclass(slots=True)
class Timeline:
    """Everything by its own time: a repetition counts from its end, the stop from its second.

    moments: (t, Now, band) of every row of the session. cues: of repetitions, by index.
    """

    result: Result
    title: str
    unit: str
    top: float
    moments: list[tuple[Now, Band | None]] = field(default_factory=list)
    cues: dict[int, str] = field(default_factory=dict)

    def at(self, pose: Pose) -> Shown:
        """What is known at the time of this frame; nothing of what comes after it."""
        stop = self.result.stop
        stopped = stop is not None and pose.t >= stop.time_s
        reps = [rep for rep in self.result.reps if rep.end_s <= pose.t]
        last = reps[-1] if reps else None
        now, band, value = self._moment(pose.t)
        tone, headline, detail = self._words(last, now, stopped)
        size = self.result.source.width, self.result.source.height
        feedback = Feedback(
            t=pose.t,
            stage="set",
            tone=tone,
            headline=headline,
            detail=detail,
            checks=(),
            still_s=0.0,
            reps=len(reps),
            side=(last.side or "") if last is not None else "",
            phase="rest",
            tempo_s=0.0,
            held_s=None if now is None else now.held_s,
            good_s=None if now is None else now.good_s,
            gauge=self._gauge(now, band, value),
            cue="",
            breath="",
            say="",
            sound="",
            points=points_of(pose, size),
            back=back_of(pose, size, now.dorsal) if now is not None and now.ready else (),
        )
        card = stop is not None and 0.0 <= pose.t - stop.time_s < CARD_S
        return Shown(feedback, None if last is None else last.score, card)

    def _moment(self, t: float) -> tuple[Now | None, Band | None, float | None]:
        """How things stood at the last row up to t, and the gauge's value at t itself."""
        index = bisect_right(self.moments, t + 1e-6, key=lambda moment: moment[0].t) - 1
        if index < 0:
            return None, None, None
        now, band = self.moments[index]
        after = self.moments[min(index + 1, len(self.moments) - 1)][0]
        if now.effort is None or after.effort is None:
            return now, band, now.effort
        value = np.interp(t, [now.t, after.t], [now.effort, after.effort])
        return now, band, float(value)

    def _words(self, last: Rep | None, now: Now | None, stopped: bool) -> tuple[Tone, str, str]:
        if stopped and self.result.stop is not None:
            return "stop", "STOP", f"{cause(self.result.stop)}. {self.result.stop.cue}"
        if last is not None and last.index in self.cues:
            return "amber", self.cues[last.index], ""
        return ("good" if now is not None and not now.why else "plain"), "", ""

    def _gauge(self, now: Now | None, band: Band | None, value: float | None) -> Gauge:
        return Gauge(
            title=self.title,
            unit=self.unit,
            value=value,
            why="" if now is None else now.why,
            top=self.top,
            low=None if band is None else band.low,
            high=None if band is None else band.high,
        )


def timeline(
    scored: Scored, poses: Iterable[Pose], *, caution: Caution, side: Side | None
) -> Timeline:
    """Go through the poses again with the same settings, and keep how things stood."""
    primary, source = scored.exercise.primary, scored.result.source
    own = scored.session.baseline("range")
    found = Timeline(
        scored.result,
        wording(primary.angle).name,
        ANGLES[primary.angle].unit,
        1.25 * max(primary.typical_rom, own.high if own is not None else 0.0),
    )
    session = Session(scored.exercise, source.width, source.height, caution=caution, side=side)
    for pose in poses:
        for event in session.update(pose):
            if isinstance(event, Amber):
                found.cues.setdefault(event.rep, event.cue)
        now = session.now()
        if now is not None:
            found.moments.append((now, session.baseline("range")))
    return found
