"""However poses are cut into calls, the same comes out, to the last bit."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, fields, replace
from functools import lru_cache
from itertools import pairwise

import numpy as np
import pytest
import stick
from hypothesis import given, settings
from hypothesis import strategies as st
from planks import held
from recordings import damaged, turning_round
from test_session import SOFTWARE, SOURCE, bird_dogs

from midback.events import Event, RepFinished, StopCalled
from midback.exercises import find
from midback.keyframes import KeyFrame
from midback.kinematics.measurability import FRONT_VIEW, MOVED, NAMES, NOBODY, OK, OUTLINE
from midback.kinematics.rows import AngleRows
from midback.kinematics.stream import AngleStream
from midback.kinematics.view import Posture
from midback.session import Session
from midback.vision.pose import Pose

RECORDINGS: dict[str, tuple[Posture, bool]] = {
    "bird dogs": ("all_fours", False),
    "damaged bird dogs": ("all_fours", False),
    "turning round": ("standing", False),
    "damaged turning round": ("standing", False),
    "measured in depth": ("standing", True),
    "seated": ("seated", False),
    "plank": ("plank", False),
}


@lru_cache
def poses(name: str) -> tuple[Pose, ...]:
    if "bird dogs" in name:
        found = bird_dogs(4, arch_from=3)
    elif name == "plank":
        found = held(8.0)
    else:
        found = turning_round()
    plain = ("bird dogs", "turning round", "plank")
    return tuple(found if name in plain else damaged(found, seed=len(name)))


def blocks(seen: Sequence[Pose], size: int) -> list[Sequence[Pose]]:
    return [seen[i : i + size] for i in range(0, len(seen), size)]


def rows(name: str, calls: Sequence[Sequence[Pose]]) -> AngleRows:
    """All rows; `pose` counts from the first pose of the recording."""
    posture, metric = RECORDINGS[name]
    stream, given, parts = AngleStream(posture, stick.SIZE, metric=metric), 0, []
    for call in calls:
        part = stream.update(call)
        parts.append(replace(part, pose=part.pose + given))
        given += len(call)
    return AngleRows.joined([*parts, stream.flush()])


@lru_cache
def one_by_one(name: str) -> AngleRows:
    return rows(name, blocks(poses(name), 1))


def assert_same(found: AngleRows, expected: AngleRows) -> None:
    assert len(found) == len(expected)
    differ = [
        angle
        for angle, ours, theirs in zip(NAMES, found.values.T, expected.values.T, strict=True)
        if not np.array_equal(ours, theirs, equal_nan=True)
    ]
    assert differ == []
    for field in fields(AngleRows):
        ours, theirs = getattr(found, field.name), getattr(expected, field.name)
        assert ours.dtype == theirs.dtype, field.name
        np.testing.assert_array_equal(ours, theirs, err_msg=field.name)


@pytest.mark.parametrize("size", [7, 64, 65, 513, 10_000])
@pytest.mark.parametrize("name", RECORDINGS)
def test_blocks_of_any_size_give_the_same_rows(name: str, size: int) -> None:
    assert_same(rows(name, blocks(poses(name), size)), one_by_one(name))


@settings(max_examples=12, deadline=None)
@given(
    name=st.sampled_from(["damaged bird dogs", "damaged turning round"]),
    cuts=st.lists(st.integers(0, 500), max_size=12),
)
def test_cuts_anywhere_give_the_same_rows(name: str, cuts: list[int]) -> None:
    """Also calls without a single pose."""
    seen, ends = poses(name), [0, *sorted(cuts), len(poses(name))]
    calls = [seen[first:last] for first, last in pairwise(ends)]
    assert_same(rows(name, calls), one_by_one(name))


def test_what_may_happen_does_happen_in_these_recordings() -> None:
    """Or their equality would say little."""
    damaged_dogs, turning = (
        one_by_one(name) for name in ("damaged bird dogs", "damaged turning round")
    )
    back = damaged_dogs.codes[:, NAMES.index("lumbar_arch")]
    girdle = turning.codes[:, NAMES.index("trunk_rotation")]
    assert {OUTLINE, NOBODY} <= set(back.tolist())
    assert np.isfinite(damaged_dogs.values[:, NAMES.index("lumbar_arch")]).sum() > 100
    assert {FRONT_VIEW, OK, MOVED} <= set(girdle.tolist())
    assert set(turning.facing_camera[turning.found].tolist()) == {1.0, -1.0}
    for found, name in ((damaged_dogs, "damaged bird dogs"), (turning, "damaged turning round")):
        assert np.diff(found.t).max() > 3000
        assert (np.diff([pose.t for pose in poses(name)]) <= 0).sum() > 5
        assert len(set(found.yaw.tolist())) > 100


SETS = {
    "bird_dog": lambda: bird_dogs(14, arch_from=9),
    "bird_dog, damaged": lambda: damaged(bird_dogs(6, arch_from=4), seed=3),
    "side_plank": lambda: held(28.0, lambda t: 6.0 * float(np.clip((t - 18.0) / 2, 0, 1))),
}
Watched = tuple[Session, list[Event]]


@lru_cache
def watched(name: str, size: int) -> Watched:
    session, seen = Session(find(name.partition(",")[0]), *stick.SIZE), SETS[name]()
    events = [event for call in blocks(seen, size) for event in session.update(*call)]
    return session, [*events, *session.finish()]


@pytest.mark.parametrize("size", [7, 65, 10_000])
@pytest.mark.parametrize("name", SETS)
def test_a_session_tells_the_same_however_its_poses_come(name: str, size: int) -> None:
    (found, events), (expected, expected_events) = watched(name, size), watched(name, 1)
    assert asdict(found.result(SOURCE, SOFTWARE)) == asdict(expected.result(SOURCE, SOFTWARE))
    assert events == expected_events
    assert found.reps == expected.reps
    assert found.now() == expected.now()
    ours, theirs = found.series(), expected.series()
    np.testing.assert_array_equal(ours.t, theirs.t)
    for angle, trace in ours.traces.items():
        for part in ("value", "se", "status"):
            other = getattr(theirs.traces[angle], part)
            np.testing.assert_array_equal(getattr(trace, part), other, err_msg=angle)
    for moment in ("best", "broke", "last"):
        same_moment(getattr(found.keyframes(), moment), getattr(expected.keyframes(), moment))


def same_moment(found: KeyFrame | None, expected: KeyFrame | None) -> None:
    if found is None or expected is None:
        assert found is expected
        return
    known = [(one.t, one.rep, one.pose.t, one.angle, one.value) for one in (found, expected)]
    assert known[0] == known[1]
    np.testing.assert_array_equal(found.pose.points, expected.pose.points)
    assert (found.contour is None) == (expected.contour is None)
    if found.contour is not None and expected.contour is not None:
        np.testing.assert_array_equal(found.contour, expected.contour)


def test_these_sets_have_repetitions_a_stop_and_moments_to_show() -> None:
    for name in ("bird_dog", "side_plank"):
        session, events = watched(name, 1)
        assert any(isinstance(event, RepFinished) for event in events)
        assert any(isinstance(event, StopCalled) for event in events)
        assert session.keyframes().broke is not None
    assert len(watched("bird_dog, damaged", 1)[0].reps) >= 4
