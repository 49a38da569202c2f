"""A slow machine skips pictures: the same repetitions and sides are found without every second."""

import random

import pytest
from test_live_coach import new, planned, poses

from midback.exercises import find
from midback.phantom.sets.script import frames_at, script
from midback.phantom.sets.true_angles import landmarks
from midback.session import Session
from midback.vision.pose import Pose


@pytest.mark.parametrize("seed", range(6))
def test_every_second_picture_at_random_is_enough(seed: int) -> None:
    chance, coach, whole = random.Random(seed), new(), new()
    for pose in poses():
        whole.see(pose)
        if chance.random() < 0.5:
            coach.see(pose)
    for one in (coach, whole):
        one.command("end")
    assert len(coach.session.reps) == len(planned().reps)
    assert coach.stop is not None
    assert whole.stop is not None
    assert abs(coach.stop.rep - whole.stop.rep) <= 1


@pytest.mark.parametrize("seed", range(3))
def test_the_lifted_side_is_still_known(seed: int) -> None:
    what, chance = script("bird_dog", 3, None), random.Random(seed)
    session = Session(find("bird_dog"), 1280, 720)
    for i in range(int(what.duration_s * 30)):
        if chance.random() < 0.5:
            continue
        body = landmarks(what.body, frames_at(what, i / 30))
        points = 400.0 * body + [700.0, -500.0, 0.0]
        pose = Pose(
            i / 30, points.astype("f4"), body.astype("f4"), (body[:, 0] * 0 + 1).astype("f4")
        )
        session.update(pose)
    session.finish()
    assert [rep.side for rep in session.reps] == [rep.side for rep in what.reps]
