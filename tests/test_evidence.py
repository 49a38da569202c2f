from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from naive_stop import beginning, posterior, runs

from midback.exercises import Feature, find
from midback.form.baseline import (
    FRESH,
    GUARD,
    REFERENCE,
    belief,
    level,
    reference,
    resemblance,
)
from midback.form.evidence import (
    _CHANCES,
    _MOST,
    _OFFSETS,
    CHOICES,
    FALSE_STOPS,
    RUNS,
    THRESHOLDS,
    Recent,
    combine,
    needed,
    strongest,
)
from midback.form.first import FIRST_EVIDENCE, beginnings, first_to_fail, without_gaps
from midback.form.history import USUAL_DOF, Prior, prior_from
from midback.form.pain import PainWatch

numbers = st.floats(-5, 5)
ONE = np.array(1.0)


@given(st.lists(numbers, min_size=1, max_size=8), numbers, st.floats(0.5, 3.0))
def test_level_is_the_posterior_of_science_e2(values: list[float], m0: float, s0: float) -> None:
    before = belief(ONE, (np.array(m0), np.array(s0)))
    found = level(np.array(values), before, np.array(0.3))
    expected = posterior(values, m0, s0, 1.0, 10.0, 0.3)
    got = (found.mean, found.sd, found.weight, found.dof)
    assert [float(x) for x in got] == pytest.approx(expected)
    plain = level(np.array(values), belief(ONE), np.array(0.3))
    assert float(plain.mean) == pytest.approx(float(np.mean(values)))


@given(st.lists(st.none() | numbers, min_size=1, max_size=12))
def test_missing_values_are_as_if_they_had_never_been(values: list[float | None]) -> None:
    known = [v for v in values if v is not None]
    if not known:
        return
    gaps = np.array([np.nan if v is None else v for v in values])
    a, b = (level(v, belief(ONE), np.array(0.3)) for v in (gaps, np.array(known)))
    assert float(a.mean) == pytest.approx(float(b.mean))
    assert float(a.sd) == pytest.approx(float(b.sd))


def test_the_level_never_chases_a_shift() -> None:
    steady = np.zeros(FRESH + 1)
    for length in range(FRESH + 1, 30):
        values = np.concatenate([steady, np.full(length - len(steady), 8.0)])
        used = reference(values, belief(ONE), np.array(0.5))
        assert len(used) <= REFERENCE - 1
        assert used.max() <= 2.5
    long = np.arange(30.0)
    assert len(reference(long[: FRESH + 1], belief(ONE), ONE)) == FRESH
    late = [reference(long[:n], belief(ONE), ONE) for n in (REFERENCE + GUARD + 1, 20, 30)]
    assert all(np.array_equal(used, late[0]) for used in late)


@given(st.lists(st.none() | st.floats(-4, 6), min_size=1, max_size=15))
def test_recent_repetitions_match_the_naive_sum(evidence: list[float | None]) -> None:
    recent = Recent(())
    got = [float(recent.update(np.array(np.nan if e is None else e))) for e in evidence]
    expected = runs(evidence, dict(zip(RUNS, _OFFSETS, strict=True)), _MOST)
    assert got == pytest.approx(expected)


@given(st.lists(st.floats(-4, 0.5), max_size=10), st.floats(0, 100))
def test_one_slip_never_ends_a_set(calm: list[float], slip: float) -> None:
    least = min(needed(c, known=known, regions=1) for c in THRESHOLDS for known in (False, True))
    for at in range(len(calm) + 1):
        recent = Recent(())
        amounts = [float(recent.update(np.array(e))) for e in [*calm[:at], slip, *calm[at:]]]
        assert max(amounts) < least


@pytest.mark.parametrize(
    ("evidence", "ends"),
    [
        ([3.0, 3.0], True),
        ([1.0, 1.0, 1.0, 1.0, 1.0, 1.0], False),
        ([2.7, 1.2, 2.7, 2.7], True),
        ([2.3, 2.3, 2.3, 2.3], True),
        ([9.0, 0.0], False),
        ([3.0, np.nan, 3.0], True),
    ],
)
def test_what_ends_a_set(evidence: list[float], ends: bool) -> None:
    recent = Recent(())
    amounts = [float(recent.update(np.array(e))) for e in evidence]
    assert (max(amounts) >= THRESHOLDS["normal"][0]) is ends


def test_similar_repetitions_count_for_less() -> None:
    usual, alike = Recent(()), Recent(())
    for _ in range(4):
        a, b = usual.update(ONE * 2.5), alike.update(ONE * 2.5, 0.6)
    assert float(b) < float(a)


def test_resemblance_finds_the_autocorrelation() -> None:
    rng = np.random.default_rng(0)
    for phi in (0.0, 0.2, 0.6):
        noise = rng.standard_normal((400, 8, 30))
        for i in range(1, 30):
            noise[..., i] = phi * noise[..., i - 1] + np.sqrt(1 - phi**2) * noise[..., i]
        assert float(resemblance(noise).mean()) == pytest.approx(phi, abs=0.08)
    assert float(resemblance(np.ones((8, FRESH)))) == 0.2


def test_more_cautious_means_earlier_and_earlier_sets_help() -> None:
    assert set(THRESHOLDS) == set(CHOICES) == set(FALSE_STOPS)
    for i in (0, 1):
        assert THRESHOLDS["cautious"][i] < THRESHOLDS["normal"][i] < THRESHOLDS["stable"][i]


def test_evidence_of_a_region() -> None:
    assert float(combine(np.array([2.0]))) == 2.0
    assert float(combine(np.array([2.0, 2.0]))) == pytest.approx(4 / np.sqrt(2.8))
    assert float(combine(np.array([2.0, np.nan]))) == 2.0
    assert np.isnan(combine(np.array([np.nan, np.nan])))


@given(st.lists(st.floats(-2, 5), min_size=2, max_size=12))
def test_beginnings_match_the_naive_search(evidence: list[float]) -> None:
    found = beginnings(np.array(evidence)[:, None])
    assert int(found[0]) == beginning(evidence, FIRST_EVIDENCE)


@pytest.mark.parametrize(
    ("hips", "core", "first", "sure"),
    [
        ([0, 0, 0, 0, 0, 0], [0, 4, 4, 4, 4, 4], ("core",), True),
        ([0, 0, 0, 0, 4, 4], [0, 4, 4, 4, 4, 4], ("core",), True),
        ([0, 0, 3, 3, 3, 3], [0, 0, 3, 3, 3, 3], {"hips", "core"}, False),
    ],
)
def test_first_region(hips: list[float], core: list[float], first: object, sure: bool) -> None:
    evidence = np.array([hips, core], dtype=float).T
    found = first_to_fail(("hips", "core"), evidence)
    assert found == first_to_fail(("hips", "core"), evidence)
    assert (found.probability >= 0.6) is sure
    assert (found.regions if sure else set(found.regions)) == first


def test_gaps_take_the_value_before() -> None:
    gaps = np.array([[np.nan, 1.0], [2.0, np.nan], [np.nan, np.nan]])
    assert without_gaps(gaps).tolist() == [[0.0, 1.0], [2.0, 1.0], [2.0, 1.0]]


@pytest.mark.parametrize(
    ("start", "reports", "ends"),
    [
        (None, [(3.0, False)], False),
        (None, [(5.0, False)], True),
        (None, [(1.0, False), (3.0, False)], True),
        (2.0, [(3.5, False)], False),
        (2.0, [(4.0, False)], True),
        (None, [(None, True)], True),
        (None, [(None, False)], False),
    ],
)
def test_pain(start: float | None, reports: list[tuple[float | None, bool]], ends: bool) -> None:
    watch = PainWatch(start)
    assert [watch.report(nrs, sharp=sharp) for nrs, sharp in reports][-1] is ends


@pytest.mark.parametrize("nrs", [-1.0, 11.0, float("nan")])
def test_pain_is_a_number_from_0_to_10(nrs: float) -> None:
    with pytest.raises(ValueError, match="from 0 to 10"):
        PainWatch().report(nrs)


def drawn(feature: Feature, squares: float, dof: int) -> float:
    """A spread drawn towards the usual one."""
    return float(np.sqrt((USUAL_DOF * feature.sd**2 + squares) / (USUAL_DOF + dof)))


def test_prior_is_the_median_of_fresh_means_and_the_pooled_spread() -> None:
    arch = find("bird_dog").feature("lumbar_arch")
    sets = [[10.0, 12.0, 14.0, 12.0, 30.0], [20.0, 22.0], [1.0]]
    found = prior_from(arch, sets)
    squares = sum(float(((np.array(s) - np.mean(s)) ** 2).sum()) for s in sets[:2])
    assert found is not None
    assert found.mean == pytest.approx(16.5)
    assert found.sd == pytest.approx(drawn(arch, squares, 5))
    assert prior_from(arch, [[1.0], []]) is None
    still = prior_from(arch, [[5.0, 5.0, 5.0]])
    assert still is not None
    assert still.sd == pytest.approx(max(drawn(arch, 0.0, 2), arch.se))
    assert prior_from(arch, [[5.0] * 999]) == Prior(5.0, arch.se)
    old = [[50.0, 50.0]] * 3 + [[1.0, 1.0]] * 5
    recent = prior_from(arch, old)
    assert recent is not None
    assert recent.mean == 1.0


def test_prior_of_a_percentage_is_relative_to_each_set() -> None:
    reach = find("bird_dog").feature("range")
    found = prior_from(reach, [[90.0, 110.0], [180.0, 220.0]])
    assert found is not None
    assert found.sd == pytest.approx(drawn(reach, 2 * 2 * 10.0**2, 2))


def test_one_feature_alone_counts_nearly_as_much_as_it_is_worth() -> None:
    both = float(combine(np.array([2.0, 2.0])))
    assert strongest(np.array([3.0, 0.0])) == pytest.approx(2.4 - _CHANCES)
    assert strongest(np.array([2.0, 2.0])) == pytest.approx(both - _CHANCES)
    assert strongest(np.array([1.5])) == pytest.approx(1.5)
    assert strongest(np.array([np.nan, 1.5])) == pytest.approx(1.5)
    assert np.isnan(strongest(np.array([np.nan, np.nan])))
