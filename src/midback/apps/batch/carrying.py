"""Carries out the jobs of a batch: nothing twice, whatever finishes is told at once."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from typing import Protocol

from midback.apps.batch.ahead import Ahead
from midback.apps.batch.child_process import Frames
from midback.apps.batch.job import Done, Job

_WAIT_S = 0.25

Tell = Callable[[Done, bool], None]
"""Called with each line, and whether it was done before."""
Watch = Callable[[list[tuple[Job, Frames]]], None]


class Workers(Protocol):
    """Where jobs are done: a pool of this machine's processes, or a cluster's."""

    def free(self) -> bool:
        """Whether a job could begin now."""

    def busy(self) -> bool:
        """Whether anything is being done."""

    def begin(self, job: Job) -> None:
        """Have it done."""

    def finished(self) -> Iterator[Done]:
        """Wait a moment and yield what finished."""

    def under_way(self) -> list[tuple[Job, Frames]]:
        """What is being done and how far."""


@dataclass(slots=True)
class Carrying:
    """The lines so far, by name. before: what was scored earlier, by key."""

    before: dict[str, Done]
    tell: Tell
    watch: Watch
    lines: dict[str, Done] = field(default_factory=dict)
    _now: dict[str, Done] = field(default_factory=dict)
    _beside: dict[str, list[str]] = field(default_factory=dict)

    def run(self, ahead: Ahead, pool: Workers) -> None:
        """Score all; ends when every recording has its line."""
        while not ahead.over or pool.busy():
            while pool.free() and not ahead.over:
                item = ahead.take(0.0 if pool.busy() else _WAIT_S)
                if item is None:
                    break
                self._take(item, pool)
            if pool.busy():
                for done in pool.finished():
                    self._finish(done)
            self.watch(pool.under_way())

    def add(self, done: Done) -> None:
        """A line that needs no work."""
        self._line(done, before=False)

    def _take(self, item: Job | Done, pool: Workers) -> None:
        if isinstance(item, Done):
            self._line(item, before=False)
        elif item.key in self.before:
            self._line(replace(self.before[item.key], name=item.name), before=True)
        elif item.key in self._now:
            self._line(replace(self._now[item.key], name=item.name), before=False)
        elif item.key in self._beside:
            self._beside[item.key].append(item.name)
        else:
            self._beside[item.key] = []
            pool.begin(item)

    def _finish(self, done: Done) -> None:
        self._now[done.key] = done
        self._line(done, before=False)
        for name in self._beside.pop(done.key):
            self._line(replace(done, name=name), before=False)

    def _line(self, done: Done, *, before: bool) -> None:
        self.lines[done.name] = done
        self.tell(done, before)
