from __future__ import annotations

from typing import Any

import naive
import numpy as np
import pytest
import stick
from numpy.typing import NDArray
from scipy.spatial.transform import Rotation

from midback.kinematics.back_watch import CLEAR
from midback.kinematics.cropping import CropWatch
from midback.kinematics.gates import Conditions, Lifted, Limbs, gate
from midback.kinematics.measurability import (
    CONTOUR,
    FRONT_VIEW,
    FRONTAL_VIEW,
    NAMES,
    NOBODY,
    OK,
    OTHER_POSTURE,
    OUTLINE,
    POSITION,
    PROXY,
    SIDE_VIEW,
    SMALL,
    UNSETTLED,
    is_cropped,
    reason,
)
from midback.kinematics.registry import ANGLES
from midback.kinematics.skeleton import Joint
from midback.kinematics.view import dorsal_votes, faces_camera, in_position, view_yaw, yaw_error
from midback.vision.pose import Array

INSIDE = STEADY = np.zeros(33, dtype=np.bool_)
VISIBLE, NOUGHT = np.ones(33), np.zeros(len(NAMES))
WIDTHS = 0.70, 0.42
"""Of the shoulder and the hip line, in trunk lengths, as view_yaw takes them [design]."""


def turned_standing(yaw: float) -> Array:
    """A standing body whose shoulder line is turned `yaw` degrees out of the picture plane."""
    points = np.zeros((33, 3))
    cosine = np.cos(np.radians(yaw))
    for joint, half in ((11, 70.0), (23, 42.0)):
        points[joint, 0], points[joint + 1, 0] = half * cosine, -half * cosine
    points[[11, 12], 1] = 200.0
    return points


@pytest.mark.parametrize("yaw", [0, 20, 45, 70, 90])
def test_yaw_of_an_upright_body(yaw: float) -> None:
    assert view_yaw(turned_standing(yaw)[None])[0] == pytest.approx(yaw, abs=1.0)


@pytest.mark.parametrize("yaw", [45, 60, 75, 90])
def test_yaw_of_a_horizontal_body_takes_its_shortened_trunk_into_account(yaw: float) -> None:
    points = np.zeros((33, 3))
    sine, cosine = np.sin(np.radians(yaw)), np.cos(np.radians(yaw))
    for joint, half, at in ((11, 70.0, 200.0), (23, 42.0, 0.0)):
        points[joint, 0] = at * sine + half * cosine
        points[joint + 1, 0] = at * sine - half * cosine
        points[joint, 1], points[joint + 1, 1] = 15.0, -15.0  # a raised camera is not a turned one
    assert view_yaw(points[None])[0] == pytest.approx(yaw, abs=2.0)


def test_yaw_is_the_turn_of_a_body_of_population_widths() -> None:
    """Any trunk, inclined in the plane across its two lines, turned by scipy's Rotation."""
    rng = np.random.default_rng(8)
    yaws, points = rng.uniform(0, 90, 300), np.zeros((300, 33, 3))
    for body, yaw in zip(points, yaws, strict=True):
        lean, length = rng.uniform(-180, 180), rng.uniform(100, 400)
        trunk = length * np.array([0.0, np.cos(np.radians(lean)), np.sin(np.radians(lean))])
        for joint, width, at in ((11, WIDTHS[0], trunk), (23, WIDTHS[1], np.zeros(3))):
            half = np.array([width * length / 2, rng.uniform(-20, 20), 0.0])
            body[joint], body[joint + 1] = at + half, at - half
        body[:] = Rotation.from_euler("y", yaw, degrees=True).apply(body) + rng.uniform(-9, 9, 3)
    np.testing.assert_allclose(view_yaw(points), yaws, atol=1e-5)


def test_yaw_of_any_body_is_the_forward_model_inverted_by_bisection() -> None:
    points = np.random.default_rng(9).uniform(-200, 200, (300, 33, 3))
    slow = [naive.view_yaw(body, sum(WIDTHS)) for body in points]
    np.testing.assert_allclose(view_yaw(points), slow, atol=1e-6)


@pytest.mark.parametrize("roll", range(0, 360, 30))
def test_the_front_is_the_front_in_whatever_posture(roll: float) -> None:
    turn = Rotation.from_euler("z", roll, degrees=True)
    for yaw, front in ((20.0, 1.0), (160.0, -1.0)):
        assert faces_camera(turn.apply(turned_standing(yaw))[None])[0] == front


def test_the_back_is_up_on_all_fours_whichever_way_the_head_points() -> None:
    points = stick.bird_dog_points(stick.BirdDog())
    assert dorsal_votes(points[None], points[None], "all_fours")[0] > 0
    other = stick.mirror(points, 1280.0)
    assert dorsal_votes(other[None], other[None], "all_fours")[0] < 0


def test_standing_up_is_not_the_position_of_an_exercise_on_all_fours() -> None:
    points = stick.bird_dog_points(stick.BirdDog())[None]
    assert in_position(points, np.array([5.0]), "all_fours")[0]
    assert not in_position(points, np.array([-88.0]), "all_fours")[0]
    flat = points.copy()
    flat[:, 25:29, 1] = flat[:, 23:24, 1]
    assert not in_position(flat, np.array([0.0]), "all_fours")[0]


def seen_from(yaw: float, **change: Any) -> Conditions:
    """One row, seen under a yaw that has not changed since the start."""
    now: dict[str, Any] = {"yaw": yaw, "start_yaw": yaw, "moved": False, "in_position": True}
    now |= {"outline": True, "back": CLEAR} | change
    posture, limbs = now.pop("posture", "standing"), now.pop("lifted", ())
    rows = {name: np.array([value]) for name, value in now.items()}
    lifted = Lifted(arm=np.array(["arm" in limbs]), leg=np.array(["leg" in limbs]))
    return Conditions(posture=posture, lifted=lifted, **rows)


def codes(
    points: Array,
    now: Conditions,
    *,
    visibility: Array = VISIBLE,
    values: Array = NOUGHT,
    outside: NDArray[np.bool_] = INSIDE,
    unsteady: NDArray[np.bool_] = STEADY,
) -> dict[str, int]:
    limbs = Limbs(visibility[None], outside[None], unsteady[None])
    found = gate(points[None], values[None], limbs, now)
    return dict(zip(NAMES, found[0].tolist(), strict=True))


def test_every_wrong_view_has_a_reason_and_never_a_number() -> None:
    points = stick.bird_dog_points(stick.BirdDog())
    side, front, oblique = (codes(points, seen_from(yaw)) for yaw in (88.0, 5.0, 45.0))
    assert side["thoracic_extension"] == OK
    assert side["lateral_tilt"] == FRONTAL_VIEW
    assert side["side_bend"] == FRONTAL_VIEW
    assert side["trunk_rotation"] == FRONT_VIEW
    assert front["thoracic_extension"] == SIDE_VIEW
    assert front["trunk_rotation"] == OK
    assert front["thoracic_rotation"] == front["pelvic_rotation"] == PROXY
    assert oblique["lumbar_arch"] == SIDE_VIEW
    assert oblique["thoracic_rotation"] == FRONT_VIEW
    for name, code in oblique.items():
        if code not in (OK, PROXY):
            assert len(reason(code, ANGLES[name], 45.0)) > 20


def test_turned_shoulders_stay_measured_when_the_start_was_frontal() -> None:
    points = stick.bird_dog_points(stick.BirdDog())
    turned = codes(points, seen_from(60.0, start_yaw=5.0))
    assert turned["trunk_rotation"] == OK
    assert turned["side_bend"] == FRONTAL_VIEW
    straightened = codes(points, seen_from(5.0, start_yaw=60.0))
    assert straightened["trunk_rotation"] == FRONT_VIEW


def test_before_the_start_is_settled_there_is_no_rotation_and_the_reason_is_told() -> None:
    points = stick.bird_dog_points(stick.BirdDog())
    found = codes(points, seen_from(5.0, start_yaw=np.nan))
    for name in ("trunk_rotation", "pelvic_rotation", "thoracic_rotation"):
        assert found[name] == UNSETTLED
        assert "keep still" in reason(found[name], ANGLES[name], 5.0)
    assert found["side_bend"] == OK


def test_landmarks_without_a_picture_have_no_edge_of_the_back() -> None:
    points = stick.bird_dog_points(stick.BirdDog())
    contour = [name for name, spec in ANGLES.items() if spec.contour]
    values = np.array([np.nan if name in contour else 0.0 for name in NAMES])
    with_mask = codes(points, seen_from(88.0), values=values)
    without = codes(points, seen_from(88.0, outline=False), values=values)
    for name in contour:
        assert (with_mask[name], without[name]) == (CONTOUR, OUTLINE)
        assert "without a picture" in reason(without[name], ANGLES[name], 88.0)


def test_other_refusals() -> None:
    points, side = stick.bird_dog_points(stick.BirdDog()), seen_from(88.0)
    assert set(codes(np.full((33, 3), np.nan), side).values()) == {NOBODY}
    assert set(codes(points / 10, side).values()) == {SMALL}
    assert set(codes(points, seen_from(88.0, in_position=False)).values()) == {POSITION}
    assert codes(points, seen_from(88.0, lifted=("leg",)))["lumbar_arch"] == PROXY
    assert codes(points, seen_from(88.0, lifted=("arm",)))["thoracic_extension"] == CONTOUR
    hidden = np.ones(33)
    hidden[Joint.LEFT_KNEE] = 0.1
    found = codes(points, side, visibility=hidden)
    assert "left knee" in reason(found["trunk_thigh_left"], ANGLES["trunk_thigh_left"], 88.0)
    assert found["diagonal_lift"] == OK  # the other knee stands in for it
    assert found["trunk_thigh_right"] == OK


def test_a_limb_outside_the_picture_is_named() -> None:
    points = stick.bird_dog_points(stick.BirdDog())
    outside = INSIDE.copy()
    outside[Joint.RIGHT_WRIST] = True
    found = codes(points, seen_from(88.0), outside=outside)["arm_elevation_right"]
    assert is_cropped(np.array([found], dtype=np.uint8))[0]
    assert "right wrist leaves the picture" in reason(found, ANGLES["head"], 88.0)


def test_a_limb_of_the_wrong_length_is_named_unless_the_other_side_stands_in() -> None:
    points, unsteady = stick.bird_dog_points(stick.BirdDog()), STEADY.copy()
    unsteady[Joint.LEFT_ELBOW] = True
    found = codes(points, seen_from(88.0), unsteady=unsteady)
    spec = ANGLES["arm_elevation_left"]
    assert "left elbow is not tracked" in reason(found["arm_elevation_left"], spec, 88.0)
    assert found["elbow_flexion"] == found["arm_elevation_right"] == OK


def test_a_hand_that_the_network_draws_just_inside_the_edge_counts_as_outside() -> None:
    watch = CropWatch((720, 720))
    points = stick.bird_dog_points(stick.BirdDog())
    points[:, 0] -= 100
    for _ in range(20):
        assert not watch.update(points[None]).any()
    points[Joint.LEFT_ELBOW, 0], points[Joint.LEFT_WRIST, 0] = 650, 690
    points[Joint.LEFT_WRIST, 1] = points[Joint.LEFT_ELBOW, 1]
    outside = watch.update(points[None])[0]
    assert outside[Joint.LEFT_WRIST]
    assert outside.sum() == 1


def test_an_angle_that_means_nothing_in_a_posture_has_no_number_there() -> None:
    points = stick.bird_dog_points(stick.BirdDog())
    seated = codes(points, seen_from(5.0, posture="seated"))
    crawling = codes(points, seen_from(88.0, posture="all_fours"))
    assert seated["knee_valgus"] == seated["hip_sag"] == OTHER_POSTURE
    assert crawling["hip_sag"] == crawling["trunk_rotation"] == OTHER_POSTURE
    assert codes(points, seen_from(88.0, posture="plank"))["hip_sag"] == OK
    assert "in a plank" in reason(OTHER_POSTURE, ANGLES["hip_sag"], 88.0)
    assert "standing or sitting" in reason(OTHER_POSTURE, ANGLES["trunk_rotation"], 5.0)


@pytest.mark.parametrize("facing", [1.0, -1.0])
def test_a_side_plank_seen_from_the_front_is_square_for_its_sag(facing: float) -> None:
    points = np.zeros((33, 3))
    points[11, :2], points[12, :2] = (200.0, 60.0 * facing), (200.0, -60.0 * facing)
    points[23, 1], points[24, 1] = 40.0 * facing, -40.0 * facing
    assert view_yaw(points[None])[0] > 85


def test_the_error_of_the_yaw_is_the_reach_of_a_body_that_is_wider_or_narrower() -> None:
    yaw = np.linspace(0, 90, 91)
    found = yaw_error(yaw)
    for degrees, error in zip(yaw, found, strict=True):
        cosine = np.cos(np.radians(degrees))
        spread = np.sqrt((0.1 * cosine) ** 2 + 0.1**2)
        ends = [np.degrees(np.arccos(min(cosine + sign * spread, 1.0))) for sign in (-1, 1)]
        assert error == pytest.approx((ends[0] - ends[1]) / 2)
    assert found[90] == pytest.approx(5.7, abs=0.1)
    assert found[10] > 2 * found[90]
