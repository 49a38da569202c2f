"""What ends a set, and what is said of it: pain, caution, what could not be judged, the story."""

from __future__ import annotations

import dataclasses
import json

import numpy as np
import pytest
import stick
from report_case import bird_dog, result_of
from test_schema import VALIDATOR
from test_session import FPS, SOFTWARE, SOURCE, bird_dogs, run

from midback.apps.outputs import as_json
from midback.apps.report import ReportInput
from midback.apps.report.page import render
from midback.apps.report.verdict import verdict
from midback.calls import breakdown_stop, hold_stop, limit_stop, pain_stop, partial_stop
from midback.events import Event, Reposition, StopCalled
from midback.exercises import find
from midback.form.baseline import fresh_baseline
from midback.form.breakdown import Breakdown
from midback.form.evidence import Caution
from midback.form.holds import HoldStop
from midback.form.pain import RISE, TOO_MUCH
from midback.result import Result, Stop
from midback.session import Session
from midback.vision.pose import Pose

CAUTIONS: tuple[Caution, ...] = ("cautious", "normal", "stable")


def creeping(count: int = 16, step: float = 1.2) -> list[Pose]:
    """Bird dogs whose low back arches a little more every time from the ninth on."""
    period, lead = 4.0, 3.0
    poses = []
    for i in range(int((lead + count * period + 1) * FPS)):
        t = i / FPS
        index = int(np.clip((t - lead) // period, 0, count - 1))
        lift = stick.lift_curve(t, lead + index * period)
        extra = step * max(0, index - 7) * lift
        state = stick.BirdDog(lift * 0.95, index % 2 == 0, 30.0, 20.0 + extra)
        poses.append(stick.pose(state, t, noise=0.8))
    return poses


def blinded(poses: list[Pose], every: tuple[int, ...]) -> list[Pose]:
    """Back and ears hidden in some of every three repetitions."""
    out = []
    for pose in poses:
        rep = int((pose.t - 3.0) // 4.0)
        if pose.t >= 3.0 and rep % 3 in every:
            visible = pose.visibility.copy()
            visible[7:9] = 0.1
            out.append(dataclasses.replace(pose, silhouette=None, visibility=visible))
        else:
            out.append(pose)
    return out


def watched(poses: list[Pose], caution: Caution = "normal") -> tuple[Session, list[Event]]:
    session = Session(bird_dog(), *stick.SIZE, caution=caution)
    events = list(session.update(*poses))
    return session, events + list(session.finish())


def page(session: Session, result: Result) -> str:
    return render(ReportInput(result, session.series(), bird_dog(), session.keyframes(), {}, {}))


def stops(events: list[Event]) -> list[Stop]:
    return [event.stop for event in events if isinstance(event, StopCalled)]


def test_pain_ends_the_set_once() -> None:
    session = Session(bird_dog(), *stick.SIZE)
    poses = bird_dogs(12, arch_from=9)
    events = list(session.update(*poses[: int(21 * FPS)]))
    assert session.report_pain(1) == ()
    (event,) = session.report_pain(1 + RISE)
    assert isinstance(event, StopCalled)
    assert event.stop.kind == "pain"
    assert event.stop.rep == len(session.reps) + 1 == 5
    assert event.stop.time_s == pytest.approx(21.0, abs=0.5)
    assert session.report_pain(10) == ()
    assert session.report_pain(sharp=True) == ()
    events += list(session.update(*poses[int(21 * FPS) :]))
    events += session.finish()
    assert stops(events) == []
    result = session.result(SOURCE, SOFTWARE)
    assert result.stop == event.stop
    assert (result.first_region, result.story) == (None, None)
    VALIDATOR.validate(json.loads(as_json(result)))
    assert "pain came up" in verdict(result, bird_dog()).headline
    assert "pain came up" in page(session, result)


@pytest.mark.parametrize("report", [{"nrs": TOO_MUCH}, {"sharp": True}, {"nrs": 0, "sharp": True}])
def test_pain_ends_a_set_that_has_not_begun(report: dict[str, float]) -> None:
    session = Session(bird_dog(), *stick.SIZE)
    (event,) = session.report_pain(**report)  # type: ignore[arg-type]
    assert isinstance(event, StopCalled)
    assert (event.stop.kind, event.stop.rep, event.stop.time_s) == ("pain", 1, 0.0)
    session.finish()
    result = session.result(SOURCE, SOFTWARE)
    VALIDATOR.validate(json.loads(as_json(result)))
    assert verdict(result, bird_dog()).mark == "stop"
    assert "pain came up" in page(session, result)


@pytest.mark.parametrize("nrs", [-0.1, 10.1, float("nan"), float("inf")])
def test_pain_is_a_number_from_0_to_10(nrs: float) -> None:
    session = Session(bird_dog(), *stick.SIZE)
    with pytest.raises(ValueError, match="from 0 to 10"):
        session.report_pain(nrs)
    assert session.report_pain(4) == ()


def test_caution_orders_the_stops() -> None:
    poses = creeping()
    found = [stops(watched(poses, caution)[1]) for caution in CAUTIONS]
    when = [one[0].rep if one else np.inf for one in found]
    assert when == sorted(when)
    assert when[0] < when[2]
    assert stops(watched(bird_dogs(12), "cautious")[1]) == []


@pytest.mark.parametrize(
    ("hidden", "judged"), [((), True), ((2,), True), ((1, 2), False), ((0, 1, 2), False)]
)
def test_a_third_that_cannot_be_seen_is_never_green(hidden: tuple[int, ...], judged: bool) -> None:
    session, events = watched(blinded(bird_dogs(15), hidden))
    result = session.result(SOURCE, SOFTWARE)
    assert len(result.reps) == 15
    assert result.can_judge == judged
    said = verdict(result, bird_dog())
    assert (said.mark == "good") == judged
    assert ("could not be judged" in said.headline) == (not judged)
    told = [text for text in result.warnings if "could not be judged" in text]
    assert len(told) == (not judged)
    assert any(isinstance(event, Reposition) for event in events) == (not judged)
    VALIDATOR.validate(json.loads(as_json(result)))
    assert said.headline.split(",")[0] in page(session, result).replace("\u00a0", " ")


@pytest.mark.parametrize("reps", [3, 8, 14])
def test_no_green_where_form_was_not_judged_whatever_the_score(reps: int) -> None:
    result = dataclasses.replace(result_of(reps=reps, stop=None), can_judge=False)
    said = verdict(result, bird_dog())
    assert said.mark == "caution"
    assert "could not be judged" in said.headline


def test_a_breakdown_has_a_story_and_nothing_else_has() -> None:
    _, broken = run(bird_dogs(14, arch_from=9))
    assert broken.story is not None
    assert broken.story.startswith(("From rep 9 the lower back took over", "In rep 9"))
    assert broken.story.endswith("more than at the start.")
    assert broken.first_probability is not None
    assert 0.6 <= broken.first_probability <= 1.0
    assert verdict(broken, bird_dog()).why == broken.story
    _, clean = run(bird_dogs(10))
    assert (clean.story, clean.first_probability, clean.first_region) == (None, None, None)


ARCH = find("bird_dog").feature("lumbar_arch")
SAG = find("side_plank").feature("hip_sag")
SWAY = find("side_plank").feature("sway")


def test_the_sentences_of_a_stop() -> None:
    own = fresh_baseline(ARCH, [4.0, 5.0, 6.0, 5.0])
    call = Breakdown(9, "breakdown", "core", ARCH, 14.0)
    plank = find("side_plank")
    told = [
        breakdown_stop(bird_dog(), call, ARCH, 14.0, 30.0, own),
        breakdown_stop(bird_dog(), call, ARCH, 14.0, 30.0, None),
        limit_stop(bird_dog(), 3, 12.0, ARCH, 16.0),
        partial_stop(Breakdown(7, "partial", "control", None, None), 20.0),
        pain_stop(Breakdown(2, "pain", "control", None, None), 5.0),
        hold_stop(plank, HoldStop("breakdown", 20.0, 16.0, "hips", SAG, 6.0), 1, 20.0),
        hold_stop(plank, HoldStop("breakdown", 20.0, 16.0, "control", SWAY, 3.0), 1, 20.0),
        hold_stop(plank, HoldStop("limit", 20.0, 16.0, "hips", SAG, 11.0), 1, 20.0),
    ]
    assert [(stop.kind, stop.rep, stop.region) for stop in told] == [
        ("breakdown", 9, "core"),
        ("breakdown", 9, "core"),
        ("limit", 3, "core"),
        ("partial", 7, "control"),
        ("pain", 2, "control"),
        ("breakdown", 1, "hips"),
        ("breakdown", 1, "control"),
        ("limit", 1, "hips"),
    ]
    sentences = [stop.evidence for stop in told]
    assert sentences[0].startswith("lower back arched 14° more than in your first repetitions (")
    assert "differ" not in sentences[1]
    assert "past the limit of" in sentences[2]
    assert sentences[5].startswith("hips sagged 6 % of body length more than in your first seconds")
    assert sentences[6].startswith("swayed 3 % of body length more while holding than in your")
    assert sentences[7] == "hips sagged 11 % of body length, past the limit of 10 % of body length"
    assert not any("more more" in text or "larger more" in text for text in sentences)
