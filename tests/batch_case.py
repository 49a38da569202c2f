"""Folders of recordings for the tests of batch scoring, and what came of them."""

from __future__ import annotations

import csv
import os
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TypeVar

import cv2
import psutil
import stick
import test_session
from cli import COMMAND

from midback.vision.frames import quiet_opencv
from midback.vision.pose import SourceInfo
from midback.vision.recording import PoseWriter

RATE = 15.0

Found = TypeVar("Found")


def bird_dogs(path: Path, reps: int = 4, arch_from: int | None = None) -> Path:
    """Saved poses of a stick figure's bird dogs; from `arch_from` on the low back sags."""
    path.parent.mkdir(parents=True, exist_ok=True)
    info = SourceInfo("gone.mp4", f"{reps:064x}", RATE, *stick.SIZE)
    with PoseWriter(path, info, "1" * 64) as writer:
        for pose in test_session.bird_dogs(reps, arch_from=arch_from, fps=RATE):
            writer.write(pose)
    return path


def beginning(clip: Path, path: Path, frames: int) -> Path:
    """The first frames of a clip as a clip of its own."""
    quiet_opencv()
    source = cv2.VideoCapture(str(clip))
    size = int(source.get(cv2.CAP_PROP_FRAME_WIDTH)), int(source.get(cv2.CAP_PROP_FRAME_HEIGHT))
    writer = cv2.VideoWriter(str(path), cv2.VideoWriter.fourcc(*"mp4v"), 30.0, size)
    for _ in range(frames):
        writer.write(source.read()[1])
    writer.release()
    source.release()
    return path


def table(out: Path) -> dict[str, dict[str, str]]:
    """The rows of the summary, by file."""
    with (out / "summary.csv").open(encoding="utf-8", newline="") as file:
        return {row["file"]: row for row in csv.DictReader(file)}


def contents(out: Path) -> dict[str, bytes]:
    """Every file below, by its path."""
    return {str(p.relative_to(out)): p.read_bytes() for p in out.rglob("*") if p.is_file()}


def results(out: Path) -> dict[str, int]:
    """When each result was written: what is written anew has another time."""
    return {
        str(p.relative_to(out)): p.stat().st_mtime_ns for p in (out / "sets").rglob("result.json")
    }


@contextmanager
def running(*words: str | Path) -> Iterator[subprocess.Popen[str]]:
    """`midback score` with these words, while it runs; killed with all its processes at the end."""
    process = subprocess.Popen(
        [*COMMAND, "score", *map(str, words)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "NO_COLOR": "1"},
    )
    try:
        yield process
    finally:
        for one in (*below(process), process):
            with suppress(psutil.Error):
                one.kill()
        process.communicate()


def below(process: subprocess.Popen[str]) -> list[psutil.Process]:
    """The processes that it started."""
    with suppress(psutil.Error):
        return list(psutil.Process(process.pid).children(recursive=True))
    return []


def reader_of(process: subprocess.Popen[str], recording: Path) -> psutil.Process:
    """The worker that has the recording open."""

    def found() -> psutil.Process | None:
        for child in below(process):
            with suppress(psutil.Error):
                if any(Path(file.path) == recording for file in child.open_files()):
                    return child
        return None

    return until(found)


def until(found: Callable[[], Found | None], timeout_s: float = 60.0) -> Found:
    """Wait for something to be there."""
    end = time.monotonic() + timeout_s
    while time.monotonic() < end:
        value = found()
        if value:
            return value
        time.sleep(0.02)
    raise AssertionError("it never came")
