"""What no history may ever lead to, and that every decision is found again from the store."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import timedelta
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st
from plan_any import DAILY, DOSES, PAIN, History, histories
from plan_case import BIRD_DOG, DOSE, JOURNAL, SETS, SIDE_PLANK, TODAY, a_day, a_set, ago, decided

from midback.exercises import Exercise
from midback.history.journal import light
from midback.history.plan import decide
from midback.history.plan.dose import changed, check_dose, is_less
from midback.history.records import Decision, Dose, JournalEntry, SetRecord

CAREFUL = ("progress", "hold", "regress", "seek_care")
GOOD: History = (list(SETS), list(JOURNAL), [])


def never_up_after_red_or_amber_pain(found: Decision, history: History) -> None:
    """Within seven days, on any day; nor after a set that pain ended."""
    sets, journal, _ = history
    if found.step == "progress":
        last_week = [entry for entry in journal if ago(7) <= entry.day]
        known = [replace(e, next_morning=None) if e.day == TODAY else e for e in last_week]
        assert {light(entry) for entry in known} <= {"green", "open"}
        ended = [one for one in sets if one.stop is not None and one.stop.kind == "pain"]
        assert all(one.performed.date() < ago(7) for one in ended)


def up_only_on_covered_form_with_green_pain(found: Decision, history: History) -> None:
    """Three sessions after the last change of this exercise, and no other one just changed."""
    sets, journal, decisions = history
    if found.step != "progress":
        return
    mine = [
        one
        for one in sets
        if (one.exercise, one.variant) == ("bird_dog", found.before.variant)
        and one.performed.date() < TODAY
    ]
    mine.sort(key=lambda one: one.performed)
    last = mine[-3:]
    assert len(last) == 3
    assert all(one.coverage >= 0.6 and one.can_judge for one in last)
    first = {one.performed.date(): one for one in reversed(mine)}  # of a day: its fresh one counts
    fresh = [first[one.performed.date()].fresh for one in last]
    assert all(score is None or score >= 75 for score in fresh)
    lights = {entry.day: light(entry) for entry in journal[::-1]}
    assert all(lights[one.performed.date()] == "green" for one in last)
    changes = [d for d in decisions if d.by or d.step in ("progress", "regress")]
    own = [d.day for d in changes if d.exercise == "bird_dog"]
    assert all(day < last[0].performed.date() for day in own)
    others = [d for d in changes if d.exercise != "bird_dog" and d.step == "progress"]
    assert all(d.day < ago(1) for d in others)


def one_variable_in_the_direction_of_the_step(found: Decision, _: History) -> None:
    """A step back never asks for more of anything, a step up for less of anything."""
    dose = found.before
    assert changed(dose, found.after) == (() if found.variable is None else (found.variable,))
    assert check_dose(found.after, BIRD_DOG)
    if found.step == "progress":
        assert found.variable is not None
        assert is_less(found.after, dose, BIRD_DOG)
    elif found.step == "regress":
        assert found.variable is None or is_less(dose, found.after, BIRD_DOG)
    else:
        assert found.variable is None


def red_flags_end_in_care(found: Decision, history: History) -> None:
    _, journal, decisions = history
    cleared = [d.day for d in decisions if d.rule == "cleared" and d.by]
    flagged = [entry.day for entry in journal if entry.red_flags]
    stands = any(not any(day < later for later in cleared) for day in flagged)
    assert (found.step == "seek_care") == stands


def found_again_in_any_order(found: Decision, history: History) -> None:
    sets, journal, decisions = history
    assert decided(sets[::-1], journal[::-1], decisions[::-1], found.before) == found
    assert found.because
    assert all(found.because)


ALWAYS = (
    never_up_after_red_or_amber_pain,
    up_only_on_covered_form_with_green_pain,
    one_variable_in_the_direction_of_the_step,
    red_flags_end_in_care,
    found_again_in_any_order,
)


def test_what_holds_for_every_history() -> None:
    seen: Counter[str] = Counter()

    @settings(max_examples=600, deadline=None)
    @given(histories(), DOSES)
    @example(GOOD, DOSE)
    def holds(history: History, dose: Dose) -> None:
        found = decided(*history, dose)
        seen[found.rule] += 1
        assert found.before == dose
        for rule in ALWAYS:
            rule(found, history)

    holds()
    assert seen["ready"] >= 20, seen  # a property that never meets a step up holds for nothing
    assert {"pain_red", "too_few"} <= set(seen)


@settings(max_examples=150, deadline=None)
@given(histories(), DOSES, PAIN, PAIN, st.booleans())
def test_what_is_entered_today_only_makes_it_more_careful(
    history: History, dose: Dose, before: float | None, worst: float | None, sharp: bool
) -> None:
    """So a decision of the morning is found again from the store, or a more careful one."""
    sets, journal, decisions = history
    journal = [entry for entry in journal if entry.day < TODAY]
    sets = [one for one in sets if one.performed.date() < TODAY]
    morning = decided(sets, journal, decisions, dose)
    assume(morning.rule != "long_gap")
    journal.append(JournalEntry(TODAY, before=before, worst=worst, sharp=sharp))
    sets.append(a_set(TODAY, order=20, stopped=2))
    evening = decided(sets, journal, decisions, dose)
    assert CAREFUL.index(evening.step) >= CAREFUL.index(morning.step)


@pytest.mark.parametrize("exercise", [BIRD_DOG, SIDE_PLANK], ids=lambda e: e.name)
@settings(max_examples=25, deadline=None)
@given(days=DAILY)
def test_weeks_lived_day_by_day_are_found_again_from_the_store(
    exercise: Exercise, days: list[Any]
) -> None:
    """Decide every day, store it, then decide each day anew from all that was stored in the end."""
    dose = Dose(hold_s=20) if exercise.kind == "hold" else DOSE
    sets: list[SetRecord] = []
    journal: list[JournalEntry] = []
    decisions: list[Decision] = []
    first = TODAY - timedelta(days=len(days))
    for number, (trains, stop, kind, worst, morning) in enumerate(days):
        today = first + timedelta(days=number)
        if trains:
            asked = dose.hold_s or dose.reps or 0
            good_s = None if exercise.kind == "reps" else (asked if stop is None else stop)
            sets.append(
                a_set(today, exercise=exercise.name, planned=float(asked), variant=dose.variant,
                      reps=dose.reps or 1, stopped=stop, kind=kind, good_s=good_s)
            )  # fmt: skip
            journal.append(a_day(today, worst=worst, next_morning=morning))
        made = decide(today, exercise, sets, journal, decisions, dose)
        if made.step == "regress" and made.variable:
            assert is_less(dose, made.after, exercise)
        decisions.append(made)
        dose = made.after
    for number, made in enumerate(decisions):
        anew = decide(made.day, exercise, sets, journal, decisions[:number], made.before)
        assert anew == made
    steps = [d.day for d in decisions if d.step == "progress"]
    assert all((b - a).days > 7 for a, b in pairwise(steps))
