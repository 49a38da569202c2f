"""The one value of a session, the person's own error, and which region fails first."""

from __future__ import annotations

from datetime import timedelta

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from weeks_case import START, a_set, rep, stop

from midback.history.precision import mdc95, personal_sem
from midback.history.records import SetRecord
from midback.history.regions import regions_over_time
from midback.history.values import Quantity, session_values, set_value

ROM = Quantity()


def test_repetitions_two_to_four_count_and_no_maximum() -> None:
    reps = tuple(rep(i, rom) for i, rom in enumerate([70.0, 40, 42, 44, 90, 95], start=1))
    value = set_value(a_set(reps=reps), ROM)
    assert (value.value, value.sd, value.reps, value.reason) == (42.0, 2.0, 3, None)


@given(st.lists(st.floats(10, 170), min_size=1, max_size=30))
def test_what_comes_after_the_fourth_repetition_changes_nothing(later: list[float]) -> None:
    first = [rep(1, 50.0), rep(2, 40.0), rep(3, 41.0), rep(4, 45.0)]
    more = [rep(5 + i, rom) for i, rom in enumerate(later)]
    assert set_value(a_set(reps=tuple(first + more)), ROM).value == pytest.approx(42.0)


def test_left_and_right_are_counted_apart() -> None:
    sides = ("left", "right") * 4
    reps = tuple(
        rep(i, 40.0 + i if side == "left" else 20.0 + i, side=side)
        for i, side in enumerate(sides, start=1)
    )
    one = a_set(reps=reps)
    assert set_value(one, Quantity(side="left")).value == pytest.approx(45.0)  # 3, 5, 7
    assert set_value(one, Quantity(side="right")).value == pytest.approx(26.0)  # 4, 6, 8


def test_a_watched_feature_by_its_name() -> None:
    reps = tuple(rep(i, values={"head": float(i)}) for i in range(1, 6))
    assert set_value(a_set(reps=reps), Quantity("head")).value == pytest.approx(3.0)
    assert set_value(a_set(reps=reps), Quantity("unheard_of")).value is None


@pytest.mark.parametrize(
    ("reps", "said"),
    [
        ((), "only 0 repetitions"),
        ((rep(1), rep(2)), "only 2 repetitions"),
        ((rep(1), rep(2, None), rep(3, None), rep(4), rep(5)), "only 1 of repetitions 2 to 4"),
        ((rep(1), rep(2, complete=False), rep(3), rep(4, None)), "only 1 of repetitions 2 to 4"),
    ],
)
def test_too_little_is_no_number_but_a_reason(reps: tuple[object, ...], said: str) -> None:
    value = set_value(a_set(reps=reps), ROM)
    assert value.value is None
    assert value.sd is None
    assert value.reason is not None
    assert said in value.reason


def test_one_missing_of_three_is_made_up_for_by_no_later_one() -> None:
    value = set_value(
        a_set(reps=(rep(1), rep(2, 30.0), rep(3, None), rep(4, 34.0), rep(5, 99))), ROM
    )
    assert (value.value, value.reps) == (32.0, 2)


def test_a_session_is_the_first_set_of_its_day_and_never_a_repeat() -> None:
    sets = [
        a_set(2, hour=19, recording="second"),
        a_set(2, hour=18, recording="first", block=2),
        a_set(2, hour=17, recording="again", repeat=True),
        a_set(0, recording="earlier"),
    ]
    values = session_values(sets, ROM)
    assert [one.recording for one in values] == ["earlier", "first"]
    assert [one.block for one in values] == [1, 2]
    assert values[1].day == START + timedelta(days=2)


def put_up_twice(pairs: list[tuple[float, float]]) -> list[SetRecord]:
    sets = []
    for day, (first, again) in enumerate(pairs):
        for hour, rom, repeat in ((9, first, False), (10, again, True)):
            reps = tuple(rep(i, rom) for i in range(1, 6))
            sets.append(a_set(day, hour, reps=reps, repeat=repeat))
    return sets


def test_without_a_repeat_the_usual_error_stands() -> None:
    assert personal_sem([a_set(0), a_set(1)], ROM, 3.5) == pytest.approx(3.5)


@given(st.lists(st.tuples(st.floats(20, 60), st.floats(20, 60)), min_size=1, max_size=5))
def test_own_error_is_the_formula_of_the_science(pairs: list[tuple[float, float]]) -> None:
    s2 = np.mean([(a - b) ** 2 for a, b in pairs]) / 2
    expected = np.sqrt((6 * 3.0**2 + len(pairs) * s2) / (6 + len(pairs)))
    assert personal_sem(put_up_twice(pairs), ROM, 3.0) == pytest.approx(expected)


def test_three_set_ups_of_one_day_are_two_degrees_of_freedom() -> None:
    sets = put_up_twice([(40.0, 44.0)])
    reps = tuple(rep(i, 48.0) for i in range(1, 6))
    sets.append(a_set(0, 11, reps=reps, repeat=True))
    assert personal_sem(sets, ROM, 3.0) == pytest.approx(np.sqrt((54 + 32) / 8))


def test_later_sets_of_the_day_are_tired_and_no_repeats() -> None:
    sets = [*put_up_twice([(40.0, 40.0)]), a_set(0, 20, reps=tuple(rep(i, 10) for i in range(6)))]
    assert personal_sem(sets, ROM, 3.0) == pytest.approx(np.sqrt(54 / 7))


@pytest.mark.parametrize(
    ("sem", "expected"), [(2, (5.5, 3.9, 3.2)), (3, (8.3, 5.9, 4.8)), (5, (13.9, 9.8, 8.0))]
)
def test_smallest_change_is_the_table_of_the_science(
    sem: float, expected: tuple[float, ...]
) -> None:
    assert mdc95(sem, np.array([1.0, 2, 3])) == pytest.approx(expected, abs=0.06)


def broken(day: int, region: str | None, kind: str = "breakdown") -> SetRecord:
    return a_set(day, stop=stop(6, kind), first_region=region)


def test_lower_back_first_in_four_of_the_last_six() -> None:
    order = ["hips", "core", "hips", "core", "core", "neck", "core", "core", "hips"]
    windows = regions_over_time([broken(day, region) for day, region in enumerate(order)])
    assert [window.shares[0].of for window in windows] == [3, 6]
    top = windows[-1].shares[0]
    assert top.sentence == "the lower back first in 4 of the last 6"
    assert (windows[-1].first, windows[-1].last) == (
        START + timedelta(days=3), START + timedelta(days=8),
    )  # fmt: skip
    assert 0.28 < top.low < 4 / 6 < top.high < 0.93


def test_sets_that_ended_well_or_by_pain_have_no_first_region() -> None:
    sets = [a_set(0), broken(1, "core", "pain"), broken(2, None), broken(3, "hips")]
    (window,) = regions_over_time(sets)
    assert [(one.region, one.count, one.of) for one in window.shares] == [("hips", 1, 1)]
    assert window.shares[0].high == 1.0
    assert regions_over_time([]) == []


@given(st.lists(st.sampled_from(["core", "hips", "neck"]), min_size=1, max_size=20))
def test_shares_of_every_window_add_up(order: list[str]) -> None:
    for window in regions_over_time([broken(day, one) for day, one in enumerate(order)]):
        assert sum(one.count for one in window.shares) == window.shares[0].of
        assert all(0 <= one.low <= one.count / one.of <= one.high <= 1 for one in window.shares)
