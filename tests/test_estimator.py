"""Real inference on a rendered person. What MediaPipe would abort on must not reach it."""

from __future__ import annotations

import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest
from needs import SAMPLE, needs_weights, weights
from tiny_weights import network

from midback.errors import InputError
from midback.vision.estimator import LONG_SIDE, PoseEstimator, for_network
from midback.vision.frames import Frame, Image, open_frames
from midback.vision.landmarker import Found, Landmarker
from midback.vision.pose import RAYS, Pose
from midback.vision.weights import NETWORKS


def sample(count: int, step: int = 1) -> list[Frame]:
    found: list[Frame] = []
    with open_frames(str(SAMPLE)) as frames:
        for index, frame in enumerate(frames):
            if index % step == 0:
                found.append(frame)
            if len(found) == count:
                break
    return found


def poses(frames: list[Frame], *, silhouette: bool = False) -> list[Pose]:
    with PoseEstimator(weights(), silhouette) as network:
        return [network.estimate(frame) for frame in frames]


def resized(frame: Frame, width: int, height: int) -> Frame:
    image = cv2.resize(frame.image, (width, height), interpolation=cv2.INTER_AREA)
    return Frame(frame.t, np.asarray(image, dtype=np.uint8))


@needs_weights
def test_the_person_is_found_upright_and_on_the_floor() -> None:
    frame = sample(1)[0]
    height, width = frame.image.shape[:2]
    (pose,) = poses([frame])
    assert pose.found
    assert pose.silhouette is None
    assert {a.dtype for a in (pose.points, pose.world, pose.visibility)} == {np.dtype(np.float32)}
    hips, shoulders = pose.points[[23, 24]].mean(axis=0), pose.points[[11, 12]].mean(axis=0)
    knees = pose.points[[25, 26]].mean(axis=0)
    for point in (hips, shoulders, knees):
        assert 0 < point[0] < width
        assert -height < point[1] < 0
    assert hips[1] > knees[1]  # Y up: on all fours the hips are above the knees
    world = pose.world[[23, 24]].mean(axis=0) - pose.world[[25, 26]].mean(axis=0)
    assert world[1] > 0.1


@needs_weights
def test_silhouette_only_when_asked() -> None:
    (pose,) = poses(sample(1), silhouette=True)
    assert pose.silhouette is not None
    assert pose.silhouette.shape == (2, RAYS)
    assert np.isfinite(pose.silhouette).mean() > 0.3


@needs_weights
@pytest.mark.parametrize("size", [(853, 479), (639, 361), (320, 180), (7680, 4320)])
def test_any_size_gives_the_same_landmarks(size: tuple[int, int]) -> None:
    """Odd widths abort the process where they reach the mask; 8K is only scaled."""
    frame = sample(1)[0]
    height, width = frame.image.shape[:2]
    (reference,) = poses([frame], silhouette=True)
    (pose,) = poses([resized(frame, *size)], silhouette=True)
    back = pose.points[:, :2] * (width / size[0], height / size[1])
    torso = [11, 12, 23, 24]
    assert np.abs(back[torso] - reference.points[torso, :2]).max() < 0.015 * width


@needs_weights
@pytest.mark.parametrize("size", [(1, 1), (8, 8), (1, 3000), (3000, 1), (17, 33)])
def test_absurd_sizes_do_no_harm(size: tuple[int, int]) -> None:
    (pose,) = poses([resized(sample(1)[0], *size)], silhouette=True)
    assert pose.t == 0.0


@needs_weights
def test_frames_within_one_millisecond() -> None:
    image = sample(1)[0].image
    assert all(p.found for p in poses([Frame(i * 0.0003, image) for i in range(5)]))


@needs_weights
def test_nobody_there_is_a_missing_pose() -> None:
    (pose,) = poses([Frame(1.5, np.zeros((240, 320, 3), dtype=np.uint8))], silhouette=True)
    assert not pose.found
    assert pose.t == 1.5


@needs_weights
def test_the_same_frames_give_the_same_poses() -> None:
    frames = sample(4, step=5)
    for first, second in zip(poses(frames), poses(frames), strict=True):
        np.testing.assert_array_equal(first.points, second.points)


@needs_weights
def test_the_person_is_kept_when_another_crosses_in_front() -> None:
    """A second, upright copy of the person slides across and hides the first for a moment."""
    frames = sample(50)
    height, width = frames[0].image.shape[:2]
    upright = np.rot90(frames[0].image)
    strip = upright[:height, : min(width, upright.shape[1])]

    def crossed(index: int, frame: Frame) -> Frame:
        image = frame.image.copy()
        left = round((index - 10) / 30 * (width + strip.shape[1])) - strip.shape[1]
        low, high = max(0, left), min(width, left + strip.shape[1])
        if 10 <= index <= 40 and low < high:
            image[: strip.shape[0], low:high] = strip[:, low - left : high - left]
        return Frame(frame.t, image)

    clean = poses(frames)
    found = poses([crossed(i, frame) for i, frame in enumerate(frames)])
    torso = [11, 12, 23, 24]
    size = np.ptp(clean[0].points[:, 0])
    off = [
        float(np.abs(p.points[torso, :2] - c.points[torso, :2]).max()) / size
        for p, c in zip(found, clean, strict=True)
        if p.found
    ]
    assert sum(o > 0.25 for o in off) <= 2
    assert found[-1].found
    assert off[-1] < 0.05


@pytest.mark.parametrize(
    ("size", "expected"),
    [
        ((854, 480), (640, 360)),
        ((1080, 1920), (352, 626)),
        ((7680, 4320), (640, 360)),
        ((639, 361), (640, 362)),
        ((3, 3), (32, 32)),
    ],
)
def test_network_size(size: tuple[int, int], expected: tuple[int, int]) -> None:
    image: Image = np.zeros((size[1], size[0], 3), dtype=np.uint8)
    image[:, :, 0] = 200  # blue
    scaled = for_network(image)
    assert scaled.shape == (expected[1], expected[0], 3)
    assert scaled.shape[1] % 16 == 0
    assert max(scaled.shape) <= LONG_SIDE + 16
    assert scaled[0, 0].tolist() == [0, 0, 200]  # red, green, blue


def smaller(frame: Frame, scale: float) -> Frame:
    """The same picture seen from farther away, in a grey room."""
    height, width = frame.image.shape[:2]
    away = resized(frame, round(scale * width), round(scale * height)).image
    image = np.full_like(frame.image, 128)
    top, left = (height - away.shape[0]) // 2, (width - away.shape[1]) // 2
    image[top : top + away.shape[0], left : left + away.shape[1]] = away
    return Frame(frame.t, image)


def widths(frames: list[Frame], monkeypatch: pytest.MonkeyPatch) -> tuple[list[int], list[Pose]]:
    """How wide the pictures were that the network was given, and the poses."""
    given, plain = list[int](), Landmarker.detect

    def detect(landmarker: Landmarker, image: Image, milliseconds: int = 0) -> Found:
        given.append(image.shape[1])
        return plain(landmarker, image, milliseconds)

    monkeypatch.setattr(Landmarker, "detect", detect)
    found = poses(frames, silhouette=True)
    assert given[0] == given[1] == LONG_SIDE  # one to follow, one to choose among all
    return given[2:], found


@needs_weights
def test_someone_near_is_seen_in_smaller_pictures(monkeypatch: pytest.MonkeyPatch) -> None:
    frames = sample(6, step=5)
    given, found = widths(frames, monkeypatch)
    assert set(given) == {416}
    with PoseEstimator(weights(), silhouette=True) as large:
        monkeypatch.setattr(large, "_resize", lambda *_, **__: None)
        expected = [large.estimate(frame) for frame in frames]
    torso = [11, 12, 23, 24]
    for pose, other in zip(found, expected, strict=True):
        off = np.abs(pose.points[torso, :2] - other.points[torso, :2]).max()
        assert off < 0.015 * frames[0].image.shape[1]
        assert pose.silhouette is not None
        assert other.silhouette is not None
        assert np.isfinite(pose.silhouette).mean() > np.isfinite(other.silhouette).mean() - 0.1


@needs_weights
def test_someone_far_is_seen_in_large_pictures(monkeypatch: pytest.MonkeyPatch) -> None:
    given, found = widths([smaller(frame, 0.5) for frame in sample(4)], monkeypatch)
    assert set(given) == {LONG_SIDE}
    assert all(pose.found for pose in found)


@needs_weights
def test_someone_who_goes_away_gets_large_pictures_for_good(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    scales = [1.0] * 4 + np.linspace(1.0, 0.6, 20).tolist() + [1.0] * 4
    frames = [smaller(frame, scale) for frame, scale in zip(sample(28), scales, strict=True)]
    given, found = widths(frames, monkeypatch)
    assert given[:4] == [416] * 4
    grown = given.index(LONG_SIDE)
    assert 4 < grown < 23
    assert given[grown:] == [LONG_SIDE] * (27 - grown)
    assert all(pose.found for pose in found[:24])


@needs_weights
def test_who_comes_back_is_looked_for_in_large_pictures(monkeypatch: pytest.MonkeyPatch) -> None:
    person = sample(1)[0].image
    nobody = np.full_like(person, 128)
    frames = [Frame(0.1 * i, nobody if 4 <= i < 36 else person) for i in range(40)]
    given, found = widths(frames, monkeypatch)
    assert given[:33] == [416] * 33  # frames 1 to 33: nobody for less than three seconds
    assert given[33:36] == [LONG_SIDE] * 3
    assert given[-1] == 416
    assert found[-1].found


@needs_weights
def test_who_finds_everybody_is_gone_before_the_network_is_loaded(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Two runs beside each other at a cut are two networks, never three."""
    alive = list[int]()

    class Counted(Landmarker):
        def __init__(self, *words: Any, **named: Any) -> None:
            super().__init__(*words, **named)
            alive.append(alive[-1] + 1 if alive else 1)

        def close(self) -> None:
            super().close()
            alive.append(alive[-1] - 1)

    monkeypatch.setattr("midback.vision.estimator.Landmarker", Counted)
    assert all(pose.found for pose in poses(sample(3)))
    assert alive == [1, 0, 1, 0]


def text(path: Path) -> None:
    path.write_text("no model", encoding="utf-8")


def other_zip(path: Path) -> None:
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("a.txt", "nothing")


def empty_networks(path: Path) -> None:
    with zipfile.ZipFile(path, "w") as archive:
        for name in NETWORKS:
            archive.writestr(name, network("empty"))


@pytest.mark.parametrize(
    ("make", "reason"),
    [
        (lambda path: None, "does not exist"),
        (text, "is not a pose landmarker"),
        (lambda path: path.mkdir(), "is a folder"),
        (other_zip, "is not a pose landmarker"),
        (empty_networks, "cannot be used as a pose landmarker"),
    ],
)
def test_a_bad_model_is_one_line(
    tmp_path: Path,
    make: Callable[[Path], None],
    reason: str,
    capfd: pytest.CaptureFixture[str],
) -> None:
    model = tmp_path / "model.task"
    make(model)
    with pytest.raises(InputError, match=reason) as caught:
        PoseEstimator(model, silhouette=False).load()
    assert "\n" not in str(caught.value)
    assert capfd.readouterr() == ("", "")


@needs_weights
def test_nothing_is_printed_from_start_to_exit() -> None:
    program = """
import sys
from pathlib import Path
from midback.vision.estimator import PoseEstimator
from midback.vision.frames import open_frames
with open_frames(sys.argv[2]) as frames, PoseEstimator(Path(sys.argv[1]), True) as estimator:
    assert estimator.estimate(next(iter(frames))).found
"""
    command = [sys.executable, "-c", program, str(weights()), str(SAMPLE)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
