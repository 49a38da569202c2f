"""Frames: true timestamps, upright, and one clear line for whatever cannot be read."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import cv2
import numpy as np
import pytest
from clips import SIZE, halve, picture, rotate, write_sound, write_video

from midback.errors import InputError
from midback.vision.frames import MAX_RATE, Pacer, camera_number, open_frames

WIDTH, HEIGHT = SIZE
EVEN = [33 * i for i in range(40)]


def times(source: Path) -> list[float]:
    with open_frames(str(source)) as frames:
        return [frame.t for frame in frames]


@pytest.mark.parametrize("name", ["a.mp4", "a.mkv", "a.mov"])
def test_variable_frame_rate_keeps_each_frame_s_own_time(tmp_path: Path, name: str) -> None:
    steps = np.random.default_rng(1).integers(20, 90, 50)
    milliseconds = np.concatenate([[0], np.cumsum(steps)])
    clip = write_video(tmp_path / name, milliseconds.tolist())
    np.testing.assert_allclose(times(clip), milliseconds / 1000.0, atol=1e-6)


def test_info_and_hash_and_frame_count(tmp_path: Path) -> None:
    clip = write_video(tmp_path / "a.mp4", EVEN)
    with open_frames(str(clip)) as frames:
        assert (frames.info.width, frames.info.height) == SIZE
        assert frames.info.fps == pytest.approx(30.3, abs=0.5)
        assert frames.info.sha256 is not None
        assert len(frames.info.sha256) == 64
        assert frames.frame_count == len(list(frames)) == len(EVEN)
        assert frames.warning is None


@pytest.mark.parametrize(
    ("degrees", "corner"),  # where the white square of the top left corner goes
    [(0, (4, 4)), (90, (4, -4)), (180, (-4, -4)), (270, (-4, 4))],
)
def test_rotation_metadata_is_applied(
    tmp_path: Path, degrees: int, corner: tuple[int, int]
) -> None:
    plain = write_video(tmp_path / "a.mp4", EVEN)
    with open_frames(str(rotate(plain, tmp_path / "b.mp4", degrees))) as frames:
        expected = SIZE if degrees % 180 == 0 else SIZE[::-1]
        assert (frames.info.width, frames.info.height) == expected
        for frame in frames:
            assert frame.image.shape == (expected[1], expected[0], 3)
            assert frame.image[corner].min() > 200
            break


def test_colours_are_blue_green_red(tmp_path: Path) -> None:
    with open_frames(str(write_video(tmp_path / "a.mp4", EVEN))) as frames:
        image = next(iter(frames)).image
    assert np.abs(image.astype(int) - picture(0)).mean() < 8


def test_a_thousand_frames_a_second_cost_no_more_than_sixty(tmp_path: Path) -> None:
    found = times(write_video(tmp_path / "a.mp4", list(range(1500))))
    assert len(found) == pytest.approx(1.5 * MAX_RATE, abs=2)
    assert max(np.diff(found)) < 0.020


@pytest.mark.parametrize("rate", [24.0, 25.0, 29.97, 30.0, 50.0, 59.94, 60.0])
def test_usual_rates_lose_nothing(rate: float) -> None:
    jitter = np.random.default_rng(2).uniform(-0.2, 0.2, 600)
    pacer = Pacer()
    assert all(pacer.keep((i + jitter[i]) / rate) for i in range(600))


def test_times_that_do_not_increase_are_dropped() -> None:
    pacer = Pacer()
    assert [pacer.keep(t) for t in (0.0, 0.0, 0.1, 0.05, 0.1, 0.2)] == [
        True, False, True, False, False, True,
    ]  # fmt: skip


@pytest.mark.parametrize(("codec", "lost"), [("mjpeg", 0), ("libx264", 2)])
def test_avi(tmp_path: Path, codec: str, lost: int) -> None:
    """AVI has no times for reordered frames: the last two come stamped 0 and are dropped."""
    found = times(write_video(tmp_path / "a.avi", EVEN, codec=codec))
    assert len(found) == len(EVEN) - lost
    np.testing.assert_allclose(np.diff(found), 0.033, atol=1e-6)


def test_a_raw_stream_without_times_runs_at_its_nominal_rate(tmp_path: Path) -> None:
    found = times(write_video(tmp_path / "a.h264", EVEN))
    assert len(found) == len(EVEN)
    assert np.ptp(np.diff(found)) < 1e-9


@pytest.mark.parametrize("copies", [2, 3, 8])
def test_a_first_time_that_is_there_twice_does_not_stop_the_clock(
    tmp_path: Path, copies: int
) -> None:
    steps = np.random.default_rng(1).integers(20, 90, 50)
    milliseconds = np.concatenate([[0] * copies, np.cumsum(steps)])
    clip = write_video(tmp_path / "a.mkv", milliseconds.tolist())
    np.testing.assert_allclose(times(clip), milliseconds[copies - 1 :] / 1000.0, atol=1e-6)


@pytest.mark.parametrize("count", [2, 5, 40])
def test_times_that_stand_still_are_replaced_by_the_nominal_rate(
    tmp_path: Path, count: int
) -> None:
    clip = write_video(tmp_path / "a.mkv", [0] * count)
    with open_frames(str(clip)) as frames:
        found = [frame.t for frame in frames]
        assert frames.info.fps is not None
        np.testing.assert_allclose(found, np.arange(count) / frames.info.fps, atol=1e-9)


def test_eight_k(tmp_path: Path) -> None:
    clip = write_video(tmp_path / "a.avi", [0, 33], codec="mjpeg", size=(7680, 4320))
    with open_frames(str(clip)) as frames:
        assert [frame.image.shape for frame in frames] == [(4320, 7680, 3)] * 2


def test_a_picture_sequence_that_stops_early_warns(tmp_path: Path) -> None:
    """The index promises more than the data hold: decodable at first, garbage afterwards."""
    clip = write_video(tmp_path / "a.mp4", [33 * i for i in range(300)], movflags="faststart")
    data = bytearray(clip.read_bytes())
    start = data.index(b"mdat") + 1500
    data[start:] = b"\xff" * (len(data) - start)
    clip.write_bytes(data)
    with open_frames(str(clip)) as frames:
        last = [frame.t for frame in frames][-1]
        assert last < 8.0
        assert frames.warning is not None
        assert "9.9 s" in frames.warning


def picture_folder(folder: Path, names: list[str]) -> Path:
    folder.mkdir()
    for index, name in enumerate(names):
        cv2.imwrite(str(folder / name), picture(index))
    return folder


def test_picture_folder_in_natural_order(tmp_path: Path) -> None:
    folder = picture_folder(tmp_path / "f", ["f1.png", "f2.png", "f10.png", "f9.BMP"])
    (folder / "notes.txt").write_text("not a picture", encoding="utf-8")
    with open_frames(str(folder)) as frames:
        found = list(frames)
        assert frames.frame_count == 4
    order = [0, 1, 3, 2]
    for frame, index in zip(found, order, strict=True):
        np.testing.assert_array_equal(frame.image, picture(index))
    np.testing.assert_allclose([f.t for f in found], np.arange(4) / 30.0)


def nothing(path: Path) -> Path:
    return path


def one_frame(path: Path) -> Path:
    return write_video(path, [0])


def cut(container: str, movflags: str = "") -> Callable[[Path], Path]:
    def make(path: Path) -> Path:
        whole = write_video(path.with_name("whole." + container), EVEN, movflags=movflags)
        return halve(whole, path.with_suffix("." + container))

    return make


def text(path: Path) -> Path:
    path.write_text("this is no video\n" * 99, encoding="utf-8")
    return path


def playlist(path: Path) -> Path:
    path.write_text(
        "#EXTM3U\n#EXTINF:10,\nhttp://127.0.0.1:9/x.ts\n#EXT-X-ENDLIST\n", encoding="utf-8"
    )
    return path


def empty(path: Path) -> Path:
    path.touch()
    return path


def folder_without_pictures(path: Path) -> Path:
    path.mkdir()
    return path


BAD: dict[str, tuple[Callable[[Path], Path], str]] = {
    "missing": (nothing, "does not exist"),
    "text": (text, "no video"),
    "playlist": (playlist, "no video"),
    "empty": (empty, "is empty"),
    "sound only": (write_sound, "no video"),
    "one frame": (one_frame, "only one frame"),
    "half, index last": (cut("mp4"), "is cut off"),
    "half, index first": (cut("mp4", "faststart"), "is cut off"),
    "half, in fragments": (cut("mp4", "frag_keyframe+empty_moov"), "is cut off"),
    "half an avi": (cut("avi"), "is cut off"),
    "half an mkv": (cut("mkv"), "is cut off"),
    "folder": (folder_without_pictures, "holds no pictures"),
}


@pytest.mark.parametrize("case", BAD)
def test_bad_input_is_one_quick_line(
    tmp_path: Path, case: str, capfd: pytest.CaptureFixture[str]
) -> None:
    make, reason = BAD[case]
    path = make(tmp_path / "input.mp4")
    capfd.readouterr()
    start = time.monotonic()
    with pytest.raises(InputError) as caught, open_frames(str(path)) as frames:
        list(frames)
    message = str(caught.value)
    assert time.monotonic() - start < 30.0
    assert reason in message
    assert str(path) in message
    assert "\n" not in message
    assert capfd.readouterr() == ("", "")


def test_nothing_is_printed_on_damaged_data(tmp_path: Path) -> None:
    """In a process of its own: FFmpeg reads its log level once."""
    clip = write_video(tmp_path / "a.mp4", EVEN, movflags="faststart")
    data = bytearray(clip.read_bytes())
    data[-800:] = b"\xff" * 800
    clip.write_bytes(data)
    program = "import sys; from midback.vision.frames import open_frames\n"
    program += "with open_frames(sys.argv[1]) as frames: list(frames)"
    done = subprocess.run(
        [sys.executable, "-c", program, str(clip)], capture_output=True, text=True, check=True
    )
    assert (done.stdout, done.stderr) == ("", "")


def test_broken_picture_is_named(tmp_path: Path) -> None:
    folder = picture_folder(tmp_path / "f", ["1.png", "2.png"])
    (folder / "2.png").write_bytes(b"no picture")
    with (
        open_frames(str(folder)) as frames,
        pytest.raises(InputError, match=r"2\.png is not a picture"),
    ):
        list(frames)


@pytest.mark.parametrize(
    ("source", "number"),
    [("camera:0", 0), ("2", 2), ("camera:", None), ("a2", None), ("-1", None), ("", None)],
)
def test_camera_number(source: str, number: int | None) -> None:
    assert camera_number(source) == number


def test_camera_that_is_not_there(capfd: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(InputError, match="camera 97 gives no picture"):
        open_frames("camera:97")
    assert capfd.readouterr().err == ""
