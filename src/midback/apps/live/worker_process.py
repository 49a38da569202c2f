"""The estimator's own process, both ends: pictures by shared memory, poses back by a pipe."""

from __future__ import annotations

import contextlib
import signal
import time
from collections.abc import Iterator
from dataclasses import dataclass
from multiprocessing import get_context, resource_tracker
from multiprocessing.connection import Connection
from multiprocessing.shared_memory import SharedMemory
from pathlib import Path
from typing import Literal

import numpy as np

from midback.errors import InputError
from midback.vision.closing import Closing
from midback.vision.frames import Frame
from midback.vision.pose import Pose

HANG_S = 10.0
"""A frame that takes longer never ends."""

_START_S = 60.0  # the first start after switching on reads everything from the disk
_SPAWN = get_context("spawn")

_CROWD_S = 1.0  # how often people are counted


@dataclass(frozen=True, slots=True)
class Looked:
    """What came of a picture. people: that were counted in it, None where they were not."""

    pose: Pose
    people: int | None


Answer = Looked | InputError | Literal["ready"]


@dataclass(frozen=True, slots=True)
class Shown:
    """A picture laid out for the process: the shared memory's name, the frame's time and shape.

    count: whether to count the people in it, where that is due again.
    """

    memory: str
    t: float
    shape: tuple[int, ...]
    count: bool


class Child:
    """The parent's end. Starts the process; it ends by itself when the parent has gone.

    ready: its network is loaded. busy: it was shown a picture and has not answered. gone: dead.
    """

    def __init__(self, weights: Path, *, silhouette: bool) -> None:
        self._connection, other = _SPAWN.Pipe()
        self.process = _SPAWN.Process(target=run, args=(other, weights, silhouette), daemon=True)
        with no_interrupt():
            self.process.start()
        other.close()  # so that its death closes the pipe
        self.ready = self.busy = self.gone = False
        self._since = time.monotonic()

    def show(self, shown: Shown) -> None:
        """Let it look at a picture; harmless where it is dead: `answer` will tell."""
        self.busy, self._since = True, time.monotonic()
        with contextlib.suppress(OSError):
            self._connection.send(shown)

    def answer(self, timeout_s: float) -> Answer | None:
        """Its next word; None where none comes in time, or none will ever come: see `gone`."""
        try:
            if not self._connection.poll(timeout_s):
                return None
            answer: Answer = self._connection.recv()
        except (EOFError, OSError):
            self.gone = True
            return None
        self.busy = False
        self.ready = True
        return answer

    def late(self) -> bool:
        """Whether it hangs."""
        waiting = self.busy or not self.ready
        allowed = HANG_S if self.ready else _START_S
        return waiting and time.monotonic() - self._since > allowed

    def end(self) -> None:
        """Kill it: it holds nothing that could be lost. The pipe closes with this object."""
        self.process.kill()
        self.process.join()


def run(connection: Connection, weights: Path, silhouette: bool) -> None:
    """The process: answer "ready", then every picture shown, until the pipe closes.

    A model that cannot be used is answered with its InputError.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the parent's to answer
    with contextlib.suppress(EOFError, OSError), connection:
        try:
            _look(connection, weights, silhouette)
        except InputError as error:
            connection.send(error)


def _look(connection: Connection, weights: Path, silhouette: bool) -> None:
    from midback.apps.background import without_sound
    from midback.apps.live.crowd import Crowd
    from midback.vision.estimator import PoseEstimator

    without_sound()
    counted = -np.inf
    with PoseEstimator(weights, silhouette) as estimator, Crowd(weights) as crowd, _Seen() as seen:
        estimator.load()
        connection.send("ready")
        while True:
            shown: Shown = connection.recv()
            frame, people = seen.frame(shown), None
            if shown.count and time.monotonic() - counted > _CROWD_S:
                people, counted = crowd.count(frame.image), time.monotonic()
            connection.send(Looked(estimator.estimate(frame), people))


class _Seen(Closing):
    """The process's view of the shared memory."""

    def __init__(self) -> None:
        self._memory: SharedMemory | None = None

    def frame(self, shown: Shown) -> Frame:
        """The frame as it lies there: nobody writes before the answer. Not to be kept."""
        if self._memory is None or self._memory.name != shown.memory:
            self.close()
            self._memory = SharedMemory(shown.memory)
        return Frame(shown.t, np.ndarray(shown.shape, np.uint8, self._memory.buf))

    def close(self) -> None:
        """Let go of it; it is the parent's to remove."""
        if self._memory is not None:
            self._memory.close()


@contextlib.contextmanager
def no_interrupt() -> Iterator[None]:
    """What is started within does not hear Ctrl-C, not even before it could say so itself."""
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    resource_tracker.ensure_running()  # begun later, with the first process, it lets Ctrl-C in
    before = signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGINT])
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
