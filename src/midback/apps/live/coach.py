"""One set from stepping into the picture to the verdict; no clock, no picture, no screen.

Poses and commands go in, feedback comes out. Every pose goes to the one `Session` from the first
frame on, so that a live set and the same poses scored at once give the same result; the stages
only decide what is shown. Poses and commands are kept: a repetition is undone, and a set that
was cut off is resumed, by playing them again.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Literal

from midback.apps.live.feedback import Check, Feedback, Gauge, Phase, Stage, Tone
from midback.apps.live.outline import back_of, points_of
from midback.apps.live.said import cause, sound, spoken
from midback.apps.live.setup import checks
from midback.apps.report.verdict import verdict
from midback.events import Amber, Event, RepFinished, Reposition
from midback.exercises import Exercise
from midback.form.evidence import Caution
from midback.form.history import History
from midback.kinematics import ANGLES
from midback.now import Now
from midback.result import Result, Software, Source, Stop
from midback.session import Session
from midback.sides import Side
from midback.vision.pose import Pose, missing_pose
from midback.words import plural, wording

Command = Literal["pause", "resume", "end", "undo", "pain"]
COMMANDS: tuple[Command, ...] = ("pause", "resume", "end", "undo", "pain")

STILL_S = 3.0
"""How long to hold still before the set: the person's own neutral."""

_SETTLED_S, _LOST_S, _NEAR_TOP = 0.5, 1.0, 0.9
_EXTENSIONS = ("thoracic_extension", "trunk_lift")


@dataclass(frozen=True, slots=True)
class Entry:
    """A pose, or a command given at time t, seconds of the source's clock."""

    t: float
    pose: Pose | None = None
    command: Command | None = None


class Coach:
    """Takes every pose in order, and commands whenever they are given.

    width, height: of the upright picture. caution, earlier, side: see Session.
    """

    def __init__(
        self,
        exercise: Exercise,
        width: int,
        height: int,
        *,
        caution: Caution = "normal",
        earlier: History | None = None,
        side: Side | None = None,
    ) -> None:
        self.exercise, self.size, self.side = exercise, (width, height), side
        self._caution, self._earlier = caution, earlier
        self.entries: list[Entry] = []
        self._begin()

    def _begin(self) -> None:
        self.session = Session(
            self.exercise,
            *self.size,
            caution=self._caution,
            earlier=self._earlier,
            side=self.side,
        )
        self.stage: Stage = "setup"
        self.stop: Stop | None = None
        self._cue = ""
        self._good_since: float | None = None
        self._still_since: float | None = None
        self._lost_since: float | None = None
        self._paused = False
        self._share = 0.0
        self._checks: tuple[Check, ...] = ()

    def see(
        self, pose: Pose, brightness: float | None = None, people: int | None = None
    ) -> Feedback:
        """Take the next frame's pose. brightness: mean of its picture, 0 to 255. people: in it."""
        self.entries.append(Entry(pose.t, pose))
        events = self._take(pose, brightness, people)
        return self._feedback(pose, events)

    def command(self, name: Command) -> Feedback:
        """Take a command; one that makes no sense now changes nothing."""
        t = self.entries[-1].t if self.entries else 0.0
        self.entries.append(Entry(t, None, name))
        if name == "undo":
            self._undo()
            return self._feedback(missing_pose(t), ())
        return self._feedback(missing_pose(t), self._obey(name))

    def replay(self, entries: Iterable[Entry]) -> None:
        """Take poses and commands of a set that was cut off, or again without a repetition."""
        for entry in entries:
            self.entries.append(entry)
            if entry.pose is not None:
                self._take(entry.pose)
            elif entry.command == "undo":
                self._undo()
            elif entry.command is not None:
                self._obey(entry.command)

    def result(self, source: Source, software: Software) -> Result:
        """The document of this set; ends it where it has not ended."""
        if self.stage != "done":
            self.command("end")
        return self.session.result(source, software)

    def _take(
        self, pose: Pose, brightness: float | None = None, people: int | None = None
    ) -> tuple[Event, ...]:
        if self.stage == "done":
            return ()
        events = self.session.update(missing_pose(pose.t) if self._paused else pose)
        self._note(events)
        now = self.session.now()
        if now is not None:
            self._checks = checks(self.exercise, now, brightness, people, self.side)
            self._move(now)
        return events

    def _note(self, events: Iterable[Event]) -> None:
        for event in events:
            if isinstance(event, RepFinished):
                self._cue = ""
            elif isinstance(event, Amber):
                self._cue = event.cue
            elif isinstance(event, Reposition):
                self._cue = "I could not see that well: come back into the picture"
            else:
                self.stop = event.stop

    def _move(self, now: Now) -> None:
        """From stage to stage."""
        good = all(check.done for check in self._checks)
        self._good_since = (self._good_since or now.t) if good else None
        begun = now.moving or bool(self.session.reps) or bool(now.held_s)
        if self.stage in ("setup", "still") and begun and now.ready:
            self.stage = "set"
        elif self.stage == "setup":
            if self._good_since is not None and now.t - self._good_since >= _SETTLED_S:
                self.stage, self._still_since = "still", now.t
        elif self.stage == "still":
            if self._good_since is None:
                self.stage = "setup"
            elif now.t - (self._still_since or now.t) >= STILL_S:
                self.stage = "set"
        elif self.stage in ("set", "paused") and not self._paused:
            seen = now.found and now.ready
            self._lost_since = None if seen else (self._lost_since or now.t)
            lost = self._lost_since is not None and now.t - self._lost_since >= _LOST_S
            self.stage = "paused" if lost else "set"

    def _obey(self, name: Command) -> tuple[Event, ...]:
        if self.stage == "done":
            return ()
        if name == "pause":
            self._paused, self.stage = True, "paused"
        elif name == "resume" and self._paused:
            self._paused, self.stage, self._lost_since = False, "set", None
        elif name == "pain":
            events = self.session.report_pain(sharp=True)
            self._note(events)
            return events
        elif name == "end":
            events = self.session.finish()
            self._note(events)
            self.stage = "done"
            return events
        return ()

    def _undo(self) -> None:
        """Play everything again without the last repetition; a set that ended stays ended."""
        if not self.session.reps or self.stage == "done":
            return
        times = self.session.series().t
        span = self.session.reps[-1].span
        first, last = float(times[span.first]), float(times[span.last])
        kept = [
            replace(entry, pose=missing_pose(entry.t))
            if entry.pose is not None and first <= entry.t <= last
            else entry
            for entry in self.entries
            if entry.command != "undo"
        ]
        self.entries = []
        self._begin()
        self.replay(kept)

    def _feedback(self, pose: Pose, events: Iterable[Event]) -> Feedback:
        events, now, reps = tuple(events), self.session.now(), self.session.reps
        tone, headline, detail = self._words(now)
        return Feedback(
            t=pose.t,
            stage=self.stage,
            tone=tone,
            headline=headline,
            detail=detail,
            checks=self._checks,
            still_s=self._still_left(now),
            reps=len(reps),
            side=(reps[-1].side or "") if reps else "",
            phase=self._phase(now),
            tempo_s=0.0 if now is None else now.rep_s,
            held_s=None if now is None else now.held_s,
            good_s=None if now is None else now.good_s,
            gauge=self._gauge(now),
            cue=self._cue if self.stage == "set" and self.stop is None else "",
            breath=self._breath(now),
            say=spoken(events, stopped=self.stop is not None),
            sound=sound(events, stopped=self.stop is not None),
            points=points_of(pose, self.size),
            back=back_of(pose, self.size, 1 if now is None else now.dorsal),
        )

    def _words(self, now: Now | None) -> tuple[Tone, str, str]:
        """Tone, the one thing to read, and a line under it."""
        if self.stage == "done":
            found = verdict(self.session.result(_NOWHERE, _NOBODYS), self.exercise)
            return _TONES[found.mark], found.headline, found.cue or found.why
        if self.stop is not None:
            return "stop", "STOP", f"{cause(self.stop)}. {self.stop.cue}"
        if self.stage == "set":
            tone: Tone = "amber" if self._cue else "good"
            return tone, self._cue, plural(len(self.session.reps), "rep") if self._cue else ""
        return "plain", *self._waiting(now)

    def _waiting(self, now: Now | None) -> tuple[str, str]:
        if self.stage == "setup":
            wrong = next((check.text for check in self._checks if not check.done), "One moment")
            return wrong, f"{self.exercise.title}{f', {self.side} side' if self.side else ''}"
        if self.stage == "still":
            return "Hold still", f"{self._still_left(now):.0f}"
        back = "" if self._paused else ": come back into position"
        return f"Paused{back}", "Your repetitions are kept"

    def _still_left(self, now: Now | None) -> float:
        if self.stage != "still" or now is None or self._still_since is None:
            return 0.0
        return max(0.0, STILL_S - (now.t - self._still_since))

    def _phase(self, now: Now | None) -> Phase:
        if now is None or not now.moving:
            self._share = 0.0
            return "rest"
        high, self._share = self._share, max(self._share, now.effort or 0.0)
        effort = now.effort or 0.0
        if now.share >= _NEAR_TOP and effort < high * 1.01:
            return "hold"
        return "out" if now.share >= 1.0 else "back"

    def _breath(self, now: Now | None) -> str:
        if self.exercise.primary.angle not in _EXTENSIONS or self.stage != "set":
            return ""
        if now is None or not now.moving:
            return ""
        return "in" if now.share >= _NEAR_TOP else "out"

    def _gauge(self, now: Now | None) -> Gauge:
        primary = self.exercise.primary
        own = self.session.baseline("range") if self.stage != "setup" else None
        top = 1.25 * max(primary.typical_rom, own.high if own is not None else 0.0)
        return Gauge(
            title=wording(primary.angle).name,
            unit=ANGLES[primary.angle].unit,
            value=None if now is None else now.effort,
            why="" if now is None else now.why,
            top=top,
            low=None if own is None else own.low,
            high=None if own is None else own.high,
        )


_TONES: dict[str, Tone] = {"stop": "stop", "caution": "amber", "good": "good"}
_NOWHERE = Source("", None, None, 0, 0.0, 1, 1)
_NOBODYS = Software("", "", None)
