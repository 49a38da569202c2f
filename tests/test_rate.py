"""Adaptive sampling: it rests while the body is still and looks at every frame that is fast."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from needs import SAMPLE, needs_weights
from stick import BirdDog, pose

from midback.apps.reading.pace import LONGEST_S, MovementPace
from midback.apps.run import score_source
from midback.vision.pose import missing_pose

FPS = 30.0

Lift = Callable[[float], float]


def looks(lift: Lift, seconds: float = 8.0, fps: float = FPS, noise: float = 0.0) -> list[float]:
    """Times at which it looks, of a figure that lifts arm and leg as asked."""
    pace, seen = MovementPace(), []
    for t in np.arange(0.0, seconds, 1.0 / fps).tolist():
        if pace.wants(t):
            seen.append(t)
            pace.see(pose(BirdDog(lift=lift(t)), t, noise=noise))
    return seen


def still(_: float) -> float:
    return 0.0


@pytest.mark.parametrize("noise", [0.0, 0.3])
def test_a_still_body_is_looked_at_three_times_less(noise: float) -> None:
    assert len(looks(still, noise=noise)) == pytest.approx(8 * FPS / 3, abs=4)


@pytest.mark.parametrize("fps", [10.0, 24.0, 25.0, 29.97, 30.0, 50.0, 60.0])
def test_no_gap_is_longer_than_the_resampler_bridges(fps: float) -> None:
    gaps = np.diff(looks(still, fps=fps))
    assert gaps.max() <= max(LONGEST_S, 1.0 / fps) + 0.003


def test_a_fast_limb_is_looked_at_in_every_frame() -> None:
    swings = looks(lambda t: 0.5 - 0.5 * np.cos(2 * np.pi * 2.0 * t))
    assert len(swings) > 0.9 * 8 * FPS


def test_it_wakes_up_within_one_rest() -> None:
    """Still for 4 s, then a limb that is up after a fifth of a second."""
    seen = np.array(looks(lambda t: min(1.0, max(0.0, 5.0 * (t - 4.0)))))
    assert np.diff(seen[(seen > 2.0) & (seen < 3.9)]).mean() > 0.09
    assert np.diff(seen[(seen > 4.0 + LONGEST_S) & (seen < 4.3)]).max() < 0.04


def test_straight_lines_between_the_looks_follow_a_slow_repetition() -> None:
    """A repetition of 4 s: the angle of the arm, 90 degrees up and down, is off by less than 1."""

    def lift(t: float) -> float:
        return float(0.5 - 0.5 * np.cos(2 * np.pi * t / 4.0))

    seen = np.array(looks(lift))
    every = np.arange(seen[0], seen[-1], 1.0 / FPS)
    between = np.interp(every, seen, [lift(t) for t in seen])
    assert 90.0 * np.abs(between - [lift(t) for t in every]).max() < 1.0
    assert len(seen) < len(every) / 1.3


def test_a_person_lost_is_looked_for_in_every_frame_at_first() -> None:
    pace, seen = MovementPace(), []
    for t in np.arange(0.0, 6.0, 1.0 / FPS).tolist():
        if pace.wants(t):
            seen.append(t)
            pace.see(missing_pose(t) if t > 2.0 else pose(BirdDog(), t))
    gone = np.array([t for t in seen if t > 2.0])
    assert np.diff(gone[gone < 2.9]).max() < 0.04
    assert np.diff(gone[gone > 3.3]).min() > 0.09


@needs_weights
def test_the_verdict_is_that_of_every_frame_and_the_result_says_what_was_looked_at() -> None:
    """The rendered person is as fast as nobody in therapy: hence the wide margin."""
    every = score_source(str(SAMPLE), "bird_dog", seconds=7.0).result
    some = score_source(str(SAMPLE), "bird_dog", seconds=7.0, rate="auto").result
    assert [rep.side for rep in some.reps] == [rep.side for rep in every.reps]
    for a, b in zip(some.reps, every.reps, strict=True):
        assert (a.start_s, a.end_s) == pytest.approx((b.start_s, b.end_s), abs=0.2)
    said = [text for text in some.warnings if "--rate auto" in text]
    assert len(said) == 1
    looked, recorded = (int(word) for word in said[0].split() if word.isdecimal())
    assert looked < recorded == some.source.frames <= every.source.frames
    assert not any("--rate" in text for text in every.warnings)
