"""The sentences that a decision is stored with; each one is a fact from the store."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from statistics import median

from midback.exercises import Exercise
from midback.history.journal import light, response, said_pains
from midback.history.plan.dose import amount
from midback.history.plan.evidence import Evidence, Session, good, planned
from midback.history.records import Decision, Dose, JournalEntry, SetRecord
from midback.history.red_flags import RED_FLAGS


def flag(day: date, key: str) -> str:
    """A red flag, with the question that was answered by yes."""
    return f'{day}: yes to "{RED_FLAGS.get(key, key)}"'


def pain(entry: JournalEntry) -> str:
    """`2026-03-05: pain red: worst 6, next morning +2, sharp`."""
    rise = response(entry)
    said = said_pains(entry)
    said += [f"{rise:+g} in 24 hours"] if rise is not None else []
    said += [word for word in ("sharp", "radiating") if getattr(entry, word)]
    said += ["red flag"] if entry.red_flags else []
    return f"{entry.day}: pain {light(entry)}: {', '.join(said) or 'nothing entered'}"


def ended_by_pain(one: SetRecord) -> str:
    """`2026-03-05 18:00: pain ended the set of squat`."""
    return f"{_when(one)}: pain ended the set of {one.exercise}"


def red_early(one: SetRecord, of: float) -> str:
    """`2026-03-05 18:00: form ended the set after 4 of 10 planned repetitions`."""
    unit = _unit(one)
    return f"{_when(one)}: form ended the set after {good(one):g} of {of:g} planned {unit}"


def red(session: Session) -> str:
    """`2026-03-05: 6 of 8 planned repetitions in good form`."""
    short = next(one for one in session.sets if good(one) < planned(one, session.asked))
    of = planned(short, session.asked)
    return f"{session.day}: {good(short):g} of {of:g} planned {_unit(short)} in good form"


def gap(last: date, today: date) -> str:
    """How long ago the last set was."""
    return f"the last set was on {last}, {(today - last).days} days ago; that is no failure"


def too_few(sessions: Sequence[Session]) -> str:
    """`2 sessions over 3 days since the last change`."""
    if not sessions:
        return "no session since the last change yet"
    days = (sessions[-1].day - sessions[0].day).days
    count = f"{len(sessions)} session" + ("s" if len(sessions) > 1 else "")
    return f"{count} over {days} days since the last change"


def uncovered(session: Session) -> str:
    """`2026-03-05: 40 % of what the score needs was measured`."""
    least = min(session.sets, key=lambda one: one.coverage)
    if not all(one.can_judge for one in session.sets):
        return f"{session.day}: too many repetitions could not be measured to judge the form"
    if session.fresh is None:
        return f"{session.day}: the first repetitions have no score"
    return f"{session.day}: {100 * least.coverage:.0f} % of what the score needs was measured"


def pain_unknown(day: date) -> str:
    """What is missing of a session's pain."""
    return f"{day}: pain before, at worst or on the next morning was not entered"


def rising(first: tuple[date, float], last: tuple[date, float]) -> str:
    """`worst pain 1 on 2026-03-01, 2 on 2026-03-05`."""
    return f"worst pain {first[1]:g} on {first[0]}, {last[1]:g} on {last[0]}"


def fresh_low(session: Session, least: float) -> str:
    """`2026-03-05: first repetitions 71.0 of 100, 75 are needed`."""
    return f"{session.day}: first repetitions {session.fresh:.1f} of 100, {least:g} are needed"


def below_usual(session: Session, usual: float, error: float) -> str:
    """A fresh score beside the own median."""
    told = f"your median is {usual:.1f}, one standard error {error:.1f}"
    return f"{session.day}: first repetitions {session.fresh:.1f} of 100; {told}"


def other_step(decision: Decision) -> str:
    """`2026-03-05: squat went one step up`."""
    return f"{decision.day}: {decision.exercise} went one step up"


def at_top(dose: Dose, exercise: Exercise) -> str:
    """Where an exercise stands that has no further step."""
    unit = "s" if exercise.kind == "hold" else "repetitions"
    return f"{exercise.name} stands at {amount(dose, exercise):g} {unit}"


def asked(evidence: Evidence) -> float:
    """Repetitions, or seconds of a hold, that the dose asks."""
    return amount(evidence.dose, evidence.exercise)


def reached_deg(sessions: Sequence[Session]) -> float | None:
    """Median range of the repetitions of all these sessions, degrees; None if not measured."""
    found = [
        rep.rom_deg
        for session in sessions
        for one in session.sets
        for rep in one.reps
        if rep.complete and rep.rom_deg is not None
    ]
    return median(found) if found else None


def ready(evidence: Evidence) -> tuple[str, ...]:
    """What spoke for the step: how long, how often, what pain, what form."""
    window = evidence.window
    done = sum(session.without_red for session in window)
    worst = [e.worst for e in evidence.pain if e.worst is not None]
    fresh = [session.fresh for session in window if session.fresh is not None]
    told = [
        f"{len(window)} sessions from {window[0].day} to {window[-1].day}",
        f"pain green after each of them, worst {max(worst):g}, and not rising",
        f"the planned amount in good form in {done} of {len(window)}",
    ]
    if fresh and evidence.usual is not None:
        told.append(f"first repetitions {min(fresh):.0f} or more, your median {evidence.usual:.0f}")
    return tuple(told)


def _unit(one: SetRecord) -> str:
    return "repetitions" if one.good_s is None else "s"


def _when(one: SetRecord) -> str:
    return f"{one.performed:%Y-%m-%d %H:%M}"
