"""Saved poses: exactly what went in, in bounded memory, and never half a file."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from cli import unreadable

from midback.errors import InputError
from midback.vision.pose import LANDMARKS, RAYS, Pose, SourceInfo, missing_pose
from midback.vision.recording import PoseWriter, open_poses

INFO = SourceInfo("clip.mp4", "ab" * 32, 29.97, 640, 360)


def random_poses(count: int, *, silhouette: bool) -> list[Pose]:
    """Every fifth pose is missing; every seventh has no silhouette."""
    rng = np.random.default_rng(3)

    def pose(index: int) -> Pose:
        if index % 5 == 0:
            return missing_pose(index / 29.97)
        rays = rng.normal(size=(2, RAYS)).astype(np.float32)
        rays[0, :3] = np.nan
        return Pose(
            index / 29.97,
            rng.normal(size=(LANDMARKS, 3)).astype(np.float32),
            rng.normal(size=(LANDMARKS, 3)).astype(np.float32),
            rng.random(LANDMARKS, dtype=np.float32),
            rays if silhouette and index % 7 else None,
        )

    return [pose(index) for index in range(count)]


def save(path: Path, poses: list[Pose]) -> Path:
    with PoseWriter(path, INFO, "cd" * 32) as writer:
        for pose in poses:
            writer.write(pose)
    return path


@pytest.mark.parametrize("silhouette", [True, False])
@pytest.mark.parametrize("count", [2, 256, 600])
def test_what_comes_out_is_what_went_in(tmp_path: Path, count: int, silhouette: bool) -> None:
    poses = random_poses(count, silhouette=silhouette)
    with open_poses(save(tmp_path / "a.npz", poses)) as saved:
        assert (saved.info, saved.model_sha256, saved.frame_count) == (INFO, "cd" * 32, count)
        again = list(saved)
        assert len(list(saved)) == count  # a second time
    for pose, other in zip(poses, again, strict=True):
        assert pose.t == other.t
        for name in ("points", "world", "visibility", "silhouette"):
            mine, theirs = getattr(pose, name), getattr(other, name)
            assert (mine is None) == (theirs is None)
            if mine is not None:
                assert theirs.dtype == np.float32
                np.testing.assert_array_equal(mine, theirs)


def test_plain_numpy_reads_it(tmp_path: Path) -> None:
    poses = random_poses(10, silhouette=True)
    with np.load(save(tmp_path / "a.npz", poses), allow_pickle=False) as arrays:
        shapes = {name: arrays[name].shape for name in arrays.files}
        info = json.loads(str(arrays["info"]))
    assert shapes == {
        "info": (),
        "t": (10,),
        "points": (10, 33, 3),
        "world": (10, 33, 3),
        "visibility": (10, 33),
        "silhouette": (10, 2, RAYS),
        "has_silhouette": (10,),
    }
    assert info["format"] == "midback.poses/1"
    assert info["source"]["width"] == 640


def test_without_a_mask_there_is_no_silhouette(tmp_path: Path) -> None:
    with np.load(save(tmp_path / "a.npz", random_poses(10, silhouette=False))) as arrays:
        assert "silhouette" not in arrays.files


@pytest.mark.parametrize("error", [KeyboardInterrupt, RuntimeError])
def test_an_interruption_leaves_nothing(tmp_path: Path, error: type[BaseException]) -> None:
    def interrupted() -> None:
        with PoseWriter(tmp_path / "a.npz", INFO, "") as writer:
            writer.write(missing_pose(0.0))
            raise error

    with pytest.raises(error):
        interrupted()
    assert list(tmp_path.iterdir()) == []


def test_an_interruption_keeps_the_earlier_file(tmp_path: Path) -> None:
    path = save(tmp_path / "a.npz", random_poses(10, silhouette=False))
    before = path.read_bytes()
    with pytest.raises(RuntimeError), PoseWriter(path, INFO, ""):
        raise RuntimeError
    assert path.read_bytes() == before
    assert list(tmp_path.iterdir()) == [path]


def test_the_name_appears_only_when_complete(tmp_path: Path) -> None:
    path = tmp_path / "a.npz"
    with PoseWriter(path, INFO, "") as writer:
        writer.write(missing_pose(0.0))
        assert not path.exists()
    assert list(tmp_path.iterdir()) == [path]


def test_time_must_increase(tmp_path: Path) -> None:
    with PoseWriter(tmp_path / "a.npz", INFO, "") as writer:
        writer.write(missing_pose(1.0))
        with pytest.raises(ValueError, match="does not come after"):
            writer.write(missing_pose(1.0))


def test_a_place_that_does_not_exist_is_one_line(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="cannot be written: No such file"):
        PoseWriter(tmp_path / "nowhere/a.npz", INFO, "")


MEMORY = """
import resource, sys
from pathlib import Path
import numpy as np
from midback.vision.pose import Pose, SourceInfo
from midback.vision.recording import PoseWriter, open_poses
count, path = int(sys.argv[1]), Path(sys.argv[2])
points, rays = np.ones((33, 3), np.float32), np.ones((2, 96), np.float32)
with PoseWriter(path, SourceInfo("x", None, 30.0, 64, 64), "") as writer:
    for i in range(count):
        writer.write(Pose(i / 30, points, points, points[:, 0], rays))
with open_poses(path) as poses:
    assert sum(pose.found for pose in poses) == count
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="ru_maxrss is in kB on Linux only")
def test_memory_does_not_grow_with_the_recording(tmp_path: Path) -> None:
    def peak(count: int) -> int:
        command = [sys.executable, "-c", MEMORY, str(count), str(tmp_path / f"{count}.npz")]
        return int(subprocess.run(command, capture_output=True, check=True).stdout)

    assert peak(10_000) - peak(1_000) < 5_000


def altered(change: Callable[[dict[str, Any]], object]) -> Callable[[Path], None]:
    """A saved file in which `change` spoilt the arrays."""

    def make(path: Path) -> None:
        save(path, random_poses(20, silhouette=True))
        with np.load(path) as arrays:
            members = dict(arrays)
        change(members)
        np.savez(path, **members)

    return make


def cut_short(path: Path) -> None:
    save(path, random_poses(20, silhouette=False))
    path.write_bytes(path.read_bytes()[:4000])


def other_format(members: dict[str, Any]) -> None:
    members["info"] = np.array(json.dumps({"format": "other/7"}))


def described(**values: Any) -> Callable[[Path], None]:
    """A saved file whose source says something else."""

    def change(members: dict[str, Any]) -> None:
        info = json.loads(str(members["info"]))
        info["source"] |= values
        members["info"] = np.array(json.dumps(info))

    return altered(change)


def info_with(**values: Any) -> Callable[[Path], None]:
    def change(members: dict[str, Any]) -> None:
        members["info"] = np.array(json.dumps(json.loads(str(members["info"])) | values))

    return altered(change)


BAD: dict[str, tuple[Callable[[Path], object], str]] = {
    "missing": (lambda path: None, "does not exist"),
    "text": (lambda path: path.write_text("hello", encoding="utf-8"), "is not a file of saved"),
    "empty": (lambda path: path.touch(), "is not a file of saved"),
    "cut off": (cut_short, "is not a file of saved"),
    "no points": (altered(lambda a: a.pop("points")), "points missing"),
    "no info": (altered(lambda a: a.pop("info")), "info missing"),
    "not json": (altered(lambda a: a.update(info=np.array("{"))), "is not a file of saved"),
    "other format": (altered(other_format), "midback.poses/1"),
    "width text": (described(width="big"), 'impossible width = "big"'),
    "width zero": (described(width=0), "impossible width = 0"),
    "height true": (described(height=True), "impossible height = true"),
    "height broken": (described(height=2.5), "impossible height = 2.5"),
    "two wrong": (described(width=-1, height=None), "width = -1, height = null"),
    "fps nan": (described(fps=float("nan")), "impossible fps = NaN"),
    "fps endless": (described(fps=float("inf")), "impossible fps = Infinity"),
    "path a list": (described(path=["a"]), 'impossible path = ["a"]'),
    "hash a number": (described(sha256=7), "impossible sha256 = 7"),
    "unknown value": (described(lens="wide"), "lens"),
    "source a list": (info_with(source=[1, 2]), "its source must be"),
    "model a number": (info_with(model_sha256=5), "model_sha256 must be text"),
    "folder": (lambda path: path.mkdir(), "cannot be read: Is a directory"),
    "half a silhouette": (altered(lambda a: a.pop("has_silhouette")), "belong together"),
    "shape": (altered(lambda a: a.update(world=a["world"][:, :5])), "world is float32"),
    "dtype": (altered(lambda a: a.update(world=a["world"].astype(float))), "world is float64"),
    "length": (altered(lambda a: a.update(t=a["t"][:-1])), "differ in length"),
    "time": (altered(lambda a: a.update(t=a["t"][::-1].copy())), "times do not increase"),
    "nan time": (altered(lambda a: a.update(t=a["t"] * np.nan)), "times do not increase"),
    "nobody": (altered(lambda a: a["points"].fill(np.nan)), "nobody was found"),
}


@pytest.mark.parametrize("case", BAD)
def test_a_bad_file_is_one_line(tmp_path: Path, case: str) -> None:
    make, reason = BAD[case]
    path = tmp_path / "a.npz"
    make(path)
    with pytest.raises(InputError) as caught:
        open_poses(path)
    assert reason in str(caught.value)
    assert str(path) in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_file_one_may_not_read_says_so(tmp_path: Path) -> None:
    path = save(tmp_path / "a.npz", random_poses(20, silhouette=False))
    with unreadable(path), pytest.raises(InputError, match="cannot be read: Permission denied"):
        open_poses(path)


def test_a_source_without_rate_or_hash_is_fine(tmp_path: Path) -> None:
    described(fps=None, sha256=None)(tmp_path / "a.npz")
    with open_poses(tmp_path / "a.npz") as saved:
        assert (saved.info.fps, saved.info.sha256) == (None, None)


def test_data_damaged_inside_is_told_while_reading(tmp_path: Path) -> None:
    path = save(tmp_path / "a.npz", random_poses(1000, silhouette=False))
    data = bytearray(path.read_bytes())
    where = data.index(b"world.npy") + 100_000
    data[where : where + 100] = bytes(100)
    path.write_bytes(data)
    with open_poses(path) as poses, pytest.raises(InputError, match="is damaged"):
        list(poses)
