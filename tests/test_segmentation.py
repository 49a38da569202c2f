from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from stick import lift_curve

from midback.exercises import Primary, Timing
from midback.form.segmentation import RepSegmenter, Span
from midback.kinematics.smoothing import RATE
from midback.vision.pose import Array

UP = Primary(angle="knee_flexion", unit="deg", direction="increase", min_rom=20, typical_rom=90)
EITHER = Primary(angle="spine_flexion", unit="deg", direction="either", min_rom=15, typical_rom=45)


def signal(
    starts: list[float], heights: list[float], seconds: float, *, hold: float = 1.0
) -> Array:
    t = np.arange(0, seconds, 1 / RATE)
    return np.array(
        [
            sum(h * lift_curve(x, s, hold=hold) for s, h in zip(starts, heights, strict=True))
            for x in t
        ]
    )


def cut(values: Array, primary: Primary = UP, *, flush: bool = True) -> list[Span]:
    segmenter = RepSegmenter(primary, Timing())
    spans = [segmenter.update(i, float(v)) for i, v in enumerate(values)]
    spans.append(segmenter.flush() if flush else None)
    return [span for span in spans if span is not None]


def test_three_reps_with_phases_and_hold() -> None:
    spans = cut(signal([2, 6, 10], [90, 90, 90], 14))
    assert len(spans) == 3
    for span, start in zip(spans, (2, 6, 10), strict=True):
        assert span.first / RATE == pytest.approx(start, abs=0.2)
        assert span.last / RATE == pytest.approx(start + 3, abs=0.2)
        assert span.rom == pytest.approx(90, abs=2)
        assert span.hold_s == pytest.approx(1.0, abs=0.5)
        assert span.concentric_s < 1.1
        assert span.eccentric_s < 1.1


def test_shallow_movement_and_noise_are_no_reps() -> None:
    rng = np.random.default_rng(0)
    assert cut(signal([2, 6], [10, 12], 10) + rng.normal(0, 1, 300)) == []


def test_downward_effort() -> None:
    down = Primary(
        angle="knee_flexion", unit="deg", direction="decrease", min_rom=20, typical_rom=90
    )
    spans = cut(150 - signal([2, 6], [90, 90], 10), down)
    assert [span.sign for span in spans] == [-1, -1]


@pytest.mark.parametrize("sign", [1, -1])
def test_either_direction_is_settled_by_the_first_excursion(sign: int) -> None:
    wave = signal([1, 5, 9], [40, 40, 40], 13) - signal([3, 7, 11], [25, 25, 25], 13, hold=0.2)
    spans = cut(sign * wave, EITHER)
    assert len(spans) == 3
    assert {span.sign for span in spans} == {sign}


def test_most_of_a_second_without_a_signal_abandons_the_rep() -> None:
    values = signal([2, 6], [90, 90], 10)
    values[int(2.6 * RATE) : int(3.6 * RATE)] = np.nan
    assert len(cut(values)) == 1
    short = signal([2, 6], [90, 90], 10)
    short[int(3.0 * RATE) : int(3.2 * RATE)] = np.nan
    assert len(cut(short)) == 2


def test_a_rep_cut_off_by_the_end_counts_once_it_is_half_way_back() -> None:
    values = signal([2, 6], [90, 90], 12)
    assert len(cut(values[: int(8.7 * RATE)])) == 2
    assert len(cut(values[: int(7.5 * RATE)])) == 1


def test_a_recording_that_starts_in_the_middle_of_a_rep() -> None:
    assert len(cut(signal([-2, 3, 7], [90, 90, 90], 11))) == 2


def test_slow_reps_and_a_pause_on_the_way() -> None:
    slow = np.interp(np.arange(0, 30, 1 / RATE), [2, 7, 10, 15, 30], [0, 80, 80, 0, 0])
    assert len(cut(slow)) == 1
    paused = np.interp(np.arange(0, 9, 1 / RATE), [2, 2.6, 3.4, 4, 5, 6], [0, 45, 45, 90, 90, 0])
    assert len(cut(paused)) == 1


def test_range_adapts_to_the_person() -> None:
    spans = cut(signal([2, 6, 10, 14], [40, 40, 40, 40], 18))
    assert len(spans) == 4


@settings(max_examples=25, deadline=None)
@given(
    count=st.integers(1, 8),
    height=st.floats(45, 140),
    hold=st.floats(0, 2),
    noise=st.floats(0, 1.0),
    drift=st.floats(-1.0, 1.0),
)
def test_counts_hold_for_any_pace_height_noise_and_drift(
    count: int, height: float, hold: float, noise: float, drift: float
) -> None:
    starts = [2 + i * (3.0 + hold) for i in range(count)]
    clean = signal(starts, [height] * count, starts[-1] + 4 + hold, hold=hold)
    t = np.arange(len(clean)) / RATE
    rng = np.random.default_rng(count)
    smooth_noise = np.convolve(rng.normal(0, noise, len(clean)), np.ones(9) / 9, "same")
    assert len(cut(clean + smooth_noise + drift * t)) == count
