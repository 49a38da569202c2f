"""Someone comes in and sits or lies down: no repetition and no stop, whatever was chosen."""

import numpy as np
import pytest

from midback.exercises import find, names
from midback.phantom.sets.idle import ENDINGS, Ending, Idle
from midback.phantom.sets.true_angles import landmarks
from midback.session import Session
from midback.vision.pose import Pose

FPS = 30


@pytest.mark.parametrize("seed", [180, 181, 182])
@pytest.mark.parametrize("ending", ENDINGS)
def test_getting_into_position_is_no_repetition(ending: Ending, seed: int) -> None:
    clip = Idle(ending, seed)
    sessions = {name: Session(find(name), 1280, 720) for name in names()}
    for i in range(int(clip.duration_s * FPS)):
        body = landmarks(clip.body, clip.frames_at(i / FPS))
        points = (500.0 * body + [600.0, -700.0, 0.0]).astype(np.float32)
        seen = Pose(i / FPS, points, body.astype(np.float32), np.ones(33, np.float32))
        for session in sessions.values():
            session.update(seen)
    for session in sessions.values():
        session.finish()
    assert {name: len(session.reps) for name, session in sessions.items() if session.reps} == {}
