from __future__ import annotations

from dataclasses import replace
from datetime import datetime, time, timedelta
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from plan_case import TODAY, a_day, a_set, ago, step

from midback.exercises import find, names
from midback.history.plan import clear, override, plan_lines, week
from midback.history.plan.dose import check_dose, is_less
from midback.history.plan.phases import PHASES, doses, items_for, phase_at
from midback.history.records import Decision, Dose, JournalEntry, SetRecord

STRENGTH = {i.exercise for phase in PHASES for i in phase.items if i.kind == "strength"}


def reached(*exercises: str) -> list[Decision]:
    """Decisions by which these exercises stand at twelve repetitions or a hold of a minute."""
    return [
        step(ago(9), exercise=name, after=Dose(hold_s=60) if find(name).kind == "hold"
             else Dose(reps=12))
        for name in exercises
    ]  # fmt: skip


CONTROL = reached("cat_cow", "seated_rotation")
LIGHT = [*CONTROL, *reached("bird_dog", "segmental_bridge")]


def kinds(
    sets: list[SetRecord], journal: list[JournalEntry], decisions: list[Decision]
) -> list[str]:
    return [day.kind for day in week(TODAY, sets, journal, decisions)]


def test_every_exercise_has_its_place_and_a_dose_that_can_be_done() -> None:
    items = [item for phase in PHASES for item in phase.items]
    assert sorted(item.exercise for item in items) == list(names())
    for item in items:
        exercise = find(item.exercise)
        assert check_dose(item.start, exercise) == item.start
        assert not item.at_goal(item.start)


def test_phases_follow_from_the_doses() -> None:
    assert phase_at([], TODAY) == 0
    assert phase_at(CONTROL[:1], TODAY) == 0
    assert phase_at(CONTROL, TODAY) == 1
    assert phase_at(CONTROL, ago(10)) == 0
    assert phase_at(LIGHT, TODAY) == 2
    most = [*LIGHT, *reached("side_plank", "prone_extension", "squat", "standing_row")]
    assert PHASES[phase_at(most, TODAY)].key == "maintenance"
    back = step(ago(1), exercise="cat_cow", step="regress", after=Dose(reps=7))
    assert phase_at([*CONTROL, back], TODAY) == 0
    eased = step(ago(1), exercise="cat_cow", after=Dose(reps=12, variant=find("cat_cow").easier[0]))
    assert phase_at([*CONTROL, eased], TODAY) == 0


def test_the_first_phase_is_gentle_every_day() -> None:
    days = week(TODAY, [], [], [])
    assert [day.kind for day in days] == ["mobility"] * 7
    assert days[0].tasks == tuple(days[3].tasks[i] for i in range(3))
    assert days[0].warm_up
    assert days[0].cool_down


def test_strength_and_gentle_range_take_turns() -> None:
    assert kinds([], [], CONTROL) == ["strength", "mobility"] * 3 + ["strength"]
    first = week(TODAY, [], [], CONTROL)[0]
    assert [task.exercise for task in first.tasks] == ["bird_dog", "segmental_bridge"]


def test_48_hours_after_strength_to_the_hour() -> None:
    yesterday = a_set(ago(1))
    assert kinds([yesterday], [], CONTROL)[:3] == ["mobility", "strength", "mobility"]
    day = week(TODAY, [yesterday], [], CONTROL)[1]
    assert day.not_before == datetime.combine(TODAY + timedelta(days=1), time(18))
    late = replace(yesterday, performed=datetime.combine(ago(1), time(21)))
    assert kinds([late], [], CONTROL)[:3] == ["mobility", "mobility", "strength"]
    gentle = replace(yesterday, exercise="cat_cow")
    assert kinds([gentle], [], CONTROL)[0] == "strength"
    ended = replace(gentle, stop=a_set(ago(1), stopped=5).stop)
    assert kinds([ended], [], CONTROL)[0] == "mobility"


def test_what_is_done_is_done() -> None:
    assert kinds([a_set(TODAY)], [], CONTROL)[:4] == ["done", "mobility", "strength", "mobility"]
    assert kinds([a_set(TODAY, exercise="cat_cow")], [], CONTROL)[:2] == ["done", "strength"]


@pytest.mark.parametrize(
    ("worst", "after", "kind"),
    [(4, 1, "mobility"), (4, 2, "mobility"), (4, 2.5, "rest"), (7, 1, "mobility"), (7, 6, "rest")],
)
def test_two_easy_days_after_amber_and_red(worst: float, after: float, kind: str) -> None:
    hurt = a_day(ago(1), before=1, worst=worst, after=after, next_morning=None)
    assert kinds([], [hurt], CONTROL)[:3] == [kind, kind, "strength"]
    tasks = week(TODAY, [], [hurt], CONTROL)[0].tasks
    gentle = {item.exercise for item in PHASES[0].items}
    assert {task.exercise for task in tasks} <= gentle
    assert bool(tasks) == (kind == "mobility")


def test_a_bad_morning_counts_from_that_morning() -> None:
    hurt = a_day(ago(1), before=0, next_morning=2)
    assert kinds([], [hurt], CONTROL)[:4] == ["mobility", "mobility", "mobility", "strength"]


def test_red_flags_leave_nothing_to_do_until_cleared() -> None:
    flagged = [a_day(ago(40), red_flags=("cancer",))]
    days = week(TODAY, [], flagged, CONTROL)
    assert {day.kind for day in days} == {"seek_care"}
    assert not any(day.tasks for day in days)
    seen = [(ago(40), "cancer")]
    cleared = clear(ago(1), find("bird_dog"), Dose(reps=8), "Dr. Ito", "scan is fine", seen)
    assert kinds([], flagged, [*CONTROL, cleared])[0] == "strength"


def sessions(*days: int, **changes: Any) -> list[SetRecord]:
    return [a_set(ago(n), **changes) for n in days]


def test_a_test_every_two_weeks_for_who_is_used_to_it() -> None:
    assert "test" not in kinds(sessions(8, 6), [], CONTROL)
    used = sessions(8, 6, 4)
    days = week(TODAY, used, [], CONTROL, days=21)
    tests = [n for n, day in enumerate(days) if day.kind == "test"]
    assert tests == [0, 14]
    assert [(task.exercise, task.test) for task in days[0].tasks] == [("bird_dog", True)]
    assert days[1].kind == "mobility"
    tested = [*used, *sessions(10, planned=None)]
    assert kinds(tested, [], CONTROL)[:5] == ["strength", "mobility"] * 2 + ["test"]
    hurt = a_day(ago(5), worst=4)
    assert kinds(used, [hurt], CONTROL)[:5] == ["strength", "mobility"] * 2 + ["test"]


def test_the_test_goes_round() -> None:
    both = [
        *sessions(9, 7, 5, exercise="segmental_bridge"),
        *sessions(9, 7, 5),
        *sessions(16, planned=None),
    ]
    found = week(TODAY, both, [], CONTROL)[0]
    assert (found.kind, found.tasks[0].exercise) == ("test", "segmental_bridge")


def test_a_clinicians_dose_is_what_the_calendar_asks() -> None:
    bird_dog = find("bird_dog")
    less = override(ago(1), bird_dog, Dose(reps=6), Dose(reps=5), "Dr. Ito", "tired")
    assert doses([less], TODAY)["bird_dog"] == Dose(reps=5)
    assert not is_less(Dose(reps=5), Dose(reps=6), bird_dog)


DAYS = st.integers(0, 6).map(ago)


@st.composite
def pasts(draw: st.DrawFn) -> tuple[list[SetRecord], list[JournalEntry]]:
    hours = st.integers(6, 23)
    sets = [
        replace(
            a_set(day, order=n, stopped=draw(st.sampled_from([None, None, 6])),
                  exercise=draw(st.sampled_from(["bird_dog", "cat_cow", "squat"]))),
            performed=datetime.combine(day, time(draw(hours))),
        )
        for n, day in enumerate(draw(st.lists(DAYS, max_size=4)))
    ]  # fmt: skip
    pain = st.sampled_from([1.0, 2.0, 4.0, 7.0])
    journal = [
        a_day(day, worst=draw(pain), after=draw(pain), next_morning=draw(st.none() | pain))
        for day in draw(st.lists(DAYS, max_size=3, unique=True))
    ]
    return sets, journal


@settings(max_examples=200, deadline=None)
@given(pasts(), st.sampled_from([CONTROL, LIGHT]))
def test_recovery_is_respected(
    past: tuple[list[SetRecord], list[JournalEntry]], decisions: list[Decision]
) -> None:
    sets, journal = past
    days = week(TODAY, sets, journal, decisions, days=10)
    assert [day.day for day in days] == [TODAY + timedelta(days=n) for n in range(10)]
    demanding = [s.performed for s in sets if s.exercise in STRENGTH or s.stop is not None]
    hard = [day for day in days if day.kind in ("strength", "test")]
    for day in hard:
        start = day.not_before or datetime.combine(day.day, time(0))
        assert start.date() == day.day
        assert all(start - one >= timedelta(hours=48) for one in demanding)
        assert all(day.day >= entry.day + timedelta(days=3) for entry in journal
                   if (entry.worst or 0) > 3)  # fmt: skip
    assert all((b.day - a.day).days >= 2 for a, b in pairwise(hard))
    assert hard
    for day in days:
        of_strength = {task.exercise for task in day.tasks} & STRENGTH
        assert bool(of_strength) == (day.kind in ("strength", "test"))
        assert bool(day.tasks) == (day.kind in ("strength", "test", "mobility"))


def test_the_calendar_in_lines() -> None:
    lines = plan_lines(week(TODAY, [a_set(ago(1))], [], CONTROL, days=2))
    assert lines[:4] == [
        "Fri 2026-03-20  gentle range: 48 hours between demanding sets",
        "    Rotation on all fours: 6 repetitions",
        "    Wall slide: 6 repetitions",
        "    Cat-cow: 12 repetitions",
    ]
    assert lines[4:8] == [
        "Sat 2026-03-21  strength: strength and gentle range take turns",
        "    not before 18:00",
        "    Bird dog: 6 repetitions, lowered in 2 s",
        "    Segmental bridge: 6 repetitions, lowered in 2 s",
    ]
    assert lines[8].startswith("Before each: Lie on your back")
    assert lines[9].startswith("After each: Five slow breaths")
    test = plan_lines(week(TODAY, sessions(8, 6, 4), [], CONTROL, days=1))
    assert test[1] == (
        "    Bird dog: test: as many as form allows (so far 6 repetitions, lowered in 2 s)"
    )


def test_at_most_three_exercises_a_day_the_newest_first() -> None:
    assert items_for(0, "strength") == ()
    assert len(items_for(len(PHASES) - 1, "mobility")) == 3
