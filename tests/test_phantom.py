"""The phantom body: closed forms, truth, clips."""

from __future__ import annotations

import importlib
import json
import os
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from midback.phantom.body import ANNA, BODIES, Body
from midback.phantom.camera import Camera
from midback.phantom.motions import (
    NEUTRAL_S,
    SCRIPTS,
    Script,
    bird_dog_reps,
    minimum_jerk,
    pose_at,
    rest_pose,
    spine_at,
    walker,
)
from midback.phantom.poses import Spine, pitch_for_height, quadruped, seated, walking
from midback.phantom.skeleton import (
    SIDES,
    Pose,
    direction,
    forward,
    joints,
    lengths,
    rot,
    swing,
    two_link,
)
from midback.phantom.truth import angle_series, joint_pixels, sagittal_angle, trunk_angles, truth

SAMPLES = Path(__file__).parents[1] / "sample_videos"
COUNTS = {
    "bird_dog_clean": 10,
    "bird_dog_fatigue": 14,
    "prone_extension_fatigue": 12,
    "seated_extension": 8,
}


def _need(module: str) -> Any:
    return importlib.import_module(module) if os.environ.get("CI") else pytest.importorskip(module)


@pytest.fixture(params=sorted(SCRIPTS))
def script(request: pytest.FixtureRequest) -> Script:
    return SCRIPTS[request.param]()


@pytest.fixture(params=sorted(BODIES))
def body(request: pytest.FixtureRequest) -> Body:
    return BODIES[request.param]


def test_rotations_follow_the_declared_signs() -> None:
    np.testing.assert_allclose(rot(2, 90) @ [0, 1, 0], [-1, 0, 0], atol=1e-12)
    np.testing.assert_allclose(rot(1, 90) @ [1, 0, 0], [0, 0, -1], atol=1e-12)
    np.testing.assert_allclose(rot(0, 90) @ [0, 1, 0], [0, 0, 1], atol=1e-12)


def test_swing_is_the_shortest_rotation() -> None:
    a, b = direction(20), direction(140, 0.4)
    turn = swing(a, b)
    np.testing.assert_allclose(turn @ a, b, atol=1e-12)
    np.testing.assert_allclose(turn.T @ turn, np.eye(3), atol=1e-12)
    np.testing.assert_allclose(turn @ np.cross(a, b), np.cross(a, b), atol=1e-12)


def test_direction_counts_from_down_through_forward() -> None:
    np.testing.assert_allclose(direction(0), [0, -1, 0], atol=1e-12)
    np.testing.assert_allclose(direction(90), [1, 0, 0], atol=1e-12)
    np.testing.assert_allclose(direction(180), [0, 1, 0], atol=1e-12)


@pytest.mark.parametrize(("thoracic", "lumbar"), [(0, 0), (15, 0), (0, 12), (-20, 7), (9, -30)])
def test_end_tangents_differ_by_the_posed_angles(body: Body, thoracic: int, lumbar: int) -> None:
    neutral = trunk_angles(forward(body, Pose(np.zeros(3))), 0.0)
    pose = Pose(np.zeros(3), pitch=-35.0, thoracic=thoracic, lumbar=lumbar)
    moved = trunk_angles(forward(body, pose), 0.0)
    assert moved["thoracic"] - neutral["thoracic"] == pytest.approx(thoracic, abs=1e-9)
    assert moved["lumbar"] - neutral["lumbar"] == pytest.approx(lumbar, abs=1e-9)


def test_neutral_spine_has_the_bodys_kyphosis_and_an_upright_head(body: Body) -> None:
    frames = forward(body, Pose(np.zeros(3)))
    t12, t1 = frames.r("L1")[:, 1], frames.r("T1")[:, 1]
    assert sagittal_angle(t12, t1) == pytest.approx(-body.kyphosis)
    np.testing.assert_allclose(frames.r("head"), np.eye(3), atol=1e-12)


def test_straight_limbs_add_their_lengths(body: Body) -> None:
    size = lengths(body)
    limbs = {f"{bone}_left": direction(0) for bone in ("thigh", "shank")}
    frames = forward(body, Pose(np.array([0.0, 1.0, 0.0]), limbs=limbs))
    expected = [0.0, 1.0 - size.thigh - size.shank, -size.hip_half_width]
    np.testing.assert_allclose(frames.o("foot_left"), expected, atol=1e-12)


def test_heading_half_turn_mirrors_the_picture_but_not_the_sides(body: Body) -> None:
    here = joints(body, forward(body, walking(body, 0.3)))
    there = joints(body, forward(body, replace(walking(body, 0.3), heading=180.0)))
    for name, point in here.items():
        np.testing.assert_allclose(there[name], point * [-1, 1, -1], atol=1e-9)


@pytest.mark.parametrize("heading", [0.0, 37.0, 180.0])
def test_truth_angles_do_not_depend_on_the_heading(heading: float) -> None:
    plain = trunk_angles(forward(ANNA, seated(ANNA, Spine(thoracic=11))), 0.0)
    turned = trunk_angles(forward(ANNA, seated(ANNA, Spine(thoracic=11), heading)), heading)
    assert turned == pytest.approx(plain)


def test_two_link_reaches_its_target_and_bends_to_the_pole() -> None:
    start, target = np.array([0.1, 0.5, 0.0]), np.array([0.3, 0.1, 0.1])
    first, second = two_link(start, target, 0.3, 0.25, np.array([-1.0, 0.0, 0.0]))
    np.testing.assert_allclose(start + 0.3 * first + 0.25 * second, target, atol=1e-12)
    straight = (target - start) / np.linalg.norm(target - start)
    assert first[0] < straight[0]


def test_two_link_points_straight_at_what_is_too_far() -> None:
    first, second = two_link(np.zeros(3), np.array([2.0, 0, 0]), 0.3, 0.2, np.array([0, 1.0, 0]))
    np.testing.assert_allclose([first, second], [[1, 0, 0], [1, 0, 0]], atol=0.01)


def test_pitch_for_height_closed_form() -> None:
    assert pitch_for_height(np.array([0.0, 1.0, 0.0]), 0.0) == pytest.approx(-90.0)
    assert pitch_for_height(np.array([0.0, 2.0, 0.0]), 1.0) == pytest.approx(-60.0)


@pytest.mark.parametrize("lumbar", [0.0, 18.0])
def test_on_all_fours_hands_and_knees_stay_on_the_mat(body: Body, lumbar: float) -> None:
    found = joints(body, forward(body, quadruped(body, Spine(lumbar=lumbar), {})))
    rest = joints(body, forward(body, quadruped(body, Spine(), {})))
    for side in SIDES:
        for joint in (f"{side}_wrist", f"{side}_knee"):
            np.testing.assert_allclose(found[joint], rest[joint], atol=0.006)
            assert 0.0 < found[joint][1] < 0.08


def test_sag_lowers_the_chest_between_the_shoulders(body: Body) -> None:
    firm = forward(body, quadruped(body, Spine(), {}))
    tired = forward(body, quadruped(body, Spine(sag=0.02), {}))
    assert firm.o("T4")[1] - tired.o("T4")[1] == pytest.approx(0.02, abs=0.004)
    np.testing.assert_allclose(tired.o("hand_left"), firm.o("hand_left"), atol=0.006)


def test_arching_lowers_the_belly_not_the_shoulders(body: Body) -> None:
    flat = forward(body, quadruped(body, Spine(), {}))
    arched = forward(body, quadruped(body, Spine(lumbar=15.0), {}))
    assert flat.o("L1")[1] - arched.o("L1")[1] > 0.01
    assert arched.o("girdle_left")[1] == pytest.approx(flat.o("girdle_left")[1], abs=1e-6)


def test_minimum_jerk_is_a_symmetric_step() -> None:
    assert [minimum_jerk(u) for u in (-1.0, 0.0, 0.5, 1.0, 2.0)] == [0.0, 0.0, 0.5, 1.0, 1.0]
    assert minimum_jerk(0.3) + minimum_jerk(0.7) == pytest.approx(1.0)


def test_visible_span_is_two_percent_of_the_excursion(script: Script) -> None:
    for rep in script.reps:
        assert [rep.share(t) for t in rep.visible_span] == pytest.approx([0.02, 0.02])


def test_each_clip_has_its_number_of_repetitions(script: Script) -> None:
    assert [rep.index for rep in script.reps] == list(range(1, COUNTS[script.name] + 1))


def test_repetitions_keep_the_promised_times(script: Script) -> None:
    assert 2.5 <= script.reps[0].begin <= 3.0
    for rep in script.reps:
        assert 2.5 <= rep.end - rep.begin <= 3.6
    gaps = [b.begin - a.end for a, b in zip(script.reps, script.reps[1:], strict=False)]
    assert min(gaps) >= 0.6
    assert max(gaps) <= 1.0
    assert script.duration_s - script.reps[-1].end == pytest.approx(1.5)


def test_bird_dogs_alternate_from_the_left_arm_on() -> None:
    sides = [rep.side for rep in SCRIPTS["bird_dog_clean"]().reps]
    assert sides == ["left", "right"] * 5


def test_reps_are_a_function_of_the_seed() -> None:
    assert bird_dog_reps(5, 3, None) == bird_dog_reps(5, 3, None)
    assert bird_dog_reps(5, 3, None) != bird_dog_reps(5, 4, None)


def test_truth_is_deterministic(script: Script) -> None:
    assert truth(script) == truth(SCRIPTS[script.name]())


def test_the_opening_is_still(script: Script) -> None:
    series = angle_series(script)
    still = np.array(series["t"]) < NEUTRAL_S
    for name in ("thoracic_extension", "lumbar_arch"):
        assert np.abs(np.array(series[name])[still]).max() < 0.8


def _at_hold(script: Script, name: str) -> list[float]:
    neutral = trunk_angles(forward(script.body, rest_pose(script)), script.heading)[name]
    middles = [rep.begin + rep.lift_s + rep.hold_s / 2 for rep in script.reps]
    poses = [forward(script.body, pose_at(script, t)) for t in middles]
    return [trunk_angles(frames, script.heading)[name] - neutral for frames in poses]


def test_clean_bird_dog_keeps_the_low_back() -> None:
    arch = _at_hold(SCRIPTS["bird_dog_clean"](), "lumbar")
    assert np.abs(arch).max() < 5.0
    assert np.std(arch) > 0.3


def test_tired_bird_dog_arches_more_and_more() -> None:
    script = SCRIPTS["bird_dog_fatigue"]()
    arch = _at_hold(script, "lumbar")
    fresh = float(np.mean(arch[:8]))
    assert np.abs(arch[:8]).max() < 5.0
    assert arch[8] - fresh == pytest.approx(8.0, abs=3.0)
    assert arch[13] - fresh == pytest.approx(18.0, abs=3.0)
    assert [rep.index for rep in script.reps if rep.fault > 0] == list(range(9, 15))
    assert script.first_bad_rep == 9


def test_tired_prone_extension_swaps_thoracic_for_lumbar_and_neck() -> None:
    script = SCRIPTS["prone_extension_fatigue"]()
    thoracic, lumbar = (_at_hold(script, name) for name in ("thoracic", "lumbar"))
    assert min(thoracic[:7]) > 12.0
    assert max(lumbar[:7]) < 8.0
    assert thoracic[-1] < 10.0
    assert lumbar[-1] > 18.0
    assert _at_hold(script, "head")[-1] > _at_hold(script, "head")[0]
    assert script.first_bad_rep == 8


def test_seated_extension_comes_from_the_thorax() -> None:
    script = SCRIPTS["seated_extension"]()
    assert all(14.0 < value < 21.0 for value in _at_hold(script, "thoracic"))
    assert max(map(abs, _at_hold(script, "lumbar"))) < 4.0
    assert script.first_bad_rep is None


def test_the_named_arm_and_the_other_leg_rise() -> None:
    script = SCRIPTS["bird_dog_clean"]()
    for rep in script.reps[:2]:
        pose = pose_at(script, rep.begin + rep.lift_s)
        found = joints(script.body, forward(script.body, pose))
        other = "right" if rep.side == "left" else "left"
        assert found[f"{rep.side}_wrist"][1] > found[f"{other}_wrist"][1] + 0.3
        assert found[f"{other}_knee"][1] > found[f"{rep.side}_knee"][1] + 0.3


def test_faces_look_where_the_truth_says(script: Script) -> None:
    pixels = joint_pixels(script, 1.0)
    ahead = pixels["nose"][0] - (pixels["left_ear"][0] + pixels["right_ear"][0]) / 2
    if script.exercise == "seated_thoracic_extension":
        assert (ahead > 0) == (script.facing == "right")
    head = pixels["nose"][0] - pixels["left_knee"][0]
    if script.exercise != "seated_thoracic_extension":
        assert (head > 0) == (script.facing == "right")


def test_joints_stay_inside_the_picture(script: Script) -> None:
    width, height = script.camera.size
    for t in np.linspace(0, script.duration_s, 60):
        xy = np.array(list(joint_pixels(script, float(t)).values()))
        assert (xy > 0.02 * width).all()
        assert (xy < [0.98 * width, 0.98 * height]).all()


def test_spine_moves_smoothly(script: Script) -> None:
    values = [spine_at(script, t).lumbar for t in np.arange(0, 10, 1 / 30)]
    assert np.abs(np.diff(values)).max() < 1.2


def test_camera_projects_closed_forms() -> None:
    camera = Camera(distance_m=2.0, height_m=1.0, target=(0, 1.0, 0), fov_deg=90, size=(640, 480))
    points = np.array([[0, 1.0, 0], [1.0, 1.0, 0], [0, 2.0, 0]])
    np.testing.assert_allclose(camera.project(points), [[320, 240], [440, 240], [320, 120]])


def test_camera_yaw_moves_towards_image_right() -> None:
    camera = Camera(yaw_deg=90.0, distance_m=2.0, target=(0, 1.0, 0), height_m=1.0)
    np.testing.assert_allclose(camera.position, [2.0, 1.0, 0.0], atol=1e-12)


def test_walker_crosses_behind() -> None:
    actor = walker(ANNA, enter_s=1.0, behind=0.9, start_x=-2.0, speed=1.0)
    assert actor.pose(1.0).root[0] == pytest.approx(-2.0)
    place = forward(ANNA, actor.pose(3.0)).o("pelvis")
    assert place[0] == pytest.approx(0.0, abs=1e-9)
    assert place[2] == pytest.approx(-0.9)
    back = walker(ANNA, behind=0.9, start_x=-2.0, speed=1.0, leftward=True)
    place = forward(ANNA, back.pose(0.0)).o("pelvis")
    np.testing.assert_allclose(place[[0, 2]], [2.0, -0.9], atol=1e-9)


def _sample(name: str) -> tuple[Path, dict[str, Any]]:
    document = json.loads((SAMPLES / f"{name}.truth.json").read_text(encoding="utf-8"))
    return SAMPLES / f"{name}.mp4", document


@pytest.mark.parametrize("name", sorted(SCRIPTS))
def test_committed_truth_is_what_the_code_says(name: str) -> None:
    path, document = _sample(name)
    assert path.with_suffix("").with_suffix(".truth.json").stat().st_size < 60_000
    fresh = json.loads(json.dumps(truth(SCRIPTS[name]())))
    angles, fresh_angles = document.pop("angles"), fresh.pop("angles")
    assert document == fresh
    assert angles.keys() == fresh_angles.keys()
    for key, values in angles.items():
        np.testing.assert_allclose(values, fresh_angles[key], atol=0.011)


@pytest.mark.parametrize("name", sorted(SCRIPTS))
def test_committed_clip_matches_its_truth(name: str) -> None:
    import cv2

    path, document = _sample(name)
    assert path.stat().st_size < 1_000_000
    clip = cv2.VideoCapture(str(path))
    assert clip.get(cv2.CAP_PROP_FPS) == pytest.approx(document["fps"])
    assert clip.get(cv2.CAP_PROP_FRAME_COUNT) == document["frames"]
    size = [clip.get(cv2.CAP_PROP_FRAME_WIDTH), clip.get(cv2.CAP_PROP_FRAME_HEIGHT)]
    assert size == document["size"]
    clip.release()


@pytest.mark.parametrize("name", sorted(SCRIPTS))
def test_committed_clip_is_h264(name: str) -> None:
    av = _need("av")
    path, document = _sample(name)
    with av.open(str(path)) as container:
        stream = container.streams.video[0]
        assert stream.codec_context.name == "h264"
        assert stream.codec_context.pix_fmt == "yuv420p"
        assert stream.average_rate == Fraction(document["fps"])
        assert stream.frames == document["frames"]
