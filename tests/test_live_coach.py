"""The coach: stages, pauses, undo and resume, and the same result as the poses at once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache

import numpy as np
import pytest

from midback.apps.live.coach import Coach, Command
from midback.apps.live.feedback import Feedback
from midback.exercises import find
from midback.phantom.sets.script import Script, frames_at, script
from midback.phantom.sets.true_angles import landmarks
from midback.result import Software, Source
from midback.session import Session
from midback.vision.pose import Pose, missing_pose

FPS = 30
SIZE = (1280, 720)
SOURCE, SOFTWARE = Source("", None, FPS, 1, 1.0, *SIZE), Software("", "", None)


@lru_cache
def planned(onset: str | None = "step") -> Script:
    found = script("push_up", 3, "step" if onset else None)
    return replace(found, facing_left=False)


@lru_cache
def poses(onset: str | None = "step") -> tuple[Pose, ...]:
    """True landmarks of a set of push-ups, seen exactly from the side."""
    what = planned(onset)
    found = []
    for i in range(int(what.duration_s * FPS)):
        body = landmarks(what.body, frames_at(what, i / FPS))
        points = (400.0 * body + [700.0, -500.0, 0.0]).astype(np.float32)
        found.append(Pose(i / FPS, points, body.astype(np.float32), np.ones(33, np.float32)))
    return tuple(found)


def watched(coach: Coach, seen: Sequence[Pose]) -> list[Feedback]:
    return [coach.see(pose) for pose in seen]


def new() -> Coach:
    return Coach(find("push_up"), *SIZE)


def later(seen: Sequence[Pose], seconds: float) -> list[Pose]:
    return [replace(pose, t=pose.t + seconds) for pose in seen]


def at_rep(count: int) -> int:
    """Index of the pose in the pause after that many repetitions."""
    return int((planned().reps[count - 1].end + 0.45) * FPS)


def test_a_set_goes_from_setting_up_to_the_verdict_and_equals_the_set_at_once() -> None:
    coach = new()
    told = watched(coach, poses())
    assert list(dict.fromkeys(f.stage for f in told)) == ["setup", "still", "set"]
    assert told[-1].tone == "stop"
    done = coach.command("end")
    assert (done.stage, done.tone) == ("done", "stop")
    assert done.headline.startswith("Stop at rep")
    whole = Session(find("push_up"), *SIZE)
    for pose in poses():
        whole.update(pose)
    whole.finish()
    assert coach.result(SOURCE, SOFTWARE) == whole.result(SOURCE, SOFTWARE)


def test_good_repetitions_are_silent_and_the_stop_is_said_once() -> None:
    told = watched(new(), poses())
    said = [f.say for f in told if f.say]
    assert len([text for text in said if text.startswith("Stop.")]) == 1
    assert said[-1].startswith("Stop.")
    calm = watched(new(), poses(None))
    assert [f.say for f in calm if f.say] == []
    assert {f.sound for f in calm} == {"", "rep"}
    assert calm[-1].reps == len(planned(None).reps)


def test_what_is_wrong_is_named_in_the_order_it_is_mended() -> None:
    coach = new()
    away = [coach.see(missing_pose(i / FPS), 200.0) for i in range(FPS)]
    assert away[-1].headline == "Step into the picture: I cannot see you"
    assert away[-1].stage == "setup"
    dark = [coach.see(missing_pose(1 + i / FPS), 12.0) for i in range(FPS)]
    assert dark[-1].headline.startswith("More light")
    flat = np.array([0.1, 1.0, 1.0], dtype=np.float32)
    frontal = [replace(pose, points=pose.points * flat) for pose in poses()[:60]]
    assert "side-on" in watched(coach, later(frontal, 2.0))[-1].headline


def test_a_second_person_is_asked_to_leave() -> None:
    coach, still = new(), poses()[0]
    seen = [replace(still, t=i / FPS) for i in range(3 * FPS)]
    crowded = [coach.see(pose, 100.0, 2) for pose in seen]
    assert crowded[-1].stage == "setup"
    assert crowded[-1].headline.startswith("Two people in view")
    alone = [coach.see(pose, 100.0, 1) for pose in later(seen, 3.0)]
    assert alone[-1].stage == "still"


def test_being_lost_pauses_the_set_and_nothing_is_lost() -> None:
    coach, cut = new(), at_rep(2)
    before = watched(coach, poses()[:cut])[-1]
    start = poses()[cut - 1].t
    gone = [coach.see(missing_pose(start + (i + 1) / FPS)) for i in range(3 * FPS)]
    assert gone[-1].stage == "paused"
    assert gone[-1].reps == before.reps == 2
    back = watched(coach, later(poses()[cut:], 3.0))
    assert back[FPS].stage == "set"
    assert back[-1].reps == len(planned().reps)


def test_a_pause_counts_nothing_until_it_is_over() -> None:
    coach, cut, again = new(), at_rep(2), at_rep(4)
    watched(coach, poses()[:cut])
    assert coach.command("pause").stage == "paused"
    during = watched(coach, poses()[cut:again])
    assert {f.reps for f in during} == {2}
    assert during[-1].headline == "Paused"
    assert coach.command("resume").stage == "set"
    assert watched(coach, poses()[again:])[-1].reps == len(planned().reps) - 2


def test_undo_takes_the_last_repetition_back_only() -> None:
    coach, cut = new(), at_rep(3)
    watched(coach, poses()[:cut])
    peaks = [rep.span.peak for rep in coach.session.reps]
    assert coach.command("undo").reps == 2
    assert [rep.span.peak for rep in coach.session.reps] == peaks[:2]
    assert coach.command("undo").reps == 1
    assert watched(coach, poses()[cut:])[-1].reps == len(planned().reps) - 2


def test_sharp_pain_stops_at_once_and_is_recorded() -> None:
    coach = new()
    watched(coach, poses()[: at_rep(2)])
    told = coach.command("pain")
    assert (told.tone, told.headline, told.sound) == ("stop", "STOP", "stop")
    assert "pain" in told.detail
    assert coach.command("pain").sound == ""
    coach.command("end")
    stop = coach.result(SOURCE, SOFTWARE).stop
    assert stop is not None
    assert stop.kind == "pain"


def test_a_cut_off_set_goes_on_where_it_was() -> None:
    first, cut = new(), at_rep(3) + 7
    watched(first, poses()[:cut])
    first.command("pause")
    first.command("resume")
    second = new()
    second.replay(first.entries)
    assert second.stage == first.stage
    for coach in (first, second):
        watched(coach, poses()[cut:])
        coach.command("end")
    assert first.result(SOURCE, SOFTWARE) == second.result(SOURCE, SOFTWARE)


@pytest.mark.parametrize("command", ["pause", "resume", "undo", "pain"])
def test_nothing_changes_a_set_that_is_over(command: Command) -> None:
    coach = new()
    watched(coach, poses())
    coach.command("end")
    before = coach.result(SOURCE, SOFTWARE)
    assert coach.command(command).stage == "done"
    assert coach.result(SOURCE, SOFTWARE) == before


def test_commands_before_the_first_pose_do_no_harm() -> None:
    coach = new()
    commands: tuple[Command, ...] = ("undo", "resume", "pause", "resume", "pain", "end")
    for name in commands:
        coach.command(name)
    assert coach.stage == "done"


def test_the_gauge_shows_the_own_range_once_it_is_known() -> None:
    told = watched(new(), poses(None))
    early, late = told[at_rep(2)].gauge, told[-1].gauge
    assert early.low is None
    assert late.low is not None
    assert late.high is not None
    highest = max(f.gauge.value or 0.0 for f in told)
    assert late.low < highest < late.top


def test_feedback_is_plain_values() -> None:
    import json

    json.dumps(watched(new(), poses()[:90])[-1].to_dict(), allow_nan=False)
