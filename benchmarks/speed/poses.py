"""From stored poses to the result: the whole pipeline without pictures, on one core."""

from __future__ import annotations

import gc
import json
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np

from midback.apps.outputs import as_json
from midback.apps.run import score_source
from midback.vision.pose import Pose
from midback.vision.recording import PoseWriter, open_poses

FRAMES = 10_000
RUNS = 5
SAMPLES = Path(__file__).parents[2] / "sample_videos"


def section() -> str:
    """Frames a second, with and without the outline of the back, beside reading the file alone."""
    rows = [
        "| saved poses | frames | repetitions | frames a second, median (slowest) | "
        "of the time, reading and checking the file |",
        "|---|---|---|---|---|",
    ]
    with tempfile.TemporaryDirectory() as folder:
        seen = Path(folder) / "seen.npz"
        score_source(str(SAMPLES / "bird_dog_clean.mp4"), "bird_dog", save_poses=seen)
        for what, outline in (("landmarks only", False), ("with the outline of the back", True)):
            path = Path(folder) / f"{outline}.npz"
            repeated(seen, path, FRAMES, outline=outline)
            rows.append(_row(what, path))
    return "\n".join(
        [
            f"A rendered set of bird dogs as the network saw it, over and over, {RUNS} runs each: "
            "reading, angles, filters, contour, gates, repetitions, features, stop, score, result.",
            "",
            *rows,
        ]
    )


def repeated(source: Path, target: Path, frames: int, *, outline: bool) -> None:
    """Write so many poses: those of `source`, begun anew where they are over."""
    with open_poses(source) as saved, PoseWriter(target, saved.info, saved.model_sha256) as writer:
        for pose in _over_and_over(list(saved), frames):
            writer.write(pose if outline else replace(pose, silhouette=None))


def _over_and_over(poses: list[Pose], frames: int) -> Iterator[Pose]:
    length = poses[-1].t - poses[0].t + 1 / 30
    for number in range(frames):
        turn, index = divmod(number, len(poses))
        yield replace(poses[index], t=poses[index].t + turn * length)


def _row(what: str, path: Path) -> str:
    def whole() -> int:
        found = score_source(str(path), "bird_dog").result
        json.loads(as_json(found))
        return len(found.reps)

    def read() -> int:
        with open_poses(path) as saved:
            return sum(1 for _ in saved)

    reps, took = _timed(whole)
    frames, reading = _timed(read)
    middle, slowest = (frames / s for s in (float(np.median(took)), max(took)))
    share = float(np.median(reading) / np.median(took))
    return f"| {what} | {frames:,} | {reps} | {middle:,.0f} ({slowest:,.0f}) | {share:.0%} |"


def _timed(work: Callable[[], int]) -> tuple[int, list[float]]:
    """What it gives, and the seconds of a core that it takes, once warm."""
    found, took = work(), []
    for _ in range(RUNS):
        gc.collect()
        begin = time.process_time()
        work()
        took.append(time.process_time() - begin)
    return found, took
