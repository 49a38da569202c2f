"""Which exercise it is: phantom joints without a network, and the sample clips with one."""

from __future__ import annotations

import json
from itertools import islice
from pathlib import Path

import numpy as np
import pytest
from needs import needs_weights
from stick import BirdDog, lift_curve
from stick import mirror as mirrored_points
from stick import pose as stick_pose

from midback.exercises import find, names
from midback.exercises.auto import Choice, Guess, choose
from midback.phantom.sets.idle import ENDINGS, Ending, Idle
from midback.phantom.sets.movements import MOVEMENTS
from midback.phantom.sets.script import frames_at, script
from midback.phantom.sets.true_angles import landmarks
from midback.phantom.skeleton import Frames, rot
from midback.vision.pose import Pose, missing_pose

SAMPLES = Path(__file__).parent.parent / "sample_videos"
CLIPS = sorted(path.name.removesuffix(".truth.json") for path in SAMPLES.glob("*.truth.json"))
SEEN_BY_JOINTS = [name for name in MOVEMENTS if not name.endswith("thoracic_extension")]
"""The others move the back alone, which joints without an outline hardly show."""


def joints_only(body_frames: Frames, what: object, t: float, *, mirrored: bool = False) -> Pose:
    """A pose with every joint where it truly is, no perspective, no outline."""
    body = what.body  # type: ignore[attr-defined]
    world = landmarks(body, body_frames)
    points = 300.0 * world + [640.0, -600.0, 0.0]
    if mirrored:
        points, world = mirrored_points(points, 1280.0), mirrored_points(world, 0.0)
    visible = np.ones(33, dtype=np.float32)
    return Pose(t, points.astype(np.float32), world.astype(np.float32), visible)


def joints_of(name: str, seed: int, *, mirrored: bool = False, until: float = 20.0) -> list[Pose]:
    made = script(name, seed, None)
    times = np.arange(0.0, min(until, made.duration_s), 0.1)
    back = rot(1, made.heading - made.movement.heading)
    poses = []
    for t in times:
        frames = frames_at(made, float(t))
        plain = Frames(back.T @ frames.rotation, frames.origin @ back)
        poses.append(joints_only(plain, made, float(t), mirrored=mirrored))
    return poses


@pytest.mark.parametrize("name", SEEN_BY_JOINTS)
@pytest.mark.parametrize("mirrored", [False, True])
def test_an_exercise_is_recognised_by_its_joints(name: str, mirrored: bool) -> None:
    found = choose(joints_of(name, 7, mirrored=mirrored))
    assert found.name == MOVEMENTS[name].exercise, found.guesses[:3]


@pytest.mark.parametrize("name", ["seated_thoracic_extension", "kneeling_thoracic_extension"])
def test_a_movement_of_the_back_alone_is_never_taken_for_another(name: str) -> None:
    found = choose(joints_of(name, 7))
    assert found.name in (None, name)
    assert found.guesses[0].name == name


@pytest.mark.parametrize("ending", ENDINGS)
def test_who_only_walks_in_is_asked(ending: Ending) -> None:
    what = Idle(ending, 8)
    times = np.arange(0.0, what.duration_s, 0.1)
    found = choose([joints_only(what.frames_at(float(t)), what, float(t)) for t in times])
    assert found.name is None
    assert found.question.endswith("tell which with --exercise NAME")


def test_a_stick_figure_does_bird_dogs() -> None:
    times = np.arange(0.0, 16.0, 1 / 15)
    poses = [
        stick_pose(BirdDog(lift=max(lift_curve(t, s) for s in (1.0, 5.0, 9.0))), float(t))
        for t in times
    ]
    assert choose(poses).name == "bird_dog"


def test_too_little_is_not_recognised() -> None:
    poses = joints_of("squat", 7, until=3.0)
    for few in ([], poses, [missing_pose(t / 10) for t in range(100)]):
        found = choose(few)
        assert found.name is None
        assert {guess.name for guess in found.guesses} == set(names())
        assert found.question == (
            "the exercise was not recognised; tell which with --exercise NAME"
        )


def test_frames_without_a_person_and_a_later_start_change_nothing() -> None:
    poses = joints_of("push_up", 7)
    gaps = [missing_pose(p.t) if i % 5 == 0 else p for i, p in enumerate(poses)]
    assert choose(gaps).name == choose(poses).name == "push_up"


def test_only_the_exercises_in_question_are_compared() -> None:
    poses = joints_of("push_up", 7)
    found = choose(poses, [find("squat"), find("bird_dog")])
    assert found.name is None
    assert {guess.name for guess in found.guesses} == {"squat", "bird_dog"}


def test_two_that_fit_alike_are_both_named() -> None:
    found = Choice(None, (Guess("squat", 0.6), Guess("wall_slide", 0.5), Guess("push_up", 0.0)))
    assert "squat or wall_slide" in found.question


@needs_weights
@pytest.mark.parametrize("name", CLIPS)
def test_the_sample_clips_are_recognised(name: str) -> None:
    from midback.vision.estimator import PoseEstimator
    from midback.vision.frames import open_frames
    from midback.vision.weights import model_path

    true = json.loads((SAMPLES / f"{name}.truth.json").read_text())
    with (
        open_frames(str(SAMPLES / f"{name}.mp4")) as frames,
        PoseEstimator(model_path(None, print), silhouette=True) as network,
    ):
        poses = [network.estimate(frame) for frame in islice(frames, 0, 480, 3)]
    assert choose(poses).name == true["exercise"]
