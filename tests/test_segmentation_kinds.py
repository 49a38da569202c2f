"""Repetitions as people do them: slow, shallow, paused, bounced, partial, held, to both sides."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from stick import minimum_jerk

from midback.exercises import Primary, Timing
from midback.form.segmentation import RepSegmenter
from midback.form.spans import Span
from midback.form.trail import Trail
from midback.kinematics.smoothing import RATE
from midback.vision.pose import Array

UP = Primary(angle="knee_flexion", unit="deg", direction="increase", min_rom=20, typical_rom=90)
BOTH = Primary(angle="side_bend", unit="deg", direction="both", min_rom=5, typical_rom=30)
TOLD_S = 0.4


def path(*legs: tuple[float, float]) -> Array:
    """Smooth way through points: each leg is (seconds, value there); starts at the first value."""
    parts, at = [], legs[0][1]
    for seconds, to in legs:
        t = np.arange(round(seconds * RATE)) / (seconds * RATE)
        parts.append(at + (to - at) * minimum_jerk(t))
        at = to
    return np.concatenate(parts)


def stream(values: Array, primary: Primary = UP) -> tuple[list[Span], list[float]]:
    """Spans, and how many seconds after its end each was told."""
    segmenter, spans, told = RepSegmenter(primary, Timing()), [], []
    for frame, value in enumerate(values):
        span = segmenter.update(frame, float(value))
        if span is not None:
            spans.append(span)
            told.append((frame - span.last) / RATE)
    last = segmenter.flush()
    return spans + ([last] if last is not None else []), told


def reps(*one: tuple[float, float], times: int = 3, rest: float = 1.0) -> Array:
    """A second and a half at rest, the same repetition several times, and rest again."""
    return path((1.5, 0.0), *([*one, (rest, 0.0)] * times), (1.0, 0.0))


KINDS = {
    "usual": reps((1.5, 90), (1.0, 90), (1.5, 0)),
    "fast": reps((0.5, 90), (0.5, 0)),
    "slow": reps((7.0, 90), (7.0, 0)),
    "held": reps((1.0, 90), (25.0, 90), (1.0, 0)),
    "fast and held": reps((0.3, 90), (1.5, 90), (0.3, 0), rest=0.5),
    "shallow throughout": reps((1.0, 40), (1.0, 0)),
    "paused going out": reps((0.8, 45), (1.5, 45), (0.8, 90), (1.2, 0)),
    "paused coming back": reps((1.0, 90), (0.8, 55), (1.5, 55), (0.8, 0)),
    "bounced": reps((1.0, 90), (0.2, 72), (0.2, 90), (0.2, 72), (0.2, 90), (1.0, 0)),
    "never quite back": path((1.5, 0), *[(1.0, 90), (1.0, 30)] * 2, (1.0, 90), (1.0, 0), (2.0, 0)),
    "without rest": path((1.5, 0), *[(1.0, 90), (1.0, 0)] * 3, (2.0, 0)),
}


@pytest.mark.parametrize("kind", KINDS)
def test_three_are_three(kind: str) -> None:
    spans, told = stream(KINDS[kind])
    assert len(spans) == 3
    assert max(told) <= TOLD_S
    for before, after in itertools.pairwise(spans):
        assert before.first < before.peak < before.last <= after.first


def test_a_partial_one_is_kept_with_its_range_and_a_twitch_is_not() -> None:
    full, back = (1.0, 90.0), (1.0, 0.0)
    values = path((1.5, 0), full, back, back, full, back, back, (1.0, 45.0), back, back,
                  (1.0, 15.0), back, (2.0, 0.0))  # fmt: skip
    assert [round(span.rom, -1) for span in stream(values)[0]] == [90, 90, 40]


def test_bounces_and_pauses_are_told() -> None:
    (bounced, *_), (paused, *_), (usual, *_) = (
        stream(KINDS[kind])[0] for kind in ("bounced", "paused going out", "usual")
    )
    assert bounced.bounces >= 2
    assert (paused.bounces, paused.pauses) == (0, 1)
    assert (usual.bounces, usual.pauses) == (0, 0)
    assert stream(KINDS["held"])[0][0].hold_s == pytest.approx(25, abs=1)


@pytest.mark.parametrize("middle", [0.0, 6.0])
@pytest.mark.parametrize("rest", [0.0, 0.7])
def test_to_both_sides_with_and_without_a_rest_between(middle: float, rest: float) -> None:
    one = [(1.2, 30.0 + middle), (1.2, middle), (1.2, middle - 25), (1.2, middle)]
    if not rest:
        one = [(1.6, 30.0 + middle), (1.6, middle - 25)]
    else:
        one[2:2] = [(rest, middle)]
        one.append((rest, middle))
    spans, told = stream(path((1.5, middle), *one * 4, (1.0, middle), (2.0, middle)), BOTH)
    assert [span.sign for span in spans] == [1, -1] * 4
    assert max(told) <= TOLD_S


def test_both_sides_about_a_middle_that_is_far_from_zero_after_the_first_two() -> None:
    spans, _ = stream(path((1.5, 0), *[(1.5, 20), (1.5, -70)] * 4, (1.0, -25), (2, -25)), BOTH)
    assert [span.sign for span in spans][-6:] == [1, -1] * 3
    assert len(spans) in {7, 8}


def test_one_side_only_is_not_doubled_by_its_rests() -> None:
    spans, _ = stream(path((1.5, 0), *[(1.2, 30), (1.2, 0), (1.0, 1.0)] * 4, (2, 0)), BOTH)
    assert [span.sign for span in spans] == [1] * 4


@given(
    into=st.floats(-15, 80), seconds=st.floats(0.3, 2.0), noise=st.floats(0, 0.5),
    seed=st.integers(0, 9),
)  # fmt: skip
@settings(max_examples=40, deadline=None)
def test_getting_into_and_out_of_position_is_no_repetition(
    into: float, seconds: float, noise: float, seed: int
) -> None:
    """The signal sets in while the body still settles, and ends while it leaves."""
    settle = path((0.1, into), (seconds, 0.0), (2.0, 0.0))
    leave = path((0.1, 0.0), (seconds, into))
    away = np.full(30, np.nan)
    values = np.concatenate([away, settle, leave, away])
    values = values + np.random.default_rng(seed).normal(0, noise, len(values))
    assert stream(values)[0] == []


@settings(max_examples=40, deadline=None)
@given(
    heights=st.lists(st.floats(70, 110), min_size=1, max_size=6),
    out=st.floats(0.6, 3.0), back=st.floats(0.6, 3.0), hold=st.floats(0.0, 3.0),
    rest=st.floats(0.2, 3.0), noise=st.floats(0.0, 1.0), seed=st.integers(0, 99),
)  # fmt: skip
def test_any_pace_is_counted_told_in_time_and_cut_where_it_was(
    heights: list[float], out: float, back: float, hold: float, rest: float, noise: float, seed: int
) -> None:
    out, back, hold, rest = (round(part * RATE) / RATE for part in (out, back, hold + 0.05, rest))
    legs, true, at = [(1.5, 0.0)], [], 1.5
    for height in heights:
        legs += [(out, height), (hold, height), (back, 0.0), (rest, 0.0)]
        true.append((at, at + out + hold + back))
        at = true[-1][1] + rest
    clean = path(*legs, (1.5, 0.0))
    rough = np.random.default_rng(seed).normal(0, noise, len(clean))
    values = clean + np.convolve(rough, np.ones(9) / 9, "same")
    spans, told = stream(values)
    assert len(spans) == len(true)
    assert max(told, default=0.0) <= TOLD_S
    for span, (first, last) in zip(spans, true, strict=True):
        slow = 0.2 if out < 4 * back else 0.25  # the onset drowns below a tenth of the top speed
        assert span.first / RATE == pytest.approx(first, abs=0.15 + slow * out)
        assert span.last / RATE == pytest.approx(last, abs=0.15 + 0.2 * back)
    for cut in (len(values) // 3, 2 * len(values) // 3):
        segmenter = RepSegmenter(UP, Timing())
        known = [s for i, v in enumerate(values[:cut]) if (s := segmenter.update(i, float(v)))]
        assert known == spans[: len(known)]


class SlowTrail:
    """The obvious one: a list of every value with its frame."""

    def __init__(self) -> None:
        self.kept: list[tuple[int, float]] = []
        self.next = 0

    def append(self, value: float) -> None:
        self.kept.append((self.next, value))
        self.next += 1

    def cut(self, frame: int) -> None:
        self.kept = [pair for pair in self.kept if pair[0] >= frame]

    def since(self, frame: int) -> list[float]:
        return [value for at, value in self.kept if at >= frame]


@given(
    st.lists(st.tuples(st.sampled_from("aaaaaaccs"), st.integers(0, 400)), max_size=60),
    st.integers(1, 50),
)
def test_the_trail_is_the_slow_one(steps: list[tuple[str, int]], burst: int) -> None:
    fast, slow = Trail(), SlowTrail()
    for what, number in steps:
        if what == "a":
            for i in range(burst):
                fast.append(number + i)
                slow.append(number + i)
        elif what == "c":
            frame = min(number, slow.next)
            fast.cut(frame)
            slow.cut(frame)
        assert fast.since(number).tolist() == slow.since(number)
        assert len(fast) == len(slow.kept)
        assert fast.next == slow.next
