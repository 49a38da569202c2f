"""Several children, each at one recording; what finishes is told as it finishes."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from multiprocessing.connection import wait

from midback.apps.batch.child import Child
from midback.apps.batch.child_process import Frames
from midback.apps.batch.job import Done, Job

_TICK_S = 0.25
_JUDGE_S = 0.5
_ABSENT_S = 5.0


@dataclass(slots=True)
class Pool:
    """Runs jobs on `workers` processes; use it in a `with` statement, and they end with it."""

    workers: int
    _children: list[Child] = field(default_factory=list)
    _judged: float = 0.0

    def free(self) -> bool:
        """Whether a job could begin now."""
        return len(self._busy()) < self.workers

    def busy(self) -> bool:
        """Whether anything is being done."""
        return bool(self._busy())

    def begin(self, job: Job) -> None:
        """Give the job to a free child, or to a new one."""
        if not self.busy():
            self._judged = time.monotonic()
        child = next((c for c in self._children if c.job is None and not c.gone), None)
        if child is None:
            child = Child()
            self._children.append(child)
        child.begin(job)

    def finished(self) -> Iterator[Done]:
        """Wait a moment and yield what finished; children that died are replaced."""
        wait([child.connection for child in self._busy()], _TICK_S)
        for child in self._busy():
            done = child.hear()
            if done is not None:
                yield done
        yield from self._judge()
        for child in [c for c in self._children if c.gone]:
            self._children.remove(child)
            child.end()
            if child.job is not None:
                self.begin(child.job)

    def under_way(self) -> list[tuple[Job, Frames]]:
        """What is being done and how far."""
        return [(child.job, child.frames) for child in self._children if child.job is not None]

    def _judge(self) -> Iterator[Done]:
        now = time.monotonic()
        passed = now - self._judged
        if passed < _JUDGE_S:
            return
        self._judged = now
        for child in self._busy():
            if passed > _ABSENT_S:
                child.pardon(passed)
            done = child.judge()
            if done is not None:
                yield done

    def _busy(self) -> list[Child]:
        return [child for child in self._children if child.job is not None]

    def __enter__(self) -> Pool:
        return self

    def __exit__(self, *_: object) -> None:
        for child in self._children:
            with suppress(OSError):
                child.end()
        self._children.clear()
