"""The parts of what is told of the weeks."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal

from midback.history import journal
from midback.history.capacity import Capacity, Effort
from midback.history.context import Band
from midback.history.difference import Difference
from midback.history.gains import Gain, Milestone
from midback.history.plan.milestones import Milestone as PainMilestone
from midback.history.progress.fitted import BlockLine
from midback.history.progress.followed import Followed
from midback.history.records import Decision, Fingerprint, JournalEntry
from midback.history.regions import RegionWindow
from midback.history.values import SessionValue, Side

Tone = Literal["stop", "caution", "good", "plain"]
Ended = Literal["form", "pain"]


@dataclass(frozen=True, slots=True)
class Headline:
    """The most important thing, and one sentence more. tone: stop only where care comes first.

    about: the exercise it is about, if it is about one.
    """

    text: str
    detail: str
    tone: Tone
    about: str | None = None


@dataclass(frozen=True, slots=True)
class RangeProgress:
    """Range of one side over the weeks. errors: standard error of each value, in its unit.

    lines: one for each camera set-up. sem: of a session of this person; repeats: set-ups put up
    anew that it was learned from. band: what others measured, context only.
    """

    followed: Followed
    side: Side | None
    values: tuple[SessionValue, ...]
    errors: tuple[float | None, ...]
    lines: tuple[BlockLine, ...]
    gain: Gain
    milestone: Milestone | None
    sem: float
    repeats: int
    band: Band | None

    @property
    def title(self) -> str:
        """`Arm and leg lift, left`."""
        return f"{self.followed.title}, {self.side}" if self.side else self.followed.title


@dataclass(frozen=True, slots=True)
class CapacityProgress:
    """Good form until it breaks. band: of seconds held, as others were measured."""

    side: Side | None
    efforts: tuple[Effort, ...]
    capacity: Capacity
    band: Band | None


@dataclass(frozen=True, slots=True)
class SetUp:
    """One camera set-up of an exercise, with its days and how it was first seen."""

    block: int
    first: date
    last: date
    days: int
    fingerprint: Fingerprint


@dataclass(frozen=True, slots=True)
class ExerciseProgress:
    """One exercise in one variant. apart: left beside right, None where there are no sides."""

    exercise: str
    title: str
    variant: str
    days: int
    sets: int
    ranges: tuple[RangeProgress, ...]
    apart: Difference | None
    capacities: tuple[CapacityProgress, ...]
    regions: tuple[RegionWindow, ...]
    setups: tuple[SetUp, ...]

    @property
    def name(self) -> str:
        """`Bird dog`, and the variant in brackets."""
        return f"{self.title} ({self.variant})" if self.variant else self.title


@dataclass(frozen=True, slots=True)
class PainDay:
    """One day of the journal. rise: 24-hour response, next morning minus before, of 10."""

    entry: JournalEntry
    light: journal.Light
    rise: float | None


@dataclass(frozen=True, slots=True)
class PainProgress:
    """Pain, 0 to 10. missing: days whose next morning is still to be entered."""

    days: tuple[PainDay, ...]
    since_start: journal.Change | None
    lately: journal.Change | None
    milestone: PainMilestone | None
    missing: tuple[date, ...]


@dataclass(frozen=True, slots=True)
class Visit:
    """One day in the calendar. ended: what ended a set of it early. light: None if not asked."""

    day: date
    sets: int
    light: journal.Light | None
    ended: Ended | None


@dataclass(frozen=True, slots=True)
class NextStep:
    """What stands today for an exercise. changed: the last step that changed its dose."""

    standing: Decision
    changed: Decision | None


@dataclass(frozen=True, slots=True)
class Progress:
    """All that is shown. care: facts that need a doctor now; then everything else is empty.

    versions: of midback, that the sets were scored with.
    """

    today: date
    headline: Headline
    care: tuple[str, ...] = ()
    exercises: tuple[ExerciseProgress, ...] = ()
    pain: PainProgress | None = None
    calendar: tuple[Visit, ...] = ()
    steps: tuple[NextStep, ...] = ()
    versions: tuple[str, ...] = ()

    @property
    def training(self) -> tuple[date, ...]:
        """Days with a set."""
        return tuple(visit.day for visit in self.calendar if visit.sets)
