from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from cli import ROOT

from midback.apps.demo import CLIP, sample
from midback.apps.run import _until, is_camera, score_source
from midback.errors import InputError
from midback.vision.pose import Pose, missing_pose


def stream(seconds: float, *, stopped: bool = False) -> Iterator[Pose]:
    """Poses at 10 Hz, ended by Ctrl-C or by themselves."""
    for index in range(round(seconds * 10)):
        yield missing_pose(5.0 + index / 10)
    if stopped:
        raise KeyboardInterrupt


def test_seconds_are_counted_from_the_first_frame() -> None:
    times = [pose.t for pose in _until(stream(10.0), 2.0, live=False)]
    assert times[0] == 5.0
    assert times[-1] == pytest.approx(7.0)


def test_without_seconds_everything_passes() -> None:
    assert len(list(_until(stream(10.0), None, live=False))) == 100


def test_ctrl_c_ends_a_camera_and_what_was_seen_is_scored() -> None:
    assert len(list(_until(stream(3.0, stopped=True), None, live=True))) == 30


def test_ctrl_c_stops_a_recording() -> None:
    with pytest.raises(KeyboardInterrupt):
        list(_until(stream(3.0, stopped=True), None, live=False))


def test_a_number_is_a_camera_unless_a_file_has_that_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert is_camera("0")
    assert is_camera("camera:2")
    assert not is_camera("clip.mp4")
    (tmp_path / "7").touch()
    assert not is_camera("7")


def test_a_wrong_exercise_is_told_before_the_source_is_opened() -> None:
    with pytest.raises(InputError, match="unknown exercise"):
        score_source("missing.mp4", "sqat")


def test_the_sample_clip_is_found_in_a_checkout() -> None:
    assert sample(CLIP) == ROOT / "sample_videos" / CLIP


def test_a_missing_sample_says_what_to_do() -> None:
    with pytest.raises(InputError, match="make samples"):
        sample("nothing.mp4")
