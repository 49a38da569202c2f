from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from midback.exercises import Exercise, find
from midback.form.baseline import FRESH, fresh_baseline, worsening, z_score
from midback.form.breakdown import Breakdown, BreakdownRule
from midback.form.features import Rep, feature_value
from midback.form.limits import LimitWatch
from midback.form.score import score_rep, summarize
from midback.form.segmentation import Span
from midback.kinematics.measurability import CONTOUR, NAMES, OK

BIRD_DOG = find("bird_dog")


def span(rom: float = 150.0, *, complete: bool = True) -> Span:
    return Span(0, 45, 90, complete, 1.0, 1.0, 1.0, rom, 0.0, 1)


def rep(
    index: int,
    values: dict[str, float] | None = None,
    *,
    side: str | None = "left",
    complete: bool = True,
) -> Rep:
    known: dict[str, float | None] = {f.name: 10.0 for f in BIRD_DOG.features}
    known.update(values or {})
    return Rep(index, side, span(complete=complete), known)


def run(reps: list[Rep], exercise: Exercise = BIRD_DOG) -> list[Breakdown]:
    rule = BreakdownRule(exercise)
    return [call for one in reps if (call := rule.update(one)[1]) is not None]


def test_z_is_standard_normal_when_nothing_changed() -> None:
    feature = BIRD_DOG.feature("lumbar_arch")
    rng = np.random.default_rng(0)
    scores = []
    for _ in range(2000):
        values = rng.normal(5, feature.sd, FRESH + 1)
        baseline = fresh_baseline(feature, values[:FRESH].tolist())
        assert baseline is not None
        scores.append(z_score(feature, values[FRESH], baseline))
    assert np.mean(scores) == pytest.approx(0, abs=0.08)
    assert np.std(scores) == pytest.approx(1, abs=0.15)


def test_z_follows_the_t_distribution_and_is_one_sided() -> None:
    feature = BIRD_DOG.feature("lumbar_arch")
    baseline = fresh_baseline(feature, [10.0, 10.0, 10.0, 10.0])
    assert baseline is not None
    t = 6.0 / (baseline.sd * np.sqrt(1.25))
    assert z_score(feature, 16.0, baseline) == pytest.approx(
        stats.norm.ppf(stats.t.cdf(t, baseline.dof))
    )
    assert z_score(feature, 4.0, baseline) < 0


def test_percent_features_are_relative_to_the_own_fresh_mean() -> None:
    feature = BIRD_DOG.feature("range")
    assert worsening(feature, 120.0, 150.0) == pytest.approx(20.0)
    assert worsening(feature, 165.0, 150.0) == pytest.approx(-10.0)


def test_a_steady_set_is_never_stopped() -> None:
    assert run([rep(i) for i in range(1, 15)]) == []


def test_two_bad_reps_in_a_row_stop_the_set_and_name_the_region() -> None:
    bad = {"lumbar_arch": 24.0, "trunk_sag": 16.0}
    reps = [rep(i) for i in range(1, 8)] + [rep(8, bad), rep(9, bad)]
    calls = run(reps)
    assert [(call.rep, call.region, call.kind) for call in calls] == [(9, "core", "breakdown")]
    assert calls[0].feature is not None
    assert calls[0].change is not None
    assert calls[0].change >= calls[0].feature.floor


def test_one_slip_is_forgiven_and_a_rep_without_evidence_does_not_break_the_run() -> None:
    bad = {"lumbar_arch": 24.0, "trunk_sag": 16.0}
    fresh = [rep(i) for i in range(1, 6)]
    assert run([*fresh, rep(6, bad), rep(7), rep(8, bad), rep(9)]) == []
    blank = Rep(7, "left", span(), dict.fromkeys(rep(7).values))
    assert [call.rep for call in run([*fresh, rep(6, bad), blank, rep(8, bad)])] == [8]


def test_a_change_too_small_to_matter_is_not_where_it_began() -> None:
    """The head moved first, by many of its spreads and still by less than half its floor."""
    rule = BreakdownRule(BIRD_DOG)
    still = [rep(i) for i in range(1, 6)]
    nods = rep(6).values["head"]
    assert nods is not None
    small = nods + 0.4 * BIRD_DOG.feature("head").floor
    for one in [*still, rep(6, {"head": small}), rep(7, {"head": small})]:
        rule.update(one)
    bad = {"lumbar_arch": 24.0, "trunk_sag": 16.0, "head": small}
    calls = [rule.update(rep(i, bad))[1] for i in (8, 9)]
    assert calls[1] is not None
    assert rule.first_region("core", 9) == "core"


def test_each_side_has_its_own_baseline_and_the_run_merges_them() -> None:
    reps = [
        rep(i, {"lumbar_arch": (10.0, 40.0)[i % 2]}, side=("left", "right")[i % 2])
        for i in range(1, 9)
    ]
    assert run(reps) == []
    worse = [
        rep(9, {"lumbar_arch": 55.0, "trunk_sag": 16.0}, side="right"),
        rep(10, {"lumbar_arch": 25.0, "trunk_sag": 16.0}, side="left"),
    ]
    assert [call.rep for call in run(reps + worse)] == [10]


def test_two_partial_reps_in_a_row_stop_the_set() -> None:
    reps = [rep(1), rep(2), rep(3, complete=False), rep(4), rep(5, complete=False)]
    assert run(reps) == []
    calls = run([*reps, rep(6, complete=False)])
    assert [(call.rep, call.kind) for call in calls] == [(6, "partial")]


def test_feature_values() -> None:
    trace = np.concatenate([np.linspace(10, 30, 46), np.linspace(30, 10, 45)])
    all_ok = np.ones(91, dtype=np.bool_)
    arch, head = BIRD_DOG.feature("lumbar_arch"), BIRD_DOG.feature("head")
    near_peak = trace[38:53]
    assert feature_value(arch, span(), trace, all_ok, 10.0) == np.median(near_peak) - 10
    value = feature_value(head, span(), trace, all_ok, 10.0)
    assert value == pytest.approx(np.percentile(trace, 90) - 10)
    few = all_ok.copy()
    few[20:] = False
    assert feature_value(arch, span(), trace, few, 10.0) is None
    assert feature_value(BIRD_DOG.feature("lowering"), span(), trace, few, 0.0) == 1.0
    rom = feature_value(BIRD_DOG.feature("range"), span(), trace, all_ok, 0.0)
    assert rom == pytest.approx(20, abs=1)


def test_limits_need_half_a_second_of_measured_angle() -> None:
    exercise = find("seated_thoracic_extension")
    arch = exercise.feature("lumbar_arch")
    assert arch.red is not None
    watch, neutral = LimitWatch(exercise), np.zeros(len(NAMES))
    values, codes = np.zeros((15, len(NAMES))), np.full((15, len(NAMES)), OK, dtype=np.uint8)
    values[:, NAMES.index("lumbar_arch")] = arch.red + 1
    rows = watch.watched(values, codes)
    hits = [watch.update(rows, i, neutral, {}) for i in range(15)]
    assert hits[:14] == [None] * 14
    assert hits[14] is not None
    assert hits[14][0] == arch
    watch.reset()
    codes[:, NAMES.index("lumbar_arch")] = CONTOUR
    unseen = watch.watched(values, codes)
    assert all(watch.update(unseen, i % 15, neutral, {}) is None for i in range(30))


def test_deductions_add_up_and_are_named() -> None:
    fresh = {f.name: 10.0 for f in BIRD_DOG.features}
    clean = score_rep(BIRD_DOG, rep(5), fresh)
    assert clean.score == 100.0
    assert clean.deductions == ()
    bad = score_rep(BIRD_DOG, rep(6, {"lumbar_arch": 21.0, "head": 30.0}), fresh)
    assert bad.score is not None
    assert bad.score == pytest.approx(100 - sum(item.points for item in bad.deductions))
    assert {item.feature for item in bad.deductions} == {"lumbar_arch", "head"}
    assert bad.se is not None
    assert bad.se > 0


def test_too_little_measured_gives_no_score() -> None:
    values: dict[str, float | None] = dict.fromkeys(rep(1).values)
    scored = score_rep(
        BIRD_DOG, Rep(1, "left", span(), values | {"range": 150.0}), {"range": 150.0}
    )
    assert scored.score is None
    assert summarize([scored], 1).set is None


def test_fade_is_fresh_minus_last() -> None:
    fresh = {f.name: 10.0 for f in BIRD_DOG.features}
    scores = [score_rep(BIRD_DOG, rep(i), fresh) for i in range(1, 5)]
    scores += [score_rep(BIRD_DOG, rep(i, {"lumbar_arch": 21.0}), fresh) for i in range(5, 8)]
    summary = summarize(scores, 4)
    assert summary.set == 100.0
    assert summary.fresh == 100.0
    assert summary.fade == pytest.approx(100.0 - (summary.last or 0))
