"""Every statistic on movements with a closed form, and slow obvious oracles."""

from __future__ import annotations

import cmath
import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from midback.exercises import Feature
from midback.form.curves import (
    UsualCurve,
    as_percent,
    deviation_phase,
    mean_relative_phase,
    relative_phase,
)
from midback.form.features import Rep, bounce, feature_value, return_speed, sway, sway_speed
from midback.form.segmentation import Span
from midback.form.smoothness import roughness, sparc
from midback.kinematics.smoothing import RATE
from midback.vision.pose import Array


def stroke(seconds: float, size: float) -> Array:
    """A minimum-jerk way from 0 to `size` at 30 Hz."""
    s = np.linspace(0, 1, int(seconds * RATE) + 1)
    return size * (10 * s**3 - 15 * s**4 + 6 * s**5)


def rep_of(out: Array, hold: Array, back: Array) -> tuple[Array, Span]:
    """A repetition from its three parts, with its span."""
    trace = np.concatenate([out, hold, back])
    peak = len(out) - 1 + len(hold) // 2
    return trace, Span(
        0,
        peak,
        len(trace) - 1,
        True,
        len(hold) / RATE,
        (len(out) - 1) / RATE,
        (len(back) - 1) / RATE,
        float(np.ptp(trace)),
        0.0,
        1,
    )


def feature(statistic: str, unit: str = "deg", **changes: object) -> Feature:
    fields: dict[str, object] = {
        "name": "it",
        "angle": "knee_flexion",
        "region": "control",
        "statistic": statistic,
        "reference": "neutral",
        "worse": "increase",
        "unit": unit,
        "sd": 1.0,
        "se": 1.0,
        "floor": 1.0,
        "amber": 5.0,
        "red": 10.0,
        "weight": 10.0,
        "cue": "Slowly",
    }
    return Feature.model_validate(fields | changes)


def naive_sparc(speed: list[float], rate: float, cutoff: float) -> float:
    """Spectral arc length term by term: a sum for every frequency, no FFT."""
    size = 1
    while size < len(speed):
        size *= 2
    size *= 16
    amplitude = []
    k = 0
    while k * rate / size <= cutoff and k < size:
        amplitude.append(
            abs(sum(v * cmath.exp(-2j * math.pi * k * n / size) for n, v in enumerate(speed)))
        )
        k += 1
    top = max(amplitude)  # of a speed that is never negative: its sum, at frequency 0
    loud = [i for i, a in enumerate(amplitude) if a / top >= 0.05]
    first, last = loud[0], loud[-1]
    length = 0.0
    for i in range(first, last):
        rise = (amplitude[i + 1] - amplitude[i]) / top
        length += math.hypot(1 / (last - first), rise)
    return -length


def test_sparc_is_the_published_value_on_the_published_example() -> None:
    t = np.arange(-1, 1, 0.01)
    assert sparc(np.exp(-5 * t**2), 100, 10) == pytest.approx(-1.41403, abs=5e-6)


@given(st.lists(st.floats(0, 50), min_size=6, max_size=24).filter(lambda v: max(v) > 1))
def test_sparc_is_the_slow_sum(values: list[float]) -> None:
    assert sparc(np.array(values), 30, 4) == pytest.approx(naive_sparc(values, 30, 4), rel=1e-6)


@given(st.floats(0.01, 100.0), st.floats(1.0, 4.0))
def test_sparc_does_not_depend_on_how_far_one_moves(size: float, seconds: float) -> None:
    speed = np.abs(np.gradient(stroke(seconds, 1.0)))
    assert sparc(size * speed, RATE, 4) == pytest.approx(sparc(speed, RATE, 4), rel=1e-9)


def test_standing_still_has_no_smoothness() -> None:
    assert math.isnan(sparc(np.zeros(30), 30, 4))


def test_a_smooth_repetition_is_1_4_rough_and_a_hold_costs_nothing() -> None:
    for hold in (np.empty(0), np.full(60, 60.0)):
        trace, span = rep_of(stroke(1.5, 60), hold, stroke(1.5, 60)[::-1])
        assert roughness(trace, span) == pytest.approx(1.42, abs=0.08)


def test_a_stop_on_the_way_is_rough() -> None:
    halves = np.concatenate([stroke(0.75, 30), np.full(10, 30.0), 30 + stroke(0.75, 30)])
    smooth, span = rep_of(stroke(2.0, 60), np.empty(0), stroke(2.0, 60)[::-1])
    halting, other = rep_of(halves, np.empty(0), halves[::-1])
    assert (roughness(halting, other) or 0) > (roughness(smooth, span) or 9) + 0.3


def test_too_short_a_way_has_no_roughness() -> None:
    trace, span = rep_of(stroke(0.1, 30), np.full(30, 30.0), stroke(0.1, 30)[::-1])
    assert roughness(trace, span) is None


@pytest.mark.parametrize("size", [2.0, 10.0])
def test_a_bounce_is_counted_there_and_back(size: float) -> None:
    plain, span = rep_of(stroke(2, 60), np.empty(0), stroke(2, 60)[::-1])
    assert bounce(plain, span) == pytest.approx(0, abs=1e-9)
    dip = 60 - size * np.sin(np.linspace(0, np.pi, 11))
    bounced, other = rep_of(stroke(2, 60), dip, stroke(2, 60)[::-1])
    assert bounce(bounced, other) == pytest.approx(2 * size, rel=0.05)


def test_letting_go_is_fast() -> None:
    trace, span = rep_of(stroke(2, 60), np.empty(0), np.linspace(60, 0, 16))
    assert return_speed(trace, span) == pytest.approx(120)
    assert return_speed(trace[: span.peak + 2], span) is None


@given(st.floats(0.5, 10.0), st.floats(-5.0, 5.0))
def test_sway_is_the_spread_about_a_hold_that_may_sink(size: float, sinking: float) -> None:
    t = np.arange(300) / RATE
    trace, span = rep_of(
        stroke(1, 60), 60 + size * np.sin(2 * np.pi * t) + sinking * t, stroke(1, 60)[::-1]
    )
    assert sway(trace, span) == pytest.approx(size / math.sqrt(2), rel=0.06)


def test_sway_speed_is_path_over_time() -> None:
    zigzag = 60 + np.tile([0.0, 1.0], 60)
    trace, span = rep_of(stroke(1, 60), zigzag, stroke(1, 60)[::-1])
    assert sway_speed(trace, span) == pytest.approx(RATE, rel=0.02)


@pytest.mark.parametrize("read", [sway, sway_speed])
def test_without_a_hold_there_is_no_sway(read: object) -> None:
    trace, span = rep_of(stroke(1, 60), np.full(20, 60.0), stroke(1, 60)[::-1])
    assert callable(read)
    assert read(trace, span) is None


def test_the_usual_curve_grows_to_four_and_then_stands() -> None:
    usual = UsualCurve()
    assert usual.difference(np.zeros(101)) is None
    for level in (0.0, 2.0, 0.0, 2.0, 50.0):
        usual.add(np.full(101, level))
    assert usual.difference(np.full(101, 6.0)) == pytest.approx(5 / math.sqrt(1.25))


@given(st.integers(1, 4))
def test_the_difference_from_few_curves_is_no_larger_by_chance(count: int) -> None:
    rng = np.random.default_rng(count)
    found = []
    for _ in range(400):
        usual = UsualCurve()
        for _ in range(count):
            usual.add(rng.normal(0, 3, 101))
        found.append(usual.difference(rng.normal(0, 3, 101)) or 0.0)
    assert np.mean(found) == pytest.approx(3.0, rel=0.03)


def test_a_curve_needs_its_ends_and_bridges_its_gaps() -> None:
    line = np.linspace(0, 10, 21)
    line[8:11] = np.nan
    curve = as_percent(line)
    assert curve is not None
    assert curve == pytest.approx(np.linspace(0, 10, 101))
    assert as_percent(np.array([np.nan, 1.0, 2.0, 3.0])) is None


@pytest.mark.parametrize(("shift", "expected"), [(0.0, 0.0), (np.pi / 2, 90.0), (np.pi, 180.0)])
def test_relative_phase_of_two_waves_is_their_lag(shift: float, expected: float) -> None:
    t = np.linspace(0, 4 * np.pi, 401)
    found = mean_relative_phase(20 * np.sin(t), 5 + 3 * np.sin(t - shift))
    assert found == pytest.approx(expected, abs=2)


def test_coordination_with_a_segment_that_stands_is_none() -> None:
    assert mean_relative_phase(np.sin(np.arange(50.0)), np.zeros(50)) is None
    assert deviation_phase([(np.zeros(101), np.zeros(101))] * 3) is None
    assert deviation_phase([]) is None


def test_deviation_phase_is_zero_for_alike_and_grows_with_the_lag() -> None:
    t = np.linspace(0, 2 * np.pi, 101)
    same = [(np.sin(t), np.sin(t - 0.3))] * 4
    assert deviation_phase(same) == pytest.approx(0, abs=1e-3)
    mixed = [(np.sin(t), np.sin(t - lag)) for lag in (0.0, 0.4, 0.8, 1.2)]
    assert (deviation_phase(mixed) or 0) > 15
    assert np.abs(relative_phase(*same[0])).max() <= 180


STATISTICS = [
    ("rom", 60.0), ("p90", 60.0), ("p10", 2.1), ("p90_abs", 60.0), ("at_peak", 60.0),
    ("concentric_s", 2.0), ("eccentric_s", 1.0), ("hold_s", 2.0), ("tempo", 0.5),
]  # fmt: skip


@pytest.mark.parametrize(("statistic", "expected"), STATISTICS)
def test_a_statistic_is_what_its_name_says(statistic: str, expected: float) -> None:
    trace, span = rep_of(stroke(2, 60), np.full(60, 60.0), stroke(1, 60)[::-1])
    unit = {"tempo": "x"}.get(statistic, "s" if statistic.endswith("_s") else "deg")
    ok = np.ones(len(trace), np.bool_)
    found = feature_value(feature(statistic, unit), span, trace + 7, ok, 7.0)
    assert found == pytest.approx(expected, abs=0.6)


@pytest.mark.parametrize("statistic", ["rom", "median", "roughness", "bounce", "sway", "marp"])
def test_half_measured_is_not_measured(statistic: str) -> None:
    trace, span = rep_of(stroke(2, 60), np.full(60, 60.0), stroke(1, 60)[::-1])
    ok = np.arange(len(trace)) % 2 == 0
    unit = "x" if statistic == "roughness" else "deg"
    extra: dict[str, object] = {"against": "pelvic_drop"} if statistic == "marp" else {}
    it = feature(statistic, unit, **extra)
    assert feature_value(it, span, trace, ok, 0.0, against=trace) is None


def test_expected_values_stand_by_themselves_unless_the_angle_is_a_change() -> None:
    trace, span = rep_of(stroke(2, 60), np.full(60, 60.0), stroke(1, 60)[::-1])
    ok = np.ones(len(trace), np.bool_)
    expected: dict[str, object] = {"reference": "expected", "expected": 90.0, "worse": "decrease"}
    own = feature("p90", "deg", **expected)
    shift = feature("p90", "% trunk", angle="hip_sway", **expected)
    assert feature_value(own, span, trace, ok, 10.0) == pytest.approx(60)
    assert feature_value(shift, span, trace, ok, 10.0) == pytest.approx(50)


def test_consistency_and_coordination_need_their_second_curve() -> None:
    trace, span = rep_of(stroke(2, 60), np.full(60, 60.0), stroke(1, 60)[::-1])
    ok = np.ones(len(trace), np.bool_)
    usual = UsualCurve()
    alike = feature("consistency")
    assert feature_value(alike, span, trace, ok, 0.0) is None
    assert feature_value(alike, span, trace, ok, 0.0, usual=usual) is None
    curve = as_percent(trace)
    assert curve is not None
    usual.add(curve - 4)
    found = feature_value(alike, span, trace, ok, 0.0, usual=usual)
    assert found == pytest.approx(4 / math.sqrt(2))
    together = feature("marp", against="pelvic_drop")
    assert feature_value(together, span, trace, ok, 0.0) is None
    assert feature_value(together, span, trace, ok, 0.0, against=trace) == pytest.approx(0)


def test_a_rep_holds_what_it_was_given() -> None:
    _, span = rep_of(stroke(1, 5), np.empty(0), stroke(1, 5)[::-1])
    assert Rep(1, None, span, {"it": None}).values["it"] is None
