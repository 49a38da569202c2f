"""The study's cases: what is asked for is what is true, in sign, size and place."""

from __future__ import annotations

from dataclasses import replace
from typing import get_args

import numpy as np
import pytest
from numpy.typing import NDArray

from midback.phantom.body import BODIES, DEVELOPING, HELD_OUT
from midback.phantom.cases import Arms, Case, Movement, Posture, camera_for
from midback.phantom.changes import changes
from midback.phantom.intent import DRIFT_SD, Intent, drift, planned, share
from midback.phantom.skeleton import Frames, Pose, forward, joints
from midback.phantom.studied_poses import posture
from midback.phantom.study import drive, truth
from midback.phantom.truth import trunk_angles

POSTURES: tuple[Posture, ...] = get_args(Posture)
ANGLES = (
    "thoracic_extension",
    "lumbar_arch",
    "rotation",
    "side_bend",
    "pelvic_roll",
    "head",
)


def _case(
    place: Posture = "standing", movement: Movement = "still", amplitude: float = 0.0
) -> Case:
    return Case("case", "anna", place, movement, amplitude)


def _frames(case: Case, intent: Intent) -> Frames:
    return forward(case.who, posture(case, intent))


def _changes(case: Case, intent: Intent) -> dict[str, float]:
    return changes(_frames(case, intent), _frames(case, Intent()))


@pytest.mark.parametrize("place", POSTURES)
@pytest.mark.parametrize(
    ("region", "intent"),
    [
        ("thoracic_extension", Intent(thoracic=17.0)),
        ("lumbar_arch", Intent(lumbar=-12.0)),
        ("pelvic_roll", Intent(roll=9.0)),
    ],
)
def test_a_region_asked_to_move_moves_alone(place: Posture, region: str, intent: Intent) -> None:
    found = _changes(_case(place), intent)
    asked = {"thoracic_extension": 17.0, "lumbar_arch": -12.0, "pelvic_roll": 9.0}
    for name in ("thoracic_extension", "lumbar_arch", "pelvic_roll", "shoulder_elevation"):
        wanted = asked[name] if name == region else 0.0
        assert found[name] == pytest.approx(wanted, abs=1e-6), name
    if region != "pelvic_roll":
        assert [found[n] for n in ("rotation", "girdle_rotation", "side_bend")] == pytest.approx(
            [0.0] * 3, abs=0.1
        )


@pytest.mark.parametrize("place", POSTURES)
@pytest.mark.parametrize("heading", [0.0, -90.0, 140.0])
def test_changes_do_not_depend_on_the_heading(place: Posture, heading: float) -> None:
    case = replace(_case(place), heading=heading)
    intent = Intent(thoracic=8.0, twist=20.0, bend=-6.0, head=5.0, girdle=2.0)
    plain, turned = _changes(_case(place), intent), _changes(case, intent)
    assert {k: turned[k] for k in ANGLES} == pytest.approx({k: plain[k] for k in ANGLES})


def test_sagittal_changes_agree_with_the_sample_clips_truth() -> None:
    case, intent = _case("seated"), Intent(thoracic=11.0, lumbar=6.0, neck=4.0)
    after, before = (trunk_angles(_frames(case, i), 0.0) for i in (intent, Intent()))
    found = _changes(case, intent)
    for name, key in (
        ("thoracic_extension", "thoracic"),
        ("lumbar_arch", "lumbar"),
        ("head", "head"),
    ):
        assert found[name] == pytest.approx(after[key] - before[key], abs=1e-6)


def test_a_pure_twist_is_rotation_to_the_left() -> None:
    still = Pose(np.zeros(3))
    body = replace(BODIES["anna"], kyphosis=0.0, lordosis=0.0)
    now = forward(body, replace(still, lumbar_twist=30.0))
    found = changes(now, forward(body, still))
    assert found["rotation"] == pytest.approx(30.0, abs=0.1)
    assert found["girdle_rotation"] == pytest.approx(30.0, abs=0.1)
    left = joints(body, now)["left_shoulder"] - joints(body, now)["right_shoulder"]
    assert left[0] < 0  # facing +x, the left shoulder goes back


def test_a_pure_side_bend_lowers_the_right_shoulder() -> None:
    body = replace(BODIES["anna"], kyphosis=0.0, lordosis=0.0)
    still = forward(body, Pose(np.zeros(3)))
    now = forward(body, Pose(np.zeros(3), bend=22.0))
    assert changes(now, still)["side_bend"] == pytest.approx(20.0, abs=0.1)  # T4 is two joints low
    assert abs(changes(now, still)["rotation"]) < 2.0  # the line to T1 leans, the bend does not
    places = joints(body, now)
    assert places["right_shoulder"][1] < places["left_shoulder"][1] - 0.05
    assert places["nose"][2] > 0.1


def test_no_bend_leaves_the_skeleton_alone() -> None:
    pose = Pose(np.zeros(3), pitch=-20.0, thoracic=9.0, twist=4.0)
    plain = forward(BODIES["ben"], pose)
    bent = forward(BODIES["ben"], replace(pose, bend=0.0, lumbar_twist=0.0))
    np.testing.assert_array_equal(plain.rotation, bent.rotation)


@pytest.mark.parametrize("place", POSTURES)
@pytest.mark.parametrize(
    ("movement", "name", "amplitude"),
    [
        ("thoracic_extension", "thoracic_extension", 18.0),
        ("lumbar_arch", "lumbar_arch", -15.0),
        ("rotation", "rotation", 20.0),
        ("rotation", "rotation", -20.0),
        ("side_bend", "side_bend", 14.0),
        ("pelvic_roll", "pelvic_roll", -8.0),
        ("head", "head", 20.0),
        ("shoulder_hike", "shoulder_elevation", 4.0),
    ],
)
def test_the_amplitude_is_reached_at_the_top(
    place: Posture, movement: Movement, name: str, amplitude: float
) -> None:
    case = _case(place, movement, amplitude)
    top = _changes(case, planned(case, drive(case), 1.0))
    assert top[name] == pytest.approx(amplitude, abs=1e-3)


@pytest.mark.parametrize("amplitude", [12.0, -6.0])
def test_knees_fall_in_by_the_amplitude_in_a_half_squat(amplitude: float) -> None:
    case = _case("standing", "knee_valgus", amplitude)
    down = _frames(case, planned(case, drive(case), 1.0))
    assert changes(down, _frames(case, Intent()))["knee_valgus"] == pytest.approx(amplitude)
    gap = down.o("shank_right")[2] - down.o("shank_left")[2]
    straight = _frames(case, planned(case, 0.0, 1.0))
    assert (gap < straight.o("shank_right")[2] - straight.o("shank_left")[2]) == (amplitude > 0)
    assert down.o("pelvis")[1] < _frames(case, Intent()).o("pelvis")[1] - 0.1


def test_the_pelvis_turns_along_and_the_girdle_goes_further() -> None:
    case = replace(_case("standing", "rotation", 30.0), other=10.0)
    top = _changes(case, planned(case, drive(case), 1.0))
    assert top["rotation"] == pytest.approx(30.0, abs=1e-3)
    assert top["pelvic_roll"] == pytest.approx(10.0)
    assert 31.0 < top["girdle_rotation"] < 38.0


def test_the_other_region_moves_along() -> None:
    case = replace(_case("seated", "thoracic_extension", 15.0), other=-7.0)
    top = _changes(case, planned(case, drive(case), 1.0))
    assert (top["thoracic_extension"], top["lumbar_arch"]) == pytest.approx((15.0, -7.0))


@pytest.mark.parametrize("arms", get_args(Arms))
def test_arms_do_not_change_the_trunk(arms: Arms) -> None:
    plain = _case("standing")
    case = replace(plain, arms=arms)
    intent = Intent(thoracic=10.0, twist=12.0)
    trunk, same = _changes(case, intent), _changes(plain, intent)
    assert trunk["thoracic_extension"] == pytest.approx(same["thoracic_extension"])
    assert trunk["rotation"] == pytest.approx(same["rotation"])


def test_shares_go_up_hold_and_come_back_alternating() -> None:
    case = replace(_case("standing", "rotation", 30.0), alternate=True)
    (start, top, leave, end), second, _ = case.times
    assert (start, top - start, leave - top, end - leave) == pytest.approx((1.6, 1.0, 0.4, 1.0))
    assert [share(case, t) for t in (0.0, start, top, leave, end)] == [0.0, 0.0, 1.0, 1.0, 0.0]
    assert share(case, second[1]) == -1.0
    assert case.frames == round((1.6 + 3 * 2.4 + 2 * 0.4 + 0.8) * 20)
    assert _case("standing").times == ()


def test_drift_is_small_seeded_and_never_absent() -> None:
    case = _case()
    values = np.array([list(vars(drift(case, t)).values()) for t in np.linspace(0, 60, 400)])
    moving = np.ptp(values, axis=0) > 0
    assert moving.sum() == 9
    assert 0.2 < values[:, moving].std(axis=0).mean() < 2 * DRIFT_SD
    assert drift(case, 3.0) == drift(case, 3.0) != drift(replace(case, seed=1), 3.0)


def test_truth_follows_the_script_within_the_drift() -> None:
    case = _case("seated", "rotation", 25.0)
    known = truth(case)
    assert known.t.shape == known.rotation.shape == (case.frames,)
    for start, top, leave, end in known.reps:
        held = (known.t >= top) & (known.t <= leave)
        assert known.rotation[held].mean() == pytest.approx(25.0, abs=2.0)
        rest = np.abs(known.t - start) < 0.1
        assert np.abs(known.rotation[rest]).max() < 3.0
        assert end > leave
    assert np.isnan(known.knee_valgus).all()
    assert known.joints["left_hip"].shape == (case.frames, 2)


def test_truth_is_seen_by_the_camera() -> None:
    """Facing the camera, the left shoulder is on image-right and further away after a turn."""
    known = truth(replace(_case("standing", "rotation", 40.0), heading=-90.0))
    gap = known.joints["left_shoulder"][:, 0] - known.joints["right_shoulder"][:, 0]
    top = int(known.reps[0][1] * 20) + 2
    assert gap[0] > 30
    assert gap[top] == pytest.approx(gap[0] * np.cos(np.radians(45)), rel=0.1)


def test_a_side_lying_body_opens_backwards() -> None:
    for amplitude, upper in ((40.0, "left"), (-40.0, "right")):
        case = _case("side_lying", "rotation", amplitude)
        down = _frames(case, Intent())
        up = _frames(case, planned(case, drive(case), 1.0))
        assert case.down != upper
        assert down.o(f"upper_arm_{upper}")[1] > down.o(f"upper_arm_{case.down}")[1]
        assert up.o(f"hand_{upper}")[1] > down.o(f"hand_{upper}")[1] + 0.4
        front = down.r("pelvis")[:, 0]
        assert (up.o(f"upper_arm_{upper}") - down.o(f"upper_arm_{upper}")) @ front < -0.05


@pytest.mark.parametrize("turn", [-20.0, 20.0])
def test_hands_stay_on_the_mat_when_the_thorax_turns(turn: float) -> None:
    case = _case("all_fours")
    here, there = (_frames(case, intent) for intent in (Intent(), Intent(twist=turn)))
    for side in ("left", "right"):
        np.testing.assert_allclose(here.o(f"hand_{side}"), there.o(f"hand_{side}"), atol=0.02)


@pytest.mark.parametrize("movement", ["lumbar_arch", "rotation", "side_bend", "pelvic_roll"])
@pytest.mark.parametrize("place", ["standing", "seated"])
def test_feet_stay_where_they_are(place: Posture, movement: Movement) -> None:
    case = _case(place, movement, 15.0)
    here, there = _frames(case, Intent()), _frames(case, planned(case, 15.0, 1.0))
    for side in ("left", "right"):
        np.testing.assert_allclose(here.o(f"foot_{side}"), there.o(f"foot_{side}"), atol=0.01)


@pytest.mark.parametrize("name", sorted(BODIES))
@pytest.mark.parametrize("place", POSTURES)
def test_the_camera_shows_the_whole_body(name: str, place: Posture) -> None:
    for heading in (0.0, -90.0, 90.0, 180.0):
        case = replace(_case(place), body=name, heading=heading)
        places = joints(case.who, _frames(case, Intent()))
        xy = case.view.project(np.array(list(places.values())))
        assert (xy > 8).all()
        assert (xy < np.array(case.view.size) - 8).all()


@pytest.mark.parametrize("place", ["standing", "seated"])
def test_the_camera_backs_off_for_raised_arms(place: Posture) -> None:
    near, far = (camera_for(place, BODIES["lars"], arms) for arms in ("crossed", "overhead"))
    assert far.distance_m > near.distance_m


def test_bodies_are_split_and_held_out_ones_span_as_much() -> None:
    assert set(DEVELOPING) | set(HELD_OUT) == set(BODIES)
    assert not set(DEVELOPING) & set(HELD_OUT)

    def spans(key: str) -> NDArray[np.float64]:
        return np.array(
            [
                [f([getattr(BODIES[n], key) for n in names]) for f in (min, max)]
                for names in (DEVELOPING, HELD_OUT)
            ]
        )

    for key, slack in (("kyphosis", 3), ("lordosis", 5), ("girth", 0.05), ("height", 0.1)):
        assert np.ptp(spans(key), axis=0).max() <= slack, key


@pytest.mark.parametrize(
    "wrong",
    [
        {"movement": "side_bend", "other": 5.0},
        {"movement": "knee_valgus", "posture": "seated"},
        {"movement": "rotation", "posture": "side_lying", "alternate": True},
    ],
)
def test_impossible_cases_are_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(ValueError, match="case"):
        replace(_case("standing", "still", 5.0), **wrong)  # type: ignore[arg-type]
