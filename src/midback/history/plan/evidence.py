"""What the rules may look at: the sessions and the pain since the last change of a dose."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby
from statistics import median

from midback.exercises import Exercise
from midback.history.journal import known_by, light
from midback.history.plan.dose import amount
from midback.history.records import Decision, Dose, JournalEntry, SetRecord

SESSIONS = 3
SPAN_DAYS = 7
PAIN_DAYS = 14
"""Pain that was not yet answered counts for as long."""
GAP_DAYS = 14
LEAST_COVERAGE = 0.6
PAIN_NOW = "pain_now"
"""Rule of a step back that answers the pain of its own day as well."""
CLEARED = "cleared"
"""Rule of a decision by which a clinician says that red flags up to that day were looked at."""


@dataclass(frozen=True, slots=True)
class Session:
    """All sets of one exercise on one day, in their order. asked: reps, or seconds of a hold."""

    day: date
    sets: tuple[SetRecord, ...]
    asked: float

    @property
    def without_red(self) -> bool:
        """Whether every set had what was planned before form ended it."""
        return all(good(one) >= planned(one, self.asked) for one in self.sets)

    @property
    def covered(self) -> bool:
        """Whether form could be judged in every set, and be scored where the set was finished."""
        seen = all(one.coverage >= LEAST_COVERAGE and one.can_judge for one in self.sets)
        return seen and (self.fresh is not None or not self.without_red)

    @property
    def fresh(self) -> float | None:
        """Score of the first repetitions of the first set, 0 to 100."""
        return self.sets[0].fresh


@dataclass(frozen=True, slots=True)
class Evidence:
    """Everything one decision rests on.

    sessions: of this exercise and variant since the last change and the last long gap, before
    today. window: the last of them, at least three that span at least seven days, else empty.
    latest: all sets of this exercise since the last change, in order, before today. ended_by_pain:
    sets since then, today's too; elsewhere: of other exercises. pain: journal since the last
    change, today's too. usual: median of all own fresh scores of this variant, before today.
    last_day: of any set of this exercise. eased: the last step back. others: changes of the last
    two days in other exercises.
    """

    today: date
    exercise: Exercise
    dose: Dose
    flags: tuple[tuple[date, str], ...]
    sessions: tuple[Session, ...]
    window: tuple[Session, ...]
    latest: tuple[SetRecord, ...]
    ended_by_pain: tuple[SetRecord, ...]
    elsewhere: tuple[SetRecord, ...]
    pain: tuple[JournalEntry, ...]
    usual: float | None
    last_day: date | None
    eased: date | None
    others: tuple[Decision, ...]


def gather(
    today: date,
    exercise: Exercise,
    sets: Sequence[SetRecord],
    journal: Sequence[JournalEntry],
    decisions: Sequence[Decision],
    dose: Dose,
) -> Evidence:
    """Pick from the whole history what counts today; anything dated later is not looked at.

    A decision is about today. Sets of today feed it only where pain ended them, and the journal
    of today only by what it warns of, so that deciding before or after today's exercise differs
    at most in being more careful.
    """
    known = sorted(
        (one for one in sets if one.performed.date() <= today),
        key=lambda one: (one.performed, one.order, one.recording),
    )
    made = [one for one in decisions if one.day <= today]
    mine = [one for one in known if one.exercise == exercise.name]
    since, answered = _last_change([d for d in made if d.exercise == exercise.name])
    pain_from = since + timedelta(days=answered)
    same = [one for one in mine if one.variant == dose.variant and one.performed.date() < today]
    sessions = _since(_sessions(same, amount(dose, exercise)), since)
    window = _window(sessions)
    from_day = max(pain_from, today - timedelta(days=PAIN_DAYS - 1))
    if window:
        from_day = min(from_day, window[0].day)
    entries = known_by(journal, today)
    ended = [one for one in known if _by_pain(one) and one.performed.date() >= from_day]
    return Evidence(
        today=today,
        exercise=exercise,
        dose=dose,
        flags=open_flags(entries, made),
        sessions=sessions,
        window=window,
        latest=tuple(one for one in mine if since < one.performed.date() < today),
        ended_by_pain=tuple(one for one in ended if one.exercise == exercise.name),
        elsewhere=tuple(one for one in ended if one.exercise != exercise.name),
        pain=tuple(entry for entry in entries if entry.day >= from_day),
        usual=_median([one.fresh for one in same if one.fresh is not None]),
        last_day=mine[-1].performed.date() if mine else None,
        eased=max((d.day for d in made if _eases(d, exercise)), default=None),
        others=tuple(d for d in made if _elsewhere_lately(d, exercise, today)),
    )


def open_flags(
    journal: Sequence[JournalEntry], decisions: Sequence[Decision]
) -> tuple[tuple[date, str], ...]:
    """Red flags and their days that no clinician has cleared on a later day.

    A clearance covers the flags that it names: one that is entered afterwards, of whatever day,
    nobody has looked at.
    """
    cleared = [d for d in decisions if d.rule == CLEARED and d.by]
    return tuple(
        (entry.day, flag)
        for entry in journal
        for flag in entry.red_flags
        if not any(entry.day < d.day and named(entry.day, flag) in d.because for d in cleared)
    )


def named(day: date, flag: str) -> str:
    """How a clearance names a red flag: `foot_drop of 2026-03-05`."""
    return f"{flag} of {day}"


def good(one: SetRecord) -> float:
    """Repetitions that were complete before the call to stop, or seconds in good form."""
    if one.good_s is not None:
        return one.good_s
    end = float("inf") if one.stop is None else one.stop.rep
    return float(sum(rep.complete and rep.index < end for rep in one.reps))


def planned(one: SetRecord, asked: float) -> float:
    """What the set was to be; a graded test without a plan is held against the dose."""
    return one.planned if one.planned is not None else asked


def lights(evidence: Evidence, colour: str) -> tuple[JournalEntry, ...]:
    """Journal entries of that light."""
    return tuple(entry for entry in evidence.pain if light(entry) == colour)


def _by_pain(one: SetRecord) -> bool:
    return one.stop is not None and one.stop.kind == "pain"


def _last_change(decisions: Sequence[Decision]) -> tuple[date, bool]:
    """Day from which evidence counts anew, and whether that change answered the day's pain.

    A clinician's word counts as a change even where it leaves the dose as it is. Only a step
    back for today's pain, or a clinician who did not step up, has seen the pain of that very day.
    """
    changes = [d for d in decisions if d.by or d.step in ("progress", "regress")]
    day = max((d.day for d in changes), default=date.min)
    return day, any(_saw_pain(d) for d in changes if d.day == day)


def _saw_pain(decision: Decision) -> bool:
    return decision.rule == PAIN_NOW or bool(decision.by and decision.step != "progress")


def _eases(decision: Decision, exercise: Exercise) -> bool:
    return decision.exercise == exercise.name and decision.step == "regress"


def _elsewhere_lately(decision: Decision, exercise: Exercise, today: date) -> bool:
    other = decision.exercise != exercise.name and decision.step == "progress"
    return other and (today - decision.day).days < 2


def _sessions(sets: Sequence[SetRecord], asked: float) -> list[Session]:
    by_day = groupby(sets, key=lambda one: one.performed.date())
    return [Session(day, tuple(found), asked) for day, found in by_day]


def _since(sessions: Sequence[Session], day: date) -> tuple[Session, ...]:
    """Those after that day, and after the last gap of two weeks."""
    kept: list[Session] = []
    for one in sessions:
        if one.day <= day:
            continue
        if kept and (one.day - kept[-1].day).days >= GAP_DAYS:
            kept = []
        kept.append(one)
    return tuple(kept)


def _window(sessions: tuple[Session, ...]) -> tuple[Session, ...]:
    """The last three sessions, and as many before them as it takes to span seven days.

    Science G says "last 3 sessions over >= 7 days"; three sessions of an exercise that is done
    every other day span four, so all sessions of the span have to be good.
    """
    for first in range(len(sessions) - SESSIONS, -1, -1):
        if (sessions[-1].day - sessions[first].day).days >= SPAN_DAYS:
            return sessions[first:]
    return ()


def _median(values: Sequence[float]) -> float | None:
    return median(values) if values else None
