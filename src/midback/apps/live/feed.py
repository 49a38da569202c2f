"""Frames as time passes: of a camera as they come, of a file at the pace it was recorded."""

from __future__ import annotations

import contextlib
import threading
import time
from collections import deque
from collections.abc import Callable

from midback.errors import InputError
from midback.vision.closing import Closing
from midback.vision.frames import Frame, FrameSource, Image

GAP_S = 1.0
"""Between the last picture before a set was cut off, or a camera unplugged, and the next."""

_REMEMBERED = 12
_AGAIN_S = 1.0  # how often a camera that went away is tried


class Feed(Closing):
    """Reads a source in a thread and hands every frame to `sink`, in order.

    Of a file the first frame is handed over at once and the rest from `start` on, so that nothing
    is lost while the network is loading. reopen: of a camera, how to open it again when it went
    away; away: it has gone and is waited for. offset: added to the source's seconds. handed:
    frames so far. ended: no more will come.
    """

    def __init__(
        self,
        source: FrameSource,
        sink: Callable[[Frame], None],
        *,
        offset: float,
        reopen: Callable[[], FrameSource] | None = None,
    ) -> None:
        self._source, self._sink, self._offset, self._reopen = source, sink, offset, reopen
        self._begin, self._closing = threading.Event(), threading.Event()
        self._recent: deque[Frame] = deque(maxlen=_REMEMBERED)
        self.handed = 0
        self.ended = self.away = False
        self._first_t = self._zero = 0.0
        self._thread = threading.Thread(target=self._read, name="frames", daemon=True)
        self._thread.start()

    def start(self) -> None:
        """Let time run; harmless when repeated."""
        self._begin.set()

    @property
    def newest(self) -> Frame | None:
        """The latest frame."""
        return self._recent[-1] if self._recent else None

    def picture(self, t: float) -> Image | None:
        """The picture of the frame at `t`, if it was among the latest; else the newest one."""
        recent = list(self._recent)
        found = next((frame for frame in recent if frame.t == t), recent[-1] if recent else None)
        return None if found is None else found.image

    def close(self) -> None:
        """Stop reading and close the source."""
        self._closing.set()
        self._begin.set()
        self._thread.join()
        self._source.close()

    def _read(self) -> None:
        try:
            self._hand_all()
            while self._reopen is not None and not self._closing.is_set():
                self.away = True
                self._closing.wait(_AGAIN_S)
                if self._came_back():
                    self._hand_all()
        finally:
            self.ended = True

    def _hand_all(self) -> None:
        with contextlib.suppress(InputError):  # the worker tells it to whoever asks for poses
            for frame in self._source:
                if self._closing.is_set():
                    return
                self._wait_for(frame.t)
                self._hand_on(Frame(frame.t + self._offset, frame.image))

    def _came_back(self) -> bool:
        """Try the camera again; it must give pictures of the same size."""
        assert self._reopen is not None
        try:
            again = self._reopen()
        except InputError:
            return False
        before, now = self._source.info, again.info
        if (before.width, before.height) != (now.width, now.height):
            again.close()
            return False
        self._source.close()
        self._source, self._offset = again, GAP_S + (self._recent[-1].t if self._recent else 0.0)
        return True

    def _wait_for(self, t: float) -> None:
        """Wait until a file's frame is due; the first one is due before the start."""
        if self._reopen is not None or not self.handed:
            self._first_t = t if not self.handed else self._first_t
            return
        self._begin.wait()
        self._zero = self._zero or time.monotonic()
        due = self._zero + t - self._first_t
        self._closing.wait(max(0.0, due - time.monotonic()))

    def _hand_on(self, frame: Frame) -> None:
        self.away = False
        self._recent.append(frame)
        self.handed += 1
        self._sink(frame)
