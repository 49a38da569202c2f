"""Rendered sets: what is planned is what the body does, and the breakdown is where it is said."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from midback.exercises import find, names
from midback.phantom.sets.__main__ import main
from midback.phantom.sets.movements import MOVEMENTS, Failing
from midback.phantom.sets.plan import (
    BREAKDOWN_SD,
    ONSETS,
    Onset,
    Spread,
    breakdown_rep,
    own_spread,
    shifts,
)
from midback.phantom.sets.script import (
    EPOCH_S,
    Script,
    frames_at,
    pose_at,
    script,
    truth,
    unit_of,
    values_at,
)
from midback.phantom.sets.true_angles import true_angles
from midback.phantom.skeleton import SIDES, Side, forward, joints
from midback.phantom.varied import varied

BODY = varied(3)
IN_DEGREES = [
    (name, failing)
    for name, movement in MOVEMENTS.items()
    for failing in movement.failings
    if "reach" not in failing.moves and "lower" not in failing.moves
]


def test_every_exercise_has_its_phantom() -> None:
    assert {movement.exercise for movement in MOVEMENTS.values()} == set(names())


@pytest.mark.parametrize("name", MOVEMENTS)
def test_what_fails_is_watched_in_that_region(name: str) -> None:
    movement = MOVEMENTS[name]
    exercise = find(movement.exercise)
    assert (exercise.kind == "hold") == movement.hold
    for failing in movement.failings:
        assert exercise.feature(failing.feature).region == failing.region


@pytest.mark.parametrize("name", MOVEMENTS)
@pytest.mark.parametrize("onset", [None, *ONSETS])
def test_a_set_is_the_same_on_every_run_and_its_breakdown_is_e7s(
    name: str, onset: Onset | None
) -> None:
    made, again = script(name, 5, onset), script(name, 5, onset)
    assert truth(made) == truth(again)
    json.dumps(truth(made), allow_nan=False)
    sizes = [rep.shift for rep in made.reps]
    if onset is None:
        assert made.first_bad_rep is None
        assert not any(sizes)
        return
    failing, bad = made.failing, made.first_bad_rep
    assert failing is not None
    assert bad is not None
    assert made.sd is not None
    least = max(BREAKDOWN_SD * made.sd, failing.spread.floor)
    assert sizes[bad - 1] >= least - 1e-9
    assert all(size < least for size in sizes[: bad - 1])
    assert len(sizes) == bad + 3
    fresh = 8 if MOVEMENTS[name].alternate else 4
    assert not any(sizes[:fresh])


@pytest.mark.parametrize("onset", ONSETS)
@given(seed=st.integers(0, 2**32), count=st.integers(1, 40), first=st.integers(1, 20))
def test_form_never_mends_and_nothing_happens_before_the_onset(
    onset: Onset, seed: int, count: int, first: int
) -> None:
    sizes = shifts(onset, count, first, np.random.default_rng(seed))
    assert len(sizes) == count
    assert sizes == sorted(sizes)
    assert not any(sizes[: first - 1])
    assert all(size > 0 for size in sizes[first - 1 :])
    assert max(sizes) <= 6.0


@given(
    sizes=st.lists(st.floats(0, 30), max_size=20),
    sd=st.floats(0.1, 5),
    floor=st.floats(0.1, 10),
)
def test_the_breakdown_is_the_first_that_reaches_both(
    sizes: list[float], sd: float, floor: float
) -> None:
    naive = None
    for index, size in enumerate(sizes):
        if size >= 2.5 * sd - 1e-9 and size >= floor - 1e-9 and naive is None:
            naive = index + 1
    assert breakdown_rep(sizes, sd, floor) == naive


@pytest.mark.parametrize(
    ("sd", "se", "own"), [(2.5, 1.5, 2.0), (5.0, 3.0, 4.0), (2.5, 2.5, 1.25), (1.0, 3.0, 0.5)]
)
def test_the_spread_of_a_person_is_what_the_measurement_leaves(
    sd: float, se: float, own: float
) -> None:
    assert own_spread(Spread(sd, se, 1.0), sd) == pytest.approx(own)


@pytest.mark.parametrize(("name", "failing"), IN_DEGREES)
def test_the_body_goes_wrong_by_what_is_asked(name: str, failing: Failing) -> None:
    movement = MOVEMENTS[name]
    exercise = find(movement.exercise)
    feature, scale = exercise.feature(failing.feature), unit_of(movement, failing, BODY)
    side: Side | None = "left" if movement.alternate else None
    asked = 2.0 * failing.spread.floor
    worse = {
        key: movement.top.get(key, 0.0) + asked * scale * share
        for key, share in failing.moves.items()
    }
    rest = forward(BODY, movement.pose(BODY, {"up": 0.0} if movement.hold else {}, side))
    values = [
        true_angles(exercise, BODY, forward(BODY, movement.pose(BODY, dict(v), side)), rest, 0.0)[
            feature.angle
        ]
        for v in (movement.top, movement.top | worse)
    ]
    if not movement.heading:
        sign = 1.0 if feature.worse == "increase" else -1.0
        assert sign * (values[1] - values[0]) == pytest.approx(asked, rel=0.15)


@pytest.mark.parametrize("name", MOVEMENTS)
def test_nobody_sinks_into_the_floor_or_leaves_the_picture(name: str) -> None:
    for seed in (5, 6):
        made = script(name, seed, "ramp")
        times = np.linspace(0.0, made.duration_s, 25)
        for t in times:
            frames = frames_at(made, float(t))
            places = np.array([*joints(made.body, frames).values()])
            hands = [frames.at(f"hand_{side}", np.array([0.0, -0.1, 0.0])) for side in SIDES]
            assert (places[:, 1] > -0.06).all()  # the supporting elbow gives a little
            pixels = made.camera.project(np.array([*places, *hands]))
            assert (pixels > 0).all()
            assert (pixels < np.array(made.camera.size)).all()


def test_range_and_tempo_vary_as_they_do_in_people() -> None:
    made = script("side_lying_leg_lift", 4, None)
    tops = np.array([rep.values["lift"] for rep in made.reps])
    lowering = np.array([rep.lower_s for rep in made.reps])
    assert 0.01 < tops.std() / tops.mean() < 0.08
    assert 0.03 < lowering.std() / lowering.mean() < 0.25
    hurried = script("side_lying_leg_lift", 4, "step", 1)
    fresh, last = hurried.reps[:5], hurried.reps[-3:]
    assert np.mean([r.lower_s for r in last]) < 0.75 * np.mean([r.lower_s for r in fresh])


def test_a_hold_is_entered_held_and_left() -> None:
    made = script("side_plank", 4, "ramp")
    up = [values_at(made, t)[0]["up"] for t in (0.5, made.reps[2].begin, made.duration_s - 0.1)]
    assert up == pytest.approx([0.0, 1.0, 0.0], abs=1e-6)
    assert all(
        b.begin - a.begin == pytest.approx(EPOCH_S)
        for a, b in zip(made.reps, made.reps[1:], strict=False)
    )
    sunk = [_hip_height(made, rep.begin + EPOCH_S / 2) for rep in (made.reps[2], made.reps[-1])]
    assert sunk[1] < sunk[0] - 0.03


def _hip_height(made: Script, t: float) -> float:
    return float(pose_at(made, t).root[1])


@settings(max_examples=20)
@given(seed=st.integers(0, 10_000))
def test_the_camera_is_never_further_askew_than_a_person_puts_it(seed: int) -> None:
    assert abs(script("bird_dog", seed, None).camera.yaw_deg) <= 15.0


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["bird_cat"], "unknown exercise bird_cat"),
        (["seated_rotation", "--failing", "3"], "has 1 typical"),
        (["bird_dog", "--onset", "sudden"], "invalid choice"),
    ],
)
def test_wrong_arguments_are_refused(
    arguments: list[str], told: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as left:
        main([*arguments, "--out", str(tmp_path)])
    assert left.value.code == 2
    assert told in capsys.readouterr().err
