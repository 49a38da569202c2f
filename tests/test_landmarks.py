"""Markers of another system give the angles of the same body fed directly."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import stick
from cli import midback

from midback.apps.run import Scored, score_source
from midback.errors import InputError
from midback.exercises import find
from midback.kinematics import ANGLES
from midback.kinematics.skeleton import Joint
from midback.kinematics.spatial import spatial_angles
from midback.landmarks import find_mapping, open_landmarks
from midback.landmarks.mapping import JOINTS, mapping_names
from midback.session import Session
from midback.vision.pose import Array, Pose

RATE = 30.0
T = np.arange(int(9.5 * RATE)) / RATE
NAMES = tuple(JOINTS)
ROWS = list(JOINTS.values())
LANDMARKS = {name: [name] for name in NAMES}


def poses() -> list[Pose]:
    """Two bird dogs, the left arm first."""
    out = []
    for t in T:
        lift = stick.lift_curve(t, 2.0) + stick.lift_curve(t, 5.8)
        out.append(stick.pose(stick.BirdDog(lift, left_arm=t < 5.4), float(t)))
    return out


def room(points: Array, heading: float = 50.0) -> Array:
    """Metres, right-handed, y up: the picture's body, right side near, turned and moved."""
    c, s = np.cos(np.radians(heading)), np.sin(np.radians(heading))
    turn = np.array([[c, 0, s], [0, 1, 0], [-s, 0, c]])
    return np.asarray(points / 400.0 @ turn.T + [3.0, 2.0, -1.0])


def positions() -> Array:
    """(T, J, 3) metres of the landmarks midback uses, in the order of NAMES."""
    return room(np.stack([pose.points[ROWS] for pose in poses()]).astype(np.float64))


def z_up(points: Array) -> Array:
    return np.asarray(points[..., [2, 0, 1]])


def write_mapping(
    path: Path, landmarks: dict[str, list[str]], markers: tuple[str, ...] = (), **keys: object
) -> str:
    lines = [f"{key} = {json.dumps(value)}" for key, value in keys.items()]
    lines.append(f"markers = {json.dumps(list(markers))}")
    lines += ["[landmarks]", *(f"{k} = {json.dumps(v)}" for k, v in landmarks.items())]
    path.write_text("\n".join(lines), encoding="utf-8")
    return str(path)


def write_trc(path: Path, t: Array, names: tuple[str, ...], xyz: Array, units: str = "mm") -> Path:
    """NaN becomes an empty cell."""
    head = [
        f"PathFileType\t4\t(X/Y/Z)\t{path.name}",
        "DataRate\tCameraRate\tNumFrames\tNumMarkers\tUnits\tOrigDataRate",
        f"{RATE:g}\t{RATE:g}\t{len(t)}\t{len(names)}\t{units}\t{RATE:g}",
        "Frame#\tTime\t" + "\t\t\t".join(names),
        "\t\t" + "\t".join(f"{axis}{i}" for i in range(1, len(names) + 1) for axis in "XYZ"),
        "",
    ]
    rows = [
        "\t".join([str(i + 1), f"{t[i]:.6f}", *("" if np.isnan(v) else f"{v:.5f}" for v in row)])
        for i, row in enumerate(xyz.reshape(len(t), 3 * len(names)))
    ]
    path.write_text("\n".join(head + rows) + "\n", encoding="utf-8")
    return path


def write_c3d(path: Path, names: tuple[str, ...], xyz: Array) -> Path:
    c3d = pytest.importorskip("c3d", reason="the extra `c3d` is not installed")
    writer = c3d.Writer(point_rate=RATE)
    for frame in xyz:
        rows = np.zeros((len(names), 5))
        rows[:, :3] = np.nan_to_num(frame)
        rows[np.isnan(frame).any(axis=1), 3] = -1
        writer.add_frames([(rows, np.array([[]]))])
    writer.set_point_labels(list(names))
    with path.open("wb") as handle, pytest.warns(UserWarning, match="ANALOG"):
        writer.write(handle)
    return path


def write_openpose(folder: Path, *, passer_by: bool = True, first: int = 0) -> Path:
    """The picture's own pixels, Y down, in the order of BODY_25; a small second person."""
    folder.mkdir()
    shipped = find_mapping("openpose_body_25")
    joint = {names[0]: JOINTS[name] for name, names in shipped.landmarks.items()}
    for index, pose in enumerate(poses()):
        rows = np.zeros((25, 3))
        for row, marker in enumerate(shipped.markers):
            if marker in joint:
                x, y, _ = pose.points[joint[marker]]
                rows[row] = x, -y, 0.9
        other = rows * [0.3, 0.3, 1.0] + [900.0, 500.0, 0.0] if passer_by else rows
        people = [{"pose_keypoints_2d": p.ravel().tolist()} for p in (other, rows)]
        name = f"clip_{first + index:012d}_keypoints.json"
        (folder / name).write_text(json.dumps({"version": 1.3, "people": people}))
    return folder


def direct() -> Scored:
    session = Session(find("bird_dog"), *stick.SIZE)
    session.update(*poses())
    session.finish()
    return Scored(None, session.series(), session, find("bird_dog"), None)  # type: ignore[arg-type]


def trc(folder: Path) -> tuple[Path, str]:
    path = write_trc(folder / "walk.trc", T, NAMES, 1000 * positions())
    return path, write_mapping(folder / "m.toml", LANDMARKS)


def trc_in_another_space(folder: Path) -> tuple[Path, str]:
    path = write_trc(folder / "WALK.TRC", T, NAMES, 100 * z_up(positions()), "cm")
    return path, write_mapping(folder / "m.toml", LANDMARKS, up="z")


def c3d_file(folder: Path) -> tuple[Path, str]:
    labels = tuple(f"Anna:{name}" for name in NAMES)
    path = write_c3d(folder / "walk.c3d", labels, 1000 * z_up(positions()))
    return path, write_mapping(folder / "m.toml", LANDMARKS, up="z")


def c3d_upside_down(folder: Path) -> tuple[Path, str]:
    path = write_c3d(folder / "walk.c3d", NAMES, 1000 * positions() * [1, -1, -1])
    return path, write_mapping(folder / "m.toml", LANDMARKS, up="-y")


def openpose(folder: Path) -> tuple[Path, str]:
    return write_openpose(folder / "json"), "openpose_body_25"


def array_of_halves(folder: Path) -> tuple[Path, str]:
    """Every landmark as the mean of two markers 20 cm apart, in centimetres."""
    both = np.concatenate([positions() + [0.1, 0, 0], positions() - [0.1, 0, 0]], axis=1)
    path = folder / "halves.npy"
    np.save(path, 100 * both)
    names = (*(f"{n}_a" for n in NAMES), *(f"{n}_b" for n in NAMES))
    landmarks = {name: [f"{name}_a", f"{name}_b"] for name in NAMES}
    return path, write_mapping(folder / "m.toml", landmarks, names, units="cm", rate=30)


def array_with_times(folder: Path) -> tuple[Path, str]:
    path = folder / "own.npz"
    np.savez(path, points=positions(), t=T, names=np.array(NAMES))
    return path, write_mapping(folder / "m.toml", LANDMARKS, rate=5)


def kinect(folder: Path) -> tuple[Path, str]:
    shipped = find_mapping("kinect_v2")
    xyz = np.zeros((len(T), 25, 3))
    for name, markers in shipped.landmarks.items():
        xyz[:, shipped.markers.index(markers[0])] = positions()[:, NAMES.index(name)]
    path = folder / "kinect.npy"
    np.save(path, xyz)
    return path, "kinect_v2"


FROM_DEPTH = set(spatial_angles(np.zeros((1, 33, 3))))

FILES = [
    trc,
    trc_in_another_space,
    c3d_file,
    c3d_upside_down,
    openpose,
    array_of_halves,
    array_with_times,
    kinect,
]


@pytest.mark.parametrize("make", FILES)
def test_the_angles_are_those_of_the_body(
    make: Callable[[Path], tuple[Path, str]], tmp_path: Path
) -> None:
    path, mapping = make(tmp_path)
    scored, expected = score_source(str(path), "bird_dog", mapping=mapping), direct()
    assert [rep.side for rep in scored.result.reps] == ["left", "right"]
    assert (scored.result.view.name, scored.result.view.facing) == ("side", "right")
    assert scored.result.software.model_sha256 is None
    assert scored.video is None
    for name, spec in ANGLES.items():
        ours, theirs = scored.series.traces[name], expected.series.traces[name]
        if spec.contour or (make is openpose and name in FROM_DEPTH):
            assert scored.result.angles[name].status == "not_measurable"
        else:
            np.testing.assert_array_equal(ours.status, theirs.status, err_msg=name)
            np.testing.assert_allclose(ours.value, theirs.value, atol=0.05, err_msg=name)


def test_what_is_absent_is_told_and_refused(tmp_path: Path) -> None:
    landmarks = {k: v for k, v in LANDMARKS.items() if "ear" not in k and k != "nose"}
    mapping = write_mapping(tmp_path / "m.toml", landmarks)
    path = write_trc(tmp_path / "walk.trc", T, NAMES, 1000 * positions())
    result = score_source(str(path), "bird_dog", mapping=mapping).result
    assert result.angles["head"].status == "not_measurable"
    assert result.angles["trunk_inclination"].status == "measured"
    assert len(result.reps) == 2
    assert any("has no nose, left ear, right ear" in warning for warning in result.warnings)


def test_a_frame_without_the_trunk_holds_nobody_and_others_keep_what_was_seen(
    tmp_path: Path,
) -> None:
    xyz = 1000 * positions()
    xyz[40:60, NAMES.index("left_hip")] = np.nan
    xyz[80:90, NAMES.index("left_wrist")] = 0.0
    path = write_trc(tmp_path / "walk.trc", T, NAMES, xyz)
    opened = open_landmarks(path, write_mapping(tmp_path / "m.toml", LANDMARKS), find("bird_dog"))
    seen = list(opened.poses)
    assert [i for i, pose in enumerate(seen) if not pose.found] == list(range(40, 60))
    for index in (79, 85):
        lost = index == 85
        assert np.isnan(seen[index].points[Joint.LEFT_WRIST]).all() == lost
        assert seen[index].visibility[Joint.LEFT_WRIST] == (0.0 if lost else 1.0)
        assert np.isfinite(seen[index].points[Joint.RIGHT_WRIST]).all()


def test_poses_of_a_fast_system_lie_around_the_hips_on_one_scale(tmp_path: Path) -> None:
    path = tmp_path / "fast.npz"
    np.savez(path, points=positions(), t=T / 8, names=np.array(NAMES))
    opened = open_landmarks(path, write_mapping(tmp_path / "m.toml", LANDMARKS), find("bird_dog"))
    seen = list(opened.poses)
    assert opened.info.fps == pytest.approx(240.0)
    assert opened.frame_count == len(seen) < 63 * T[-1] / 8 + 2
    for pose in seen:
        hips = (pose.world[Joint.LEFT_HIP] + pose.world[Joint.RIGHT_HIP]) / 2
        np.testing.assert_allclose(hips, 0.0, atol=1e-5)
        arm = pose.points[Joint.LEFT_ELBOW] - pose.points[Joint.LEFT_WRIST]
        assert np.linalg.norm(arm) == pytest.approx(90.0, abs=0.01)
    points = np.stack([pose.points[ROWS] for pose in seen])
    assert (points[..., 0] > 100).all()
    assert (points[..., 0] < opened.info.width - 100).all()
    assert (-points[..., 1] > 100).all()
    assert (-points[..., 1] < opened.info.height - 100).all()


def standing(t: Array, bend: Array) -> Array:
    """(T, J, 3) metres, x to the person's left, y up, z forward; bends to the right by degrees."""
    height = {"nose": 1.6, "ear": 1.6, "shoulder": 1.4, "elbow": 1.15, "wrist": 0.9, "hip": 0.9}
    height |= {"knee": 0.5, "ankle": 0.1, "heel": 0.05, "toes": 0.05}
    width = {"nose": 0.0, "ear": 0.08, "shoulder": 0.22, "elbow": 0.24, "wrist": 0.24, "hip": 0.12}
    out = np.zeros((len(t), len(NAMES), 3))
    turn = np.radians(bend)
    for i, name in enumerate(NAMES):
        part = name.rpartition("_")[2]
        side = 1.0 if name.startswith("left") else -1.0
        forward = {"nose": 0.12, "toes": 0.2}.get(part, 0.0)
        across, up = side * width.get(part, 0.1), height[part]
        above = max(up - 0.9, 0.0)
        swing = part in ("nose", "ear", "shoulder", "elbow", "wrist")
        out[:, i, 0] = across * np.cos(turn) - above * np.sin(turn) if swing else across
        out[:, i, 1] = up - above + above * np.cos(turn) + across * np.sin(turn) if swing else up
        out[:, i, 2] = forward
    return out


@pytest.mark.parametrize(
    ("view", "name", "facing"),
    [
        ("side", "side", "right"),
        ("left_side", "side", "left"),
        ("front", "front", "camera"),
        ("back", "back", "away"),
        ("best", "side", "right"),  # what the squat wants first
    ],
)
@pytest.mark.parametrize("heading", [0.0, 130.0])
def test_the_camera_stands_where_it_is_told(
    tmp_path: Path, view: str, name: str, facing: str, heading: float
) -> None:
    bend = 10 * np.clip(T - 3, 0, 1)
    xyz = room(400 * standing(T, bend), heading)
    path = write_trc(tmp_path / "stand.trc", T, NAMES, xyz, "m")
    mapping = write_mapping(tmp_path / "m.toml", LANDMARKS, view=view)
    scored = score_source(str(path), "squat", mapping=mapping)
    seen = scored.result.view
    assert (seen.name, seen.facing) == (name, facing)
    tilt = scored.series.traces["lateral_tilt"]
    if name == "side":
        assert scored.result.angles["lateral_tilt"].status == "not_measurable"
    else:
        assert tilt.value[-20] == pytest.approx(10.0, abs=0.2)  # right side-bend positive
        assert tilt.value[30] == pytest.approx(0.0, abs=0.2)


def test_a_file_may_change_one_thing_of_a_shipped_mapping(tmp_path: Path) -> None:
    own = tmp_path / "front.toml"
    own.write_text('base = "plug_in_gait"\nview = "front"\n[landmarks]\nnose = ["STRN"]\n')
    changed, shipped = find_mapping(str(own)), find_mapping("plug_in_gait")
    assert (changed.view, shipped.view) == ("front", "best")
    assert changed.landmarks == shipped.landmarks | {"nose": ("STRN",)}
    assert changed.rate == shipped.rate


@pytest.mark.parametrize("name", mapping_names())
def test_shipped_mappings_name_only_their_own_markers_and_both_sides(name: str) -> None:
    mapping = find_mapping(name)
    used = {marker for markers in mapping.landmarks.values() for marker in markers}
    assert used <= set(mapping.markers)
    assert len(set(mapping.markers)) == len(mapping.markers)
    mirrored = {k.replace("left", "right"): v for k, v in mapping.landmarks.items() if "left" in k}
    assert set(mirrored) == {k for k in mapping.landmarks if "right" in k}


def test_the_command(tmp_path: Path) -> None:
    path, mapping = trc(tmp_path)
    done = midback("score", path, "--exercise", "bird_dog", "--mapping", mapping, "--json", "-")
    assert done.returncode == 0, done.stderr
    result = json.loads(done.stdout)
    assert [rep["side"] for rep in result["reps"]] == ["left", "right"]
    assert result["source"]["path"] == str(path)


def test_saved_poses_score_alike_and_need_no_mapping(tmp_path: Path) -> None:
    path, mapping = array_with_times(tmp_path)
    saved = tmp_path / "saved.npz"
    first = score_source(str(path), "bird_dog", mapping=mapping, save_poses=saved)
    again = score_source(str(saved), "bird_dog")
    assert again.result.reps == first.result.reps
    assert again.video is None
    with pytest.raises(InputError, match="not a file of saved poses"):
        score_source(str(path), "bird_dog")
