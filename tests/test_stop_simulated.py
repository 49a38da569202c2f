"""Thousands of sets at once give what the product gives, repetition by repetition."""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from stop_case import FEATURES, GRID, REGIONS, first_call, grid_rep

from midback.form.breakdown import BreakdownRule
from midback.form.evidence import FALSE_STOPS, THRESHOLDS, Caution, needed
from midback.form.history import History, Prior
from midback.kinematics import ANGLES

sys.path.insert(0, str(Path(__file__).parents[1] / "benchmarks"))

from form.detectors import DETECTORS, judge, ours, started_below
from form.generator import NEVER, ONSETS, Kind, Protocol, Sets, generate
from form.simulated import breaking, calibrated, healthy, in_time, stop_rep, wilson

PLAIN = Protocol()
APART = float(np.sqrt(2.0)) * ANGLES[FEATURES[0].angle].se


def history_of(sets: Sets, i: int) -> History:
    mean, sd = sets.known_mean[i].ravel(), sets.known_sd[i].ravel()
    return History(
        {
            (None, f.name): Prior(float(m), float(s))
            for f, m, s in zip(FEATURES, mean, sd, strict=True)
        }
    )


@pytest.mark.parametrize("history", [False, True])
@pytest.mark.parametrize(
    ("kind", "protocol"),
    [
        ("none", PLAIN),
        ("step", PLAIN),
        ("creep", replace(PLAIN, missing=0.2, slips=0.05)),
        ("ramp", replace(PLAIN, drift=6.0, phi=0.6)),
    ],
)
def test_many_sets_at_once_are_judged_as_the_product_judges_one(
    kind: Kind, protocol: Protocol, history: bool
) -> None:
    sets = generate(25, kind, 3, protocol)
    found, guarded = judge(sets, history, APART), started_below(sets, history, APART)
    stopped = stop_rep(found.amounts.max(-1), THRESHOLDS["normal"][history])
    for i, values in enumerate(sets.values):
        rule = BreakdownRule(GRID, history_of(sets, i) if history else History())
        for t, row in enumerate(values):
            evidence, _ = rule.update(grid_rep(t + 1, row))
            for r, name in enumerate(REGIONS):
                expected = found.evidence[i, t, r]
                if np.isnan(expected):
                    assert name not in evidence
                else:
                    assert evidence[name].value == pytest.approx(expected, abs=1e-9)
        assert rule.below_usual() == tuple(
            sorted(name for name, below in zip(REGIONS, guarded[i], strict=True) if below)
        )
        call = first_call(BreakdownRule(GRID, rule.earlier), values)
        assert (call.rep - 1 if call is not None else NEVER + 10) == stopped[i]
        if call is not None:
            assert call.region == REGIONS[found.amounts[i, call.rep - 1].argmax()]


@pytest.mark.parametrize("caution", ["cautious", "normal", "stable"])
@pytest.mark.parametrize("history", [False, True])
def test_the_settings_stop_as_many_healthy_sets_as_they_say(
    caution: Caution, history: bool
) -> None:
    stopped = stop_rep(ours(healthy(3000, 77), history), THRESHOLDS[caution][history]) < NEVER
    low, high = wilson(int(stopped.sum()), len(stopped), z=3.3)
    assert low <= FALSE_STOPS[caution] <= high


@pytest.mark.parametrize("regions", [1, 2, 3, 5])
@pytest.mark.parametrize("history", [False, True])
def test_fewer_regions_need_less_for_the_same_false_stops(regions: int, history: bool) -> None:
    sets = healthy(2000, 80 + regions, Protocol(regions=regions))
    stopped = stop_rep(ours(sets, history), needed("normal", known=history, regions=regions))
    low, high = wilson(int((stopped < NEVER).sum()), len(stopped), z=3.3)
    assert low <= FALSE_STOPS["normal"] <= high


def test_goals_with_earlier_sets() -> None:
    goals = {"step": 0.85, "ramp": 0.78, "creep": 0.72}
    for kind, sets in breaking(3000, 500).items():
        hits = in_time(sets, stop_rep(ours(sets, True), THRESHOLDS["normal"][1]))
        assert wilson(int(hits.sum()), len(hits))[1] >= goals[kind]


def test_ours_beats_the_default_where_form_fades_slowly() -> None:
    calm, sets = healthy(3000, 600), breaking(1500, 610)
    rivals = [ours, DETECTORS["2 in a row (the default of E3)"]]
    for kind in ("ramp", "creep"):
        mine, other = (
            in_time(sets[kind], stop_rep(d(sets[kind], True), calibrated(d, True, calm))).mean()
            for d in rivals
        )
        assert mine > other


def test_breakdown_is_where_the_shift_says_it_is() -> None:
    still = Protocol(slips=0.0, noise_df=None, warm_up=0.0, spread=0.0, size=(3.0, 3.0))
    for kind in ONSETS:
        sets = generate(50, kind, 1, still)
        length = {"step": 1, "ramp": still.ramp, "creep": still.creep}[kind]
        reached = int(np.ceil(2.5 / 3.0 * length)) - 1
        assert (sets.breakdown - sets.onset == reached).all()
    assert (generate(50, "none", 1, still).breakdown == NEVER).all()


def test_wilson_interval() -> None:
    low, high = wilson(5, 10)
    assert low == pytest.approx(0.2366, abs=1e-3)
    assert high == pytest.approx(0.7634, abs=1e-3)
    assert wilson(0, 0) == (0.0, 1.0)
