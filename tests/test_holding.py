"""A side plank from poses to the page: how long it was held, and how long well."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
import stick
from planks import FLOOR_S, FPS, LIFT_S, held, lying
from rich.console import Console
from test_schema import VALIDATOR, undescribed

from midback.apps.outputs import as_json
from midback.apps.report import ReportInput
from midback.apps.report.page import render
from midback.apps.report.verdict import BASELINE_S, facts, verdict
from midback.apps.show import show_result
from midback.events import Event, RepFinished, StopCalled
from midback.exercises import find
from midback.form.evidence import Caution
from midback.form.holding import ALREADY_S, AlreadyHeld
from midback.form.holds import EPOCH_S
from midback.kinematics.measurability import CONTOUR, NAMES, OK
from midback.result import Result, Software, Source
from midback.session import Session
from midback.vision.pose import Pose
from midback.words import clock

PLANK = find("side_plank")
SLACK = 2.0  # seconds: lifting and lowering belong to a hold in part


def run(poses: list[Pose], caution: Caution = "normal") -> tuple[Session, Result, list[Event]]:
    session = Session(PLANK, *stick.SIZE, caution=caution)
    events = list(session.update(*poses))
    events += session.finish()
    source = Source("stick", None, FPS, len(poses), len(poses) / FPS, *stick.SIZE)
    return session, session.result(source, Software("test", "none", None)), events


def sagging(after: float, by: float = 6.0) -> Callable[[float], float]:
    return lambda t: by if t >= after else 0.0


def page(session: Session, result: Result) -> str:
    return render(ReportInput(result, session.series(), PLANK, session.keyframes(), {}, {}))


def shown(session: Session, result: Result) -> str:
    text = io.StringIO()
    scored: Any = SimpleNamespace(result=result, exercise=PLANK)
    show_result(scored, Console(file=text, width=110))
    return text.getvalue()


def test_hips_that_sag_end_the_good_seconds_where_they_began_to() -> None:
    _, result, events = run(held(45.0, sagging(30.0)))
    begun = FLOOR_S + LIFT_S + 30.0
    assert result.hold is not None
    assert result.stop is not None
    assert (result.stop.kind, result.stop.region, result.stop.feature) == (
        "breakdown",
        "hips",
        "hip_sag",
    )
    assert begun < result.stop.time_s <= begun + 3 * EPOCH_S
    assert result.first_region == "hips"
    assert result.hold.total_s == pytest.approx(45.0, abs=SLACK)
    assert result.hold.good_s == pytest.approx(30.0, abs=SLACK)
    assert sum(isinstance(event, StopCalled) for event in events) == 1
    assert "hips sagged 6 % of body length more than in your first seconds" in result.stop.evidence


def test_the_stop_of_a_hold_is_told_alike_everywhere() -> None:
    session, result, _ = run(held(45.0, sagging(30.0)))
    document = json.loads(as_json(result))
    VALIDATOR.validate(document)
    assert list(undescribed(document, VALIDATOR.schema)) == []
    said = verdict(result, PLANK)
    assert said.mark == "stop"
    assert said.headline.startswith("Stop after 0:3")
    assert "rep" not in said.headline
    assert [fact.label for fact in facts(result)] == ["Held", "In good form"]
    for text in (page(session, result), shown(session, result)):
        assert said.headline in text.replace("\u00a0", " ")
        assert "Every repetition" not in text
        assert "Rep 1" not in text
    start, broke = session.keyframes().best, session.keyframes().broke
    assert start is not None
    assert broke is not None
    assert start.t == pytest.approx(FLOOR_S + LIFT_S + BASELINE_S, abs=SLACK)
    assert broke.t == pytest.approx(result.stop.time_s if result.stop else 0.0, abs=0.1)
    assert f"{clock(start.t)} — at the start." in page(session, result)
    assert "s of them in good form" in shown(session, result)


def test_a_hold_is_called_live_and_at_once_alike() -> None:
    poses = held(45.0, sagging(30.0))
    _, at_once, _ = run(poses)
    live = Session(PLANK, *stick.SIZE)
    called = None
    for pose in poses:
        for event in live.update(pose):
            if isinstance(event, StopCalled):
                called = pose.t, event.stop
        if called is not None and pose.t > called[0]:
            break
    assert called is not None
    assert at_once.stop == called[1]
    assert called[0] - called[1].time_s < 1.0


def test_a_steady_hold_is_green_and_a_short_one_is_not() -> None:
    session, result, events = run(held(40.0))
    assert result.stop is None
    assert result.hold is not None
    assert result.hold.good_s == result.hold.total_s == pytest.approx(40.0, abs=SLACK)
    assert verdict(result, PLANK).mark == "good"
    assert sum(isinstance(event, RepFinished) for event in events) == 1
    assert result.warnings == ()
    assert "form stayed as it began" in page(session, result)
    session, result, _ = run(held(8.0))
    said = verdict(result, PLANK)
    assert (said.mark, "Too short to see fading" in said.headline) == ("caution", True)
    assert "Too short to see fading" in shown(session, result)


def test_a_recording_may_begin_in_the_hold() -> None:
    _, result, _ = run(held(30.0, floor_s=0.0))
    assert result.hold is not None
    assert result.hold.total_s == pytest.approx(30.0, abs=SLACK)
    assert result.stop is None
    assert verdict(result, PLANK).mark == "good"
    _, result, _ = run(held(45.0, sagging(30.0), floor_s=0.0))
    assert result.hold is not None
    assert result.stop is not None
    assert result.stop.region == "hips"
    assert result.hold.good_s == pytest.approx(30.0, abs=SLACK)


@pytest.mark.parametrize("floor_s", [FLOOR_S, 0.0])
def test_a_recording_may_end_in_the_hold(floor_s: float) -> None:
    session, result, _ = run(held(30.0, floor_s=floor_s, down=False))
    assert result.hold is not None
    assert result.hold.total_s == pytest.approx(30.0, abs=SLACK)
    assert verdict(result, PLANK).mark == "good"
    assert result.warnings == ()
    VALIDATOR.validate(json.loads(as_json(result)))
    assert "form stayed as it began" in page(session, result)
    session, result, _ = run(held(40.0, sagging(30.0), floor_s=floor_s, down=False))
    assert result.stop is not None
    assert "Stop after 0:" in page(session, result)


def test_lying_flat_is_no_hold() -> None:
    session, result, _ = run(lying(12.0))
    assert result.hold is not None
    assert (result.hold.total_s, result.stop, result.reps) == (0.0, None, ())
    assert verdict(result, PLANK).headline == "No hold found."
    assert "No hold was seen" in result.warnings[0]
    assert "No hold found" in shown(session, result)


def test_who_props_up_but_leaves_the_hips_down_is_not_holding() -> None:
    poses = [pose for pose in held(5.0) if pose.t < FLOOR_S]
    long = [pose for k in range(5) for pose in _later(poses, k * FLOOR_S)]
    _, result, _ = run(long)
    assert result.hold is not None
    assert result.hold.total_s == 0.0


def _later(poses: list[Pose], by: float) -> list[Pose]:
    return [replace(pose, t=pose.t + by) for pose in poses]


def test_caution_orders_the_stops_of_a_hold() -> None:
    poses = held(60.0, lambda t: max(0.0, 0.3 * (t - 20.0)))
    when = []
    settings: tuple[Caution, ...] = ("cautious", "normal", "stable")
    for caution in settings:
        stop = run(poses, caution)[1].stop
        when.append(np.inf if stop is None else stop.time_s)
    assert when == sorted(when)
    assert np.isfinite(when[0])


def test_pain_ends_a_hold_once() -> None:
    session = Session(PLANK, *stick.SIZE)
    poses = held(20.0)
    for pose in poses[: int(12 * FPS)]:
        session.update(pose)
    (event,) = session.report_pain(7)
    assert isinstance(event, StopCalled)
    assert session.report_pain(9) == ()
    for pose in poses[int(12 * FPS) :]:
        assert not any(isinstance(event, StopCalled) for event in session.update(pose))
    session.finish()
    source = Source("stick", None, FPS, len(poses), len(poses) / FPS, *stick.SIZE)
    result = session.result(source, Software("test", "none", None))
    said = verdict(result, PLANK)
    assert "pain came up" in said.headline
    assert result.first_region is None
    VALIDATOR.validate(json.loads(as_json(result)))
    assert "pain came up" in page(session, result)


def frame(sag: float, lean: float, code: int = OK) -> tuple[Any, Any]:
    values, codes = np.zeros(len(NAMES)), np.full(len(NAMES), code, dtype=np.uint8)
    values[NAMES.index("hip_sag")], values[NAMES.index("trunk_inclination")] = sag, lean
    return values, codes


def test_three_seconds_in_the_position_are_a_hold_and_a_sag_does_not_end_it() -> None:
    watch = AlreadyHeld(PLANK)
    needed = int(ALREADY_S * FPS)
    assert [watch.update(*frame(0.0, -20.0)) for _ in range(needed)].index(True) == needed - 1
    assert all(watch.update(*frame(8.0, -25.0)) for _ in range(90))
    assert not [watch.update(*frame(14.0, -35.0)) for _ in range(30)][-1]
    assert not any(watch.update(*frame(0.0, -20.0)) for _ in range(needed - 1))


def test_a_moment_out_of_it_begins_anew_and_what_is_hidden_is_no_position() -> None:
    watch = AlreadyHeld(PLANK)
    for _ in range(5):
        assert not any(watch.update(*frame(0.0, -20.0)) for _ in range(80))
        assert not watch.update(*frame(0.0, 0.0))
    assert not any(AlreadyHeld(PLANK).update(*frame(0.0, -20.0, CONTOUR)) for _ in range(200))
    plain = PLANK.model_copy(update={"held": {}})
    other = AlreadyHeld(plain)
    assert not any(other.update(*frame(0.0, -20.0)) for _ in range(200))
