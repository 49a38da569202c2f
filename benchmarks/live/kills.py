"""The pose worker killed again and again during one set."""

from __future__ import annotations

import os
import signal
import time

import numpy as np

from live.clips import clip, played, ready, weights
from midback.apps.live.worker import PoseWorker

CLIP = "bird_dog_fatigue"
KILLS = 20
SEED = 3
GOAL_S = 2.0


def table() -> str:
    """One set at its own speed; a kill at a random moment of every span of equal length."""
    chosen = clip(CLIP)
    coach, chance = chosen.coach(), np.random.default_rng(SEED)
    span = (chosen.duration_s - 2.0) / KILLS
    moments = [1.0 + span * (k + float(chance.uniform(0, 0.9))) for k in range(KILLS)]
    took: list[float] = []
    killed: tuple[int, float] | None = None
    with PoseWorker(weights(), silhouette=chosen.silhouette) as worker:
        ready(worker, chosen)
        begin = time.monotonic()
        for pose in played(chosen.frames(), worker, begin):
            coach.see(pose)
            now = time.monotonic() - begin
            if killed is not None and worker.pid != killed[0] and pose.t >= killed[1]:
                took.append(now - killed[1])
                killed = None
            if killed is None and len(took) < KILLS and now >= moments[len(took)]:
                killed = _kill(worker), now
        coach.command("end")
    stop = f"rep {coach.stop.rep}, {coach.stop.region}" if coach.stop else "none"
    expected = " or ".join(map(str, chosen.stop))
    return "\n".join(
        [
            f"{CLIP} at its own speed, {chosen.duration_s:.0f} s, SIGKILL to the process at work "
            f"at a random moment of each {span:.1f} s, seed {SEED}. Recovered: a pose of the next "
            f"process has come. Goal: at most {GOAL_S:.0f} s, no repetition lost.",
            "",
            "| kills | recovered | p50 s | longest s | frames without a pose | true reps | reps | "
            "true stop | stop |",
            "|---|---|---|---|---|---|---|---|---|",
            f"| {worker.restarts} | {len(took)} | {np.median(took):.2f} | {max(took):.2f} | "
            f"{worker.dropped} of {worker.dropped + worker.seen} | {chosen.reps} | "
            f"{len(coach.session.reps)} | rep {expected} | {stop} |",
        ]
    )


def _kill(worker: PoseWorker) -> int:
    pid = worker.pid
    assert pid is not None
    os.kill(pid, signal.SIGKILL)
    return pid
