"""The poses that a report draws are those of the instants it names."""

from __future__ import annotations

import numpy as np

from midback.moments import Moments
from midback.vision.pose import Pose


def poses(first: float, last: float, rate: float) -> list[Pose]:
    body = np.ones((33, 3), dtype=np.float32)
    return [Pose(t, body, body, body[:, 0]) for t in np.arange(first, last, 1 / rate).tolist()]


def test_the_peak_of_a_slow_repetition_is_still_known_at_its_end() -> None:
    for rate in (14.0, 30.0, 60.0):
        moments, seen = Moments(), poses(0.0, 45.0, rate)
        moments.offer(seen)
        moments.reached = len(seen)
        moments.keep_peak(1, 10.0)
        assert abs(moments._peaks[1].t - 10.0) <= 0.5 / rate


def test_what_is_remembered_does_not_grow() -> None:
    moments = Moments()
    for start in range(0, 600, 10):
        moments.offer(poses(start, start + 10, 30.0))
    assert 1190 <= len(moments._recent) <= 1202
