"""The plan's rules by example: both sides of each limit."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from plan_case import (
    BIRD_DOG,
    DAYS,
    DOSE,
    JOURNAL,
    SETS,
    SIDE_PLANK,
    TODAY,
    a_day,
    a_set,
    ago,
    decided,
    step,
)

from midback.history.plan import clear, decide, override, why_lines
from midback.history.records import Dose, SetRecord
from midback.history.red_flags import RED_FLAGS, SEEK_CARE


def test_all_good_is_one_small_step() -> None:
    found = decided()
    assert (found.step, found.rule, found.variable) == ("progress", "ready", "reps")
    assert (found.before, found.after) == (DOSE, Dose(reps=10))
    assert found.because == (
        f"3 sessions from {ago(9)} to {ago(2)}",
        "pain green after each of them, worst 2, and not rising",
        "the planned amount in good form in 3 of 3",
        "first repetitions 88 or more, your median 88",
    )


@pytest.mark.parametrize(
    ("last", "rule"),
    [
        ({"worst": 3}, "pain_rising"),
        ({"worst": 2}, "ready"),
        ({"worst": 4}, "pain_amber"),
        ({"worst": 5.1}, "pain_red"),
        ({"next_morning": 1.9}, "ready"),
        ({"next_morning": 2}, "pain_amber"),
        ({"next_morning": 3}, "pain_red"),
        ({"next_morning": None}, "pain_unknown"),
        ({"before": None}, "pain_unknown"),
        ({"sharp": True}, "pain_red"),
        ({"radiating": True}, "pain_red"),
        ({"red_flags": ("trauma",)}, "red_flag"),
    ],
)
def test_pain_after_the_last_session(last: dict[str, Any], rule: str) -> None:
    assert decided(journal=(*JOURNAL[:2], a_day(DAYS[2], **last))).rule == rule


def test_a_session_without_its_pain_is_no_ground() -> None:
    found = decided(journal=JOURNAL[:2])
    assert found.rule == "pain_unknown"
    assert str(ago(2)) in found.because[0]


@pytest.mark.parametrize(
    ("days", "rule"),
    [
        ((9, 5, 2), "ready"),
        ((8, 5, 2), "too_few"),  # six days
        ((9, 2), "too_few"),  # two sessions
        ((8, 6, 4, 2), "too_few"),
        ((10, 8, 6, 4, 2), "ready"),  # every other day: five sessions span a week
        ((9, 5, 0), "too_few"),  # today's night is not over
        ((), "too_few"),
        ((24, 20, 14), "long_gap"),
        ((24, 20, 13), "ready"),
        ((30, 26, 22, 8, 5), "too_few"),  # what lies before a gap of two weeks does not count
        ((30, 26, 21, 8, 5), "ready"),
    ],
)
def test_three_sessions_over_seven_days(days: tuple[int, ...], rule: str) -> None:
    sets = [a_set(ago(n)) for n in days]
    journal = [a_day(ago(n)) for n in days]
    assert decided(sets, journal).rule == rule


def test_after_a_change_the_count_begins_anew() -> None:
    assert decided(decisions=[step(ago(10))]).rule == "ready"
    assert decided(decisions=[step(ago(9))]).rule == "too_few"
    assert decided(decisions=[step(ago(9), step="hold")]).rule == "ready"
    assert decided(decisions=[step(ago(9), step="hold", by="Dr. Ito")]).rule == "too_few"
    assert decided(decisions=[step(ago(9), exercise="squat")]).rule == "ready"


def test_one_change_at_a_time_in_all_exercises() -> None:
    assert decided(decisions=[step(ago(1), exercise="squat")]).rule == "other_step"
    assert decided(decisions=[step(TODAY, exercise="squat")]).rule == "other_step"
    assert decided(decisions=[step(ago(2), exercise="squat")]).rule == "ready"
    assert decided(decisions=[step(ago(1), exercise="squat", step="regress")]).rule == "ready"


def with_last(**changes: Any) -> tuple[SetRecord, ...]:
    return (*SETS[:2], a_set(DAYS[2], **changes))


@pytest.mark.parametrize(
    ("changes", "rule"),
    [
        ({"coverage": 0.6}, "ready"),
        ({"coverage": 0.59}, "uncovered"),
        ({"can_judge": False}, "uncovered"),
        ({"fresh": None}, "uncovered"),
        ({"fresh": 75.0, "score_se": 20.0}, "ready"),
        ({"fresh": 74.9, "score_se": 20.0}, "fresh_low"),
        ({"fresh": 85.0, "score_se": 3.0}, "ready"),
        ({"fresh": 84.9, "score_se": 3.0}, "fresh_below_usual"),
        ({"fresh": 87.9, "score_se": None}, "fresh_below_usual"),
        ({"stopped": 5, "kind": "pain"}, "pain_stop"),
        ({"variant": BIRD_DOG.easier[0]}, "too_few"),
        ({"reps": 12, "stopped": 9, "planned": None}, "ready"),  # a test, beyond the plan
        ({"stopped": 8}, "ready"),  # one of three may end in red
    ],
)
def test_the_last_set(changes: dict[str, Any], rule: str) -> None:
    assert decided(with_last(**changes)).rule == rule


@pytest.mark.parametrize(
    ("stops", "rule"),
    [
        ((None, None, 8), "ready"),
        ((8, None, None), "ready"),
        ((8, None, 8), "red_often"),
        ((None, 6, 6), "red_often"),  # five of eight were good, 63 %
        ((None, 5, 5), "red_early_twice"),  # four of eight, 50 %
        ((5, 5, None), "red_often"),  # not running any more
        ((5, None, 5), "red_often"),
    ],
)
def test_form_that_ends_the_set(stops: tuple[int | None, ...], rule: str) -> None:
    sets = [a_set(day, stopped=stop) for day, stop in zip(DAYS, stops, strict=True)]
    assert decided(sets).rule == rule


def test_sixty_per_cent_itself_is_not_before_it() -> None:
    last = [a_set(day, planned=10.0, reps=10, stopped=7) for day in DAYS[1:]]
    assert decided((SETS[0], *last), dose=Dose(reps=10)).rule == "red_often"
    last = [a_set(day, planned=10.0, reps=10, stopped=6) for day in DAYS[1:]]
    found = decided((SETS[0], *last), dose=Dose(reps=10))
    assert found.rule == "red_early_twice"
    assert found.because[0].endswith("form ended the set after 5 of 10 planned repetitions")


def test_ending_early_of_ones_own_accord_is_no_red_but_no_ground_either() -> None:
    found = decided([a_set(day, reps=3) for day in DAYS])
    assert (found.rule, found.step) == ("red_often", "hold")


def test_amber_twice_is_a_step_back_also_between_sessions() -> None:
    rest_day = a_day(ago(3), worst=4)
    assert decided(journal=(*JOURNAL, rest_day)).rule == "pain_amber"
    found = decided(journal=(*JOURNAL, rest_day, a_day(ago(4), worst=4)))
    assert (found.rule, found.step, found.after) == ("pain_amber_twice", "regress", Dose(reps=6))


def test_todays_pain_counts_today() -> None:
    today = a_day(TODAY, worst=6, next_morning=None)
    assert decided(journal=(*JOURNAL, today)).rule == "pain_now"
    assert decided(journal=(*JOURNAL, replace(today, worst=4))).rule == "pain_amber"
    pain = a_set(TODAY, stopped=3, kind="pain")
    assert decided((*SETS, pain)).rule == "pain_now"
    assert decided((*SETS, replace(pain, exercise="squat"))).rule == "pain_elsewhere"


def test_unanswered_pain_counts_for_two_weeks() -> None:
    def rule(day: int) -> str:
        return decided([], [a_day(ago(day), worst=7)]).rule

    assert rule(13) == "pain_red"
    assert rule(14) == "too_few"


def test_pain_is_answered_once() -> None:
    hurt = (*JOURNAL, a_day(ago(1), worst=7))
    back = decided(journal=hurt)
    assert (back.step, back.rule) == ("regress", "pain_red")
    again = decided(journal=hurt, decisions=[back], dose=back.after)
    assert (again.step, again.rule) == ("hold", "too_few")
    later = replace(back, day=ago(1))  # decided in the morning, before it hurt
    assert decided(journal=hurt, decisions=[later]).rule == "pain_red"
    evening = replace(back, day=ago(1), rule="pain_now")
    assert decided(journal=hurt, decisions=[evening]).rule == "too_few"


def test_a_step_up_does_not_answer_the_pain_of_its_day() -> None:
    hurt = (*JOURNAL, a_day(ago(1), worst=7))
    assert decided(journal=hurt, decisions=[step(ago(1))]).rule == "pain_red"
    assert decided(journal=hurt, decisions=[step(ago(1), by="Dr. Ito")]).rule == "pain_red"


def test_a_gap_is_eased_once_and_is_no_failure() -> None:
    sets, journal = [a_set(ago(20))], [a_day(ago(20))]
    back = decided(sets, journal)
    assert (back.step, back.rule, back.after) == ("regress", "long_gap", Dose(reps=6))
    assert "20 days ago; that is no failure" in back.because[0]
    assert decided(sets, journal, [back], back.after).rule == "too_few"
    assert decided(sets, journal, [replace(back, day=ago(4))], back.after).rule == "too_few"


def test_who_never_began_is_not_eased() -> None:
    assert decided([], []).rule == "too_few"


def test_a_red_flag_stays_until_a_clinician_has_cleared_it() -> None:
    flagged = (a_day(ago(90), red_flags=("chest_pain",)), *JOURNAL)
    found = decided(journal=flagged)
    assert (found.step, found.variable, found.after) == ("seek_care", None, DOSE)
    assert RED_FLAGS["chest_pain"] in found.because[0]
    assert why_lines(found)[0] == SEEK_CARE
    cleared = clear(
        ago(89), BIRD_DOG, DOSE, "Dr. Ito", "ECG and heart are fine", [(ago(90), "chest_pain")]
    )
    assert decided(journal=flagged, decisions=[cleared]).rule == "ready"
    same_day = replace(cleared, day=ago(90))  # before the flag, or after?
    assert decided(journal=flagged, decisions=[same_day]).step == "seek_care"
    late = (a_day(ago(91), red_flags=("foot_drop",)), *flagged)  # entered after the clearance
    assert decided(journal=late, decisions=[cleared]).step == "seek_care"
    by_nobody = replace(cleared, by=None)
    assert decided(journal=flagged, decisions=[by_nobody]).step == "seek_care"
    only_dose = override(ago(89), BIRD_DOG, DOSE, DOSE, "Dr. Ito", "go on")
    assert decided(journal=flagged, decisions=[only_dose]).step == "seek_care"


def test_at_the_top_it_stays() -> None:
    found = decided([a_set(day, planned=12.0, reps=12) for day in DAYS], dose=Dose(reps=12))
    assert (found.rule, found.step, found.after) == ("top", "hold", Dose(reps=12))


def test_at_the_bottom_it_says_so() -> None:
    lowest = Dose(reps=1, variant=BIRD_DOG.easier[0])
    found = decided([], [a_day(ago(1), worst=8)], dose=lowest)
    assert (found.step, found.variable, found.after) == ("regress", None, lowest)
    assert "leave it out" in found.because[-1]


def test_a_hold_is_counted_in_seconds_of_good_form() -> None:
    def rule(*good_s: float) -> str:
        sets = [
            a_set(day, exercise="side_plank", planned=30.0, reps=1, good_s=seconds,
                  stopped=None if seconds >= 30 else 1)
            for day, seconds in zip(DAYS, good_s, strict=True)
        ]  # fmt: skip
        return decide(TODAY, SIDE_PLANK, sets, JOURNAL, [], Dose(hold_s=30)).rule

    assert rule(31, 29, 30) == "ready"
    assert rule(31, 29, 29) == "red_often"
    assert rule(31, 17, 17) == "red_early_twice"
    assert rule(31, 18, 18) == "red_often"


def test_the_order_of_what_is_given_does_not_matter() -> None:
    assert decided(SETS[::-1], JOURNAL[::-1]) == decided()


def test_what_comes_later_is_not_looked_at() -> None:
    tomorrow = TODAY + timedelta(days=1)
    later = decided(
        (*SETS, a_set(tomorrow, stopped=1, kind="pain")),
        (*JOURNAL, a_day(tomorrow, worst=9, red_flags=("trauma",))),
        [step(tomorrow)],
    )
    assert later == decided()
