"""What surrounds the evidence: earlier sets, the start guard, pain, unusable repetitions, words."""

from __future__ import annotations

import numpy as np
import pytest
from stop_case import FEATURES, GRID, first_call, grid_rep

from midback.exercises import find
from midback.form.breakdown import BreakdownRule
from midback.form.evidence import Caution
from midback.form.first import FirstRegion, Story
from midback.form.history import History, Prior
from midback.story import sentence_of

USUAL = History({(None, f.name): Prior(0.0, 1.0) for f in FEATURES})


def steady(reps: int, level: float = 0.0) -> np.ndarray:
    rng = np.random.default_rng(5)
    return level + 0.8 * rng.standard_normal((reps, 4, 2))


def with_fault(reps: int, start: int, region: int, size: float) -> np.ndarray:
    values = steady(reps)
    values[start:, region] += size
    return values


@pytest.mark.parametrize("earlier", [History(), USUAL])
@pytest.mark.parametrize("region", [0, 1, 2, 3])
def test_a_gross_fault_ends_the_set_in_its_second_repetition(earlier: History, region: int) -> None:
    rule = BreakdownRule(GRID, earlier)
    call = first_call(rule, with_fault(14, 9, region, 6.0))
    assert call is not None
    assert (call.rep, call.region) == (11, FEATURES[2 * region].region)
    first = rule.first_to_fail(call.rep)
    assert first is not None
    assert first.regions == (call.region,)
    assert first.probability > 0.9
    story = rule.story(call)
    assert story is not None
    assert (story.from_rep, story.by_rep) == (10, 11)


def test_caution_orders_the_stops() -> None:
    values = steady(20)
    values[6:, 1] += 0.35 * np.arange(14)[:, None]
    order: list[Caution] = ["cautious", "normal", "stable"]
    calls = [first_call(BreakdownRule(GRID, caution=c), values) for c in order]
    reps = [call.rep for call in calls if call is not None]
    assert len(reps) == 3
    assert reps == sorted(reps)


def test_earlier_sets_notice_a_set_that_begins_below_the_usual() -> None:
    values = steady(8)
    values[:, 2] += 14.0
    rule = BreakdownRule(GRID, USUAL)
    call = first_call(rule, values)
    assert rule.below_usual() == ("shoulders",)
    assert call is not None
    assert call.region == "shoulders"
    baseline = rule.baseline("shoulders_1", None)
    assert baseline is not None
    assert baseline.mean == 0.0
    plain = BreakdownRule(GRID)
    assert first_call(plain, values) is None
    assert plain.below_usual() == ()


def test_a_usual_start_is_adopted() -> None:
    rule = BreakdownRule(GRID, USUAL)
    values = steady(8, level=0.5)
    assert first_call(rule, values) is None
    assert rule.below_usual() == ()
    baseline = rule.baseline("core_1", None)
    assert baseline is not None
    assert baseline.mean == pytest.approx(values[:4, 1, 0].mean())


def test_a_fault_is_named_before_it_ends_the_set() -> None:
    rule = BreakdownRule(GRID)
    values = with_fault(12, 9, 1, 6.0)
    named = {}
    for i, row in enumerate(values, start=1):
        evidence, call = rule.update(grid_rep(i, row))
        named[i] = [name for name, found in evidence.items() if found.amber]
        if call is not None:
            break
    assert call is not None
    assert (named[9], named[10], call.rep) == ([], ["core"], 11)


def test_pain_makes_a_call() -> None:
    rule = BreakdownRule(GRID)
    assert rule.report_pain(2, 2.0) is None
    call = rule.report_pain(3, 4.0)
    assert call is not None
    assert (call.rep, call.kind, call.feature) == (3, "pain", None)


@pytest.mark.parametrize(
    ("usable", "reposition", "can_judge"),
    [
        ("++++", False, True),
        ("+-", False, True),
        ("--", True, True),
        ("+--+", False, False),
        ("++-+++-", False, True),
        ("+-+-+-", False, False),
        ("++++--", True, True),
    ],
)
def test_unusable_repetitions(usable: str, reposition: bool, can_judge: bool) -> None:
    rule = BreakdownRule(GRID)
    for i, sign in enumerate(usable, start=1):
        rule.update(grid_rep(i, np.zeros((4, 2)) if sign == "+" else np.full((4, 2), np.nan)))
    assert (rule.usable.reposition, rule.usable.can_judge) == (reposition, can_judge)


def test_a_repetition_without_evidence_neither_adds_nor_resets() -> None:
    values = with_fault(14, 9, 1, 6.0)
    values[10] = np.nan
    call = first_call(BreakdownRule(GRID), values)
    assert call is not None
    assert call.rep == 12


@pytest.mark.parametrize(
    ("story", "said"),
    [
        (
            ("core",),
            "From rep 7 the lower back took over; by rep 9 it arched 14° more than at the start.",
        ),
        (
            ("core", "hips"),
            "From rep 7 the lower back and the hips gave way together; by rep 9 the lower back "
            "arched 14° more than at the start.",
        ),
    ],
)
def test_the_story_in_one_sentence(story: tuple[str, ...], said: str) -> None:
    exercise = find("bird_dog")
    told = Story(7, FirstRegion(story, 0.9), 9, exercise.feature("lumbar_arch"), 14.0)
    assert sentence_of(exercise, told) == said


@pytest.mark.parametrize("name", ["range", "lowering", "head", "hip_shift", "trunk_sag"])
def test_every_feature_makes_a_sentence(name: str) -> None:
    exercise = find("bird_dog")
    feature = exercise.feature(name)
    said = sentence_of(exercise, Story(9, FirstRegion((feature.region,), 0.9), 9, feature, 12.0))
    assert said.startswith("In rep 9 ")
    assert said.endswith(" than at the start.")
    assert "12" in said
