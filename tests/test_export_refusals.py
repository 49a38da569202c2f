"""What cannot be exported: one line, and no file that was not there before."""

from __future__ import annotations

import importlib.util
from collections.abc import Callable
from dataclasses import replace
from importlib.machinery import ModuleSpec
from pathlib import Path

import export_case
import numpy as np
import pytest
from cli import midback, refusal, small_disk
from test_landmarks import LANDMARKS, NAMES, T, positions, write_mapping, write_openpose, write_trc

from midback.apps.export.run import Wanted
from midback.errors import InputError
from midback.vision.pose import Pose, SourceInfo

INFO = SourceInfo("gone.mp4", None, 10.0, *export_case.SIZE)


@pytest.fixture
def saved(tmp_path: Path) -> Path:
    """Two repetitions; the video behind them is not there."""
    return export_case.save(tmp_path / "poses.npz", export_case.poses(reps=2), INFO)


def refused(*outputs: str | Path, source: str | Path = "clip.mp4") -> str:
    with pytest.raises(InputError) as caught:
        Wanted(str(source), "bird_dog", [Path(output) for output in outputs]).check()
    return str(caught.value)


@pytest.mark.parametrize("name", ["out.xlsx", "out", "out.mp4.part"])
def test_a_suffix_that_says_nothing(tmp_path: Path, name: str) -> None:
    said = refused(tmp_path / name)
    assert name in said
    assert ".trc, .mot, .c3d, .csv, .long.csv, .mp4" in said


def test_a_wrong_output_is_told_before_the_long_work(tmp_path: Path) -> None:
    (tmp_path / "folder.csv").mkdir()
    (tmp_path / "clip.mp4").touch()
    assert "no such folder" in refused(tmp_path / "missing/out.trc")
    assert "is a folder" in refused(tmp_path / "folder.csv")
    assert "same name" in refused(tmp_path / "a.trc", tmp_path / "a.trc")
    own = refused(tmp_path / "clip.mp4", source=tmp_path / "clip.mp4")
    assert "is the recording itself" in own
    assert "keeps nothing" in refused(tmp_path / "a.trc", source="camera:0")


@pytest.mark.parametrize(
    ("package", "name", "extra"), [("av", "a.mp4", "video"), ("c3d", "a.c3d", "c3d")]
)
def test_a_missing_library_is_named_with_its_extra(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, package: str, name: str, extra: str
) -> None:
    find: Callable[[str], ModuleSpec | None] = importlib.util.find_spec
    monkeypatch.setattr(
        importlib.util, "find_spec", lambda wanted: None if wanted == package else find(wanted)
    )
    assert f"pip install 'midback[{extra}]'" in refused(tmp_path / name)


def test_the_command_says_it_in_one_line(tmp_path: Path, saved: Path) -> None:
    assert "no such folder" in refusal("export", saved, "-e", "bird_dog", tmp_path / "no/a.trc")
    assert "unknown exercise" in refusal("export", saved, "-e", "bird_dgo", tmp_path / "a.trc")
    missing = refusal("export", tmp_path / "no.mp4", "-e", "bird_dog", tmp_path / "a.trc")
    assert "does not exist" in missing
    assert [path.name for path in tmp_path.iterdir()] == ["poses.npz"]


def test_without_the_pictures_there_is_no_video_but_all_the_rest(
    tmp_path: Path, saved: Path
) -> None:
    video, table = tmp_path / "out.mp4", tmp_path / "out.csv"
    video.write_bytes(b"what was there before")
    done = midback("export", saved, "-e", "bird_dog", video, table)
    assert done.returncode == 2
    assert done.stderr.splitlines()[-1].endswith("not at hand: export from the video itself")
    assert table.exists()
    assert video.read_bytes() == b"what was there before"


def test_the_recording_behind_saved_poses_is_not_overwritten(tmp_path: Path) -> None:
    poses, video = export_case.recording(tmp_path, export_case.poses(reps=1))
    before = video.read_bytes()
    said = refusal("export", poses, "-e", "bird_dog", video)
    assert "is the recording itself" in said
    assert video.read_bytes() == before


def hidden() -> list[Pose]:
    """Landmarks none of which is in sight."""
    return [
        replace(pose, visibility=np.full(33, 0.2, np.float32), silhouette=None)
        for pose in export_case.poses(reps=1)
        if pose.found
    ]


def test_nothing_measurable_gives_no_file(tmp_path: Path) -> None:
    saved = export_case.save(tmp_path / "poses.npz", hidden(), INFO)
    names = [tmp_path / f"out.{kind}" for kind in ("csv", "long.csv", "mot", "c3d", "trc")]
    said = refusal("export", saved, "-e", "bird_dog", *names)
    assert said.count("no angle could be measured") == 4
    assert "no landmark was clearly seen" in said
    assert [path.name for path in tmp_path.iterdir()] == ["poses.npz"]


def test_a_flat_picture_has_no_metres(tmp_path: Path) -> None:
    folder = write_openpose(tmp_path / "json")
    words: list[str | Path] = ["export", folder, "-e", "bird_dog", "--mapping", "openpose_body_25"]
    assert "without metres" in refusal(*words, tmp_path / "out.trc")
    assert midback(*words, tmp_path / "out.csv").returncode == 0
    assert {path.name for path in tmp_path.iterdir()} == {"json", "out.csv"}


def test_markers_go_out_as_well_and_their_depth_is_no_estimate(tmp_path: Path) -> None:
    source = write_trc(tmp_path / "walk.trc", T, NAMES, 1000 * positions())
    mapping = write_mapping(tmp_path / "named.toml", LANDMARKS, NAMES)
    words: list[str | Path] = ["export", source, "-e", "bird_dog", "--mapping", mapping]
    done = midback(*words, tmp_path / "out.trc", tmp_path / "out.mot")
    assert done.returncode == 0, done.stderr
    assert "estimate" not in done.stderr


@pytest.mark.parametrize("kind", ["trc", "c3d", "csv", "mp4"])
def test_a_full_disk_leaves_nothing_behind(tmp_path: Path, kind: str) -> None:
    poses, _ = export_case.recording(tmp_path, export_case.poses(reps=1))
    with small_disk(tmp_path / "disk", "size=16k") as disk:
        said = refusal("export", poses, "-e", "bird_dog", disk / f"out.{kind}")
        assert "the disk is full" in said
        assert list(disk.iterdir()) == []
