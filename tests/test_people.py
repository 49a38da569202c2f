"""Keeping to one person: bodies as stick figures, so that right and wrong are known."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from midback.vision.people import PATIENCE_S, RESTART_S, PersonKeeper, Points

SIZE = (800, 600)


def person(x: float, y: float, height: float = 300.0, lean_deg: float = 0.0) -> Points:
    """A body around its middle (x, y), Y up, leaning to the right."""
    upright: NDArray[np.float64] = np.zeros((33, 2))
    upright[:, 1] = np.linspace(0.5, -0.5, 33)
    upright[[11, 12]] = (-0.1, 0.3), (0.1, 0.3)
    upright[[23, 24]] = (-0.07, 0.0), (0.07, 0.0)
    turn = np.radians(lean_deg)
    matrix = np.array([[np.cos(turn), -np.sin(turn)], [np.sin(turn), np.cos(turn)]])
    points = np.zeros((33, 3), dtype=np.float32)
    points[:, :2] = upright @ matrix * height + (x, y)
    return points


def following(body: Points) -> PersonKeeper:
    keeper = PersonKeeper()
    keeper.choose([body], SIZE, 0.0)
    assert keeper.accept(body, 0.0)
    return keeper


def test_a_choice_is_due_at_the_start_and_after_a_long_absence() -> None:
    keeper = PersonKeeper()
    assert keeper.choice_due(0.0)
    keeper = following(person(400, -300))
    assert not keeper.choice_due(PATIENCE_S - 0.1)
    assert keeper.choice_due(PATIENCE_S + 0.1)


@pytest.mark.parametrize(
    "others",
    [
        [person(420, -250, height=120)],  # smaller, in the middle
        [person(40, -300, height=380)],  # larger, at the edge
        [person(60, -100, height=100), person(760, -300, height=300)],
    ],
)
def test_the_large_and_central_one_is_chosen(others: list[Points]) -> None:
    mine = person(400, -330)
    for people in ([mine, *others], [*others, mine]):
        keeper = PersonKeeper()
        keeper.choose(people, SIZE, 0.0)
        assert keeper.accept(mine, 0.0)
        assert keeper.window(0.01) is None


def test_a_deep_squat_within_a_second_is_followed() -> None:
    keeper = following(person(400, -300))
    for i in range(1, 31):
        depth = 45 * (1 - np.cos(2 * np.pi * i / 30))
        lean = -20 * (1 - np.cos(2 * np.pi * i / 30))
        assert keeper.accept(person(400, -300 - depth, 300 - depth, lean), i / 30)


def test_walking_through_the_picture_is_followed() -> None:
    keeper = following(person(100, -300))
    for i in range(1, 90):
        assert keeper.accept(person(100 + 7 * i, -300), i / 30)


def test_a_jump_to_someone_else_is_refused_until_the_person_is_back() -> None:
    mine, other = person(300, -350, 250, lean_deg=-80), person(420, -300, 300)
    keeper = following(mine)
    for i in range(1, 20):
        assert not keeper.accept(other, i / 30)
    assert keeper.accept(mine, 20 / 30)
    assert keeper.window(0.7) is None


def test_coming_back_elsewhere_after_a_gap_is_refused() -> None:
    keeper = following(person(300, -300))
    assert not keeper.accept(person(560, -300), 1.0)


def test_a_child_in_the_same_place_is_refused() -> None:
    keeper = following(person(300, -300))
    assert not keeper.accept(person(300, -300, height=100), 0.05)


def test_the_window_holds_the_person_and_empties_now_and_then() -> None:
    mine = person(300, -300)
    keeper = following(mine)
    keeper.accept(person(700, -300), 0.1)
    window = keeper.window(0.2)
    assert window is not None
    left, bottom, right, top = window
    assert left < mine[:, 0].min() < mine[:, 0].max() < right
    assert bottom < mine[:, 1].min() < mine[:, 1].max() < top
    empty = keeper.window(0.2 + RESTART_S)
    assert empty is not None
    assert empty[0] == empty[2]
    assert keeper.window(0.25 + RESTART_S) == window


def test_the_known_person_wins_a_second_choice_over_a_larger_one() -> None:
    mine = person(200, -300, 200)
    keeper = following(mine)
    later = PATIENCE_S + 1.0
    keeper.choose([person(400, -300, 400), mine], SIZE, later)
    assert keeper.accept(mine, later)
