"""Poses from a process of its own, so that neither a slow nor a crashing network ends a set."""

from __future__ import annotations

import atexit
import gc
import threading
import time
from collections import deque
from multiprocessing.shared_memory import SharedMemory
from pathlib import Path
from typing import Self

import numpy as np

from midback.apps.live.worker_process import Answer, Child, Looked, Shown
from midback.errors import InputError
from midback.vision.closing import Closing
from midback.vision.frames import Frame
from midback.vision.pose import Pose
from midback.vision.weights import refuse_unusable

_RATE_S = 2.0
_LOOK_S = 0.25  # how often a hang is looked for
_MOST_DEATHS = 8  # one after the other, without a pose between


class PoseWorker(Closing):
    """Runs PoseEstimator in another process; the newest frame wins. Use it in a `with` statement.

    seen: frames that gave a pose. dropped: frames that gave none, because a newer one came or
    the process died over them. restarts: how often the process died or hung and another took
    over; one stands by with its network loaded, for loading takes longer than a person waits.
    counting: whether to count the people about once a second, which costs a picture or two.
    offer, poses and wait raise InputError where the model cannot be used or every process dies.
    """

    def __init__(self, weights: Path, *, silhouette: bool) -> None:
        self._weights, self._silhouette = weights, silhouette
        self.seen = self.dropped = self.restarts = 0
        self.counting = False
        self._people: deque[int] = deque(maxlen=2)
        self._changed = threading.Condition()
        self._slot: Frame | None = None
        self._done: list[Pose] = []
        self._times: deque[float] = deque()
        self._memory: SharedMemory | None = None
        self._child: Child | None = None
        self._spare: Child | None = None
        self._deaths = 0
        self._error: InputError | None = None
        self._thread = threading.Thread(target=self._watch, name="pose worker", daemon=True)

    def __enter__(self) -> Self:
        self.start()
        return self

    def start(self) -> None:
        """Start the process and return; a frame offered before it is ready waits in the slot."""
        import cv2

        refuse_unusable(self._weights)
        cv2.setNumThreads(1)  # OpenCV's second thread would wait for the core that the network has
        gc.freeze()  # what was imported is never garbage: searching it would hold a frame up
        self._child = self._started()
        atexit.register(self.close)
        self._thread.start()

    def close(self) -> None:
        """End the processes; harmless when repeated."""
        with self._changed:
            ended, self._child, self._spare = (self._child, self._spare), None, None
            self._changed.notify_all()
        for child in ended:
            if child is not None:
                child.end()
        if self._thread.is_alive():
            self._thread.join()
        self._drop_memory()
        atexit.unregister(self.close)

    def offer(self, frame: Frame) -> None:
        """Hand over the newest frame, whose picture must not be changed afterwards; never waits."""
        with self._changed:
            self._refuse()
            self.dropped += self._slot is not None
            self._slot = frame
            self._show()

    def poses(self) -> list[Pose]:
        """What was finished since the last call, in order of time; never waits."""
        with self._changed:
            self._refuse()
            done, self._done = self._done, []
            return done

    def wait(self, timeout_s: float) -> list[Pose]:
        """As `poses`, but wait until there is one or the time is over."""
        with self._changed:
            self._changed.wait_for(lambda: self._done or not self.alive, timeout_s)
            return self.poses()

    @property
    def alive(self) -> bool:
        """Whether poses can still come: started, not closed and not given up."""
        return self._child is not None and self._error is None

    @property
    def pid(self) -> int | None:
        """The process at work."""
        child = self._child
        return None if child is None else child.process.pid

    @property
    def rate(self) -> float:
        """Poses a second, over the last two seconds."""
        now = time.monotonic()
        with self._changed:
            return sum(now - t <= _RATE_S for t in self._times) / _RATE_S

    @property
    def people(self) -> int | None:
        """In the picture, 2 for more, as the last two counts agree; None before there are any."""
        with self._changed:
            return min(self._people, default=None)

    def _refuse(self) -> None:
        if self._error is not None:
            raise self._error

    def _show(self) -> None:
        """Show the waiting frame to the process, where it is ready and not busy."""
        child, frame = self._child, self._slot
        if child is None or frame is None or child.busy or not child.ready:
            return
        memory = self._room(frame.image.nbytes)
        np.ndarray(frame.image.shape, np.uint8, memory.buf)[:] = frame.image
        child.show(Shown(memory.name, frame.t, frame.image.shape, self.counting))
        self._slot = None

    def _room(self, size: int) -> SharedMemory:
        """Memory for a picture: the same for all that fit."""
        if self._memory is None or self._memory.size < size:
            self._drop_memory()
            self._memory = SharedMemory(create=True, size=size)
        return self._memory

    def _drop_memory(self) -> None:
        memory, self._memory = self._memory, None
        if memory is not None:
            memory.close()
            memory.unlink()

    def _started(self) -> Child:
        return Child(self._weights, silhouette=self._silhouette)

    def _watch(self) -> None:
        """Take each answer as it comes; replace a process that dies or hangs. In the thread."""
        while (child := self._child) is not None and self._error is None:
            answer = child.answer(_LOOK_S)
            if answer is not None:
                self._take(answer)
            if child.gone or child.late():
                self._replace(child)
            elif child.ready and self._spare is None:
                self._stand_by()

    def _take(self, answer: Answer) -> None:
        with self._changed:
            if isinstance(answer, InputError):
                self._error = answer
            elif isinstance(answer, Looked):
                self.seen += 1
                self._deaths = 0
                self._done.append(answer.pose)
                if answer.people is not None:
                    self._people.append(answer.people)
                self._times.append(time.monotonic())
                while self._times[-1] - self._times[0] > _RATE_S:
                    self._times.popleft()
            self._show()
            self._changed.notify_all()

    def _replace(self, lost: Child) -> None:
        """Let the spare take over; what waits in the slot is shown to it."""
        lost.end()
        spare = self._spare
        heir = spare if spare is not None and spare.process.is_alive() else self._started()
        with self._changed:
            if self._child is None:  # closed meanwhile
                heir.end()
                return
            self._child, self._spare = heir, None
            self.dropped += lost.busy
            self.restarts += 1
            self._deaths += 1
            if self._deaths > _MOST_DEATHS:
                self._error = InputError(
                    "the pose network fails again and again: run `midback doctor`"
                )
                self._changed.notify_all()

    def _stand_by(self) -> None:
        spare = self._started()
        with self._changed:
            if self._child is not None:
                self._spare = spare
                return
        spare.end()
