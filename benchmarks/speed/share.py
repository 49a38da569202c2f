"""Where the processor's time goes: inference, decoding, and everything else of the pipeline."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import cv2
from mediapipe import Image

from midback.apps.run import score_source
from midback.session import Session
from midback.vision import estimator, landmarker, outline, people, video
from speed.recordings import SAMPLES

_CLIPS = {
    "bird_dog_clean": "bird_dog",
    "prone_extension_fatigue": "prone_extension",
    "seated_extension": "seated_thoracic_extension",
}
_INSIDE = "inference and decoding"
_STEPS = ("scale and RGB", "edge of the body", "landmarks, person", "session")

Spent = Counter[str]
Place = tuple[Any, str, Any]
"""A module or class, one of its names, and what is to stand there."""


def section() -> str:
    """CPU time per frame: of the process, and of the thread that does all but the inference."""
    lines = [
        "CPU milliseconds a frame of a whole recording, opening it and the result included. The "
        "networks and FFmpeg run in threads of their own; beside them is all that the main thread "
        "does outside MediaPipe's library and VideoCapture.",
        "",
        f"| clip | all | {' | '.join(_STEPS)} | the rest | **beside inference and decoding** |",
        "|---|---|---|---|---|---|---|---|",
    ]
    cv2.setNumThreads(1)
    score_source(_path("bird_dog_clean"), "bird_dog", seconds=2.0, workers=1)
    lines += [_row(name, exercise) for name, exercise in _CLIPS.items()]
    return "\n".join(lines)


def _row(name: str, exercise: str) -> str:
    """One clip, read twice: the clocks of the steps would count as the steps' own time."""
    spent: Spent = Counter()
    with _clocks(_inside(spent)):
        whole, thread = time.process_time(), time.thread_time()
        frames = score_source(_path(name), exercise, workers=1).result.source.frames
        whole, thread = (1e3 * s / frames for s in _since(whole, thread))
    beside = thread - 1e3 * spent[_INSIDE] / frames
    with _clocks(_steps(spent)):
        score_source(_path(name), exercise, workers=1)
    steps = [1e3 * spent[label] / frames for label in _STEPS]
    cells = " | ".join(f"{ms:.2f}" for ms in steps)
    share = f"**{100 * beside / whole:.1f} %**"
    return f"| {name} | {whole:.1f} | {cells} | {beside - sum(steps):.2f} | {share} |"


def _since(whole: float, thread: float) -> tuple[float, float]:
    return time.process_time() - whole, time.thread_time() - thread


def _path(name: str) -> str:
    return str(SAMPLES / f"{name}.mp4")


@contextmanager
def _clocks(places: list[Place]) -> Iterator[None]:
    """Put the clocks in place for a while."""
    kept = [(where, what, getattr(where, what)) for where, what, _ in places]
    for where, what, clocked in places:
        setattr(where, what, clocked)
    try:
        yield
    finally:
        for where, what, plain in kept:
            setattr(where, what, plain)


def _inside(spent: Spent) -> list[Place]:
    """Clocks around the calls of MediaPipe and of the decoder."""
    capture, network, library = video._capture, landmarker.Landmarker, landmarker._Library

    def captured(*args: Any) -> _Watched:
        return _Watched(_timed(capture, _INSIDE, spent)(*args), ("grab", "retrieve", "read"), spent)

    calls = (network, "__init__"), (network, "close"), (library, "ask"), (Image, "numpy_view")
    return [
        (video, "_capture", captured),
        *((where, what, _timed(getattr(where, what), _INSIDE, spent)) for where, what in calls),
    ]


def _steps(spent: Spent) -> list[Place]:
    """Clocks around our own steps."""
    parts = [
        (estimator, "for_network", 0),
        (outline, "silhouette", 1),
        (outline, "rough_edge", 1),
        (outline, "refined", 1),
        (estimator, "_points", 2),
        (landmarker._Library, "found", 2),
        (people.PersonKeeper, "accept", 2),
        (Session, "update", 3),
    ]
    return [
        (where, what, _timed(getattr(where, what), _STEPS[step], spent))
        for where, what, step in parts
    ]


class _Watched:
    """A capture, some of whose calls are timed."""

    def __init__(self, plain: Any, calls: tuple[str, ...], spent: Spent) -> None:
        self._plain = plain
        for call in calls:
            setattr(self, call, _timed(getattr(plain, call), _INSIDE, spent))

    def __getattr__(self, name: str) -> Any:
        return getattr(self._plain, name)


def _timed(plain: Callable[..., Any], label: str, spent: Spent) -> Callable[..., Any]:
    def timed(*args: Any, **named: Any) -> Any:
        begin = time.thread_time()
        try:
            return plain(*args, **named)
        finally:
            spent[label] += time.thread_time() - begin  # type: ignore[assignment]

    return timed
