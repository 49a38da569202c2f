"""The same movement gives the same angles however the person is placed, turned and filmed.

A body with known joint angles is put into a room in any posture and seen by a camera there, both
with scipy's Rotation. Body axes: x forward, y from hips to head, z to the person's right.
"""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from typing import Any, Literal

import naive
import numpy as np
import pytest
import stick
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.spatial.transform import Rotation

from midback.kinematics import ANGLES
from midback.kinematics.angles import Orientation, Start, landmark_angles
from midback.kinematics.measurability import NAMES
from midback.kinematics.rows import AngleRow
from midback.kinematics.smoothing import RATE
from midback.kinematics.spatial import spatial_angles
from midback.kinematics.stream import AngleStream
from midback.kinematics.view import Posture, dorsal_votes, faces_camera
from midback.vision.pose import LANDMARKS, Array, Pose

View = Literal["left", "right", "front", "back"]


@dataclass(frozen=True)
class Joints:
    """Degrees. Sagittal: forward bend of the trunk line against the pelvis, flexion of hips,
    knees, arms and elbows (left, right), neck extension. Frontal: side bend to the right, drop of
    the right hip, abduction of arms and legs, knees falling in."""

    trunk: float = 0.0
    hips: tuple[float, float] = (0.0, 0.0)
    knees: tuple[float, float] = (0.0, 0.0)
    arms: tuple[float, float] = (0.0, 0.0)
    elbows: tuple[float, float] = (0.0, 0.0)
    neck: float = 0.0
    bend: float = 0.0
    drop: float = 0.0
    arms_out: tuple[float, float] = (0.0, 0.0)
    legs_out: tuple[float, float] = (0.0, 0.0)
    valgus: tuple[float, float] = (0.0, 0.0)


DOWN, UP, SPINE, NECK = np.array([0, -1.0, 0]), np.array([0, 1.0, 0]), 0.5, 0.2


def about(axis: str, degrees: float) -> Rotation:
    return Rotation.from_euler(axis, degrees, degrees=True)


def body(joints: Joints) -> Array:
    """(33, 3) metres in body axes, mid-hip at the origin."""
    points = np.zeros((LANDMARKS, 3))
    trunk = about("z", -joints.trunk)
    # an evenly bent spine: the line from end to end turns half as far as its upper end
    chord = about("x", joints.bend / 2) * trunk
    shoulders = chord.apply(SPINE * UP)
    girdle, pelvis = about("x", joints.bend), about("x", joints.drop)
    head = shoulders + (chord * about("z", joints.neck)).apply(NECK * UP)
    points[:11] = head
    points[0] = head + chord.apply([0.1, -0.05, 0])
    for side, out in ((0, -1.0), (1, 1.0)):  # left, right
        points[7 + side] = head + [0, 0, 0.07 * out]
        shoulder = shoulders + girdle.apply([0, 0, 0.18 * out])
        hip = pelvis.apply([0, 0, 0.1 * out])
        arm = chord * about("x", -out * joints.arms_out[side]) * about("z", joints.arms[side])
        forearm = arm * about("z", joints.elbows[side])
        thigh = about("x", -out * joints.legs_out[side]) * about("z", joints.hips[side])
        shank = (
            about("x", -out * joints.legs_out[side])
            * about("x", -out * joints.valgus[side])
            * about("z", joints.hips[side] - joints.knees[side])
        )
        elbow, knee = shoulder + arm.apply(0.3 * DOWN), hip + thigh.apply(0.42 * DOWN)
        wrist, ankle = elbow + forearm.apply(0.3 * DOWN), knee + shank.apply(0.4 * DOWN)
        points[11 + side], points[13 + side], points[15 + side] = shoulder, elbow, wrist
        points[[17 + side, 19 + side, 21 + side]] = wrist
        points[23 + side], points[25 + side], points[27 + side] = hip, knee, ankle
        points[29 + side] = ankle + shank.apply([-0.05, -0.05, 0])
        points[31 + side] = ankle + shank.apply([0.15, -0.05, 0])
    return points


@dataclass(frozen=True)
class Scene:
    """posture: body axes to a room with Y up. heading: degrees about the room's vertical.
    roll: of a camera held askew. scale: pixels per metre. mirrored: a flipped picture."""

    posture: Rotation
    view: View
    heading: float = 0.0
    roll: float = 0.0
    scale: float = 300.0
    shift: tuple[float, float] = (640.0, -360.0)
    mirrored: bool = False

    @property
    def dorsal(self) -> int:
        """Seen from the right the person faces right and has the back on the left."""
        return (1 if self.view == "right" else -1) * (-1 if self.mirrored else 1)

    def look(self, points: Array) -> Array:
        """(33, 3) in room directions as an orthographic camera on the side of the view sees it."""
        to_room = about("y", self.heading) * self.posture
        outwards = {"right": [0, 0, 1], "left": [0, 0, -1], "front": [1, 0, 0], "back": [-1, 0, 0]}
        axis = to_room.apply(outwards[self.view])
        level = np.cross(UP, axis)
        level /= np.linalg.norm(level)
        camera = Rotation.from_matrix([level, np.cross(axis, level), axis])
        seen = (about("z", self.roll) * camera * to_room).apply(points)
        return np.asarray(stick.mirror(seen, 0.0) if self.mirrored else seen)

    def film(self, points: Array) -> Array:
        return np.asarray(self.look(points) * self.scale + [*self.shift, 0.0])


STANDING, FACE_DOWN, FACE_UP = about("z", 0), about("z", -90), about("z", 90)
ON_THE_RIGHT, ON_THE_LEFT = about("x", 90), about("x", -90)
GRAVITY = {"trunk_inclination", "trunk_lift", "lateral_lean", "hip_shift", "hip_sway",
           "chest_sway", "hip_drop", "hip_sag"}  # fmt: skip
FROM_DEPTH = {"shoulder_turn", "trunk_pitch", *spatial_angles(np.zeros((1, 33, 3)))}
OF_A_POSTURE = {"hand_rise", "leg_lift"}  # see test_postures
SAGITTAL = ["trunk_thigh_left", "trunk_thigh_right", "trunk_thigh", "arm_elevation_left",
            "arm_elevation_right", "arm_elevation", "diagonal_lift", "knee_flexion",
            "elbow_flexion", "head"]  # fmt: skip
FRONTAL = ["arm_elevation_left", "arm_elevation_right", "side_bend", "lateral_tilt", "pelvic_drop",
           "shoulder_elevation", "knee_valgus", "knee_separation"]  # fmt: skip


def put_in(joints: Joints) -> dict[str, float]:
    """What a body with these joint angles has to be measured as, from the right side or front."""
    elevated = [
        abs(naive.wrapped(a + b)) for a, b in zip(joints.arms, joints.arms_out, strict=True)
    ]
    hands = [abs(naive.wrapped(a + e / 2)) for a, e in zip(joints.arms, joints.elbows, strict=True)]
    thighs = [-(joints.trunk + flexed) for flexed in joints.hips]
    points = body(joints)
    apart = [float(np.linalg.norm(points[i] - points[i + 1])) for i in (25, 27)]
    chord = np.linalg.norm(points[11] + points[12]) / 2
    return {
        "trunk_thigh_left": thighs[0],
        "trunk_thigh_right": thighs[1],
        "arm_elevation_left": elevated[0],
        "arm_elevation_right": elevated[1],
        "trunk_thigh": float(np.mean(thighs)),
        "arm_elevation": float(np.mean(hands)),
        "diagonal_lift": max(hands) + max(thighs),
        "knee_flexion": float(np.abs(joints.knees).mean()),
        "elbow_flexion": float(np.abs(joints.elbows).mean()),
        "head": joints.neck,
        "side_bend": joints.bend,
        "lateral_tilt": joints.bend - joints.drop,
        "pelvic_drop": joints.drop,
        "shoulder_elevation": -100 * NECK / float(chord),
        "knee_valgus": float(np.mean(joints.valgus)),
        "knee_separation": 100 * apart[0] / apart[1],
    }


def as_seen(expected: dict[str, float], mirrored: bool) -> dict[str, float]:
    """In a mirrored picture left and right are exchanged."""
    if not mirrored:
        return expected
    swap = {"left": "right", "right": "left"}
    out = {}
    for name, value in expected.items():
        stem, _, side = name.rpartition("_")
        flipped = name in ("side_bend", "lateral_tilt", "lateral_lean", "pelvic_drop")
        out[f"{stem}_{swap[side]}" if side in swap else name] = -value if flipped else value
    return out


def measure(joints: Joints, scene: Scene, horizontal: bool = False) -> dict[str, float]:
    """Angles of the body in the scene, counted from the same scene with every joint at zero."""
    start = Start.of(scene.film(body(Joints()))[None])
    orientation = Orientation(scene.dorsal, horizontal, start)
    found = landmark_angles(scene.film(body(joints))[None], orientation)
    return {name: float(value[0]) for name, value in found.items()}


def both(low: float, high: float) -> st.SearchStrategy[tuple[float, float]]:
    return st.tuples(st.floats(low, high), st.floats(low, high))


angles = st.floats(-180, 180)
sagittal_joints = st.builds(
    Joints, trunk=st.floats(-30, 60), hips=both(-30, 110), knees=both(0, 150),
    arms=both(-60, 190), elbows=both(0, 150), neck=st.floats(-60, 70),
)  # fmt: skip
frontal_joints = st.builds(
    Joints, bend=st.floats(-50, 50), drop=st.floats(-25, 25), arms_out=both(0, 190),
    legs_out=both(-10, 40), valgus=both(-30, 30),
)  # fmt: skip


def scenes(postures: list[Rotation], views: list[View]) -> st.SearchStrategy[Scene]:
    return st.builds(
        Scene, posture=st.sampled_from(postures), view=st.sampled_from(views), heading=angles,
        roll=angles, scale=st.floats(50, 2000), shift=both(-3000, 3000), mirrored=st.booleans(),
    )  # fmt: skip


@settings(max_examples=150, deadline=None)
@given(sagittal_joints, scenes([STANDING, FACE_DOWN, FACE_UP], ["left", "right"]), st.booleans())
def test_sagittal_angles_are_the_ones_put_in_in_every_scene(
    joints: Joints, scene: Scene, horizontal: bool
) -> None:
    found, expected = measure(joints, scene, horizontal), as_seen(put_in(joints), scene.mirrored)
    for name in SAGITTAL:
        assert found[name] == pytest.approx(expected[name], abs=1e-6), name


@settings(max_examples=150, deadline=None)
@given(frontal_joints, scenes([STANDING, ON_THE_RIGHT, ON_THE_LEFT], ["front", "back"]))
def test_frontal_angles_are_the_ones_put_in_in_every_scene(joints: Joints, scene: Scene) -> None:
    found, expected = measure(joints, scene), as_seen(put_in(joints), scene.mirrored)
    for name in FRONTAL:
        assert found[name] == pytest.approx(expected[name], abs=1e-6), name


@settings(max_examples=60, deadline=None)
@given(
    lean=st.floats(-50, 50), view=st.sampled_from(["left", "right"]), heading=angles,
    mirrored=st.booleans(),
)  # fmt: skip
@pytest.mark.parametrize(("posture", "horizontal"), [(STANDING, False), (FACE_DOWN, True)])
def test_inclination_counts_from_gravity(
    posture: Rotation, horizontal: bool, lean: float, view: View, heading: float, mirrored: bool
) -> None:
    scene = Scene(posture, view, heading, mirrored=mirrored)
    found = measure(Joints(trunk=lean), scene, horizontal)
    assert found["trunk_inclination"] == pytest.approx(lean, abs=1e-6)
    assert found["trunk_lift"] == pytest.approx(-lean, abs=1e-6)


@settings(max_examples=60, deadline=None)
@given(
    bend=st.floats(-80, 80), view=st.sampled_from(["front", "back"]), heading=angles,
    mirrored=st.booleans(),
)  # fmt: skip
def test_lateral_lean_counts_from_gravity(
    bend: float, view: View, heading: float, mirrored: bool
) -> None:
    found = measure(Joints(bend=bend), Scene(STANDING, view, heading, mirrored=mirrored))
    expected = as_seen({"lateral_lean": bend / 2}, mirrored)["lateral_lean"]
    assert found["lateral_lean"] == pytest.approx(expected, abs=1e-6)


@settings(max_examples=60, deadline=None)
@given(forward=st.floats(-0.4, 0.4), up=st.floats(-0.4, 0.4),
       scene=scenes([STANDING, FACE_DOWN], ["left", "right"]))  # fmt: skip
def test_shifts_are_forward_and_down_in_shares_of_the_trunk(
    forward: float, up: float, scene: Scene
) -> None:
    scene = replace(scene, roll=0.0)
    moved = body(Joints()) + scene.posture.inv().apply([forward, up, 0])
    orientation = Orientation(scene.dorsal, False, Start.of(scene.film(body(Joints()))[None]))
    found = landmark_angles(scene.film(moved)[None], orientation)
    assert found["hip_shift"][0] == pytest.approx(100 * forward / SPINE, abs=1e-6)
    assert found["hip_drop"][0] == pytest.approx(-100 * up / SPINE, abs=1e-6)


def percent_off_line(points: Array) -> float:
    """Distance of the mid-hip (the origin) from the line from shoulders to ankles."""
    shoulders, ankles = (points[11] + points[12]) / 2, (points[27] + points[28]) / 2
    off = np.linalg.norm(np.cross(shoulders, ankles)) / np.linalg.norm(ankles - shoulders)
    return float(100 * off / np.linalg.norm(ankles - shoulders))


@pytest.mark.parametrize("mirrored", [False, True])
@pytest.mark.parametrize("flexed", [-25.0, -5.0, 8.0, 40.0])
@pytest.mark.parametrize("view", ["left", "right"])
def test_a_plank_sags_where_the_hips_hang_and_not_where_they_are_up(
    view: View, flexed: float, mirrored: bool
) -> None:
    joints = Joints(hips=(flexed, flexed))
    found = measure(joints, Scene(FACE_DOWN, view, mirrored=mirrored), horizontal=True)
    off = percent_off_line(body(joints))
    assert found["hip_sag"] == pytest.approx(-np.sign(flexed) * off, abs=1e-6)


@pytest.mark.parametrize("mirrored", [False, True])
@pytest.mark.parametrize("bend", [-30.0, 12.0])
@pytest.mark.parametrize("view", ["front", "back"])
@pytest.mark.parametrize(("posture", "below"), [(ON_THE_RIGHT, -1.0), (ON_THE_LEFT, 1.0)])
def test_a_side_plank_sags_when_it_bends_away_from_the_floor(
    posture: Rotation, below: float, view: View, bend: float, mirrored: bool
) -> None:
    found = measure(Joints(bend=bend), Scene(posture, view, mirrored=mirrored))
    off = percent_off_line(body(Joints(bend=bend)))
    assert found["hip_sag"] == pytest.approx(below * np.sign(bend) * off, abs=1e-6)


SAGITTAL_JOINTS = [field.name for field in fields(Joints)][:6]
SWEEPS = {
    "trunk": (-40, 90), "hips": (-60, 130), "knees": (-20, 165), "arms": (-90, 270),
    "elbows": (-20, 165), "neck": (-90, 90), "bend": (-70, 70), "drop": (-40, 40),
    "arms_out": (-60, 270), "legs_out": (-4, 80), "valgus": (-12, 60),  # the ankles do not cross
}  # fmt: skip


def moved(joint: str) -> list[Array]:
    """Bodies with one joint moved degree by degree; of a pair the right one less."""
    paired = isinstance(getattr(Joints(), joint), tuple)
    steps = np.arange(*SWEEPS[joint], 1.0)
    changes: list[dict[str, Any]] = [{joint: (d, 0.3 * d) if paired else d} for d in steps]
    return [body(replace(Joints(), **change)) for change in changes]


@pytest.mark.parametrize("mirrored", [False, True])
@pytest.mark.parametrize("joint", [field.name for field in fields(Joints)])
def test_a_small_step_of_a_joint_is_a_small_step_of_every_angle(joint: str, mirrored: bool) -> None:
    sagittal, bodies = joint in SAGITTAL_JOINTS, moved(joint)
    names = SAGITTAL if sagittal else FRONTAL
    for roll in range(-180, 180, 15):
        scene = Scene(STANDING, "left" if sagittal else "front", roll=roll, mirrored=mirrored)
        filmed = np.stack([scene.film(points) for points in bodies])
        found = landmark_angles(filmed, Orientation(scene.dorsal, False))
        for name in names:
            limit = 20.0 if name == "knee_separation" else 2.6  # of ankles 10 cm apart
            assert np.abs(np.diff(found[name])).max() < limit, (name, roll)


@pytest.mark.parametrize("mirrored", [False, True])
@pytest.mark.parametrize(
    ("posture", "view", "name"),
    [
        (STANDING, "left", "trunk_inclination"),
        (FACE_DOWN, "left", "trunk_inclination"),
        (STANDING, "front", "lateral_lean"),
        (FACE_DOWN, "right", "hip_sag"),
        (ON_THE_RIGHT, "back", "hip_sag"),
    ],
)
def test_nothing_that_counts_from_gravity_jumps_in_its_own_posture(
    posture: Rotation, view: View, name: str, mirrored: bool
) -> None:
    scene = Scene(posture, view, mirrored=mirrored)
    for joint in SWEEPS:
        if (joint in SAGITTAL_JOINTS) == (view in ("left", "right")):
            filmed = np.stack([scene.film(points) for points in moved(joint)])
            found = landmark_angles(filmed, Orientation(scene.dorsal, posture is FACE_DOWN))
            assert np.abs(np.diff(found[name])).max() < 2.6, joint


@pytest.mark.parametrize("horizontal", [False, True])
@pytest.mark.parametrize("mirrored", [False, True])
def test_no_joint_angle_jumps_while_the_whole_body_rolls_over_in_the_picture(
    mirrored: bool, horizontal: bool
) -> None:
    flexed = Joints(hips=(-10, 100), arms=(180, 20), knees=(0, 60))
    bent = Joints(bend=20, drop=8, arms_out=(180, 90), legs_out=(5, 30), valgus=(0, -15))
    from_start = {"side_bend", "pelvic_drop"}  # see the property tests, where the start rolls too
    cases: list[tuple[View, Joints, list[str]]] = [
        ("left", flexed, SAGITTAL),
        ("front", bent, [name for name in FRONTAL if name not in from_start]),
    ]
    for view, joints, names in cases:
        seen = [Scene(STANDING, view, roll=roll, mirrored=mirrored) for roll in range(360)]
        filmed = np.stack([scene.film(body(joints)) for scene in seen])
        found = landmark_angles(filmed, Orientation(seen[0].dorsal, horizontal))
        for name in names:
            assert np.ptp(found[name]) < 1e-6, name


def test_a_thigh_that_is_folded_past_the_trunk_goes_on_and_does_not_turn_into_extension() -> None:
    """As in child's pose, with the chest let down between the knees."""
    folded = [Joints(hips=(flexion, flexion)) for flexion in (170.0, 179.0, 181.0, 190.0)]
    found = [measure(joints, Scene(FACE_DOWN, "right"))["trunk_thigh_left"] for joints in folded]
    assert found == pytest.approx([-170.0, -179.0, -181.0, -190.0], abs=1e-6)


FORWARD_ARMS = (80.0, 80.0)
HELD: dict[Posture, tuple[Rotation, Joints]] = {
    "standing": (STANDING, Joints(trunk=8, arms=FORWARD_ARMS, neck=5)),
    "seated": (STANDING, Joints(hips=(85, 92), knees=(90, 80), arms=FORWARD_ARMS, neck=-10)),
    "all_fours": (FACE_DOWN, Joints(hips=(90, 84), knees=(90, 95), arms=(90, 94), neck=12)),
    "prone": (FACE_DOWN, Joints(trunk=-12, arms=(150, 160), neck=20)),
}


def stream(posture: Posture, scene: Scene, joints: Joints, size: tuple[int, int]) -> AngleRow:
    """The last row of two seconds in which nothing moves."""
    points, world = scene.film(body(joints)), scene.look(body(joints))
    stream = AngleStream(posture, size)
    seen = np.ones(LANDMARKS, dtype=np.float32)
    still = (points.astype(np.float32), world.astype(np.float32), seen)
    rows = stream.update([Pose(i / RATE, *still) for i in range(60)])
    return rows.row(len(rows) - 1)


@pytest.mark.parametrize("mirrored", [False, True])
@pytest.mark.parametrize("view", ["left", "right"])
@pytest.mark.parametrize("posture", HELD)
def test_the_stream_measures_the_same_left_right_mirrored_portrait_and_landscape(
    posture: Posture, view: View, mirrored: bool
) -> None:
    rotation, joints = HELD[posture]
    for size in ((1280, 720), (720, 1280)):
        at = (size[0] / 2, -size[1] / 2)
        scene = Scene(rotation, view, 20.0, scale=200.0, shift=at, mirrored=mirrored)
        row = stream(posture, scene, joints, size)
        found = dict(zip(NAMES, row.values.tolist(), strict=True))
        expected = as_seen(put_in(joints), mirrored) | {"trunk_inclination": joints.trunk}
        assert row.dorsal == scene.dorsal
        assert row.ready
        for name in [*SAGITTAL, "trunk_inclination"]:
            assert found[name] == pytest.approx(expected[name], abs=1e-3), (name, size)


@pytest.mark.parametrize("mirrored", [False, True])
@pytest.mark.parametrize("view", ["left", "right"])
@pytest.mark.parametrize("posture", HELD)
def test_the_back_is_voted_for_where_it_is(posture: Posture, view: View, mirrored: bool) -> None:
    rotation, joints = HELD[posture]
    scene = Scene(rotation, view, mirrored=mirrored)
    seen = body(joints)
    vote = dorsal_votes(scene.film(seen)[None], scene.look(seen)[None], posture)[0]
    assert np.sign(vote) == scene.dorsal


@settings(max_examples=60, deadline=None)
@given(frontal_joints, scenes([STANDING, ON_THE_RIGHT, ON_THE_LEFT], ["front", "back"]))
def test_front_and_back_are_told_apart_in_every_posture(joints: Joints, scene: Scene) -> None:
    expected = 1.0 if scene.view == "front" else -1.0
    assert faces_camera(scene.film(body(joints))[None])[0] == expected


def test_every_landmark_angle_is_swept_or_counts_from_gravity() -> None:
    contour = {name for name, spec in ANGLES.items() if spec.contour or spec.view == "turned"}
    assert {*SAGITTAL, *FRONTAL, *GRAVITY, *FROM_DEPTH, *OF_A_POSTURE} == set(ANGLES) - contour
