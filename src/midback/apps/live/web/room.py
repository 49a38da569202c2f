"""One running set: the coach, the estimator's process and the newest frame, in threads of its own.

The server's event loop only ever puts something in; whatever comes out goes through `tell`.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path
from queue import Empty, SimpleQueue
from typing import Any

import numpy as np

from midback.apps.live.coach import Coach, Command, Entry
from midback.apps.live.feedback import Feedback
from midback.apps.live.journal import Journal
from midback.apps.live.stills import Stills
from midback.apps.live.web.messages import Picture
from midback.apps.live.worker import PoseWorker
from midback.errors import InputError
from midback.vision.frames import Frame, Image
from midback.vision.pose import Pose

Tell = Callable[[Feedback | dict[str, Any]], None]
"""Takes what is to be sent to the page; must not wait."""

_LOOK_S = 0.05  # how long a command may wait for its turn
_GAP_S = 1.0  # between the last pose before a set was cut off and the first one after


class Room:
    """A set from its beginning to its verdict. Everything public may be called from any thread.

    coach: as it stands, with what was replayed. journal: open; every entry goes there as it comes.
    """

    def __init__(self, coach: Coach, journal: Journal, weights: Path, tell: Tell) -> None:
        self.coach, self._journal, self._tell = coach, journal, tell
        self.stills = Stills()
        self._clock = _Clock(coach.entries[-1].t if coach.entries else None)
        self._inbox = _Newest()
        self._jobs: SimpleQueue[Callable[[], None]] = SimpleQueue()
        self._brightness: float | None = None
        self._closing = threading.Event()
        silhouette = coach.exercise.needs_silhouette
        self._worker = PoseWorker(weights, silhouette=silhouette)
        self._threads = [
            threading.Thread(target=target, name=name, daemon=True)
            for name, target in (("frames", self._unpack), ("coach", self._run))
        ]
        for thread in self._threads:
            thread.start()

    @property
    def done(self) -> bool:
        """Whether the set has ended."""
        return self.coach.stage == "done"

    def offer(self, picture: Picture) -> None:
        """Take the newest frame; one that nobody looked at yet is forgotten."""
        self._inbox.put(picture)

    def command(self, name: Command) -> None:
        """Have the coach obey; its feedback is told."""
        self._jobs.put(lambda: self._obey(name))

    def do(self, job: Callable[[], None]) -> None:
        """Run this between two poses, where the coach stands still."""
        self._jobs.put(job)

    def forget(self) -> None:
        """The set is saved: nothing needs to be taken up again."""
        self._journal.close(True)

    def came_back(self) -> None:
        """Another page has taken over; its clock is another one."""
        self._clock.restart()
        if self.done:
            self.command("end")  # changes nothing, and tells the verdict again

    def close(self, *, forget: bool) -> None:
        """End the threads and the process. forget: else the set can be taken up again later."""
        self._closing.set()
        self._inbox.close()
        for thread in self._threads:
            thread.join()
        self._journal.close(forget)

    def _unpack(self) -> None:
        """Pictures to frames, in a thread of their own."""
        while (picture := self._inbox.take()) is not None:
            t = self._clock.time(picture.clock)
            image = None if t is None else _image(picture.jpeg)
            if t is None or image is None:
                continue
            if image.shape[1::-1] != self.coach.size:
                self._tell({"kind": "error", "text": "The picture changed its size"})
                continue
            self._brightness = float(image[::8, ::8].mean())
            frame = Frame(t, image)
            self.stills.remember(frame)
            try:
                self._worker.offer(frame)
            except InputError:
                return  # the coach's thread tells it

    def _run(self) -> None:
        try:
            if not self.done:
                with self._worker as worker:
                    while not (self._closing.is_set() or self.done):
                        self._work()
                        for pose in worker.wait(_LOOK_S):
                            self._see(pose)
        except InputError as error:
            self._tell({"kind": "error", "text": str(error)})
        while not self._closing.is_set():
            self._work(_LOOK_S)

    def _work(self, wait_s: float = 0.0) -> None:
        try:
            while True:
                self._jobs.get(block=wait_s > 0, timeout=wait_s or None)()
                wait_s = 0.0
        except Empty:
            return

    def _see(self, pose: Pose) -> None:
        if self.done:
            return
        self._keep(Entry(pose.t, pose))
        feedback = self.coach.see(pose, self._brightness, self._worker.people)
        self._worker.counting = feedback.stage == "setup"
        self._tell(feedback)

    def _obey(self, name: Command) -> None:
        if not self.done:
            t = self.coach.entries[-1].t if self.coach.entries else 0.0
            self._keep(Entry(t, None, name))
        self._tell(self.coach.command(name))

    def _keep(self, entry: Entry) -> None:
        before = self._journal.warning
        self._journal.append(entry)
        if self._journal.warning != before:
            self._tell({"kind": "error", "text": self._journal.warning})


def _image(jpeg: bytes) -> Image | None:
    """Blue, green and red of a JPEG, as they lie in the file; None where it is damaged."""
    import cv2

    flags = cv2.IMREAD_COLOR | cv2.IMREAD_IGNORE_ORIENTATION
    found = cv2.imdecode(np.frombuffer(jpeg, np.uint8), flags)
    return None if found is None else np.asarray(found, dtype=np.uint8)


class _Clock:
    """The browser's seconds to those of the set, which begin at 0 and always increase.

    last: of the last pose of a set that was cut off.
    """

    def __init__(self, last: float | None) -> None:
        self._last, self._first = last, None if last is None else last + _GAP_S
        self._zero: float | None = None

    def restart(self) -> None:
        """Take the next frame as the first of a new clock."""
        self._zero = None
        self._first = None if self._last is None else self._last + _GAP_S

    def time(self, clock: float) -> float | None:
        """Seconds of the set; None for a frame that is not later than the one before."""
        if self._zero is None:
            self._zero = clock - (self._first or 0.0)
        t = clock - self._zero
        if self._last is not None and t <= self._last:
            return None
        self._last = t
        return t


class _Newest:
    """A letter box for one frame."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._picture: Picture | None = None
        self._open = True

    def put(self, picture: Picture) -> None:
        with self._changed:
            self._picture = picture
            self._changed.notify()

    def take(self) -> Picture | None:
        """Wait for the next frame; None once closed."""
        with self._changed:
            self._changed.wait_for(lambda: self._picture is not None or not self._open)
            picture, self._picture = self._picture, None
            return picture if self._open else None

    def close(self) -> None:
        with self._changed:
            self._open = False
            self._changed.notify()
