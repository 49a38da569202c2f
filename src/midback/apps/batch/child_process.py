"""The child's end: scores one recording after the other, and ends when its parent has gone.

Next to nothing is imported before it watches its parent: one that is killed meanwhile must not
leave a process that goes on loading libraries for nobody.
"""

from __future__ import annotations

import contextlib
import os
import signal
import sys
import time
from dataclasses import dataclass
from multiprocessing.connection import Connection
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from midback.apps.batch.job import Job

_EVERY_S = 0.5  # how often a child tells its progress


@dataclass(frozen=True, slots=True)
class Frames:
    """How far a child is. expected: None where unknown."""

    done: int
    expected: int | None


def run(connection: Connection, parent: int) -> None:
    """The process: say None when ready, then score every job that comes, until the pipe closes."""
    _end_with(parent)
    _mute()
    for name in ("SIGINT", "SIGTERM", "SIGHUP"):  # these are the parent's to answer
        if hasattr(signal, name):
            signal.signal(getattr(signal, name), signal.SIG_IGN)
    with contextlib.suppress(EOFError, OSError), connection:
        import cv2

        from midback.apps.background import in_background, without_sound
        from midback.apps.batch.scoring import score_job

        in_background()
        without_sound()
        cv2.setNumThreads(1)  # every core has a process of its own
        connection.send(None)
        while True:
            job: Job = connection.recv()
            connection.send(Frames(0, None))
            connection.send(score_job(job, _Telling(connection)))


class _Telling:
    """Tells the parent how far it is; ends the process where there is no parent any more."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._due = 0.0

    def __call__(self, done: int, expected: int | None) -> None:
        now = time.monotonic()
        if now < self._due and done != expected:
            return
        self._due = now + _EVERY_S
        try:
            self._connection.send(Frames(done, expected))
        except OSError:
            os._exit(1)


def _mute() -> None:
    """Throw away what native libraries write about damaged files, line after line."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    for stream in (1, 2):
        os.dup2(nowhere, stream)
    os.close(nowhere)


def _end_with(parent: int) -> None:
    """Let Linux kill this process when its parent dies; elsewhere the closed pipe tells."""
    if not sys.platform.startswith("linux"):
        return
    import ctypes

    set_parent_death_signal = 1
    with contextlib.suppress(OSError, AttributeError):
        ctypes.CDLL(None).prctl(set_parent_death_signal, signal.SIGKILL)
    if os.getppid() != parent:  # it died before this was said
        os._exit(1)
