"""`midback override`: a clinician's own word, with a name and a reason."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

from midback.errors import InputError
from midback.exercises import Exercise, find, names
from midback.history.journal import known_by
from midback.history.plan import clear, override, why_lines
from midback.history.plan.evidence import open_flags
from midback.history.plan.phases import doses
from midback.history.red_flags import SEEK_CARE
from midback.history.store import open_store


def run_override(
    person: str, exercise: str, by: str, why: str, changes: dict[str, Any], where: str | None
) -> None:
    """Store another dose of an exercise, or the same as a word of its own, and print it."""
    today = date.today()
    found = _planned(exercise)
    with open_store(where, create=False) as store:
        name = store.known(person)
        decisions = store.decisions(name)
        if open_flags(known_by(store.journal(name), today), decisions):
            raise InputError(f"{name}: a red flag is open. {SEEK_CARE}; clear it first")
        before = doses(decisions, today)[found.name]
        made = override(today, found, before, replace(before, **changes), by, why)
        store.add_decision(name, made)
        print("\n".join(why_lines(made)))


def run_clear(person: str, exercise: str, by: str, why: str, where: str | None) -> None:
    """Store that a clinician looked at every red flag before today; print which."""
    today = date.today()
    found = _planned(exercise)
    with open_store(where, create=False) as store:
        name = store.known(person)
        decisions = store.decisions(name)
        flags = open_flags(known_by(store.journal(name), today), decisions)
        if not flags:
            raise InputError(f"{name}: there is no red flag to clear")
        if any(day == today for day, _ in flags):
            raise InputError(f"{name}: a red flag of today can be cleared from tomorrow on")
        dose = doses(decisions, today)[found.name]
        store.add_decision(name, clear(today, found, dose, by, why, flags))
        print(f"cleared by {by}: {', '.join(f'{key} of {day}' for day, key in flags)}")


def _planned(exercise: str) -> Exercise:
    if exercise not in names():
        find(exercise)  # tells the nearest names of one that is not known
        raise InputError(f"{exercise}: the plan is made of midback's own exercises only")
    return find(exercise)
