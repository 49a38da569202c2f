from __future__ import annotations

import numpy as np
import pytest
import stick

from midback.kinematics.cropping import CropWatch
from midback.kinematics.measurability import (
    CONTOUR,
    FRONTAL_VIEW,
    NAMES,
    NOBODY,
    OK,
    POSITION,
    PROXY,
    SIDE_VIEW,
    SMALL,
    Lifted,
    gate,
    is_cropped,
    reason,
)
from midback.kinematics.registry import ANGLES
from midback.kinematics.skeleton import Joint
from midback.kinematics.view import dorsal_votes, in_position, view_yaw
from midback.vision.pose import Array

INSIDE = np.zeros(33, dtype=np.bool_)


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


def codes(points: Array, yaw: float, **change: object) -> dict[str, int]:
    values = {
        "visibility": np.ones(33),
        "values": np.zeros(len(NAMES)),
        "outside": INSIDE,
        "in_position": True,
        "lifted": Lifted(),
    } | change
    found = gate(points, values.pop("visibility"), yaw, *values.values())  # type: ignore[arg-type]
    return dict(zip(NAMES, found.tolist(), strict=True))


def test_every_wrong_view_has_a_reason_and_never_a_number() -> None:
    points = stick.bird_dog_points(stick.BirdDog())
    side, front, oblique = (codes(points, yaw) for yaw in (88.0, 5.0, 45.0))
    assert side["thoracic_extension"] == OK
    assert side["lateral_tilt"] == FRONTAL_VIEW
    assert front["thoracic_extension"] == SIDE_VIEW
    assert front["thoracic_rotation"] == PROXY
    assert oblique["lumbar_arch"] == SIDE_VIEW
    assert oblique["thoracic_rotation"] == FRONTAL_VIEW
    for name, code in oblique.items():
        if code not in (OK, PROXY):
            assert len(reason(code, ANGLES[name], 45.0)) > 20


def test_other_refusals() -> None:
    points = stick.bird_dog_points(stick.BirdDog())
    assert set(codes(np.full((33, 3), np.nan), 88.0).values()) == {NOBODY}
    assert set(codes(points / 10, 88.0).values()) == {SMALL}
    assert set(codes(points, 88.0, in_position=False).values()) == {POSITION}
    assert codes(points, 88.0, lifted=Lifted(leg=True))["lumbar_arch"] == PROXY
    assert codes(points, 88.0, lifted=Lifted(arm=True))["thoracic_extension"] == CONTOUR
    hidden = np.ones(33)
    hidden[Joint.LEFT_KNEE] = 0.1
    found = codes(points, 88.0, visibility=hidden)
    assert "left knee" in reason(found["trunk_thigh_left"], ANGLES["trunk_thigh_left"], 88.0)
    assert found["diagonal_lift"] == OK  # the other knee stands in for it
    assert found["trunk_thigh_right"] == OK


def test_a_limb_outside_the_picture_is_named() -> None:
    points = stick.bird_dog_points(stick.BirdDog())
    outside = INSIDE.copy()
    outside[Joint.RIGHT_WRIST] = True
    found = codes(points, 88.0, outside=outside)["arm_elevation_right"]
    assert is_cropped(np.array([found], dtype=np.uint8))[0]
    assert "right wrist leaves the picture" in reason(found, ANGLES["head"], 88.0)


def test_a_hand_that_the_network_draws_just_inside_the_edge_counts_as_outside() -> None:
    watch = CropWatch((720, 720))
    points = stick.bird_dog_points(stick.BirdDog())
    points[:, 0] -= 100
    for _ in range(20):
        assert not watch.update(points).any()
    points[Joint.LEFT_ELBOW, 0], points[Joint.LEFT_WRIST, 0] = 650, 690
    points[Joint.LEFT_WRIST, 1] = points[Joint.LEFT_ELBOW, 1]
    outside = watch.update(points)
    assert outside[Joint.LEFT_WRIST]
    assert outside.sum() == 1
