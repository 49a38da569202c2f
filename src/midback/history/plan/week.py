"""The calendar: mobility and strength in turn, rest after what was demanding, a test now and then.

Missed days are no failure: the calendar begins today, from what was really done.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from typing import Literal

from midback.history.journal import known_by, light
from midback.history.plan.evidence import open_flags
from midback.history.plan.phases import (
    COOL_DOWN,
    PHASES,
    WARM_UP,
    Kind,
    doses,
    items_for,
    phase_at,
)
from midback.history.records import Decision, Dose, JournalEntry, SetRecord

RECOVERY = timedelta(hours=48)
EASY_DAYS = 2
GENTLE_PAIN = 2.0
LATEST = time(20)
TEST_DAYS = 14
CALM_DAYS = 7
FAMILIAR_SESSIONS = 2

DayKind = Literal["mobility", "strength", "test", "rest", "done", "seek_care"]
_STRENGTH = {i.exercise for phase in PHASES for i in phase.items if i.kind == "strength"}


@dataclass(frozen=True, slots=True)
class Task:
    """One exercise of a day. test: without an end by plan, as many as form allows."""

    exercise: str
    dose: Dose
    test: bool = False


@dataclass(frozen=True, slots=True)
class Day:
    """What one day asks, and why. not_before: when 48 hours are over, on that day."""

    day: date
    kind: DayKind
    tasks: tuple[Task, ...]
    why: str
    not_before: datetime | None = None
    warm_up: tuple[str, ...] = ()
    cool_down: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Known:
    """State of the calendar. ready: from when strength is allowed again; test: from which day."""

    ready: datetime
    easy_until: date
    gentle: bool
    test: date
    tested: str | None
    phase: int
    doses: dict[str, Dose]


def week(
    today: date,
    sets: Sequence[SetRecord],
    journal: Sequence[JournalEntry],
    decisions: Sequence[Decision],
    days: int = 7,
) -> tuple[Day, ...]:
    """What to do from today on, for so many days.

    Strength waits 48 hours after any set of strength and any set that form or pain ended. After a
    day of red or amber pain two whole days are easy: gentle range at pain up to 2, else rest.
    A graded test comes every two weeks. Red flags: no exercise at all.
    """
    entries = known_by(journal, today)
    dates = [today + timedelta(days=n) for n in range(days)]
    if open_flags(entries, decisions):
        return tuple(Day(d, "seek_care", (), "a red flag was entered") for d in dates)
    done = [one for one in sets if one.performed.date() <= today]
    known = _known(today, done, entries, decisions)
    found: list[Day] = []
    for each in dates:
        trained = each == today and any(one.performed.date() == today for one in done)
        day = Day(today, "done", (), "today's sets are done") if trained else _day(each, known)
        found.append(day)
        known = _after(day, known)
    return tuple(found)


def _known(
    today: date,
    sets: Sequence[SetRecord],
    entries: Sequence[JournalEntry],
    decisions: Sequence[Decision],
) -> _Known:
    demanding = [s.performed for s in sets if s.exercise in _STRENGTH or s.stop is not None]
    hurt = max((day for e in entries if (day := _hurt_on(e)) is not None), default=date.min)
    tests = [s.performed.date() for s in sets if s.planned is None]
    phase = phase_at(decisions, today)
    pain = _latest_pain(entries)
    next_test = max(tests, default=date.min) + timedelta(days=TEST_DAYS)
    calm = hurt + timedelta(days=CALM_DAYS)
    return _Known(
        ready=max(demanding) + RECOVERY if demanding else datetime.min,
        easy_until=hurt + timedelta(days=EASY_DAYS),
        gentle=pain is not None and pain <= GENTLE_PAIN,
        test=max(next_test, calm),
        tested=_to_test(sets, phase),
        phase=phase,
        doses=doses(decisions, today),
    )


def _day(day: date, known: _Known) -> Day:
    if day <= known.easy_until:
        return _easy(day, known)
    strength = items_for(known.phase, "strength")
    latest = datetime.combine(day, LATEST)
    if not strength:
        return _filled(day, "mobility", known, "gentle range every day in this phase")
    if known.ready > latest:
        return _filled(day, "mobility", known, "48 hours between demanding sets")
    wait = known.ready if known.ready.date() == day else None
    if wait is not None and wait.time() == time(0):
        wait = None
    if known.tested is not None and day >= known.test:
        dose = known.doses[known.tested]
        task = (Task(known.tested, dose, test=True),)
        why = "one test every two weeks shows how far good form lasts"
        return Day(day, "test", task, why, wait, WARM_UP, COOL_DOWN)
    return replace(
        _filled(day, "strength", known, "strength and gentle range take turns"), not_before=wait
    )


def _easy(day: date, known: _Known) -> Day:
    if not known.gentle:
        return Day(day, "rest", (), "48 hours after red or amber pain; gentle range at pain 0 to 2")
    why = "48 hours after red or amber pain: gentle range only, while pain is 2 or less"
    return _filled(day, "mobility", replace(known, phase=0), why)


def _filled(day: date, kind: Kind, known: _Known, why: str) -> Day:
    items = items_for(known.phase, kind)
    tasks = tuple(Task(item.exercise, known.doses[item.exercise]) for item in items)
    return Day(day, kind, tasks, why, None, WARM_UP, COOL_DOWN)


def _after(day: Day, known: _Known) -> _Known:
    """What is known the day after, if the day goes as planned."""
    if day.kind not in ("strength", "test"):
        return known
    ready = datetime.combine(day.day + timedelta(days=2), time(0))
    test = day.day + timedelta(days=TEST_DAYS) if day.kind == "test" else known.test
    return replace(known, ready=ready, test=test)


def _hurt_on(entry: JournalEntry) -> date | None:
    """The day of red or amber pain; the morning after where one was entered."""
    if light(entry) not in ("red", "amber"):
        return None
    return entry.day + timedelta(days=entry.next_morning is not None)


def _latest_pain(entries: Sequence[JournalEntry]) -> float | None:
    """The latest number entered; None where the last day has none."""
    for entry in reversed(entries):
        for value in (entry.next_morning, entry.after, entry.worst, entry.before):
            if value is not None:
                return value
    return None


def _to_test(sets: Sequence[SetRecord], phase: int) -> str | None:
    """The strength exercise whose test is the longest ago; after two sessions to get used to it."""
    known: list[tuple[date, str]] = []
    for item in items_for(phase, "strength"):
        mine = [s for s in sets if s.exercise == item.exercise]
        if len({s.performed.date() for s in mine}) > FAMILIAR_SESSIONS:
            tests = [s.performed.date() for s in mine if s.planned is None]
            known.append((max(tests, default=date.min), item.exercise))
    return min(known)[1] if known else None
