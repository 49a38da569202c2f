"""`midback plan`: what to do this week, and why."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Protocol

from midback.history.journal import known_by, missing_mornings
from midback.history.plan import plan_lines, week, why_lines
from midback.history.plan.assessment import lines as assessment_lines
from midback.history.plan.assessment import missing
from midback.history.plan.evidence import open_flags
from midback.history.plan.facts import flag as flag_words
from midback.history.plan.phases import PHASES, phase_at
from midback.history.plan.review import review
from midback.history.records import Decision, JournalEntry, SetRecord
from midback.history.red_flags import SEEK_CARE
from midback.history.store import open_store


class Book(Protocol):
    """What is asked of the store."""

    def sets(self, person: str, exercise: str | None = None) -> tuple[SetRecord, ...]:
        """Sets, oldest first."""

    def journal(self, person: str) -> tuple[JournalEntry, ...]:
        """Days, oldest first."""

    def decisions(self, person: str) -> tuple[Decision, ...]:
        """Decisions, oldest first."""

    def add_decision(self, person: str, decision: Decision) -> None:
        """Keep a decision, once."""


def run_plan(person: str, where: str | None, *, why: bool, baseline: bool) -> None:
    """Print the plan, or what the baseline still needs, of a person who is in the store."""
    today = date.today()
    with open_store(where, create=False) as store:
        name = store.known(person)
        lines = (
            assessment_text(store, name, today)
            if baseline
            else plan_text(store, name, today, why=why)
        )
        print("\n".join(lines))


def plan_text(store: Book, person: str, today: date, *, why: bool = False) -> list[str]:
    """Decide for today, store it, and say the week in lines; with `why` each decision's reasons.

    A red flag that nobody cleared leaves only the way to care.
    """
    sets, journal, decisions = store.sets(person), store.journal(person), store.decisions(person)
    standing = review(today, sets, journal, decisions)
    flags = open_flags(known_by(journal, today), decisions)
    for one in standing:
        store.add_decision(person, one)
    known = (*decisions, *(one for one in standing if one not in decisions))
    days = week(today, sets, journal, known)
    if flags:
        return _care(flags)
    phase = PHASES[phase_at(known, today)]
    lines = [f"{phase.title}: {phase.aim}", *plan_lines(days)]
    told = [one for one in standing if why or one.step != "hold"]
    for one in told:
        lines += ["", *why_lines(one)]
    for day in missing_mornings(journal, today):
        lines += ["", f"Still missing: pain on the morning after {day}: midback journal add"]
    return lines


def assessment_text(store: Book, person: str, today: date) -> list[str]:
    """What the guided baseline still needs today, in order; with an open red flag only the care."""
    flags = open_flags(known_by(store.journal(person), today), store.decisions(person))
    if flags:
        return _care(flags)
    steps = missing(today, store.sets(person), store.journal(person))
    return assessment_lines(steps) or ["The baseline is complete: three sessions, both set-ups."]


def _care(flags: Sequence[tuple[date, str]]) -> list[str]:
    return [SEEK_CARE, *(f"  - {flag_words(day, key)}" for day, key in flags)]
