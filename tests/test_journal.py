from __future__ import annotations

import math
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from plan_case import TODAY, a_day, ago

from midback.errors import InputError
from midback.history.journal import (
    NOISE,
    by_hand_cm,
    check,
    day_from,
    known_by,
    lately,
    light,
    missing_mornings,
    response,
    since_start,
)
from midback.history.journal_lines import entry_line, journal_lines
from midback.history.records import JournalEntry
from midback.history.red_flags import RED_FLAGS, SEEK_CARE


@pytest.mark.parametrize(
    ("changes", "colour"),
    [
        ({}, "green"),
        ({"worst": 3}, "green"),
        ({"worst": 3.5}, "amber"),
        ({"worst": 4}, "amber"),
        ({"worst": 5}, "amber"),
        ({"worst": 5.5}, "red"),
        ({"after": 6}, "red"),
        ({"before": 4, "next_morning": 4}, "amber"),
        ({"next_morning": 0}, "green"),
        ({"next_morning": 1.5}, "green"),
        ({"next_morning": 2}, "amber"),
        ({"next_morning": 2.9}, "amber"),
        ({"next_morning": 3}, "red"),
        ({"before": 0.1, "next_morning": 1.1}, "amber"),
        ({"before": 1.1, "next_morning": 3.1}, "red"),
        ({"sharp": True}, "red"),
        ({"radiating": True}, "red"),
        ({"red_flags": ("chest_pain",)}, "red"),
        ({"next_morning": None}, "open"),
        ({"before": None}, "open"),
        ({"worst": None}, "open"),
        ({"next_morning": None, "worst": 4}, "amber"),
        ({"next_morning": None, "worst": 6}, "red"),
        ({"before": None, "next_morning": 6}, "red"),
    ],
)
def test_the_light_of_a_day(changes: dict[str, Any], colour: str) -> None:
    assert light(a_day(ago(1), **changes)) == colour


def test_a_day_on_which_nothing_was_entered_is_open() -> None:
    assert light(JournalEntry(ago(1))) == "open"


pains = st.none() | st.floats(0, 10)
ORDER = ("green", "open", "amber", "red")


@given(before=pains, worst=pains, after=pains, morning=pains, more=st.floats(0, 10))
def test_more_pain_never_gives_a_better_light(
    before: float | None,
    worst: float | None,
    after: float | None,
    morning: float | None,
    more: float,
) -> None:
    entry = JournalEntry(TODAY, before, worst, after, morning)
    higher = None if worst is None else max(worst, more)
    worse = JournalEntry(TODAY, before, higher, after, morning)
    assert ORDER.index(light(worse)) >= ORDER.index(light(entry))
    sharp = JournalEntry(TODAY, before, worst, after, morning, sharp=True)
    assert light(sharp) == "red"


def test_the_24_hour_response() -> None:
    assert response(a_day(TODAY, before=2, next_morning=5)) == 3
    assert response(a_day(TODAY, before=2, next_morning=None)) is None
    assert response(a_day(TODAY, before=None)) is None


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"worst": 11}, "worst must be 0 to 10, is 11"),
        ({"before": -1}, "before must be 0 to 10, is -1"),
        ({"next_morning": math.nan}, "next_morning must be 0 to 10, is nan"),
        ({"after": math.inf}, "after must be 0 to 10, is inf"),
        ({"stress": 12}, "stress must be 0 to 10, is 12"),
        ({"sleep_h": 25}, "sleep_h must be 0 to 24, is 25"),
        ({"red_flags": ("tired",)}, "unknown red flag 'tired'; there are saddle_numbness, "),
        ({"note": "reach 900 cm"}, "reach must be 0 to 200, is 900"),
    ],
)
def test_what_cannot_be_is_refused_in_one_line(changes: dict[str, Any], said: str) -> None:
    with pytest.raises(InputError) as found:
        check(a_day(ago(1), **changes), TODAY)
    assert said in str(found.value)
    assert str(ago(1)) in str(found.value)
    assert "\n" not in str(found.value)


def test_limits_themselves_are_taken() -> None:
    entry = a_day(ago(1), before=0, worst=10, sleep_h=24, stress=0, red_flags=tuple(RED_FLAGS))
    assert check(entry, TODAY) is entry


@pytest.mark.parametrize("day", [TODAY + timedelta(days=1), date(1999, 12, 31), date(1, 1, 1)])
def test_days_that_cannot_be_are_refused(day: date) -> None:
    with pytest.raises(InputError, match=f"{day} must lie between 2000-01-01 and today"):
        check(JournalEntry(day), TODAY)


def test_tomorrow_morning_cannot_be_entered_today() -> None:
    with pytest.raises(InputError, match="has not been yet"):
        check(a_day(TODAY), TODAY)
    assert check(a_day(TODAY, next_morning=None), TODAY)


def test_days_in_words() -> None:
    assert day_from("2026-02-28", TODAY) == date(2026, 2, 28)
    assert day_from("today", TODAY) == TODAY
    assert day_from("yesterday", TODAY) == ago(1)
    for text in ("2026-02-30", "28.02.2026", "", "tomorrow"):
        with pytest.raises(InputError, match="write it as YYYY-MM-DD"):
            day_from(text, TODAY)


def test_what_is_known_on_a_day() -> None:
    days = [a_day(TODAY + timedelta(days=1)), a_day(TODAY), a_day(ago(1))]
    found = known_by(days, TODAY)
    assert [entry.day for entry in found] == [ago(1), TODAY]
    assert [entry.next_morning for entry in found] == [1, None]


def test_the_missing_morning_is_asked_for_as_long_as_it_is_remembered() -> None:
    open_days = [a_day(ago(n), next_morning=None) for n in range(5)]
    assert missing_mornings(open_days, TODAY) == (ago(2), ago(1))
    assert missing_mornings([a_day(ago(1))], TODAY) == ()
    rest = [JournalEntry(ago(1), before=2)]
    assert missing_mornings(rest, TODAY) == ()


def of_worst(*values: float) -> list[JournalEntry]:
    return [a_day(ago(len(values) - n), worst=value) for n, value in enumerate(values)]


@pytest.mark.parametrize(
    ("worst", "matters"),
    [
        ((6, 6, 6, 4, 4, 4), True),  # 2 points, 33 %
        ((8, 8, 8, 6, 6, 6), True),  # 2 points, 25 %
        ((8, 8, 8, 6, 6, 6.3), False),  # 1.9 points, 24 %
        ((4, 4, 4, 2.8, 2.8, 2.8), True),  # 1.2 points, 30 %
        ((4, 4, 4, 2.9, 2.9, 2.9), False),  # 1.1 points, 27 %
        ((2, 2, 2, 1, 1, 1), False),  # 50 %, but 1 point is noise
        ((6, 6, 6, 9, 9, 1, 4, 4, 4), True),  # what lies between does not matter
        ((2, 2, 2, 6, 6, 6), False),
    ],
)
def test_the_pain_milestone(worst: tuple[float, ...], matters: bool) -> None:
    found = since_start(of_worst(*worst), TODAY)
    assert found is not None
    assert found.matters == matters


def test_there_is_no_change_before_there_are_six_days() -> None:
    assert since_start(of_worst(8, 8, 8, 1, 1), TODAY) is None
    assert lately(of_worst(8, 8, 8, 1, 1), TODAY) is None


def test_the_trend_is_steady_within_the_noise() -> None:
    def word(*worst: float) -> str:
        found = lately(of_worst(*worst), TODAY)
        assert found is not None
        return found.word

    assert word(9, 9, 9, 3, 3, 3, 4, 4, 4) == "steady"
    assert word(3, 3, 3, 3 + NOISE, 3 + NOISE, 3.2 + NOISE) == "rising"
    assert word(5, 5, 5, 3, 3, 3) == "falling"


def test_what_was_measured_with_a_tape() -> None:
    entry = a_day(TODAY, note="Reach 31.5 cm; side bend left 18cm, outreach 7 cm")
    assert by_hand_cm(entry) == {"reach": 31.5, "side bend left": 18}


def test_the_journal_in_lines() -> None:
    days = [
        a_day(ago(3), where="between the blades", sleep_h=6.5),
        a_day(ago(1), next_morning=None),
    ]
    lines = journal_lines(days, TODAY)
    assert lines == [
        "2026-03-17  ✓ green  before 1, worst 2, after 1, next morning 1 (+0)  "
        "slept 6.5 h; between the blades",
        "2026-03-19  · open  before 1, worst 2, after 1",
        "Still missing: pain on the morning after 2026-03-19 (0 to 10)",
    ]
    assert journal_lines([], TODAY) == ["The journal is empty."]


def test_a_red_flag_today_shows_the_way_to_care_and_no_number() -> None:
    lines = journal_lines([a_day(ago(1)), a_day(TODAY, red_flags=("foot_drop",))], TODAY)
    assert lines == [SEEK_CARE, f"  - yes to: {RED_FLAGS['foot_drop']}"]
    assert not any(sign.isdigit() for line in lines for sign in line)


def test_notes_cannot_steer_the_terminal() -> None:
    line = entry_line(a_day(ago(1), note="a\x1b[2Jb\r\nc<script>"))
    assert line.endswith("a [2Jb c<script>")
    assert line.isprintable()


def test_every_red_flag_is_a_question() -> None:
    for key, question in RED_FLAGS.items():
        assert key.isidentifier()
        assert question.endswith("?")
