"""Where the processor's time goes: inference, decoding, and everything else of the pipeline."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable
from itertools import islice
from typing import Any

from midback.apps.run import AT_ONCE, batches
from midback.exercises import find
from midback.session import Session
from midback.vision import edge, estimator, silhouette
from midback.vision.frames import open_frames
from midback.vision.weights import model_path
from speed.recordings import SAMPLES

FRAMES = 600
_CLIPS = {
    "bird_dog_clean": "bird_dog",
    "prone_extension_fatigue": "prone_extension",
    "seated_extension": "seated_thoracic_extension",
}


def section() -> str:
    """CPU time per frame, of the whole process and of this thread around each step."""
    lines = [
        "CPU milliseconds a frame, clocks of the thread around each step. Inference and decoding "
        "is all the rest of the process: the networks, their own conversions and FFmpeg run in "
        "threads of their own.",
        "",
        "| clip | all | inference and decoding | scale and RGB | edge of the body | landmarks "
        "| session | **beside inference and decoding** |",
        "|---|---|---|---|---|---|---|---|",
    ]
    lines += [_row(name, exercise) for name, exercise in _CLIPS.items()]
    return "\n".join(lines)


def _row(name: str, exercise: str) -> str:
    spent: Counter[str] = Counter()
    places: list[tuple[Any, str, str]] = [
        (estimator, "for_network", "scale"),
        (estimator, "_points", "landmarks"),
        (estimator, "_world", "landmarks"),
        (silhouette, "silhouette", "edge"),
        (edge, "refined", "edge"),
        (Session, "update", "session"),
    ]
    kept = [(where, what, getattr(where, what)) for where, what, _ in places]
    for (where, what, label), (_, _, plain) in zip(places, kept, strict=True):
        setattr(where, what, _timed(plain, label, spent))
    try:
        count, all_s = _run(name, exercise)
    finally:
        for where, what, plain in kept:
            setattr(where, what, plain)
    ms = {label: 1e3 * spent[label] / count for label in ("scale", "edge", "landmarks", "session")}
    every, beside = 1e3 * all_s / count, sum(ms.values())
    cells = " | ".join(f"{ms[label]:.2f}" for label in ("scale", "edge", "landmarks", "session"))
    share = f"**{100 * beside / every:.1f} %**"
    return f"| {name} | {every:.1f} | {every - beside:.1f} | {cells} | {share} |"


def _run(name: str, exercise: str) -> tuple[int, float]:
    """Frames, and seconds of CPU of the whole process."""
    chosen = find(exercise)
    with (
        open_frames(str(SAMPLES / f"{name}.mp4")) as frames,
        estimator.PoseEstimator(model_path(None, print), chosen.needs_silhouette) as network,
    ):
        session = Session(chosen, frames.info.width, frames.info.height)
        begin, count = time.process_time(), 0
        for poses in batches(map(network.estimate, islice(frames, FRAMES)), AT_ONCE):
            session.update(*poses)
            count += len(poses)
        return count, time.process_time() - begin


def _timed(plain: Callable[..., Any], label: str, spent: Counter[str]) -> Callable[..., Any]:
    def timed(*args: Any, **named: Any) -> Any:
        begin = time.thread_time()
        try:
            return plain(*args, **named)
        finally:
            spent[label] += time.thread_time() - begin  # type: ignore[assignment]

    return timed
