from __future__ import annotations

import numpy as np
import pytest
import stick
from hypothesis import given, settings
from hypothesis import strategies as st

from midback.kinematics import ANGLES
from midback.kinematics.angles import Orientation, Spine, landmark_angles, spine_angles
from midback.kinematics.skeleton import Joint
from midback.vision.pose import Array

RIGHT = Orientation(dorsal=1, horizontal=True)
LEFT = Orientation(dorsal=-1, horizontal=True)


def angles(points: Array, orientation: Orientation = RIGHT) -> dict[str, float]:
    found = landmark_angles(points[None], points[None] / 400.0, orientation)
    return {name: float(value[0]) for name, value in found.items()}


def test_every_angle_of_the_registry_is_computed() -> None:
    spine = spine_angles(Spine(*np.zeros((4, 1))))
    assert set(angles(stick.bird_dog_points(stick.BirdDog()))) | set(spine) == set(ANGLES)


def test_bird_dog_at_rest_and_lifted() -> None:
    rest = angles(stick.bird_dog_points(stick.BirdDog()))
    assert rest["trunk_inclination"] == pytest.approx(0)
    assert rest["trunk_thigh_left"] == pytest.approx(-90)
    assert rest["arm_elevation_right"] == pytest.approx(90)
    assert rest["diagonal_lift"] == pytest.approx(0)
    up = angles(stick.bird_dog_points(stick.BirdDog(lift=1.0, left_arm=True)))
    assert up["arm_elevation_left"] == pytest.approx(180)
    assert up["arm_elevation_right"] == pytest.approx(90)
    assert up["trunk_thigh_right"] == pytest.approx(0)
    assert up["diagonal_lift"] == pytest.approx(180)


def test_a_thigh_above_the_trunk_line_is_positive() -> None:
    points = stick.bird_dog_points(stick.BirdDog(lift=1.1))
    assert angles(points)["trunk_thigh_right"] == pytest.approx(9, abs=0.1)


def test_a_lifted_chest_is_positive_and_a_tipped_back_head_too() -> None:
    points = stick.bird_dog_points(stick.BirdDog())
    level = angles(points)
    points[[11, 12], 1] += 20
    points[:11, 1] += 60
    lifted = angles(points)
    assert lifted["trunk_lift"] > level["trunk_lift"]
    assert lifted["head"] > level["head"]


@settings(max_examples=40, deadline=None)
@given(lift=st.floats(0, 1.1), left=st.booleans(), scale=st.floats(0.3, 3.0))
def test_mirrored_or_scaled_pictures_give_the_same_angles(
    lift: float, left: bool, scale: float
) -> None:
    points = stick.bird_dog_points(stick.BirdDog(lift=lift, left_arm=left))
    one, other = angles(points), angles(stick.mirror(points, 1280.0) * scale, LEFT)
    swap = {"left": "right", "right": "left"}
    for name, value in one.items():
        if name in ("hip_shift", "hip_drop", "thoracic_rotation", "lateral_tilt", "knee_valgus"):
            continue  # positions in the picture, and frontal angles of a side view
        side = name.rsplit("_", 1)[-1]
        twin = name.removesuffix(side) + swap[side] if side in swap else name
        assert other[twin] == pytest.approx(value, abs=1e-6), name


def test_frontal_angles_have_the_declared_signs() -> None:
    points = np.zeros((33, 3))
    pairs = {11: (100, 500), 23: (60, 300), 25: (60, 150), 27: (60, 0), 7: (20, 560)}
    for left, (x, y) in pairs.items():
        points[left], points[left + 1] = [x, y, 0], [-x, y, 0]  # facing: left is image-right
    upright = Orientation(dorsal=1, horizontal=False)
    level = angles(points, upright)
    assert level["lateral_tilt"] == pytest.approx(0)
    assert level["knee_valgus"] == pytest.approx(0)
    points[Joint.RIGHT_SHOULDER, 1] -= 40
    points[Joint.LEFT_KNEE, 0] -= 20
    points[Joint.RIGHT_KNEE, 0] += 20
    bent = angles(points, upright)
    assert bent["lateral_tilt"] > 5
    assert bent["knee_valgus"] > 5


@pytest.mark.parametrize("degrees", [-60, -20, 0, 35, 80])
def test_girdle_rotation_of_world_landmarks(degrees: float) -> None:
    world = np.zeros((1, 33, 3))
    turn = np.radians(degrees)  # left shoulder backwards, away from the camera: to the left
    world[0, 11] = [0.2 * np.cos(turn), 0.5, -0.2 * np.sin(turn)]
    world[0, 12] = -world[0, 11] * [1, -1, 1]
    world[0, 23], world[0, 24] = [0.1, 0, 0], [-0.1, 0, 0]
    found = landmark_angles(world, world, Orientation(1, False))["thoracic_rotation"][0]
    assert found == pytest.approx(degrees, abs=1e-6)


def test_trunk_inclination_upright_is_forward_lean_on_both_sides() -> None:
    points = np.zeros((33, 3))
    points[[11, 12], :2] = [50.0, 100.0]
    facing_right = angles(points, Orientation(1, False))["trunk_inclination"]
    points[[11, 12], 0] = -50.0
    facing_left = angles(points, Orientation(-1, False))["trunk_inclination"]
    assert facing_right == pytest.approx(26.565, abs=0.01)
    assert facing_left == pytest.approx(facing_right)
