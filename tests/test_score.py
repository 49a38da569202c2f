"""`midback score` as a user meets it: bad inputs, full disks, Ctrl-C, and a whole run."""

from __future__ import annotations

import csv
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import cv2
import jsonschema
import numpy as np
import pytest
from cli import COMMAND, ROOT, midback, refusal, small_disk, unread
from needs import needs_weights
from test_schema import VALIDATOR

from midback.vision.frames import quiet_opencv

CLEAN = ROOT / "sample_videos/bird_dog_clean.mp4"
DEADLINE = 30.0  # seconds: no hang, also on a busy machine


def video(path: Path, frames: int) -> Path:
    """Noise in which nobody is found."""
    quiet_opencv()  # FFmpeg asks once per process how loud to be; other tests listen
    writer = cv2.VideoWriter(str(path), cv2.VideoWriter.fourcc(*"mp4v"), 30.0, (320, 240))
    rng = np.random.default_rng(0)
    for _ in range(frames):
        writer.write(rng.integers(0, 255, (240, 320, 3), dtype=np.uint8))
    writer.release()
    return path


def audio_only(path: Path) -> Path:
    import av

    with av.open(str(path), "w") as container:
        stream = container.add_stream("aac", rate=44100)
        frame = av.AudioFrame.from_ndarray(np.zeros((1, 1024), np.float32), "fltp", "mono")
        frame.sample_rate = 44100
        container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    return path


def half(path: Path) -> Path:
    whole = video(path.with_name("whole.mp4"), 30).read_bytes()
    path.write_bytes(whole[: len(whole) // 2])
    return path


def text(path: Path) -> Path:
    path.write_text("this is no video\n" * 50, encoding="utf-8")
    return path


def empty(path: Path) -> Path:
    path.touch()
    return path


def folder(path: Path) -> Path:
    path.mkdir()
    (path / "notes.txt").touch()
    return path


BAD: dict[str, Callable[[Path], Path]] = {
    "missing": lambda path: path,
    "folder without pictures": folder,
    "text": text,
    "zero bytes": empty,
    "half": half,
    "audio only": audio_only,
    "one frame": lambda path: video(path, 1),
}


@pytest.mark.parametrize("kind", BAD)
def test_a_bad_recording_gets_its_one_line_at_once(kind: str, tmp_path: Path) -> None:
    source = BAD[kind](tmp_path / "clip.mp4")
    before = sorted(tmp_path.rglob("*"))
    begin = time.monotonic()
    line = refusal("score", source, "--exercise", "bird_dog", "--json", tmp_path / "out.json")
    assert time.monotonic() - begin < DEADLINE
    assert str(source) in line
    assert sorted(tmp_path.rglob("*")) == before


@needs_weights
def test_nobody_in_the_whole_clip(tmp_path: Path) -> None:
    source = video(tmp_path / "noise.mp4", 45)
    begin = time.monotonic()
    line = refusal(
        "score", source, "-e", "squat", "--save-poses", tmp_path / "p.npz", "--out", tmp_path / "r"
    )
    assert time.monotonic() - begin < DEADLINE
    assert "no person was found" in line
    assert list(tmp_path.iterdir()) == [source]


@pytest.mark.parametrize(
    ("options", "told"),
    [
        (["--exercise", "birddog"], "did you mean bird_dog"),
        (["--exercise", "no/such.toml"], "cannot read the exercise file"),
        (["--exercise", "squat", "--json", "no/such/folder/out.json"], "no such folder"),
        (["--exercise", "squat", "--json", "."], "is a folder"),
        (["--exercise", "squat", "--series", "out.parquet"], ".csv"),
        (["--exercise", "squat", "--save-poses", "out.json"], ".npz"),
        (["--exercise", "squat", "--out", __file__], "is a file"),
    ],
)
def test_what_cannot_work_is_told_before_any_work(options: list[str], told: str) -> None:
    begin = time.monotonic()
    assert told in refusal("score", "clip.mp4", *options)
    assert time.monotonic() - begin < DEADLINE


def test_a_bad_exercise_file_is_one_line(tmp_path: Path) -> None:
    bad = tmp_path / "bad.toml"
    bad.write_text('name = "X"\n', encoding="utf-8")
    line = refusal("score", "clip.mp4", "--exercise", bad)
    assert line.startswith(f"{bad}:1: ")
    assert "more: midback exercises check" in line


def test_an_output_folder_that_cannot_be_written(tmp_path: Path) -> None:
    with small_disk(tmp_path / "disk", "ro,size=64k") as disk:
        assert "Read-only" in refusal("score", "x.mp4", "-e", "squat", "--out", disk / "report")
        assert "Read-only" in refusal("score", "x.mp4", "-e", "squat", "--json", disk / "out.json")


def poses(path: Path, frames: int = 120) -> Path:
    """Saved poses of someone who stands still, 4 s at 30 Hz: scored without a network."""
    from midback.vision.pose import LANDMARKS, Pose, SourceInfo
    from midback.vision.recording import PoseWriter

    rng = np.random.default_rng(1)
    points = (rng.random((LANDMARKS, 3)) * 400 - (0, 400, 200)).astype(np.float32)
    info = SourceInfo("gone.mp4", "0" * 64, 30.0, 640, 480)
    with PoseWriter(path, info, "1" * 64) as writer:
        for index in range(frames):
            seen = np.ones(LANDMARKS, dtype=np.float32)
            writer.write(Pose(index / 30, points, points, seen))
    return path


def test_saved_poses_are_scored_without_network_or_weights(tmp_path: Path) -> None:
    done = midback("score", poses(tmp_path / "p.npz"), "-e", "squat", "--json", "-")
    assert done.returncode == 0, done.stderr
    document = json.loads(done.stdout)
    VALIDATOR.validate(document)
    assert document["source"]["frames"] == 120
    assert document["software"]["model_sha256"] == "1" * 64


@pytest.mark.parametrize(
    "output", ["--json=out.json", "--series=out.csv", "--out=report", "--save-poses=out.npz"]
)
def test_a_full_disk_gets_one_line_and_no_half_file(tmp_path: Path, output: str) -> None:
    source = poses(tmp_path / "p.npz")
    option, _, name = output.partition("=")
    with small_disk(tmp_path / "disk", "size=4k") as disk:
        done = midback("score", source, "-e", "squat", option, disk / name)
        assert done.returncode == 2
        assert "disk is full" in done.stderr or "No space left" in done.stderr
        assert len(done.stderr.splitlines()) == 1
        assert [p for p in disk.rglob("*") if p.is_file()] == []


def test_a_full_disk_takes_the_new_folder_away_again(tmp_path: Path) -> None:
    source = poses(tmp_path / "p.npz")
    with small_disk(tmp_path / "disk", "size=4k") as disk:
        (disk / "mine").mkdir()
        for out in (disk / "a" / "b", disk / "mine"):
            done = midback("score", source, "-e", "squat", "--out", out)
            assert done.returncode == 2
        assert [p.name for p in disk.iterdir()] == ["mine"]


def test_what_was_measured_is_shown_even_where_the_disk_is_full(tmp_path: Path) -> None:
    source = poses(tmp_path / "p.npz")
    with small_disk(tmp_path / "disk", "size=4k") as disk:
        done = midback("score", source, "-e", "squat", "--series", disk / "out.csv")
    assert done.returncode == 2
    assert "View: " in done.stdout


def test_a_report_that_is_a_folder_is_told_before_any_work(tmp_path: Path) -> None:
    (tmp_path / "od/report.html").mkdir(parents=True)
    line = refusal("score", "missing.mp4", "-e", "squat", "--out", tmp_path / "od")
    assert "report.html: is a folder" in line


def test_no_reader_loses_no_file(tmp_path: Path) -> None:
    """As in `midback score ... | true`: the files come before the table."""
    names = {"--json": "o.json", "--series": "o.csv", "--save-poses": "o.npz", "--out": "report"}
    options = [word for option, name in names.items() for word in (option, str(tmp_path / name))]
    source = poses(tmp_path / "p.npz")
    done = unread("score", source, "-e", "squat", *options)
    assert (done.returncode, done.stderr) == (0, "")
    assert all((tmp_path / name).exists() for name in names.values())


@pytest.mark.parametrize("words", [["--json", "-"], []])
def test_no_reader_no_traceback(tmp_path: Path, words: list[str]) -> None:
    done = unread("score", poses(tmp_path / "p.npz"), "-e", "squat", *words)
    assert (done.returncode, "Traceback" in done.stderr) == (0, False)


@pytest.mark.parametrize("words", [["--json", "-"], []])
def test_an_ascii_terminal(tmp_path: Path, words: list[str]) -> None:
    source = poses(tmp_path / "p.npz")
    whole = midback("score", source, "-e", "squat", *words)
    done = midback("score", source, "-e", "squat", *words, PYTHONIOENCODING="ascii")
    assert (done.returncode, whole.returncode) == (0, 0), done.stderr
    assert done.stdout.isascii()
    assert done.stderr.isascii()
    if words:  # the document must not lose a sign
        assert json.loads(done.stdout) == json.loads(whole.stdout)


def test_saved_poses_with_a_shouted_name(tmp_path: Path) -> None:
    source = poses(tmp_path / "p.npz").rename(tmp_path / "P.NPZ")
    assert midback("score", source, "-e", "squat").returncode == 0


def test_saved_poses_with_a_wrong_value_are_one_line(tmp_path: Path) -> None:
    source = poses(tmp_path / "p.npz")
    with np.load(source) as arrays:
        members = dict(arrays)
    info = json.loads(str(members["info"]))
    info["source"]["width"] = "big"
    np.savez(source, **members | {"info": np.array(json.dumps(info))})
    assert 'impossible width = "big"' in refusal("score", source, "-e", "squat")


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux allows such names")
def test_a_name_that_is_no_text_is_one_line(tmp_path: Path) -> None:
    source = video(tmp_path / "clip.mp4", 5).rename(tmp_path / os.fsdecode(b"v\xff.mp4"))
    assert "rename the file" in refusal("score", source, "-e", "squat")


def test_no_source_is_not_the_current_folder() -> None:
    assert "no source" in refusal("score", "", "-e", "squat")


def test_outputs_that_were_finished_stay(tmp_path: Path) -> None:
    source = poses(tmp_path / "p.npz")
    kept = tmp_path / "out.json"
    with small_disk(tmp_path / "disk", "size=8k") as disk:
        done = midback("score", source, "-e", "squat", "--json", kept, "--series", disk / "o.csv")
        assert done.returncode == 2
    VALIDATOR.validate(json.loads(kept.read_text(encoding="utf-8")))


@contextmanager
def signals_heard() -> Iterator[None]:
    """Children hear signals also where the test run itself was started to ignore them."""
    names = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
    before = {name: signal.signal(name, signal.SIG_DFL) for name in names}
    try:
        yield
    finally:
        for name, handler in before.items():
            signal.signal(name, handler)


def running_score(folder: Path, prefix: tuple[str, ...] = ()) -> subprocess.Popen[str]:
    """A score of the clean clip in `folder`, a second after its temporary files appeared."""
    outputs = ["--json", "out.json", "--series", "out.csv", "--save-poses", "p.npz"]
    command = [*prefix, *COMMAND, "score", str(CLEAN), "-e", "bird_dog", *outputs]
    with signals_heard():
        running = subprocess.Popen(
            [*command, "--out", "report"],
            cwd=folder,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
    waited = time.monotonic() + 60
    while not any(folder.iterdir()) and time.monotonic() < waited:
        time.sleep(0.05)
    time.sleep(1.0)
    assert any(folder.iterdir())
    return running


@needs_weights
@pytest.mark.parametrize("name", ["SIGINT", "SIGTERM", "SIGHUP"])
def test_a_stop_ends_with_one_line_and_no_temporary_files(tmp_path: Path, name: str) -> None:
    """Ctrl-C, a plain kill and a closed terminal."""
    running = running_score(tmp_path)
    running.send_signal(getattr(signal, name))
    stdout, stderr = running.communicate(timeout=30)
    assert running.returncode == 2, stderr
    assert stdout == ""
    assert stderr.splitlines() == ["midback: stopped; nothing half-written was left behind"]
    assert list(tmp_path.iterdir()) == []


@needs_weights
def test_a_closed_terminal_hangs_up_twice_and_nobody_reads(tmp_path: Path) -> None:
    running = running_score(tmp_path)
    assert running.stdout is not None
    assert running.stderr is not None
    running.stdout.close()
    running.stderr.close()
    for _ in range(3):
        running.send_signal(signal.SIGHUP)
        running.send_signal(signal.SIGTERM)
    assert running.wait(timeout=30) == 2
    assert list(tmp_path.iterdir()) == []


@needs_weights
def test_nohup_is_respected(tmp_path: Path) -> None:
    running = running_score(tmp_path, ("nohup",))
    running.send_signal(signal.SIGHUP)
    time.sleep(1.0)
    assert running.poll() is None
    running.send_signal(signal.SIGTERM)
    running.communicate(timeout=30)
    assert running.returncode == 2


AUDITED = """
import sys
seen = []
def hook(event, args):
    if event in ("socket.connect", "socket.getaddrinfo", "socket.sendto"):
        seen.append((event, args))
sys.addaudithook(hook)
from midback.apps.cli import main
code = main(sys.argv[1:])
print("network:", seen, file=sys.stderr)
sys.exit(code)
"""


@needs_weights
def test_a_whole_run_writes_everything_and_uses_no_network(tmp_path: Path) -> None:
    names = {"--json": "o.json", "--series": "o.csv", "--save-poses": "o.npz", "--out": "report"}
    options = [word for option, name in names.items() for word in (option, str(tmp_path / name))]
    done = subprocess.run(
        [sys.executable, "-c", AUDITED, "score", str(CLEAN), "-e", "bird_dog", *options],
        capture_output=True,
        text=True,
        env={**os.environ, "COLUMNS": "110"},
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert "network: []" in done.stderr
    document = json.loads((tmp_path / "o.json").read_text(encoding="utf-8"))
    VALIDATOR.validate(document)
    assert "repetitions" in done.stdout
    with (tmp_path / "o.csv").open(encoding="utf-8", newline="") as file:
        header = next(csv.reader(file))
    assert header[0] == "t"
    assert len(header) == 1 + 3 * len(document["angles"])
    assert (tmp_path / "report/report.html").stat().st_size < 6_000_000
    again = midback("score", tmp_path / "o.npz", "-e", "bird_dog", "--json", "-")
    assert again.returncode == 0, again.stderr
    assert json.loads(again.stdout) == document


def test_the_validator_is_the_shipped_one() -> None:
    assert isinstance(VALIDATOR, jsonschema.Draft202012Validator)
