"""Kneeling, lying on the back, on one side: the postures of the newer exercises."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from stick import mirror

from midback.exercises import find, names
from midback.kinematics.angles import Start, landmark_angles
from midback.kinematics.measurability import OTHER_POSTURE, reason
from midback.kinematics.registry import ANGLES
from midback.kinematics.view import (
    Posture,
    dorsal_votes,
    hands_overhead,
    in_position,
    in_start,
    orientation_of,
    view_yaw,
)
from midback.phantom.sets.movements import MOVEMENTS, Movement
from midback.phantom.sets.true_angles import landmarks, true_angles
from midback.phantom.skeleton import Side, forward
from midback.phantom.varied import varied
from midback.vision.pose import Array

BODY = varied(12)
FROM_THE_SIDE = [name for name, movement in MOVEMENTS.items() if not movement.heading]


def points(movement: Movement, share: float, *, mirrored: bool = False) -> Array:
    """(1, 33, 3): a share of the way to the top of a repetition, seen exactly from the side."""
    values = {name: share * value for name, value in movement.top.items()}
    side: Side | None = "left" if movement.alternate else None
    found = 500.0 * landmarks(BODY, forward(BODY, movement.pose(BODY, values, side)))
    found += [600.0, -700.0, 0.0]
    return (mirror(found, 1280.0) if mirrored else found)[None]


@pytest.mark.parametrize("name", FROM_THE_SIDE)
@pytest.mark.parametrize("mirrored", [False, True])
def test_every_movement_stays_in_the_position_of_its_exercise(name: str, mirrored: bool) -> None:
    movement = MOVEMENTS[name]
    posture = find(movement.exercise).posture
    for share in (0.7, 1.0) if movement.hold else (0.0, 0.3, 0.7, 1.0):
        seen = points(movement, share, mirrored=mirrored)
        voted = float(dorsal_votes(seen, seen, posture)[0])
        dorsal = -1 if mirrored else 1
        if posture not in ("standing", "seated", "kneeling"):
            assert np.sign(voted) == dorsal
        found = landmark_angles(seen, orientation_of(posture, dorsal, None))
        assert in_position(seen, found["trunk_inclination"], posture)[0]
        assert view_yaw(seen)[0] > 60


@pytest.mark.parametrize("name", FROM_THE_SIDE)
@pytest.mark.parametrize("mirrored", [False, True])
def test_the_primary_signal_moves_by_about_what_the_file_says(name: str, mirrored: bool) -> None:
    movement = MOVEMENTS[name]
    exercise = find(movement.exercise)
    primary = exercise.primary
    if ANGLES[primary.angle].contour:
        return
    rest = points(movement, 0.0, mirrored=mirrored)
    start, dorsal = Start.of(rest), -1 if mirrored else 1
    low, high = (
        float(
            landmark_angles(seen, orientation_of(exercise.posture, dorsal, start))[primary.angle][0]
        )
        for seen in (rest, points(movement, 1.0, mirrored=mirrored))
    )
    moved = high - low if primary.direction == "increase" else low - high
    assert primary.min_rom < moved < 2.2 * primary.typical_rom


@pytest.mark.parametrize("mirrored", [False, True])
def test_a_bridge_counts_from_lying_flat(mirrored: bool) -> None:
    movement, dorsal = MOVEMENTS["segmental_bridge"], -1 if mirrored else 1
    flat, high = (points(movement, share, mirrored=mirrored) for share in (0.0, 1.0))
    on_back = orientation_of("supine", dorsal, Start.of(flat))
    lying, lifted = (landmark_angles(seen, on_back) for seen in (flat, high))
    assert lying["trunk_inclination"] == pytest.approx(0.0, abs=12.0)
    assert lifted["trunk_inclination"] < lying["trunk_inclination"] - 15.0
    assert lifted["trunk_thigh"] == pytest.approx(0.0, abs=15.0)
    assert lying["trunk_thigh"] < -25.0


@pytest.mark.parametrize(
    ("posture", "movement"),
    [("supine", "prone_extension"), ("supine", "bird_dog"), ("all_fours", "segmental_bridge")],
)
def test_another_posture_is_not_the_exercises(posture: Posture, movement: str) -> None:
    seen = points(MOVEMENTS[movement], 0.0)
    lean = landmark_angles(seen, orientation_of(posture, 1, None))["trunk_inclination"]
    assert not in_position(seen, lean, posture)[0]


@pytest.mark.parametrize("lift", [0.0, 10.0, 25.0, 40.0])
def test_a_leg_lifts_by_the_degrees_it_is_lifted(lift: float) -> None:
    movement = MOVEMENTS["side_lying_leg_lift"]
    exercise = find("side_lying_leg_lift")
    rest, up = (forward(BODY, movement.pose(BODY, {"lift": v}, None)) for v in (0.0, lift))
    lifted, before = (true_angles(exercise, BODY, now, rest, 0.0)["leg_lift"] for now in (up, rest))
    assert lifted - before == pytest.approx(lift, abs=1.0)
    assert abs(before) < 6


def test_a_hand_straight_up_is_an_arm_above_the_back_and_on_the_floor_one_below() -> None:
    seen = np.zeros((1, 33, 3))
    seen[0, [11, 12], 0], seen[0, [13, 14, 15, 16], 0] = 100.0, 100.0
    seen[0, [15, 16], 1] = -110.0
    on_hands = orientation_of("all_fours", 1, None)
    assert landmark_angles(seen, on_hands)["hand_rise"] == pytest.approx(-110.0)
    seen[0, 16, 1] = 90.0
    assert landmark_angles(seen, on_hands)["hand_rise"] == pytest.approx(90.0)
    turned = replace(on_hands, dorsal=-1)
    assert landmark_angles(seen, turned)["hand_rise"] == pytest.approx(110.0)


def test_hands_are_overhead_only_both_and_high() -> None:
    low, high = (points(MOVEMENTS["wall_slide"], share) for share in (0.0, 1.0))
    assert not hands_overhead(low)[0]
    assert hands_overhead(high)[0]
    one = high.copy()
    one[0, 15] = low[0, 23]
    assert not hands_overhead(one)[0]


def test_an_angle_of_one_posture_says_which() -> None:
    assert "lying on one side" in reason(OTHER_POSTURE, ANGLES["leg_lift"], 88.0)
    assert "on all fours" in reason(OTHER_POSTURE, ANGLES["hand_rise"], 88.0)
    assert "lying on the back" in reason(OTHER_POSTURE, ANGLES["trunk_thigh"], 88.0)


def test_every_posture_of_a_file_is_one_of_these() -> None:
    assert {find(name).posture for name in names()} >= {"kneeling", "supine", "side_lying"}


def test_a_plank_begins_on_straight_arms_and_lying_flat_is_none() -> None:
    push_up, prone = MOVEMENTS["push_up"], MOVEMENTS["prone_extension"]
    level = np.zeros(1)
    high, low, flat = points(push_up, 0.0), points(push_up, 1.0), points(prone, 0.0)
    held = [in_position(seen, level, "plank") for seen in (high, low, flat)]
    assert [bool(one[0]) for one in held] == [True, True, True]
    assert in_start(high, held[0], "plank")[0]
    assert not in_start(flat, held[2], "plank")[0]


def test_who_kneels_does_not_stand() -> None:
    kneeling, standing = (
        points(MOVEMENTS[name], 0.0) for name in ("kneeling_thoracic_extension", "squat")
    )
    upright = np.zeros(1)
    assert not in_position(kneeling, upright, "standing")[0]
    assert in_position(standing, upright, "standing")[0]
    no_feet = kneeling.copy()
    no_feet[:, 27:29] = np.nan
    assert in_position(no_feet, upright, "standing")[0]
    assert not in_position(points(MOVEMENTS["bird_dog"], 0.0), upright, "plank")[0]


@pytest.mark.parametrize(
    ("posture", "own"),
    [("kneeling", "kneeling_thoracic_extension"), ("seated", "seated_thoracic_extension")],
)
def test_who_stands_neither_kneels_nor_sits(posture: Posture, own: str) -> None:
    upright, standing = np.zeros(1), points(MOVEMENTS["squat"], 0.0)
    assert in_position(points(MOVEMENTS[own], 0.0), upright, posture)[0]
    assert not in_position(standing, upright, posture)[0]
    no_legs = standing.copy()
    no_legs[:, 25:29] = np.nan
    assert in_position(no_legs, upright, posture)[0]
