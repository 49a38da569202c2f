"""The process that reads some stretches of a recording: what it is told, does and says."""

from __future__ import annotations

import signal
from collections.abc import Iterable, Iterator
from contextlib import closing, suppress
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path

from midback.apps.background import in_background, without_sound
from midback.apps.reading.allocator import few_arenas
from midback.apps.reading.cuts import Cuts
from midback.apps.reading.glimpses import Glimpse, glimpses
from midback.apps.reading.records import packed
from midback.apps.reading.relay import Step, finished, relay
from midback.apps.reading.settings import Rate
from midback.apps.reading.watcher import Watcher
from midback.errors import InputError
from midback.vision.frames import open_frames

BATCH = 16
"""Poses sent at once."""

_STILL_ALIVE = 256  # frames after which something is said, also while none is looked at


@dataclass(frozen=True, slots=True)
class Job:
    """The recording, how it is looked at, and the stretches that are this process's to see."""

    source: str
    weights: Path
    silhouette: bool
    rate: Rate
    cuts: Cuts
    share: range


@dataclass(frozen=True, slots=True)
class Ended:
    """The recording is over. warning: see FrameSource."""

    warning: str | None


Word = bytes | Ended | InputError
"""Steps, packed; none of them as a sign of life. The last word is one of the other two."""


def run(connection: Connection, job: Job) -> None:
    """Send the steps of the share, and the first behind it; then go on to where it is told.

    An end is sent as `Ended`, an error for the user as itself. It ends when the pipe closes.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the parent's to answer
    with suppress(EOFError, OSError), connection:
        try:
            connection.send(_read(connection, job))
        except InputError as error:
            connection.send(error)


def _read(connection: Connection, job: Job) -> Ended:
    import cv2

    in_background()
    without_sound()
    cv2.setNumThreads(1)  # every core has a process of its own
    few_arenas()
    until, batch = job.share.stop, list[Step]()
    with open_frames(job.source) as frames:
        seen = _alive(glimpses(frames), connection)
        with closing(relay(seen, job.cuts, lambda: _watcher(job), job.share.start)) as steps:
            for step in steps:
                batch.append(step)
                if len(batch) == BATCH or step.stretch >= until:
                    connection.send(packed(finished(batch)))
                    batch = []
                while step.stretch >= until:
                    until = connection.recv()
        connection.send(packed(finished(batch)))
        return Ended(frames.warning)


def _watcher(job: Job) -> Watcher:
    return Watcher(job.weights, job.silhouette, job.rate)


def _alive(stream: Iterable[Glimpse], connection: Connection) -> Iterator[Glimpse]:
    for number, glimpse in enumerate(stream):
        if number % _STILL_ALIVE == 0:
            connection.send(b"")
        yield glimpse
