"""Angles in space on bodies made of straight lines."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.spatial.transform import Rotation

from midback.kinematics.skeleton import ANKLES, ELBOWS, HIPS, KNEES, SHOULDERS, WRISTS
from midback.kinematics.spatial import spatial_angles, world_elbow_flexion
from midback.vision.pose import Array

DOWN = np.array([0.0, -1.0, 0.0])


def standing(arms: tuple[float, float], knees: tuple[float, float], elbow: float = 0.0) -> Array:
    """(1, 33, 3) metres, facing the camera. Degrees: arms forward from hanging, knee bends."""
    body = np.zeros((33, 3))
    for side, x in ((0, 1.0), (1, -1.0)):
        body[HIPS[side]] = [0.1 * x, 0, 0]
        body[SHOULDERS[side]] = [0.2 * x, 0.5, 0]
        forward = Rotation.from_euler("x", -arms[side], degrees=True)
        bent = Rotation.from_euler("x", -arms[side] - elbow, degrees=True)
        body[ELBOWS[side]] = body[SHOULDERS[side]] + 0.3 * forward.apply(DOWN)
        body[WRISTS[side]] = body[ELBOWS[side]] + 0.3 * bent.apply(DOWN)
        thigh = Rotation.from_euler("x", -knees[side], degrees=True)
        body[KNEES[side]] = body[HIPS[side]] + 0.4 * thigh.apply(DOWN)
        body[ANKLES[side]] = body[KNEES[side]] + 0.4 * DOWN
    return body[None]


@given(st.floats(0, 180), st.floats(0, 180), st.floats(0, 90), st.floats(0, 90))
def test_arms_and_knees_are_read_towards_the_camera(
    left: float, right: float, left_knee: float, right_knee: float
) -> None:
    found = spatial_angles(standing((left, right), (left_knee, right_knee)))
    assert found["reach_left"][0] == pytest.approx(left, abs=1e-4)
    assert found["reach_right"][0] == pytest.approx(right, abs=1e-4)
    assert found["reach_lower"][0] == pytest.approx(min(left, right), abs=1e-4)
    assert found["reach_highest"][0] == pytest.approx(max(left, right), abs=1e-4)
    assert found["reach_difference"][0] == pytest.approx(left - right, abs=1e-4)
    assert found["knee_difference"][0] == pytest.approx(left_knee - right_knee, abs=1e-4)


@given(st.floats(0, 150))
def test_the_elbow_bends_in_space(degrees: float) -> None:
    found = world_elbow_flexion(standing((90, 90), (0, 0), degrees))
    assert found[0] == pytest.approx(degrees, abs=1e-4)


@given(st.floats(-180, 180), st.floats(-60, 60))
def test_turning_the_whole_body_changes_nothing(yaw: float, roll: float) -> None:
    body = standing((100, 70), (30, 10), 20)
    turned = Rotation.from_euler("yz", [yaw, roll], degrees=True).apply(body[0])[None]
    plain, other = spatial_angles(body), spatial_angles(turned)
    for name, value in plain.items():
        assert other[name] == pytest.approx(value, abs=1e-4)


def test_what_is_not_seen_is_not_a_number() -> None:
    body = standing((90, 90), (0, 0))
    body[0, WRISTS[0]] = np.nan
    found = spatial_angles(body)
    assert np.isnan(found["reach_left"][0])
    assert np.isfinite(found["reach_right"][0])
