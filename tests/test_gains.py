"""Gain told from noise: against a slow oracle, by properties, and in words."""

from __future__ import annotations

import random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from naive_weeks import bayes_factor, huber_slope
from scipy import stats
from weeks_case import values_of

from midback.history.gains import (
    DECLINING,
    IMPROVING,
    REAL_GAIN,
    REAL_LOSS,
    SENTENCES,
    WITHIN_NOISE,
    Gain,
    gain,
    milestone,
)
from midback.history.robust import robust_slope
from midback.history.trend import USUAL_SLOPE, odds, trend
from midback.history.values import SessionValue

seeds = st.integers(0, 10_000)


def noisy(
    seed: int, per_week: float, sd: float = 2.0, sessions: int = 30, jump: float = 0.0
) -> list[SessionValue]:
    """Every second day; a jump and a new set-up half-way where there is one."""
    rng = np.random.default_rng(seed)
    weeks = np.arange(sessions) * 2 / 7
    later = np.arange(sessions) >= sessions // 2
    figures = 40 + per_week * weeks + jump * later + sd * rng.standard_normal(sessions)
    return values_of(figures.tolist(), blocks=(1 + later * bool(jump)).tolist())


def figures(found: Gain) -> tuple[float, ...]:
    numbers = (found.estimate, found.low, found.high, found.probability, found.mdc)
    known = tuple(one for one in numbers if one is not None)
    assert len(known) == len(numbers)
    return known


@settings(max_examples=40, deadline=None)
@given(seeds, st.integers(6, 14), st.integers(1, 3), st.booleans())
def test_slope_and_error_are_those_of_the_slow_oracle(
    seed: int, n: int, blocks: int, wild: bool
) -> None:
    rng = np.random.default_rng(seed)
    x = np.sort(rng.uniform(0, 8, n))
    block = np.sort(rng.integers(0, blocks, n))
    y = x + 8 * block + rng.standard_normal(n) + wild * 9.0 * (rng.random(n) < 0.1)
    weight = rng.uniform(0.5, 1.0, n)
    groups = (block[:, None] == np.arange(blocks)).astype(float)
    line = robust_slope(x, y, weight, groups)
    if line.freedom < 3:
        return
    slope, se, scale = huber_slope(x.tolist(), y.tolist(), block.tolist(), weight.tolist())
    assert line.slope == pytest.approx(slope, abs=1e-3 * se)
    assert line.scale == pytest.approx(scale, rel=1e-3)
    assert line.se == pytest.approx(se, rel=2e-2) or _at_the_cut(x, y, block, slope, scale, weight)


def _at_the_cut(
    x: np.ndarray, y: np.ndarray, block: np.ndarray, slope: float, scale: float, weight: np.ndarray
) -> bool:
    """Whether a residual lies so close to the cut that either answer is right."""
    sizes = []
    for name in set(block.tolist()):
        here = block == name
        rest = y[here] - slope * x[here]
        levels = np.linspace(rest.min(), rest.max(), 4001)
        away = (rest[None] - levels[:, None]) * np.sqrt(weight[here]) / scale
        pulled = np.clip(away, -1.345, 1.345) * np.sqrt(weight[here])
        level = levels[np.argmin(np.abs(pulled.sum(-1)))]
        sizes += (np.abs(rest - level) * np.sqrt(weight[here]) / scale).tolist()
    return bool(np.min(np.abs(np.array(sizes) - 1.345)) < 5e-3)


def test_many_people_at_once_get_what_each_gets_alone() -> None:
    rng = np.random.default_rng(3)
    weeks = np.sort(rng.uniform(0, 9, (40, 15)), axis=-1)
    values = 40 + weeks + 3 * rng.standard_t(2, (40, 15))
    values[rng.random(values.shape) < 0.2] = np.nan
    blocks = np.sort(rng.integers(1, 3, values.shape), axis=-1)
    together = trend(weeks, values, blocks)
    for i in range(40):
        alone = trend(weeks[i], values[i], blocks[i])
        assert together.gain[i] == pytest.approx(float(alone.gain), rel=1e-9, nan_ok=True)
        assert together.low[i] == pytest.approx(float(alone.low), rel=1e-9, nan_ok=True)


def test_on_normal_errors_it_is_almost_least_squares() -> None:
    rng = np.random.default_rng(4)
    x = np.linspace(0, 10, 200)
    y = 0.7 * x + rng.standard_normal(200)
    line = robust_slope(x, y, np.ones(200), np.ones((200, 1)))
    plain = stats.linregress(x, y)
    assert line.slope == pytest.approx(plain.slope, abs=plain.stderr / 2)
    assert line.se == pytest.approx(plain.stderr, rel=0.1)


@pytest.mark.parametrize("slope", [0.0, 0.4, 1.5])
def test_odds_are_the_integral_over_all_levels_and_errors(slope: float) -> None:
    rng = np.random.default_rng(5)
    x = np.linspace(0, 6, 12)
    y = slope * x + rng.standard_normal(12)
    t0 = x - x.mean()
    plain = stats.linregress(x, y)
    ours = odds(np.array(plain.slope / plain.stderr), np.array(10.0), np.array((t0**2).sum()))
    assert float(ours) == pytest.approx(
        bayes_factor(t0.tolist(), y.tolist(), USUAL_SLOPE), rel=1e-4
    )


@settings(max_examples=30, deadline=None)
@given(seeds, st.floats(-90, 90), st.floats(0.1, 5))
def test_shift_and_unit_do_not_matter(seed: int, shift: float, unit: float) -> None:
    plain = noisy(seed, 0.5)
    moved = values_of([unit * (one.value or 0) + shift for one in plain])
    moved = [
        SessionValue(m.day, m.block, m.value, 2.0 * unit, m.reps, None, m.recording) for m in moved
    ]
    a, b = gain(plain, 2.0), gain(moved, 2.0 * unit)
    for one, other in zip(figures(a)[:3], figures(b)[:3], strict=True):
        assert other == pytest.approx(unit * one, rel=1e-3, abs=1e-3 * unit)
    assert figures(b)[3] == pytest.approx(figures(a)[3], abs=1e-3)


@settings(max_examples=30, deadline=None)
@given(seeds)
def test_upside_down_is_the_mirrored_answer(seed: int) -> None:
    plain = noisy(seed, 0.5)
    other = gain(values_of([-(one.value or 0) for one in plain]), 2.0)
    estimate, low, high, probability, _ = figures(gain(plain, 2.0))
    assert figures(other)[:4] == pytest.approx((-estimate, -high, -low, 1 - probability), abs=1e-3)


@settings(max_examples=30, deadline=None)
@given(seeds, st.randoms(use_true_random=False))
def test_order_of_the_records_does_not_matter(seed: int, shuffler: random.Random) -> None:
    values = noisy(seed, 0.5, jump=8.0)
    shuffled = list(values)
    shuffler.shuffle(shuffled)
    assert gain(shuffled, 2.0) == gain(values, 2.0)


@settings(max_examples=30, deadline=None)
@given(seeds, st.floats(1.3, 6))
def test_more_noise_makes_it_wider(seed: int, more: float) -> None:
    quiet, loud = gain(noisy(seed, 0.5, sd=1.0), 2.0), gain(noisy(seed, 0.5, sd=more), 2.0)
    assert figures(loud)[2] - figures(loud)[1] > figures(quiet)[2] - figures(quiet)[1]


@settings(max_examples=30, deadline=None)
@given(seeds, st.floats(-20, 20))
def test_a_new_camera_set_up_is_no_gain(seed: int, jump: float) -> None:
    if jump == 0:
        return
    with_jump, without = noisy(seed, 0.0, jump=jump), noisy(seed, 0.0, jump=1e-9)
    assert figures(gain(with_jump, 2.0)) == pytest.approx(figures(gain(without, 2.0)), abs=1e-2)


def test_eight_degrees_by_another_camera_would_be_a_gain_without_blocks() -> None:
    values = noisy(1, 0.0, jump=8.0)
    merged = values_of([one.value for one in values])
    assert gain(values, 2.0).sentence == WITHIN_NOISE
    assert gain(merged, 2.0).sentence == REAL_GAIN


def test_the_first_two_sessions_teach_the_exercise() -> None:
    values = noisy(2, 0.0)
    odd = values_of([10.0, 25.0, *(one.value for one in values[2:])])
    assert figures(gain(odd, 2.0)) == pytest.approx(figures(gain(values, 2.0)), rel=1e-6)
    assert gain(odd, 2.0).sessions == 28


def test_one_wild_session_hardly_moves_it() -> None:
    values = noisy(3, 1.0)
    wild = values_of([99.0 if i == 29 else one.value for i, one in enumerate(values)])
    plain, robust = gain(values, 2.0), gain(wild, 2.0)
    estimate, low, high, _, _ = figures(plain)
    assert abs(figures(robust)[0] - estimate) < (high - low) / 2
    naive = np.polyfit(np.arange(30) * 2 / 7, [one.value or 0 for one in wild], 1)[0] * 8
    assert abs(naive - estimate) > 2 * abs(figures(robust)[0] - estimate)


def test_a_missed_session_is_no_zero() -> None:
    values = noisy(4, 1.0)
    gaps = values_of([None if i % 4 == 3 else one.value for i, one in enumerate(values)])
    left_out = [one for i, one in enumerate(values) if i % 4 != 3]
    assert figures(gain(gaps, 2.0)) == pytest.approx(figures(gain(left_out, 2.0)), rel=1e-9)


@pytest.mark.parametrize(
    ("per_week", "said"),
    [(0.0, WITHIN_NOISE), (2.0, REAL_GAIN), (-2.0, REAL_LOSS), (0.5, IMPROVING), (-0.5, DECLINING)],
)
def test_the_fixed_sentences(per_week: float, said: str) -> None:
    assert gain(noisy(7, per_week), 3.0).sentence == said


@settings(max_examples=60, deadline=None)
@given(seeds, st.floats(-2, 2), st.floats(0.5, 6), st.floats(0.5, 6))
def test_the_sentence_follows_from_the_figures(
    seed: int, per_week: float, sd: float, sem: float
) -> None:
    found = gain(noisy(seed, per_week, sd=sd), sem)
    estimate, low, high, probability, mdc = figures(found)
    assert found.sentence in SENTENCES
    assert low <= estimate <= high
    if low <= 0 <= high:
        assert (found.kind, found.sentence) == ("noise", WITHIN_NOISE)
    else:
        assert found.kind != "noise"
    if found.kind == "real":
        assert abs(estimate) >= mdc
        assert max(probability, 1 - probability) >= 0.95
        assert found.needs == 0
    else:
        assert found.needs is None or found.needs > 0


@pytest.mark.parametrize("sessions", range(6))
def test_too_few_sessions_say_how_many_are_missing(sessions: int) -> None:
    values = values_of([40.0, 41, 39, 42, 40, 41][:sessions])
    found = gain(values, 3.0)
    assert (found.estimate, found.sentence, found.kind) == (None, None, None)
    assert found.reason is not None
    assert found.needs is not None
    assert f"{found.needs} more are needed" in found.reason
    assert found.needs == 7 - sessions
    enough = [float(40 + i % 3) for i in range(sessions + found.needs)]
    assert gain(values_of(enough), 3.0).estimate is not None
    assert gain(values_of(enough[:-1]), 3.0).estimate is None


def test_a_set_up_used_once_tells_nothing_about_change() -> None:
    alone = values_of([40.0, 41, 39, 42, 40, 41, 43, 60], blocks=[1] * 7 + [2])
    assert figures(gain(alone, 3.0))[:3] == pytest.approx(figures(gain(alone[:-1], 3.0))[:3])


def test_a_holiday_between_two_set_ups_is_not_counted_as_observed() -> None:
    values = noisy(8, 1.0, jump=8.0)
    later = [
        one if one.block == 1 else values_of([one.value], blocks=[2])[0].__class__(
            one.day.fromordinal(one.day.toordinal() + 60), one.block, one.value, one.sd, one.reps,
            one.reason, one.recording,
        )
        for one in values
    ]  # fmt: skip
    assert gain(later, 2.0).weeks == pytest.approx(gain(values, 2.0).weeks - 2 / 7 + 1.0)


def test_values_that_never_differ_are_no_gain_and_no_crash() -> None:
    found = gain(values_of([40.0] * 12), 3.0)
    assert found.estimate == pytest.approx(0.0)
    assert found.sentence == WITHIN_NOISE


def test_how_many_more_sessions_is_about_right() -> None:
    values = noisy(9, 1.0, sd=2.0, sessions=60)
    first = gain(values[:14], 2.0)
    assert first.kind != "real"
    assert first.needs is not None
    assert gain(values[: 14 + 2 * first.needs], 2.0).kind == "real"


def test_five_degrees_are_reached_in_two_sessions_running() -> None:
    values = noisy(10, 1.5, sessions=40)
    reached = milestone(values, 2.0)
    assert reached.reached is not None
    assert reached.probability is not None
    assert reached.probability > 0.99
    days = [one.day for one in values]
    at = days.index(reached.reached)
    for end in (at, at + 1):
        so_far = gain(values[:end], 2.0)
        assert so_far.kind == "real"
        assert (so_far.estimate or 0) > 5
    assert milestone(values[:at], 2.0).reached is None
    assert milestone(values, 2.0, 50.0).reached is None


def test_a_lucky_best_is_no_milestone() -> None:
    values = [*noisy(11, 0.0), *values_of([49.0])]
    assert milestone(values, 2.0).reached is None
    assert milestone([], 2.0).probability is None
    assert milestone(values[:3], 2.0).probability is None
