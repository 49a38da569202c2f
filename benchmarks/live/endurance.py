"""Set after set in real time: memory, time and stops."""

from __future__ import annotations

import gc
import os
import time
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from live.clips import Clip, clip, played, ready, weights
from midback.apps.live.worker import PoseWorker
from midback.vision.frames import Frame

CLIP = "bird_dog_fatigue"
_MINUTE = 60.0


@dataclass
class _Run:
    """late: of every pose, its frame's time and how long after it the feedback was there, seconds.
    memory: of this process and the worker's after every set, megabytes.
    """

    sets: int = 0
    stopped: int = 0
    reps: int = 0
    late: list[tuple[float, float]] = field(default_factory=list)
    memory: list[tuple[float, float]] = field(default_factory=list)


def table(minutes: float) -> str:
    """The clip over and over, its times going on; every round is a set of its own."""
    chosen, run = clip(CLIP), _Run()
    with PoseWorker(weights(), silhouette=chosen.silhouette) as worker:
        ready(worker, chosen)
        begin, offset = time.monotonic(), 0.0
        while not run.sets or offset + chosen.duration_s <= minutes * _MINUTE:
            _one_set(chosen, worker, run, begin, offset)
            offset += chosen.duration_s + 0.1
    first = [late for t, late in run.late if t <= _MINUTE]
    last = [late for t, late in run.late if t > offset - _MINUTE]
    own, child = (b - a for a, b in zip(run.memory[0], run.memory[-1], strict=True))
    total = worker.seen + worker.dropped
    return "\n".join(
        [
            f"{CLIP} again and again in real time, its times going on, one pose worker. **Run for "
            f"{offset / _MINUTE:.1f} minutes** (`--minutes {minutes:g}`). Memory: resident at the "
            "end, and what it grew by since the end of the first set, after about a minute. Late: "
            "from the moment a frame is due to its feedback, median of the first and of the last "
            "minute.",
            "",
            "| sets | reps, true | missed stops | restarts | frames without a pose | "
            "own memory MB, grown | worker's MB, grown | late ms, first | last |",
            "|---|---|---|---|---|---|---|---|---|",
            f"| {run.sets} | {run.reps}, {run.sets * chosen.reps} | {run.sets - run.stopped} | "
            f"{worker.restarts} | {worker.dropped} of {total} | "
            f"{run.memory[-1][0]:.0f}, {own:+.1f} | {run.memory[-1][1]:.0f}, {child:+.1f} | "
            f"{1e3 * np.median(first):.0f} | {1e3 * np.median(last):.0f} |",
        ]
    )


def _one_set(chosen: Clip, worker: PoseWorker, run: _Run, begin: float, offset: float) -> None:
    coach = chosen.coach()
    frames = (Frame(frame.t + offset, frame.image) for frame in chosen.frames())
    for pose in played(frames, worker, begin):
        coach.see(pose)
        run.late.append((pose.t, time.monotonic() - begin - pose.t))
    coach.command("end")
    run.sets += 1
    run.reps += len(coach.session.reps)
    run.stopped += coach.stop is not None and coach.stop.rep in chosen.stop
    del coach
    gc.collect()
    assert worker.pid is not None
    run.memory.append((_resident(os.getpid()), _resident(worker.pid)))


def _resident(pid: int) -> float:
    """Megabytes; NaN where the system has no /proc."""
    status = Path(f"/proc/{pid}/status")
    lines = status.read_text().splitlines() if status.exists() else []
    return next(
        (float(line.split()[1]) / 1e3 for line in lines if line.startswith("VmRSS")), np.nan
    )
