"""Live beside batch: with every frame, and with every second one dropped at random."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

import numpy as np

from live.clips import Clip, clips, weights
from midback.apps.live.worker import PoseWorker
from midback.apps.run import score_source
from midback.result import Result, Software, Source
from midback.vision.frames import Frame

SEED = 7


def table(data: Path) -> str:
    """data: folder of the validation recordings."""
    lines = [
        "Batch is `score_source`. Live is the pose worker and the coach, each pose waited for. "
        "Every frame: repetitions with all their values and the stop must be equal to the last "
        f"digit. Half the frames: of every two that follow each other one is dropped, seed {SEED}; "
        "as many repetitions, the stop within one repetition.",
        "",
        "| clip | true reps | batch: reps, stop | every frame | half the frames: reps, stop | |",
        "|---|---|---|---|---|---|",
        *map(_row, clips(data)),
    ]
    return "\n".join(lines)


def _row(clip: Clip) -> str:
    batch = score_source(str(clip.path), clip.exercise).result
    live = _live(clip, clip.frames())
    half = _live(clip, _half(clip.frames()))
    equal = live.reps == batch.reps and live.stop == batch.stop
    near = len(half.reps) == len(batch.reps) and _near(half, batch)
    return (
        f"| {clip.path.stem} | {clip.reps} | {_told(batch)} | {'equal' if equal else _told(live)} "
        f"| {_told(half)} | {'kept' if near else 'MISSED'} |"
    )


def _live(clip: Clip, frames: Iterable[Frame]) -> Result:
    coach = clip.coach()
    with PoseWorker(weights(), silhouette=clip.silhouette) as worker:
        for frame in frames:
            worker.offer(frame)
            for pose in worker.wait(60):
                coach.see(pose)
    return coach.result(Source("", None, None, 0, 0.0, *clip.size), Software("", "", None))


def _half(frames: Iterator[Frame]) -> Iterator[Frame]:
    chance = np.random.default_rng(SEED)
    for first in frames:
        second = next(frames, first)
        yield first if chance.random() < 0.5 else second


def _near(a: Result, b: Result) -> bool:
    if a.stop is None or b.stop is None:
        return a.stop is b.stop
    return abs(a.stop.rep - b.stop.rep) <= 1 and a.stop.region == b.stop.region


def _told(result: Result) -> str:
    stop = f"rep {result.stop.rep}, {result.stop.region}" if result.stop else "none"
    return f"{len(result.reps)}, {stop}"
