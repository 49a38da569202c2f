from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from plan_case import TODAY, a_day, a_set, ago

from midback.exercises import find
from midback.history.plan.assessment import ITEMS, lines, missing
from midback.history.plan.milestones import less_pain
from midback.history.records import SetRecord


def pair(day: date, *, repeat: bool = False) -> list[SetRecord]:
    """Both camera measurements of one set-up."""
    return [
        a_set(day, exercise=name, repeat=repeat)
        for name in ("seated_thoracic_extension", "seated_rotation")
    ]


def keys(*args: object) -> list[tuple[str, bool]]:
    return [(step.item.key, step.again) for step in missing(TODAY, *args)]  # type: ignore[arg-type]


CAMERA = ["extension", "rotation_left", "rotation_right"]
BY_HAND = ["side_bend_left", "side_bend_right", "reach"]


def test_the_guided_order() -> None:
    assert [item.key for item in ITEMS] == [*CAMERA, *BY_HAND, "pain"]
    for item in ITEMS:
        if item.exercise is not None:
            assert item.view in find(item.exercise).views


def test_everything_is_missing_at_first_and_the_camera_twice() -> None:
    once, anew = [(key, False) for key in CAMERA], [(key, True) for key in CAMERA]
    rest = [(key, False) for key in (*BY_HAND, "pain")]
    assert keys([], []) == [*once, *anew, *rest]


def test_what_is_done_is_not_asked_again_today() -> None:
    pain = a_day(TODAY, next_morning=None, note="side bend left 18 cm; reach 31 cm")
    found = keys(pair(TODAY), [pain])
    assert found == [*((key, True) for key in CAMERA), ("side_bend_right", False)]
    assert keys([*pair(TODAY), *pair(TODAY, repeat=True)], [pain]) == [("side_bend_right", False)]


def test_a_rotation_to_one_side_leaves_the_other_missing() -> None:
    one = pair(TODAY)
    left = replace(one[1], reps=tuple(rep for rep in one[1].reps if rep.side == "left"))
    assert ("rotation_right", False) in keys([one[0], left], [])
    assert ("rotation_left", False) not in keys([one[0], left], [])


@pytest.mark.parametrize("changes", [{"coverage": 0.59}, {"can_judge": False}])
def test_what_was_not_seen_is_not_measured(changes: dict[str, float]) -> None:
    hidden = [replace(one, **changes) for one in pair(TODAY)]  # type: ignore[arg-type]
    assert ("extension", False) in keys(hidden, [])


def test_three_sessions_with_both_set_ups_are_enough() -> None:
    full = [one for n in (9, 6) for r in (False, True) for one in pair(ago(n), repeat=r)]
    assert keys(full, []) != []
    third = [one for r in (False, True) for one in pair(ago(3), repeat=r)]
    assert keys([*full, *third], []) == []
    assert keys([*full, *pair(ago(3))], []) != []


def test_the_set_up_anew_is_announced_once() -> None:
    told = lines(missing(TODAY, [], []))
    assert told[0].startswith("1. Extension of the upper back: Camera side-on.")
    assert sum(line.startswith("Walk away") for line in told) == 1
    assert "measured by hand" in " ".join(told)
    assert lines([]) == []


def test_less_pain_in_words() -> None:
    worst = (6, 6, 6, 4, 4, 4)
    pain = less_pain([a_day(ago(9 - n), worst=w) for n, w in enumerate(worst)], TODAY)
    assert pain is not None
    assert pain.says == "Less pain: reached; worst pain 6.0 in the first 3 days, 4.0 now (0 to 10)"
    assert less_pain([], TODAY) is None
