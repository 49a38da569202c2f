from __future__ import annotations

import naive
import numpy as np
import pytest
import stick
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.spatial.transform import Rotation

from midback.kinematics import ANGLES
from midback.kinematics.angles import (
    Orientation,
    Start,
    landmark_angles,
    spine_angles,
    squatting_knee_flexion,
)
from midback.kinematics.contour import SpineCurve
from midback.kinematics.skeleton import ANKLES, HIPS, SHOULDERS, Joint
from midback.kinematics.spatial import spatial_angles, world_knee_flexion, world_pitch, world_turn
from midback.vision.pose import Array

FROM_ROTATION_GAUGE = {"trunk_rotation", "pelvic_rotation", "thoracic_rotation"}
FROM_DEPTH = {"shoulder_turn", "trunk_pitch", *spatial_angles(np.zeros((1, 33, 3)))}
RIGHT = Orientation(dorsal=1, horizontal=True)
LEFT = Orientation(dorsal=-1, horizontal=True)


def angles(points: Array, orientation: Orientation = RIGHT) -> dict[str, float]:
    found = landmark_angles(points[None], orientation)
    return {name: float(value[0]) for name, value in found.items()}


def test_every_angle_of_the_registry_is_computed() -> None:
    spine = spine_angles(SpineCurve(*np.zeros((6, 1))))
    found = set(angles(stick.bird_dog_points(stick.BirdDog()))) | set(spine)
    assert found | FROM_ROTATION_GAUGE | FROM_DEPTH == set(ANGLES)
    assert not found & (FROM_ROTATION_GAUGE | FROM_DEPTH)


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
        if ANGLES[name].view == "frontal":
            continue  # the shoulders of a side view lie on one another
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
    assert level["knee_separation"] == pytest.approx(100)
    from_level = Orientation(dorsal=1, horizontal=False, start=Start.of(points[None]))
    points[Joint.RIGHT_SHOULDER, 1] -= 40
    points[Joint.LEFT_KNEE, 0] -= 20
    points[Joint.RIGHT_KNEE, 0] += 20
    bent = angles(points, from_level)
    assert bent["lateral_tilt"] > 5
    assert bent["side_bend"] > 2.5
    assert bent["knee_valgus"] > 5
    assert bent["knee_separation"] == pytest.approx(100 * 80 / 120)
    points[list(SHOULDERS), 0] -= 50  # seen from the front, the person's right is on the left
    assert angles(points, from_level)["lateral_lean"] > 5
    points[Joint.RIGHT_HIP, 1] -= 20
    assert angles(points, from_level)["pelvic_drop"] > 5


def test_raised_shoulders_are_positive() -> None:
    points = np.zeros((33, 3))
    points[list(SHOULDERS), 1], points[[7, 8], 1] = 100.0, 130.0
    low = angles(points)["shoulder_elevation"]
    points[list(SHOULDERS), 1] += 10.0
    assert low == pytest.approx(-30)
    assert angles(points)["shoulder_elevation"] == pytest.approx(-100 * 20 / 110)


@pytest.mark.parametrize("towards", [1, -1])
def test_hips_under_the_line_from_shoulders_to_ankles_sag(towards: int) -> None:
    points = np.zeros((33, 3))
    points[list(SHOULDERS), 0], points[list(ANKLES), 0] = 100.0 * towards, -100.0 * towards
    points[list(HIPS), 1] = -10.0
    assert angles(points)["hip_sag"] == pytest.approx(5)


def test_hips_moved_from_the_start_are_counted_from_it() -> None:
    rest = stick.bird_dog_points(stick.BirdDog())
    moved = rest + [20.0, -10.0, 0.0]
    found = angles(moved, Orientation(1, True, Start.of(rest[None])))
    assert found["hip_shift"] == pytest.approx(100 * 20 / stick.TRUNK)
    assert found["hip_drop"] == pytest.approx(100 * 10 / stick.TRUNK)
    assert angles(moved)["hip_shift"] == 0  # without a start: from the first frame


@pytest.mark.parametrize("degrees", [0, 35, 90, 140])
def test_knee_flexion_of_world_landmarks_does_not_need_the_picture_plane(degrees: float) -> None:
    world = np.zeros((1, 33, 3))
    bend = np.radians(degrees)
    for hip, knee, ankle in ((23, 25, 27), (24, 26, 28)):
        world[0, hip], world[0, knee] = [0.1, 0.4, 0], [0.1, 0, 0]
        world[0, ankle] = [0.1, -0.4 * np.cos(bend), -0.4 * np.sin(bend)]
    assert world_knee_flexion(world)[0] == pytest.approx(degrees, abs=1e-5)


@pytest.mark.parametrize("degrees", [0, 35, 90, 140])
def test_knee_flexion_from_the_front_is_read_from_how_low_the_hips_are(degrees: float) -> None:
    """Thigh and shank of one length fold towards the camera, the ankles stay."""
    standing, squatting = np.zeros((33, 3)), np.zeros((33, 3))
    for hip, shoulder in ((23, 11), (24, 12)):
        standing[hip], standing[shoulder] = [0.0, 80.0, 0.0], [0.0, 130.0, 0.0]
        squatting[hip] = [0.0, 80.0 * np.cos(np.radians(degrees / 2)), 0.0]
    found = squatting_knee_flexion(squatting[None], Start.of(standing[None]))
    assert found[0] == pytest.approx(degrees, abs=1e-5)


@pytest.mark.parametrize("back_view", [False, True])
@given(turn=st.floats(-120, 120), pelvis=st.floats(-60, 60), lean=st.floats(-40, 60))
def test_turns_and_lean_from_depth(
    back_view: bool, turn: float, pelvis: float, lean: float
) -> None:
    """A body leans forward about its level hips and turns about its own long axis."""
    start = np.zeros((33, 3))
    for left, right, height in ((11, 12, 0.5), (23, 24, 0.0)):
        start[left], start[right] = [0.2, height, 0], [-0.2, height, 0]
    moved = start.copy()
    for left, right, by in ((11, 12, turn), (23, 24, pelvis)):
        about = Rotation.from_euler("y", by, degrees=True)
        moved[[left, right]] = about.apply(moved[[left, right]])
    leant = Rotation.from_euler("x", lean, degrees=True)
    facing = Rotation.from_euler("y", 180.0 if back_view else 0.0, degrees=True)
    began = Start.of(facing.apply(start)[None])
    world = facing.apply(leant.apply(moved))[None]
    assert world_turn(world, SHOULDERS, began)[0] == pytest.approx(turn, abs=1e-6)
    assert world_turn(world, HIPS, began)[0] == pytest.approx(pelvis, abs=1e-6)
    level = facing.apply(leant.apply(start))[None]
    assert world_pitch(level)[0] == pytest.approx(lean, abs=1e-6)


@pytest.mark.parametrize("dorsal", [1, -1])
@pytest.mark.parametrize("horizontal", [True, False])
def test_every_angle_is_the_slow_one(dorsal: int, horizontal: bool) -> None:
    """On 300 bodies of random landmarks, of which some are missing."""
    rng = np.random.default_rng(7)
    points = rng.uniform(-500, 500, (300, 33, 3))
    points[rng.random((300, 33)) < 0.05] = np.nan
    start = rng.uniform(-500, 500, (33, 3))
    found = landmark_angles(points, Orientation(dorsal, horizontal, Start.of(start[None])))
    slow = [naive.landmark_angles(body, dorsal, horizontal, start) for body in points]
    assert set(found) == set(slow[0])
    thighs = [(frame["trunk_thigh_left"], frame["trunk_thigh_right"]) for frame in slow]
    possible = ~(np.array(thighs) > 120).any(axis=1)  # no hip extends so far: folded past 180
    for name, every in found.items():
        values = every[possible]
        expected = np.array([frame[name] for frame in slow])[possible]
        np.testing.assert_allclose(values, expected, rtol=1e-9, atol=1e-8, err_msg=name)
        assert np.isfinite(values).sum() > 80, name


def test_trunk_inclination_upright_is_forward_lean_on_both_sides() -> None:
    points = np.zeros((33, 3))
    points[[11, 12], :2] = [50.0, 100.0]
    facing_right = angles(points, Orientation(1, False))["trunk_inclination"]
    points[[11, 12], 0] = -50.0
    facing_left = angles(points, Orientation(-1, False))["trunk_inclination"]
    assert facing_right == pytest.approx(26.565, abs=0.01)
    assert facing_left == pytest.approx(facing_right)
