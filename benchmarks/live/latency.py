"""What everything but the network adds between a frame's arrival and the drawn feedback."""

from __future__ import annotations

import importlib
import time
from collections.abc import Callable, Iterator
from itertools import islice
from typing import Any

import numpy as np

from live.clips import clip, ready, weights
from midback.apps.live.coach import Coach
from midback.apps.live.worker import PoseWorker
from midback.vision.estimator import PoseEstimator
from midback.vision.frames import Frame

CLIP = "bird_dog_fatigue"
FRAMES = 1200
_WARM = 60
GOAL_MS = 8.0

Times = dict[str, float]


def table() -> str:
    """Quantiles over the frames, milliseconds."""
    draw = _drawing()
    rows = list(_rows(draw))[_WARM:]
    parts = {name: np.array([row[name] for row in rows]) for name in rows[0]}
    lines = [
        f"{len(rows)} frames of {CLIP}, 848 x 480, one after the other. The reference is "
        "`PoseEstimator.estimate` in the benchmark's own process on the same frame in the same "
        "run, the control a second such estimator; the order of the three turns with every frame. "
        "Decoding is left out. Whole way: offer "
        "the frame, wait for its pose, `Coach.see`, "
        + ("draw the window." if draw else "**drawing is not in it: the window is missing here**.")
        + f" Goal: p95 of what is added at most {GOAL_MS:.0f} ms.",
        "",
        "| ms per frame | p50 | p95 | p99 |",
        "|---|---|---|---|",
    ]
    lines += [_line(name, values) for name, values in parts.items()]
    return "\n".join(lines)


def _line(name: str, values: np.ndarray[Any, np.dtype[np.float64]]) -> str:
    p50, p95, p99 = np.percentile(values, [50, 95, 99])
    return f"| {name} | {p50:.1f} | {p95:.1f} | {p99:.1f} |"


def _drawing() -> Callable[..., Any] | None:
    try:
        canvas: Any = importlib.import_module("midback.apps.live.canvas")
    except ModuleNotFoundError:
        return None
    found: Callable[..., Any] = canvas.draw
    return found


def _rows(draw: Callable[..., Any] | None) -> Iterator[Times]:
    chosen = clip(CLIP)
    coach, path = chosen.coach(), weights()
    with (
        PoseEstimator(path, chosen.silhouette) as reference,
        PoseEstimator(path, chosen.silhouette) as control,
        PoseWorker(path, silhouette=chosen.silhouette) as worker,
    ):
        ready(worker, chosen)
        ways: list[Callable[[Frame], Times]] = [
            lambda frame: {"own": _inference(reference, frame)},
            lambda frame: {"control": _inference(control, frame)},
            lambda frame: _whole(worker, coach, frame, draw),
        ]
        for index, frame in enumerate(islice(chosen.frames(), 1, FRAMES + _WARM)):
            times: Times = {}
            for turn in range(len(ways)):
                times |= ways[(index + turn) % len(ways)](frame)
            yield _row(times)


def _inference(estimator: PoseEstimator, frame: Frame) -> float:
    begin = time.perf_counter()
    estimator.estimate(frame)
    return 1e3 * (time.perf_counter() - begin)


def _whole(
    worker: PoseWorker, coach: Coach, frame: Frame, draw: Callable[..., Any] | None
) -> Times:
    """Milliseconds until the pose is back, in the coach, and of drawing."""
    times = [time.perf_counter()]
    worker.offer(frame)
    (pose,) = worker.wait(60)
    times.append(time.perf_counter())
    feedback = coach.see(pose, float(frame.image[::8, ::8].mean()))
    times.append(time.perf_counter())
    if draw is not None:
        draw(frame.image, feedback, mirrored=True, numbers=False)
    times.append(time.perf_counter())
    back, seen, drawn = (float(took) for took in 1e3 * np.diff(times))
    return {"back": back, "seen": seen, "drawn": drawn}


def _row(times: Times) -> Times:
    own, control, back, seen, drawn = (
        times[name] for name in ("own", "control", "back", "seen", "drawn")
    )
    return {
        "**added: the whole way less the reference**": back + seen + drawn - own,
        "of it: to the process and back, less the reference": back - own,
        "of it: `Coach.see`": seen,
        "of it: drawing": drawn,
        "what the machine's noise alone gives: control less the reference": control - own,
        "the whole way": back + seen + drawn,
        "reference: inference alone": own,
    }
