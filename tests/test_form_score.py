"""Scores, their deductions and errors, and the sides of a set."""

from __future__ import annotations

from collections.abc import Mapping
from math import fsum

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError
from test_features import feature

from midback.exercises import Exercise, find
from midback.form.baseline import worsening
from midback.form.features import Rep
from midback.form.score import RepScore, feature_change, score_rep, set_error, summarize
from midback.form.segmentation import Span
from midback.form.symmetry import asymmetries

SQUAT = find("squat")
SPAN = Span(0, 30, 60, True, 0.0, 1.0, 1.0, 90.0, 0.0, 1)
VALUE = st.none() | st.floats(-500, 500)


def exercise(*changes: Mapping[str, object]) -> Exercise:
    features = tuple(
        feature(**{"statistic": "p90", "name": f"f{i}", **change})  # type: ignore[arg-type]
        for i, change in enumerate(changes)
    )
    return SQUAT.model_copy(update={"features": features})


def rep(*values: float | None, side: str | None = None) -> Rep:
    return Rep(1, side, SPAN, {f"f{i}": value for i, value in enumerate(values)})


WEIGHTS = st.lists(st.floats(0.01, 100), min_size=1, max_size=9)


@given(WEIGHTS, st.data())
def test_score_and_deductions_add_up_to_100(weights: list[float], data: st.DataObject) -> None:
    it = exercise(*({"weight": w} for w in weights))
    values = data.draw(st.lists(VALUE, min_size=len(weights), max_size=len(weights)))
    found = score_rep(it, rep(*values), {})
    if found.score is None:
        assert found.coverage < 0.6
        assert found.deductions == ()
        return
    assert 0.0 <= found.score <= 100.0
    assert found.score + fsum(d.points for d in found.deductions) == pytest.approx(100, abs=1e-9)
    assert all(d.points > 0 for d in found.deductions)


@given(WEIGHTS)
def test_at_the_clip_the_deductions_are_100(weights: list[float]) -> None:
    it = exercise(*({"weight": w} for w in weights))
    found = score_rep(it, rep(*[1e6] * len(weights)), {})
    assert found.score == pytest.approx(0.0, abs=1e-9)
    assert fsum(d.points for d in found.deductions) <= 100.0
    assert fsum(d.points for d in found.deductions) == pytest.approx(100.0, abs=1e-9)
    assert found.se == 0.0


@given(st.floats(-50, 50), st.floats(0, 50))
def test_worse_never_scores_better(value: float, more: float) -> None:
    it = exercise({}, {})
    first, second = (score_rep(it, rep(v, 0.0), {}).score for v in (value, value + more))
    assert first is not None
    assert second is not None
    assert second <= first


EXPECTED = [
    ({"worse": "decrease", "expected": 90.0}, 70.0, 20.0),
    ({"worse": "increase", "expected": 90.0}, 70.0, -20.0),
    ({"worse": "increase", "expected": 0.0}, 7.0, 7.0),
    ({"worse": "decrease", "expected": 80.0, "unit": "%"}, 60.0, 25.0),
]


@pytest.mark.parametrize(("change", "value", "points"), EXPECTED)
def test_an_expected_value_counts_for_everybody(
    change: Mapping[str, object], value: float, points: float
) -> None:
    (it,) = exercise({"reference": "expected", **change}).features
    assert feature_change(it, value, None) == pytest.approx(points)
    assert worsening(it, value, it.expected or 0.0) == pytest.approx(points)


def test_a_person_who_is_wrong_from_the_first_repetition_on_loses_points() -> None:
    asked = exercise({"reference": "expected", "expected": 90.0, "worse": "decrease"})
    own = exercise({"reference": "fresh", "worse": "decrease"})
    assert (score_rep(asked, rep(40.0), {}).score or 0) == 0.0
    assert score_rep(own, rep(40.0), {"f0": 40.0}).score == 100.0


@pytest.mark.parametrize(
    "wrong",
    [
        {"reference": "expected"},
        {"expected": 3.0},
        {"reference": "expected", "expected": 0.0, "unit": "%"},
        {"statistic": "marp"},
        {"against": "pelvic_drop"},
        {"statistic": "tempo"},
        {"statistic": "roughness", "unit": "deg"},
        {"statistic": "return_speed", "unit": "deg"},
        {"statistic": "sway_speed", "unit": "m/s"},
        {"statistic": "marp", "against": "no_angle"},
    ],
)
def test_what_makes_no_sense_is_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        exercise(wrong)


@pytest.mark.parametrize(
    ("statistic", "unit"), [("return_speed", "deg/s"), ("tempo", "x"), ("consistency", "deg")]
)
def test_units_of_the_new_statistics(statistic: str, unit: str) -> None:
    assert feature(statistic, unit).unit == unit


def scored(score: float | None, se: float | None) -> RepScore:
    return RepScore(score, se, (), 1.0 if score is not None else 0.0)


def test_the_error_of_a_set_falls_with_repetitions_but_not_to_nothing() -> None:
    errors = [set_error([scored(80.0, 4.0)] * n) for n in (1, 4, 100)]
    assert errors[0] == pytest.approx(4.0)
    assert errors[1] == pytest.approx(np.sqrt(8 + 2))
    assert errors[2] == pytest.approx(np.sqrt(8 + 0.08))


def test_the_error_of_a_set_sees_how_repetitions_differ() -> None:
    found = set_error([scored(70.0, 0.0), scored(90.0, 0.0)])
    assert found == pytest.approx(np.sqrt(200 / 2))
    assert set_error([scored(None, None)]) is None


def test_a_set_without_a_score_has_no_error_and_a_scored_one_has() -> None:
    assert summarize([scored(None, None)] * 3, 3).se is None
    full = summarize([scored(80.0, 4.0)] * 4, 4)
    assert full.set == 80.0
    assert full.se == pytest.approx(np.sqrt(10))


@given(st.lists(st.floats(0, 100), min_size=3, max_size=12), st.integers(1, 12))
def test_a_set_lies_between_its_repetitions(values: list[float], before: int) -> None:
    found = summarize([scored(v, 1.0) for v in values], before)
    counted = values[:before]
    assert found.set is not None
    assert min(counted) - 1e-9 <= found.set <= max(counted) + 1e-9
    assert found.fade == pytest.approx(np.mean(values[:4]) - np.mean(values[-3:]))


@pytest.mark.parametrize(("apart", "real"), [(1.0, False), (2.5, True)])
def test_sides_differ_only_beyond_what_measuring_twice_would(apart: float, real: bool) -> None:
    it = exercise({"se": 1.0})
    reps = [rep(20.0 + apart * (s == "right"), side=s) for s in ["left", "right"] * 4]
    (found,) = asymmetries(it, reps)
    assert found.real is real  # the limit is 2.77 sqrt 2 / sqrt 4 = 1.96
    assert found.percent == pytest.approx(100 * apart / (20 + apart / 2))


def test_no_sides_no_asymmetry() -> None:
    it = exercise({})
    assert asymmetries(it, [rep(3.0) for _ in range(6)]) == ()
    assert asymmetries(it, [rep(None, side="left"), rep(1.0, side="right")] * 3) == ()
