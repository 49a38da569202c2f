from __future__ import annotations

import naive
import numpy as np
import pytest
import stick

from midback.kinematics.contour import (
    SpineCurve,
    Trunk,
    arm_overlap,
    back,
    spine_curve,
)
from midback.kinematics.hollow import gap_under_straight_edge
from midback.kinematics.two_arcs import fit_two_arcs, on_chord
from midback.vision.pose import RAYS, Array

HIPS, SHOULDERS = np.array([[0.0, 0.0]]), np.array([[stick.TRUNK, 0.0]])
FAR = np.array([[1e6, 1e6]])
NO_ARMS = np.full((1, 2, 3, 2), 1e6)


def fit(distances: Array, arms: Array = NO_ARMS) -> SpineCurve:
    return spine_curve(Trunk(HIPS, SHOULDERS, FAR, arms), distances[None], 1)


@pytest.mark.parametrize("kyphosis", [0.0, 20.0, 45.0])
@pytest.mark.parametrize("lordosis", [-15.0, 0.0, 30.0])
def test_the_two_arcs_are_found_again(kyphosis: float, lordosis: float) -> None:
    curve, weight = back(
        Trunk(HIPS, SHOULDERS, FAR, NO_ARMS), stick.two_arc_distances(kyphosis, lordosis)[None], 1
    )
    thorax, low_back = fit_two_arcs(*on_chord(curve, 1), weight.T)
    assert thorax[0] == pytest.approx(kyphosis, abs=3.0)
    assert low_back[0] == pytest.approx(lordosis, abs=3.0)


def test_a_rounder_thorax_is_no_flatter_low_back() -> None:
    before, after = fit(stick.two_arc_distances(30, 20)), fit(stick.two_arc_distances(40, 20))
    # the readings make up for the network's mask, which rounds a back off; this edge is exact
    assert after.kyphosis[0] - before.kyphosis[0] == pytest.approx(12, abs=2.0)
    assert abs(after.lordosis[0] - before.lordosis[0]) < 1.5
    assert abs(after.dispute[0] - before.dispute[0]) < 3.0


def test_an_arched_low_back_is_not_an_extended_thorax() -> None:
    before, after = fit(stick.two_arc_distances(30, 20)), fit(stick.two_arc_distances(30, 30))
    assert abs(after.kyphosis[0] - before.kyphosis[0]) < 2.0
    assert after.lordosis[0] - before.lordosis[0] == pytest.approx(10, abs=2.5)
    assert after.sag[0] > before.sag[0]


def test_the_curve_is_the_same_on_the_other_side_of_a_mirrored_picture() -> None:
    distances = stick.two_arc_distances(35, 25)
    trunk = Trunk(-HIPS, -SHOULDERS * [1, -1], FAR, NO_ARMS)
    mirrored = spine_curve(trunk, distances[None], -1)
    assert mirrored.kyphosis[0] == pytest.approx(fit(distances).kyphosis[0], abs=1e-6)


def test_a_turned_trunk_line_changes_nothing() -> None:
    distances, turn = stick.two_arc_distances(35, 25), np.radians(70)
    shoulders = stick.TRUNK * np.array([[np.cos(turn), np.sin(turn)]])
    turned = spine_curve(Trunk(HIPS, shoulders, FAR, NO_ARMS), distances[None], 1)
    assert turned.lordosis[0] == pytest.approx(fit(distances).lordosis[0], abs=1e-6)


def test_a_hidden_neck_costs_the_thoracic_angle_and_leaves_the_lumbar_one() -> None:
    distances = stick.two_arc_distances(30, 20)
    distances[66:] = np.nan
    curve = fit(distances)
    assert np.isnan(curve.kyphosis[0])
    assert curve.lordosis[0] == pytest.approx(
        fit(stick.two_arc_distances(30, 20)).lordosis[0], abs=3
    )


def test_the_straight_edge_finds_the_hollow_and_a_round_back_has_none() -> None:
    shallow, deep = (fit(stick.two_arc_distances(30, x)).sag[0] for x in (20, 30))
    assert deep - shallow == pytest.approx(1.9, abs=0.3)
    assert fit(stick.two_arc_distances(40, -30)).sag[0] < 0.3


def test_missing_edge_up_to_a_quarter_is_tolerated_and_more_is_refused() -> None:
    distances = stick.two_arc_distances(30, 20)
    few, many = distances.copy(), distances.copy()
    few[50:56] = np.nan
    many[20:70] = np.nan
    assert fit(few).kyphosis[0] == pytest.approx(fit(distances).kyphosis[0], abs=4)
    assert np.isnan(fit(many).kyphosis[0])


def test_the_back_of_the_head_is_not_the_back() -> None:
    distances = stick.two_arc_distances(30, 20)
    raised = distances.copy()
    raised[80:] += 60.0
    ears = np.array([[stick.TRUNK * 1.25, 100.0]])
    trunk = Trunk(HIPS, SHOULDERS, ears, NO_ARMS)
    found = spine_curve(trunk, raised[None], 1).kyphosis[0]
    assert found == pytest.approx(fit(distances).kyphosis[0], abs=6)


def test_an_arm_along_the_back_is_refused() -> None:
    along = np.array([[[40.0, 45.0], [100.0, 45.0], [180.0, 45.0]], [[1e6] * 2] * 3])
    assert np.isnan(fit(stick.two_arc_distances(30, 20), along[None]).kyphosis[0])


def test_half_a_pixel_of_noise_costs_a_few_degrees_at_most() -> None:
    rng, clean = np.random.default_rng(3), stick.two_arc_distances(30, 20)
    fits = [fit(clean + rng.normal(0, 0.5, len(clean))).kyphosis[0] for _ in range(50)]
    assert np.std(fits) < 3.0


def test_arm_overlap_is_the_slow_one() -> None:
    rng = np.random.default_rng(5)
    contour = rng.uniform(0, 300, (200, RAYS, 2))
    contour[rng.random((200, RAYS)) < 0.1] = np.nan
    arms, trunk = rng.uniform(0, 300, (200, 2, 3, 2)), rng.uniform(50, 250, 200)
    arms[rng.random((200, 2)) < 0.2] = np.nan
    found = arm_overlap(contour, arms, trunk)
    slow = [naive.arm_overlap(*frame) for frame in zip(contour, arms, trunk, strict=True)]
    assert found.tolist() == slow
    assert 0.05 < found.mean() < 0.95


@pytest.mark.parametrize("side", [1, -1])
def test_the_straight_edge_is_the_highest_chord(side: int) -> None:
    rng = np.random.default_rng(6)
    for _ in range(100):
        heading = np.cumsum(rng.normal(0, 0.15, 48)) + rng.uniform(-3, 3)
        points = np.cumsum(np.stack([np.cos(heading), np.sin(heading)], -1), axis=0) / 48
        points += rng.normal(0, 0.003, points.shape)
        slow = naive.gap_under_straight_edge(points, side, 0.05)
        assert gap_under_straight_edge(*on_chord(points[None], side))[0] == pytest.approx(
            slow, abs=1e-9
        )
