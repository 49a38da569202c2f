from __future__ import annotations

import itertools

import numpy as np
import pytest
from numpy.typing import NDArray

from midback.vision.edge import _BEND, _JUMP, _cheapest, rough_edge
from midback.vision.edge import refined as refined_edges
from midback.vision.pose import RAYS, Array32

SIZE = (640, 480)
TRUNK = 200.0


def points() -> Array32:
    """An upright trunk in the middle of the picture, hips at row 340, shoulders at row 140."""
    found = np.zeros((33, 3), dtype=np.float32)
    for joint, row in ((11, 140), (12, 140), (23, 340), (24, 340)):
        found[joint, :2] = 320, -row
    return found


def picture(half_width: float, inside: int = 60, outside: int = 200) -> NDArray[np.uint8]:
    """A bar of that half width around the trunk, its edge to a fraction of a pixel."""
    x = np.arange(SIZE[0]) + 0.5
    share = np.clip(half_width + 0.5 - np.abs(x - 320), 0, 1)
    row = outside + (inside - outside) * share
    return np.broadcast_to(row[None, :, None], (SIZE[1], SIZE[0], 3)).astype(np.uint8)


def refined(image: NDArray[np.uint8], at: Array32, rays: Array32) -> Array32:
    return refined_edges([rough_edge(image, at, rays, SIZE)])[0]


def mask_edge(distance: float) -> Array32:
    return np.full((2, RAYS), distance, dtype=np.float32)


@pytest.mark.parametrize("off", [-5.0, -2.0, 0.0, 3.0, 6.0])
@pytest.mark.parametrize(("inside", "outside"), [(60, 200), (220, 40), (100, 115)])
def test_the_edge_moves_to_where_the_colour_changes(off: float, inside: int, outside: int) -> None:
    found = refined(picture(50.3, inside, outside), points(), mask_edge(50.3 + off))
    assert np.abs(found - 50.3).max() < 0.003 * TRUNK


def test_a_smaller_picture_gives_the_same_edge() -> None:
    whole = refined(picture(50.0), points(), mask_edge(54.0))
    half = picture(50.0)[::2].reshape(240, 320, 2, 3).mean(axis=2).astype(np.uint8)
    np.testing.assert_allclose(refined(half, points(), mask_edge(54.0)), whole, atol=1.0)


def test_without_a_step_of_colour_the_mask_is_believed() -> None:
    flat = np.full((SIZE[1], SIZE[0], 3), 128, dtype=np.uint8)
    np.testing.assert_allclose(refined(flat, points(), mask_edge(50.0)), 50.0, atol=1e-3)


def test_what_is_far_from_the_masks_edge_is_left_alone() -> None:
    found = refined(picture(50.0), points(), mask_edge(80.0))
    assert np.abs(found - 80.0).max() <= 0.041 * TRUNK


def test_missing_rays_stay_missing_and_a_side_without_any_changes_nothing() -> None:
    rays = mask_edge(53.0)
    rays[0, :10] = np.nan
    found = refined(picture(50.0), points(), rays)
    assert np.isnan(found[0, :10]).all()
    assert np.isfinite(found[:, 10:]).all()
    rays[1] = np.nan
    np.testing.assert_array_equal(refined(picture(50.0), points(), rays), rays)


def test_the_other_side_of_a_mirrored_picture_is_the_same() -> None:
    tilted = picture(50.0).copy()
    tilted[:, 320:] = picture(46.0)[:, 320:]
    one = refined(tilted, points(), mask_edge(49.0))
    other = refined(np.ascontiguousarray(tilted[:, ::-1]), points(), mask_edge(49.0))
    np.testing.assert_allclose(one, other[::-1], atol=0.02)
    assert abs(one[0] - one[1]).min() > 2


def cheapest_by_trying(cost: Array32) -> float:
    """Cost of the best path through (rays, offsets), by trying all of them."""
    rays, count = cost.shape
    best = np.inf
    for path in itertools.product(range(count), repeat=rays):
        steps = np.diff(path)
        if (np.abs(steps) > _JUMP).any():
            continue
        best = min(best, cost[np.arange(rays), path].sum() + _BEND[steps + _JUMP].sum())
    return float(best)


@pytest.mark.parametrize("seed", range(5))
def test_the_path_is_the_cheapest_of_all(seed: int) -> None:
    cost = np.random.default_rng(seed).uniform(0, 2, (2, 5, 6)).astype(np.float32)
    path = _cheapest(np.ascontiguousarray(cost.transpose(1, 2, 0))).T
    for side in (0, 1):
        steps = np.diff(path[side])
        assert (np.abs(steps) <= _JUMP).all()
        total = cost[side, np.arange(5), path[side]].sum() + _BEND[steps + _JUMP].sum()
        assert total == pytest.approx(cheapest_by_trying(cost[side]))


def test_many_frames_at_once_come_to_the_same_bits() -> None:
    edges = []
    for number in range(9):
        rays = mask_edge(46.0 + number)
        rays[0, : 3 * number] = np.nan
        rays[1] = np.nan if number == 4 else rays[1]
        edges.append(rough_edge(picture(50.0 + number / 7), points(), rays, SIZE))
    alone = [refined_edges([edge])[0] for edge in edges]
    for count in (2, 5, 9):
        together = [
            found for at in range(0, 9, count) for found in refined_edges(edges[at : at + count])
        ]
        np.testing.assert_array_equal(together, alone)
