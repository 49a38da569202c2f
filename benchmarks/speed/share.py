"""Where the processor's time goes: inference, decoding, and everything else of the pipeline."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable
from typing import Any

import cv2
from mediapipe import Image

from midback.apps.run import score_source
from midback.session import Session
from midback.vision import edge, estimator, people, silhouette, video
from speed.recordings import SAMPLES

_CLIPS = {
    "bird_dog_clean": "bird_dog",
    "prone_extension_fatigue": "prone_extension",
    "seated_extension": "seated_thoracic_extension",
}
_INSIDE = "inference and decoding"
_STEPS = ("scale and RGB", "edge of the body", "landmarks, person", "session")

Spent = Counter[str]


def section() -> str:
    """CPU time per frame: of the process, and of the thread that does all but the inference."""
    lines = [
        "CPU milliseconds a frame of a whole recording, opening it and the result included. The "
        "networks and FFmpeg run in threads of their own; beside them is all that the main thread "
        "does outside MediaPipe's and VideoCapture's own calls.",
        "",
        f"| clip | all | {' | '.join(_STEPS)} | the rest | **beside inference and decoding** |",
        "|---|---|---|---|---|---|---|---|",
    ]
    cv2.setNumThreads(1)
    spent: Spent = Counter()
    kept = _watch(spent)
    try:
        score_source(_path("bird_dog_clean"), "bird_dog", seconds=2.0, workers=1)
        lines += [_row(name, exercise, spent) for name, exercise in _CLIPS.items()]
    finally:
        for where, what, plain in kept:
            setattr(where, what, plain)
    return "\n".join(lines)


def _row(name: str, exercise: str, spent: Spent) -> str:
    spent.clear()
    whole, thread = time.process_time(), time.thread_time()
    frames = score_source(_path(name), exercise, workers=1).result.source.frames
    whole, thread = (1e3 * s / frames for s in _since(whole, thread))
    ms = {label: 1e3 * s / frames for label, s in spent.items()}
    beside = thread - ms.pop(_INSIDE)
    cells = " | ".join(f"{ms[label]:.2f}" for label in _STEPS)
    rest = beside - sum(ms.values())
    share = f"**{100 * beside / whole:.1f} %**"
    return f"| {name} | {whole:.1f} | {cells} | {rest:.2f} | {share} |"


def _since(whole: float, thread: float) -> tuple[float, float]:
    return time.process_time() - whole, time.thread_time() - thread


def _path(name: str) -> str:
    return str(SAMPLES / f"{name}.mp4")


def _watch(spent: Spent) -> list[tuple[Any, str, Any]]:
    """Put a clock around every step; returns what was there before."""
    create = _timed(estimator._create, _INSIDE, spent)
    capture, view = _timed(video._capture, _INSIDE, spent), Image.numpy_view

    def created(*args: Any, **named: Any) -> _Watched:
        return _Watched(create(*args, **named), ("detect_for_video", "detect", "close"), spent)

    def captured(*args: Any) -> _Watched:
        return _Watched(capture(*args), ("grab", "retrieve", "read"), spent)

    outline, body = _STEPS[1], _STEPS[2]
    places: list[tuple[Any, str, Any]] = [
        (estimator, "_create", created),
        (video, "_capture", captured),
        (Image, "numpy_view", _timed(view, _INSIDE, spent)),
        (estimator, "_picture", _timed(estimator._picture, _INSIDE, spent)),
        (estimator, "for_network", _timed(estimator.for_network, _STEPS[0], spent)),
        (silhouette, "silhouette", _timed(silhouette.silhouette, outline, spent)),
        (estimator, "rough_edge", _timed(edge.rough_edge, outline, spent)),
        (estimator, "refined", _timed(edge.refined, outline, spent)),
        (estimator, "_points", _timed(estimator._points, body, spent)),
        (estimator, "_world", _timed(estimator._world, body, spent)),
        (people.PersonKeeper, "accept", _timed(people.PersonKeeper.accept, body, spent)),
        (Session, "update", _timed(Session.update, _STEPS[3], spent)),
    ]
    kept = [(where, what, getattr(where, what)) for where, what, _ in places]
    for where, what, clocked in places:
        setattr(where, what, clocked)
    return kept


class _Watched:
    """A landmarker or a capture, some of whose calls are timed."""

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
