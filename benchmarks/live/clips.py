"""The sample clips with what is known of them, and a clip played at its own speed."""

from __future__ import annotations

import json
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import main_job
from main_job import real_clips

from midback.apps.live.coach import Coach
from midback.apps.live.worker import PoseWorker
from midback.exercises import find
from midback.vision.frames import Frame, open_frames
from midback.vision.pose import Pose
from midback.vision.weights import model_path

SAMPLES = Path(__file__).parents[2] / "sample_videos"


@dataclass(frozen=True)
class Clip:
    """stop: the repetitions at which the set may be stopped; none where it is clean."""

    path: Path
    exercise: str
    reps: int
    stop: tuple[int, ...]
    size: tuple[int, int]
    duration_s: float

    def frames(self) -> Iterator[Frame]:
        with open_frames(str(self.path)) as frames:
            yield from frames

    def coach(self) -> Coach:
        return Coach(find(self.exercise), *self.size)

    @property
    def silhouette(self) -> bool:
        return find(self.exercise).needs_silhouette


def clip(name: str) -> Clip:
    path = SAMPLES / f"{name}.mp4"
    truth = json.loads(path.with_suffix(".truth.json").read_text())
    bad = truth["first_bad_rep"]
    return Clip(
        path,
        truth["exercise"],
        len(truth["reps"]),
        (bad, bad + 1) if bad else (),
        (truth["size"][0], truth["size"][1]),
        truth["duration_s"],
    )


def clips(data: Path) -> list[Clip]:
    """The sample clips, and the recordings of real people where that folder is there."""
    rendered = [clip(path.stem) for path in sorted(SAMPLES.glob("*.mp4"))]
    real = [real_clip(one) for one in real_clips(data) if one.path.exists()]
    return rendered + real


def real_clip(one: main_job.Clip) -> Clip:
    with open_frames(str(one.path)) as frames:
        size = frames.info.width, frames.info.height
        duration_s = (frames.frame_count or 0) / (frames.info.fps or 30.0)
    return Clip(one.path, one.exercise, one.reps, (), size, duration_s)


def weights() -> Path:
    return model_path(None, print)


def ready(worker: PoseWorker, chosen: Clip) -> None:
    """Wait for the first pose, and until the spare has loaded, as it has when a set begins."""
    worker.offer(next(chosen.frames()))
    worker.wait(60)
    time.sleep(5)


def played(frames: Iterable[Frame], worker: PoseWorker, begin: float) -> Iterator[Pose]:
    """Poses as they come, each frame offered when the monotonic clock shows begin plus its time."""
    for frame in frames:
        while (left := begin + frame.t - time.monotonic()) > 0:
            yield from worker.wait(left)
        worker.offer(frame)
    yield from worker.wait(2.0)
