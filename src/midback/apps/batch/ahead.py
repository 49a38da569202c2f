"""Recordings made into jobs ahead of the workers: read once for their hash, largest first."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from queue import Empty, Full, Queue

from midback.apps.batch.content import content_of
from midback.apps.batch.job import Done, Job, Settings
from midback.apps.batch.reason import reason_of
from midback.apps.batch.rules import Rules
from midback.errors import InputError


@dataclass(frozen=True, slots=True)
class Task:
    """Where the recordings are, what each is, and how to score them."""

    folder: Path
    out: Path
    rules: Rules
    settings: Settings

    def job(self, name: str) -> Job | Done:
        """The job of one recording, or the line of one that cannot be scored."""
        path = self.folder / name
        try:
            _check_text(name)
            exercise, side = self.rules.of(name)
            return Job.of(name, path, exercise, side, self.settings, content_of(path), self.out)
        except Exception as error:  # a line for it, or this thread would end and leave the rest
            return Done.failed(name, reason_of(path, error))


class Ahead:
    """A thread that makes the jobs, a few ahead. Iterate over `take` until it is `over`.

    The largest files come first, so that no worker is left alone with one at the end; those of one
    size by name, so that of two equal recordings the first by name is scored.
    """

    def __init__(self, task: Task, names: Sequence[str], depth: int) -> None:
        self._task = task
        self._names = sorted(names, key=lambda name: (-size_of(task.folder / name), name))
        self._queue: Queue[Job | Done] = Queue(depth)
        self._left = len(names)
        self._stopped = threading.Event()
        threading.Thread(target=self._work, daemon=True).start()

    @property
    def over(self) -> bool:
        """Whether all were taken."""
        return self._left == 0

    def take(self, timeout_s: float) -> Job | Done | None:
        """The next one; None where it is not there in time."""
        try:
            item = self._queue.get(timeout=timeout_s) if timeout_s else self._queue.get_nowait()
        except Empty:
            return None
        self._left -= 1
        return item

    def stop(self) -> None:
        """Make no more."""
        self._stopped.set()

    def _work(self) -> None:
        for name in self._names:
            item = self._task.job(name)
            while not self._put(item):
                if self._stopped.is_set():
                    return

    def _put(self, item: Job | Done) -> bool:
        try:
            self._queue.put(item, timeout=0.5)
        except Full:
            return False
        return True


def _check_text(name: str) -> None:
    try:
        name.encode("utf-8")
    except UnicodeEncodeError:
        raise InputError("the name is not UTF-8 text: rename the file") from None


def size_of(path: Path) -> int:
    """Bytes; 0 for one that has gone."""
    try:
        return path.stat().st_size
    except OSError:
        return 0
