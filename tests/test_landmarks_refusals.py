"""Files and mappings that cannot be used: one line each, with what to do."""

from __future__ import annotations

import builtins
import json
import sys
from contextlib import suppress
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from cli import refusal
from test_landmarks import (
    LANDMARKS,
    NAMES,
    T,
    c3d_file,
    positions,
    room,
    standing,
    write_c3d,
    write_mapping,
    write_openpose,
    write_trc,
)

from midback.apps.run import score_source
from midback.errors import InputError
from midback.landmarks import find_mapping

XYZ = 1000 * positions()[:40]
SHORT = T[:40]


def refused(path: Path, mapping: str | None, exercise: str = "bird_dog") -> str:
    with pytest.raises(InputError) as caught:
        score_source(str(path), exercise, mapping=mapping)
    text = str(caught.value)
    assert "\n" not in text
    return text.replace(str(path), path.name)


@pytest.fixture
def named(tmp_path: Path) -> str:
    """A mapping of markers named as midback names its landmarks."""
    return write_mapping(tmp_path / "named.toml", LANDMARKS, NAMES)


@pytest.fixture
def good(tmp_path: Path) -> Path:
    return write_trc(tmp_path / "walk.trc", SHORT, NAMES, XYZ)


def test_no_mapping_is_one_line_that_names_them(good: Path) -> None:
    said = refusal("score", good, "--exercise", "squat")
    assert "needs --mapping" in said
    assert "kinect_v2, openpose_body_25, plug_in_gait" in said


@pytest.mark.parametrize("name", ["missing.trc", "missing.c3d", "missing.npy", "missing.npz"])
def test_a_missing_file(tmp_path: Path, named: str, name: str) -> None:
    assert refused(tmp_path / name, named) == f"{name} does not exist: check the path"


def test_a_mapping_for_a_video(tmp_path: Path) -> None:
    assert "a mapping belongs to markers" in refused(tmp_path / "clip.mp4", "kinect_v2")


def lines_of(path: Path) -> list[str]:
    return path.read_text(encoding="utf-8").splitlines()


def test_trc_cut_within_a_line(good: Path, named: str) -> None:
    text = good.read_text(encoding="utf-8")
    good.write_text(text[: len(text) - 300], encoding="utf-8")
    said = refused(good, named)
    assert said.startswith("walk.trc:46: has ")
    assert "cut short or damaged" in said


def test_trc_cut_between_lines(good: Path, named: str) -> None:
    good.write_text("\n".join(lines_of(good)[:-10]), encoding="utf-8")
    assert refused(good, named) == "walk.trc: ends after 30 of 40 frames: copy it again"


def test_trc_with_a_column_too_many(good: Path, named: str) -> None:
    lines = lines_of(good)
    lines[20] += "\t1.0"
    good.write_text("\n".join(lines), encoding="utf-8")
    assert refused(good, named).startswith("walk.trc:21: has 60 columns")


@pytest.mark.parametrize(
    ("line", "old", "new", "told"),
    [
        (3, "Frame#", "Picture", "is no .trc table"),
        (3, "Frame#\tTime", "Frame#\tTime\t\t\n", "names no markers"),
        (2, "mm", "inch", "units 'inch'; there are m, cm and mm"),
        (10, ".", "x", "could not convert"),
        (10, "\t0.1", "\t0.0", "time does not increase at frame 5"),
        (10, "\t0.133333", "\tnan", "time does not increase at frame 5"),
    ],
)
def test_trc_with_a_mistake(
    good: Path, named: str, line: int, old: str, new: str, told: str
) -> None:
    lines = lines_of(good)
    assert old in lines[line]
    lines[line] = lines[line].replace(old, new, 1)
    good.write_text("\n".join(lines), encoding="utf-8")
    assert told in refused(good, named)


@pytest.mark.parametrize("data", [b"", b"\x00\xff" * 500, b"PathFileType\t4\n"])
@pytest.mark.parametrize("name", ["walk.trc", "walk.c3d", "walk.npy", "walk.npz"])
def test_no_such_file_at_all(tmp_path: Path, named: str, name: str, data: bytes) -> None:
    path = tmp_path / name
    path.write_bytes(data)
    said = refused(path, named)
    assert said.startswith(name)
    assert "again" in said


@pytest.mark.parametrize("value", [np.nan, 0.0])
def test_nothing_was_seen(tmp_path: Path, named: str, value: float) -> None:
    path = write_trc(tmp_path / "walk.trc", SHORT, NAMES, np.full_like(XYZ, value))
    assert "no marker was seen in any frame" in refused(path, named)


def test_never_the_whole_trunk(tmp_path: Path, named: str) -> None:
    xyz = XYZ.copy()
    xyz[:, NAMES.index("left_shoulder")] = np.nan
    path = write_trc(tmp_path / "walk.trc", SHORT, NAMES, xyz)
    assert "no frame has both shoulders and both hips" in refused(path, named)


@pytest.mark.parametrize("count", [0, 1])
def test_too_few_frames(tmp_path: Path, named: str, count: int) -> None:
    path = write_trc(tmp_path / "walk.trc", SHORT[:count], NAMES, XYZ[:count])
    assert f"has {count} frames" in refused(path, named)


def test_an_unknown_marker_names_the_nearest(tmp_path: Path, good: Path) -> None:
    mapping = write_mapping(tmp_path / "m.toml", LANDMARKS | {"left_knee": ["LEFT_KNE"]})
    said = refused(good, mapping)
    assert "has no marker 'LEFT_KNE' for the left_knee: did you mean left_knee" in said


def test_a_shipped_mapping_still_needs_the_trunk(good: Path) -> None:
    assert "has no marker 'LSHO' for the left_shoulder" in refused(good, "plug_in_gait")


def test_c3d_cut_short(tmp_path: Path) -> None:
    path, mapping = c3d_file(tmp_path)
    whole = path.read_bytes()
    for size in (100, 600, 1500, len(whole) // 2):
        path.write_bytes(whole[:size])
        assert "copy" in refused(path, mapping)


def test_c3d_damaged_anywhere_is_never_worse_than_a_refusal(tmp_path: Path, named: str) -> None:
    path = write_c3d(tmp_path / "walk.c3d", NAMES, XYZ)
    whole = np.frombuffer(path.read_bytes(), dtype=np.uint8)
    for seed in range(40):
        rng = np.random.default_rng(seed)
        data = whole.copy()
        data[rng.integers(0, 1536, 6)] = rng.integers(0, 256, 6)
        path.write_bytes(data.tobytes())
        with suppress(InputError):
            score_source(str(path), "bird_dog", mapping=named)


def test_without_the_library_c3d(
    tmp_path: Path, named: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = write_c3d(tmp_path / "walk.c3d", NAMES, XYZ)
    genuine = builtins.__import__

    def absent(name: str, *rest: Any) -> Any:
        if name == "c3d":
            raise ImportError(name)
        return genuine(name, *rest)

    monkeypatch.delitem(sys.modules, "c3d")
    monkeypatch.setattr(builtins, "__import__", absent)
    assert "pip install 'midback[c3d]'" in refused(path, named)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("{", "no whole OpenPose file"),
        ("[]", "no whole OpenPose file"),
        ('{"people": [{"face": []}]}', "no whole OpenPose file"),
        ('{"people": [{"pose_keypoints_2d": [1, 2, 3]}]}', "has 3 numbers for a person"),
        (json.dumps({"people": [{"pose_keypoints_2d": [0.5] * 54}]}), "has 54 numbers"),
    ],
)
def test_openpose_files(tmp_path: Path, text: str, told: str) -> None:
    folder = write_openpose(tmp_path / "json")
    (folder / "clip_000000000007_keypoints.json").write_text(text)
    assert told in refused(folder, "openpose_body_25")


def test_openpose_without_numbers_or_pixels_or_people(tmp_path: Path) -> None:
    person = {"people": [{"pose_keypoints_2d": [0.5] * 75}]}
    for name, document, told in (
        ("a", person, "no frame number"),
        ("a_1", person, "--keypoint_scale 0"),
        ("a_1", {"people": []}, "no marker was seen"),
    ):
        folder = tmp_path / f"{name}{told[:4]}"
        folder.mkdir()
        (folder / f"{name}_keypoints.json").write_text(json.dumps(document))
        if name == "a_1":
            (folder / "a_2_keypoints.json").write_text(json.dumps(document))
        assert told in refused(folder, "openpose_body_25")


def test_arrays_of_another_shape(tmp_path: Path, named: str) -> None:
    path = tmp_path / "a.npy"
    for table, told in (
        (XYZ[:, :5], "need numbers (frames, 19, 3)"),
        (XYZ[0], "must hold one array (frames, markers, 3)"),
        (XYZ.astype(str), "need numbers"),
    ):
        np.save(path, table)
        assert told in refused(path, named)
    assert "must list `markers`" in refused(path, write_mapping(tmp_path / "n.toml", LANDMARKS))


def test_npz_with_two_arrays_or_bad_times(tmp_path: Path, named: str) -> None:
    path = tmp_path / "a.npz"
    np.savez(path, one=XYZ, two=XYZ)
    assert "holds one (40, 19, 3), two (40, 19, 3)" in refused(path, named)
    np.savez(path, one=XYZ, t=SHORT[:-1])
    assert "its t is float64 (39,), must be (40,)" in refused(path, named)
    np.savez(path, one=XYZ, t=SHORT[::-1])
    assert "time does not increase at frame 2" in refused(path, named)


def test_wrong_units_and_axes(tmp_path: Path) -> None:
    path = tmp_path / "a.npy"
    np.save(path, XYZ)
    metres = write_mapping(tmp_path / "m.toml", LANDMARKS, NAMES)
    assert "hips to shoulders would be 500 m: set the right `units`" in refused(path, metres)
    np.save(path, room(400 * standing(SHORT, np.zeros(40))))
    upside = write_mapping(tmp_path / "m.toml", LANDMARKS, NAMES, up="z")
    assert "the trunk does not point up" in refused(path, upside, "squat")


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("up = ", "not valid TOML"),
        ("up = 'w'", "up: should be 'x', 'y'"),
        ("rate = 0", "rate: should be greater than 0"),
        ("unit = 'mm'", "unit: is no field here: did you mean units"),
        ("base = 'kinect'", "unknown mapping 'kinect': did you mean kinect_v2?"),
        ("base = 'openpose_body_25'\nview = 'front'", "a picture (units px) has its own view"),
        ("units = 'mm'", "landmarks: is missing"),
        ("[landmarks]\nleft_hip = ['a']", "landmarks: lack left_shoulder, right_shoulder"),
        ("[landmarks]\nleft_hand = ['a']", "landmarks: 'left_hand' is no landmark"),
        ("[landmarks]\nleft_hip = []", "landmarks.left_hip: "),
        ("base = 'kinect_v2'\nlandmarks = 3", "landmarks: "),
    ],
)
def test_mistakes_in_a_mapping(tmp_path: Path, text: str, told: str) -> None:
    path = tmp_path / "m.toml"
    path.write_text(text)
    with pytest.raises(InputError) as caught:
        find_mapping(str(path))
    assert str(caught.value).startswith(f"{path}: ")
    assert told in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("kinetc_v2", "unknown mapping 'kinetc_v2': did you mean kinect_v2?"),
        ("nothing.toml", "cannot read the mapping"),
    ],
)
def test_no_such_mapping(name: str, told: str) -> None:
    with pytest.raises(InputError) as caught:
        find_mapping(name)
    assert told in str(caught.value)


def test_a_mapping_that_is_no_text(tmp_path: Path) -> None:
    path = tmp_path / "m.toml"
    path.write_bytes(b"\xff\xfe\x00")
    with pytest.raises(InputError, match="not UTF-8 text"):
        find_mapping(str(path))
