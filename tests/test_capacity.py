"""Good form until it breaks: sets that ended well are lower bounds and nothing else."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from naive_weeks import censored_fit
from weeks_case import START, a_set, rep, stop

from midback.history.capacity import (
    CLOSER,
    MOVED,
    UNCHANGED,
    Capacity,
    Effort,
    capacity,
    effort,
    efforts,
)
from midback.history.censored import censored_trend

seeds = st.integers(0, 10_000)


def trained(
    seed: int, per_week: float, sets: int = 24, plan: float = 1.1, spread: float = 0.15
) -> list[Effort]:
    """Three sets a week from 8 repetitions on, ended by a plan about the person's median."""
    rng = np.random.default_rng(seed)
    weeks = np.arange(sets) // 3 + (np.arange(sets) % 3) * 2 / 7
    median = 8 * np.exp(per_week * weeks)
    point = np.round(median * np.exp(spread * rng.standard_normal(sets)))
    planned = np.where(np.arange(sets) % 4 == 0, 60.0, np.round(plan * median))
    return [
        Effort(START + timedelta(days=round(7 * w)), float(min(p, q)), bool(p <= q), "reps")
        for w, p, q in zip(weeks, point, planned, strict=True)
    ]


def last(found: Capacity) -> tuple[float, float, float]:
    return found.curve[-1].low, found.curve[-1].median, found.curve[-1].high


def test_a_stop_is_the_point_and_a_good_end_a_bound() -> None:
    assert effort(a_set(stop=stop(6))) == Effort(START, 6.0, True, "reps")
    assert effort(a_set()) == Effort(START, 8.0, False, "reps")
    cut_short = a_set(reps=(*(rep(i) for i in range(1, 6)), rep(6, complete=False)))
    assert effort(cut_short) == Effort(START, 5.0, False, "reps")


@pytest.mark.parametrize(
    ("kind", "broke"), [("breakdown", True), ("limit", True), ("partial", True), ("pain", False)]
)
def test_pain_ends_a_set_without_form_breaking(kind: str, broke: bool) -> None:
    assert effort(a_set(stop=stop(6, kind))) == Effort(START, 6.0, broke, "reps")


def test_a_repetition_that_pain_cut_short_is_no_bound() -> None:
    hurt = a_set(
        reps=(*(rep(i) for i in range(1, 6)), rep(6, complete=False)), stop=stop(6, "pain")
    )
    assert effort(hurt) == Effort(START, 5.0, False, "reps")


def test_seconds_of_a_hold() -> None:
    broke = a_set(stop=stop(1), good_s=22.0, total_s=26.0, judged=0)
    assert effort(broke) == Effort(START, 22.0, True, "s")
    assert effort(a_set(good_s=30.0, total_s=30.0, judged=0)) == Effort(START, 30.0, False, "s")


@pytest.mark.parametrize("changes", [{"judged": 0}, {"can_judge": False}, {"reps": ()}])
def test_a_set_that_could_not_be_judged_is_no_proof_of_good_form(
    changes: dict[str, Any],
) -> None:
    assert effort(a_set(**changes)) is None


def test_only_the_first_set_of_a_day_is_fresh() -> None:
    sets = [a_set(0, 9, stop=stop(7)), a_set(0, 10, stop=stop(3)), a_set(1, repeat=True)]
    assert efforts(sets) == [Effort(START, 7.0, True, "reps")]


def test_the_middle_of_the_posterior_is_near_maximum_likelihood() -> None:
    done = trained(1, 0.06, sets=60)
    weeks = np.array([(one.day - done[-1].day).days / 7 for one in done])
    amount = np.array([one.amount if one.broke else one.amount + 0.5 for one in done])
    broke = np.array([one.broke for one in done])
    level, slope, scale = censored_fit(weeks.tolist(), amount.tolist(), broke.tolist())
    found = censored_trend(weeks, np.log(amount), broke)
    assert float(found.level_at(0.5)) == pytest.approx(level, abs=0.01)
    assert float((found.share * found.slope).sum()) == pytest.approx(slope, abs=0.002)
    assert 0.1 < scale < 0.2


def test_without_a_bound_it_is_students_t() -> None:
    rng = np.random.default_rng(2)
    weeks = np.linspace(-6, 0, 12)
    y = 2.3 + 0.05 * weeks + 0.2 * rng.standard_normal(12)
    found = censored_trend(weeks, y, np.ones(12, dtype=bool))
    design = np.stack([np.ones(12), weeks], axis=1)
    beta, rest, *_ = np.linalg.lstsq(design, y, rcond=None)
    error = np.sqrt(rest[0] / 10 * np.linalg.inv(design.T @ design)[0, 0])
    assert float(found.level_at(0.5)) == pytest.approx(beta[0], abs=2e-3)
    assert float(found.level_at(0.975)) == pytest.approx(beta[0] + 2.228 * error, rel=0.02)


def test_twelve_repetitions_after_seven_are_found_within_the_interval() -> None:
    done = trained(3, np.log(12 / 8) / 8)
    found = capacity(done)
    low, median, high = last(found)
    assert low < 12 < high
    assert median == pytest.approx(12, rel=0.15)
    assert found.sentence == MOVED
    assert found.farther is not None
    assert found.farther > 0.9
    assert [point.day for point in found.curve] == sorted(point.day for point in found.curve)
    assert (found.curve[0].day, found.curve[-1].day) == (done[0].day, done[-1].day)
    assert found.curve[0].median == pytest.approx(8, rel=0.25)


def test_taking_the_planned_end_for_the_point_would_be_too_low() -> None:
    median = np.median([last(capacity(trained(s, 0.0, 36, plan=0.9)))[1] for s in range(12)])
    naive = np.median(
        [np.mean([e.amount for e in trained(s, 0.0, 36, plan=0.9)]) for s in range(12)]
    )
    assert median == pytest.approx(8.0, rel=0.06)
    assert naive < 7.6


def test_worse_comes_closer_and_level_is_not_shown_to_have_moved() -> None:
    assert capacity(trained(4, -0.09)).sentence == CLOSER
    told = [capacity(trained(seed, 0.0)).sentence for seed in range(20)]
    assert told.count(UNCHANGED) >= 12


@settings(max_examples=25, deadline=None)
@given(seeds, st.floats(0.2, 20))
def test_the_unit_of_seconds_does_not_matter(seed: int, unit: float) -> None:
    done = [Effort(one.day, one.amount, one.broke, "s") for one in trained(seed, 0.05)]
    more = [Effort(one.day, unit * one.amount, one.broke, "s") for one in done]
    a, b = capacity(done), capacity(more)
    if not a.curve:
        return
    assert np.array(last(b)) == pytest.approx(unit * np.array(last(a)), rel=1e-4)
    assert b.farther == pytest.approx(a.farther, abs=1e-4)


@settings(max_examples=25, deadline=None)
@given(seeds, st.permutations(range(24)))
def test_order_of_the_sets_does_not_matter(seed: int, order: list[int]) -> None:
    done = trained(seed, 0.05)
    assert capacity([done[i] for i in order]) == capacity(done)


@settings(max_examples=25, deadline=None)
@given(seeds)
def test_a_farther_good_end_never_lowers_the_point(seed: int) -> None:
    done = trained(seed, 0.05, plan=0.9)
    bounds = [i for i, one in enumerate(done) if not one.broke]
    if not bounds or not capacity(done).curve:
        return
    at = bounds[-1]
    farther = list(done)
    farther[at] = Effort(done[at].day, done[at].amount + 2, False, "reps")
    was, now = capacity(done), capacity(farther)
    assert now.curve[-1].high >= was.curve[-1].high * (1 - 1e-6)


@settings(max_examples=25, deadline=None)
@given(seeds)
def test_figures_are_in_their_order(seed: int) -> None:
    found = capacity(trained(seed, 0.05))
    assert all(0 < one.low <= one.median < one.high for one in found.curve)


@pytest.mark.parametrize(("sets", "broken"), [(0, 0), (9, 9), (12, 2), (24, 0)])
def test_too_few_sets_are_no_number_but_a_reason(sets: int, broken: int) -> None:
    done = [
        Effort(START + timedelta(days=2 * i), 8.0 + i % 3, i < broken, "reps") for i in range(sets)
    ]
    found = capacity(done)
    assert (found.curve, found.farther, found.sentence) == ((), None, None)
    assert found.needs == max(10 - sets, 3 - broken)
    assert found.reason == (
        f"{sets} judged sets so far, {broken} until form broke; 10 and 3 are needed"
    )


def test_sixty_sets_are_quick() -> None:
    done = trained(5, 0.02, sets=200)
    assert capacity(done).sets == 60
