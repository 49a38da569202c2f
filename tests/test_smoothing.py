from __future__ import annotations

import naive
import numpy as np
import pytest
from scipy.signal import butter, filtfilt

from midback.kinematics.outliers import Hampel
from midback.kinematics.resampling import Resampler
from midback.kinematics.smoothing import RATE, FixedLagSmoother
from midback.vision.pose import Array, Floats


def smooth(values: Array, cutoff: float = 3.0) -> Array:
    out = smoothed(np.array([cutoff]), values[:, None], np.arange(len(values)) / RATE)
    return out[:, 0].astype(np.float64)


def smoothed(cutoffs: Floats, rows: Floats, t: Array) -> Floats:
    """Of (T, C) rows, given one by one."""
    smoother = FixedLagSmoother(cutoffs)
    out = [smoother.update(t[i : i + 1], rows[i : i + 1]) for i in range(len(t))]
    out.append(smoother.flush())
    assert np.concatenate([times for times, _ in out]).tolist() == t.tolist()
    return np.concatenate([values for _, values in out])


class OneByOne:
    """A resampler fed with rows of one number, one at a time."""

    def __init__(self) -> None:
        self._resampler = Resampler()
        self._row = np.full((1, 1), np.nan)

    def update(self, t: float, value: float) -> list[tuple[float, float]]:
        grid = self._resampler.update(np.array([t]))
        rows = np.concatenate([self._row, [[value]]])
        self._row = rows[grid.last : grid.last + 1]
        return list(zip(grid.t.tolist(), grid.of(rows)[:, 0].tolist(), strict=True))


def test_fixed_lag_smoother_has_the_shape_of_filtfilt_butterworth() -> None:
    rng = np.random.default_rng(1)
    t = np.arange(0, 20, 1 / RATE)
    noisy = 20 * (1 - np.cos(2 * np.pi * t / 4)) + 2 * rng.standard_normal(len(t))
    b, a = butter(2, 3.0 / (RATE / 2))
    reference = filtfilt(b, a, noisy)
    difference = (smooth(noisy) - reference)[15:-15]
    assert np.sqrt(np.mean(difference**2)) < 0.1


def test_a_line_comes_out_unchanged() -> None:
    line = np.linspace(0, 50, 100)
    assert np.abs(smooth(line) - line).max() < 0.05


def test_gaps_up_to_a_fifth_of_a_second_are_bridged_and_longer_ones_are_not() -> None:
    t = np.arange(0, 6, 1 / RATE)
    values = 20 * (1 - np.cos(2 * np.pi * t / 4))
    values[60:66] = np.nan
    values[120:130] = np.nan
    out = smooth(values)
    assert np.flatnonzero(np.isnan(out)).tolist() == list(range(120, 130))


@pytest.mark.parametrize("fps", [12.5, 25.0, 29.97, 60.0])
def test_resampling_keeps_a_straight_line_straight(fps: float) -> None:
    resampler = OneByOne()
    rows = [row for i in range(100) for row in resampler.update(5.0 + i / fps, 3.0 * i / fps)]
    t = np.array([at for at, _ in rows])
    assert np.allclose(np.diff(t), 1 / RATE)
    assert np.allclose([value for _, value in rows], 3.0 * (t - 5.0))


def test_time_that_does_not_advance_is_dropped_and_long_gaps_are_missing() -> None:
    resampler = OneByOne()
    resampler.update(0.0, 1.0)
    assert resampler.update(0.0, 2.0) == []
    rows = resampler.update(1.0, 3.0)
    assert len(rows) == 30
    assert np.isnan([value for _, value in rows[:-1]]).all()


def test_a_gap_of_hours_is_not_filled_row_by_row() -> None:
    resampler = OneByOne()
    resampler.update(0.0, 1.0)
    rows = resampler.update(3600.0, 3.0)
    assert len(rows) == 61
    assert rows[-1][0] == 3600.0
    later = resampler.update(3600.0 + 1 / RATE, 4.0)
    assert [value for _, value in later] == pytest.approx([4.0])
    times = [t for t, _ in rows + later]
    assert (np.diff(times) > 0).all()


def without_outliers(floor: Array, rows: Array) -> Array:
    """Of (T, C) rows, given one by one: (T - 3, C)."""
    hampel, t = Hampel(floor), np.arange(len(rows)) / RATE
    out = [hampel.update(t[i : i + 1], rows[i : i + 1]) for i in range(len(rows))]
    assert np.concatenate([times for times, _ in out]).tolist() == t[:-3].tolist()
    return np.concatenate([values for _, values in out])


def test_hampel_removes_a_spike_and_keeps_a_step() -> None:
    values = np.concatenate([np.zeros(10), [50.0], np.zeros(10), np.full(10, 8.0)])
    out = without_outliers(np.array([0.1]), values[:, None])[:, 0]
    assert out.max() == pytest.approx(8.0)
    assert (out == 8.0).sum() == 7  # the last three are still inside the window


def noisy_channels(seed: int) -> Array:
    """(300, 4) with spikes, and gaps at the start, in between and at the end."""
    rng = np.random.default_rng(seed)
    values = np.cumsum(rng.normal(0, 2, (300, 4)), axis=0) + rng.normal(0, 1, (300, 4))
    values[rng.random((300, 4)) < 0.04] += 40
    for channel in range(1, 4):
        for start, length in ((0, 4 * channel - 4), (50, 3), (90, 6), (130, 7), (200, 25)):
            values[start + channel : start + channel + length, channel] = np.nan
    values[:8, 3] = np.nan
    values[-4:, 2] = np.nan
    return np.asarray(values)


@pytest.mark.parametrize("seed", range(3))
def test_the_smoother_is_a_textbook_kalman_filter_and_rts_smoother(seed: int) -> None:
    values, cutoffs = noisy_channels(seed), np.array([3.0, 5.0, 3.0, 8.0])
    found = smoothed(cutoffs, values, np.arange(len(values)) / RATE)
    for channel, cutoff in enumerate(cutoffs):
        slow = naive.fixed_lag_smoother(values[:, channel], cutoff)
        np.testing.assert_allclose(found[:, channel], slow, rtol=1e-6, atol=1e-6)


def test_the_outlier_filter_is_the_slow_one_and_never_leaves_its_window() -> None:
    values, floor = noisy_channels(4), np.array([0.1, 2.0, 0.0, 1.0])
    found = without_outliers(floor, values)
    slow = naive.hampel(values[:, 0].tolist(), floor[0])
    assert found[:, 0].tolist() == slow
    assert (found[:, 0] != values[:-3, 0]).any()
    for i in range(3, len(found)):
        assert (np.isnan(found[i]) == np.isnan(values[i])).all()
        known = ~np.isnan(values[i])
        near = values[i - 3 : i + 4, known]
        assert (found[i, known] >= np.nanmin(near, axis=0)).all()
        assert (found[i, known] <= np.nanmax(near, axis=0)).all()


def steady_channels(seed: int) -> Array:
    """(900, 5): long runs without a gap, a gap of all channels, a channel that is never there."""
    rng = np.random.default_rng(seed)
    values = np.cumsum(rng.normal(0, 2, (900, 5)), axis=0)
    values[300:320], values[500:503] = np.nan, np.nan
    values[610:640, 1], values[:, 4] = np.nan, np.nan
    return np.asarray(values)


CUTOFFS = np.array([3.0, 5.0, 5.0, 3.0, 5.0])


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("precision", [np.float32, np.float64])
def test_blocks_of_any_size_are_smoothed_to_the_same_bits(
    seed: int, precision: type[np.floating]
) -> None:
    rng, values = np.random.default_rng(seed), steady_channels(seed).astype(precision)
    t, cutoffs = np.arange(len(values)) / RATE, CUTOFFS.astype(precision)
    expected = smoothed(cutoffs, values, t)
    for count in (0, 3, 40):
        cuts = np.sort(rng.integers(0, len(t), count))
        smoother, out = FixedLagSmoother(cutoffs), []
        for at, rows in zip(np.split(t, cuts), np.split(values, cuts), strict=True):
            out.append(smoother.update(at, rows))
        out.append(smoother.flush())
        assert np.concatenate([rows for _, rows in out]).tobytes() == expected.tobytes()
    assert np.isnan(expected).mean() == pytest.approx(0.2 + 0.8 * 20 / 900 + 30 / 4500, abs=1e-3)


@pytest.mark.parametrize("seed", range(4))
def test_single_precision_hardly_moves_a_landmark(seed: int) -> None:
    values = 2000.0 + steady_channels(seed)  # far from zero, at the edge of a large picture
    t, single = np.arange(len(values)) / RATE, values.astype(np.float32)
    double = smoothed(CUTOFFS, single.astype(np.float64), t)
    found = smoothed(CUTOFFS.astype(np.float32), single, t)
    assert found.dtype == np.float32
    assert found == pytest.approx(double, abs=0.002, nan_ok=True)
