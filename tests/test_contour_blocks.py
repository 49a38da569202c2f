"""The contour of a whole recording at once, and of one frame at a time, are the same numbers."""

from __future__ import annotations

from dataclasses import astuple

import naive
import numpy as np
import pytest
import stick
from scipy.ndimage import gaussian_filter1d

from midback.kinematics.contour import Trunk, back, headings, spine_curve
from midback.kinematics.fixed_order import running, total
from midback.kinematics.hollow import gap_under_straight_edge
from midback.kinematics.spine_modes import ARCH, EXTENSION, Reading
from midback.kinematics.two_arcs import on_chord
from midback.vision.pose import RAYS, Array

FRAMES = 1100  # more than the contour takes at once


def recording(seed: int = 0) -> tuple[Trunk, Array]:
    """Backs that bend, seen from anywhere; some of them damaged, some hidden."""
    rng = np.random.default_rng(seed)
    rays = np.array(
        [stick.two_arc_distances(*rng.uniform([0, -15], [50, 35])) for _ in range(FRAMES)]
    )
    rays += rng.normal(0, 0.4, rays.shape)
    for row in range(0, FRAMES, 2):
        start, length = rng.integers(0, RAYS), rng.integers(1, 30)
        rays[row, start : start + length] = np.nan
    rays[::7, rng.integers(0, RAYS)] += 25.0
    rays[::23, 70:] += np.linspace(0, 40, RAYS - 70)
    rays[::29], rays[1::31], rays[2::37] = np.nan, 0.0, np.inf
    angle = rng.uniform(0, 2 * np.pi, FRAMES)
    along = stick.TRUNK * np.stack([np.cos(angle), np.sin(angle)], axis=-1)
    hips = rng.uniform(0, 500, (FRAMES, 2))
    ears = hips + 1.35 * along + rng.normal(0, 0.1 * stick.TRUNK, (FRAMES, 2))
    arms = hips[:, None, None] + rng.normal(0, 2 * stick.TRUNK, (FRAMES, 2, 3, 2))
    arms[rng.random((FRAMES, 2)) < 0.5] = np.nan
    hips[5], ears[9] = np.nan, np.nan
    return Trunk(hips, hips + along, ears, arms), rays


def measured(trunk: Trunk, rays: Array, side: int, size: int, first: int = 0) -> Array:
    """(6, FRAMES - first), in blocks of some size."""
    blocks = []
    for start in range(first, len(rays), size):
        rows = np.arange(start, min(start + size, len(rays)))
        blocks.append(np.array(astuple(spine_curve(trunk.of(rows), rays[rows], side))))
    return np.concatenate(blocks, axis=1)


@pytest.mark.parametrize("side", [1, -1])
@pytest.mark.parametrize(("size", "first"), [(1, 0), (7, 0), (7, 3), (64, 1), (130, 5)])
def test_a_frame_is_the_same_to_the_last_bit_in_any_block(size: int, first: int, side: int) -> None:
    trunk, rays = recording()
    whole = measured(trunk, rays, side, FRAMES)
    assert 0.1 < np.isfinite(whole[0]).mean() < 0.9
    parts = measured(trunk, rays, side, size, first)
    assert np.array_equal(whole[:, first:], parts, equal_nan=True)


def test_every_small_block_gives_the_same_bits() -> None:
    trunk, rays = recording(1)
    first = Trunk(*(part[:80] for part in astuple(trunk)))
    whole = measured(first, rays[:80], 1, 80)
    for size in range(1, 41):
        assert np.array_equal(whole, measured(first, rays[:80], 1, size), equal_nan=True), size


def test_the_memory_order_of_the_distances_changes_no_bit() -> None:
    trunk, rays = recording(2)
    turned = np.array(astuple(spine_curve(trunk, np.asfortranarray(rays), 1)))
    assert np.array_equal(turned, measured(trunk, rays, 1, FRAMES), equal_nan=True)


def test_frames_without_an_edge_are_not_measurable_and_neither_is_no_frame() -> None:
    trunk, rays = recording()
    assert np.isnan(astuple(spine_curve(trunk, np.full_like(rays, np.nan), 1))).all()
    none = spine_curve(trunk.of(np.arange(0)), rays[:0], 1)
    assert [len(values) for values in astuple(none)] == [0] * 6


def test_the_direction_read_from_the_slope_is_that_of_the_picture() -> None:
    """Readings see the heading up to a constant; it may not wrap, wherever the body points."""
    trunk, rays = recording(3)
    for side in (1, -1):
        heading = headings(back(trunk, rays, side)[0], side)
        heading = heading[np.isfinite(heading).all(axis=1)]
        assert len(heading) > 100
        assert np.ptp(heading, axis=1).max() < 180


@pytest.mark.parametrize("reading", [EXTENSION, ARCH])
def test_a_reading_of_raw_directions_is_that_of_the_smoothed_ones(reading: Reading) -> None:
    raw = np.cumsum(np.random.default_rng(6).normal(0, 3, (47, 20)), axis=0)
    wide = np.pad(raw, ((20, 20), (0, 0)), mode="edge")
    smooth = gaussian_filter1d(wide, 2.0, axis=0, truncate=5.0)[20:-20]
    smoothing = gaussian_filter1d(np.eye(47), 2.0, axis=0, mode="nearest", truncate=5.0)
    assert reading.before(smoothing).of(raw) == pytest.approx(reading.of(smooth), abs=1e-9)


def test_the_gap_of_many_rows_is_the_slow_one_of_each() -> None:
    rng = np.random.default_rng(4)
    turns = np.cumsum(rng.normal(0, 0.2, (150, 48)), axis=1)  # some double back on the chord
    points = np.cumsum(np.stack([np.cos(turns), np.sin(turns)], -1), axis=1) / 48
    points[3], points[70, 20] = 0.0, np.nan
    gaps = gap_under_straight_edge(*on_chord(points, 1))
    assert np.flatnonzero(np.isnan(gaps)).tolist() == [3, 70]
    for row in np.flatnonzero(np.isfinite(gaps)):
        slow = naive.gap_under_straight_edge(points[row], 1, 0.05)
        assert gaps[row] == pytest.approx(slow, abs=1e-9)


@pytest.mark.parametrize("frames", [1, 2, 3, 63, 64, 100])
def test_sums_are_taken_one_after_the_other(frames: int) -> None:
    values = np.random.default_rng(5).normal(0, 1, (48, frames))
    slow = np.zeros_like(values)
    for row in range(48):
        slow[row] = values[row] + (slow[row - 1] if row else 0.0)
    assert np.array_equal(total(values), slow[-1])
    assert np.array_equal(total(np.asfortranarray(values)), slow[-1])
    running(np.add, values)
    assert np.array_equal(values, slow)
