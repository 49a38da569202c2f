"""One recording read by several processes: the same steps as `relay` in one, to the last bit.

Every process runs the same relay from the first stretch of its share. The one before it goes on to
the first frame of that share and so tells which run of the network belongs there. Where that is the
run that the next process began with, the next takes over; where it is not, because the two saw
different people or nobody, the one before reads on until they meet, at worst to the end.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import replace
from multiprocessing.connection import wait

from midback.apps.reading.crew_process import Job
from midback.apps.reading.mate import Mate
from midback.apps.reading.relay import Step
from midback.vision.closing import Closing

_LOOK_S = 0.5
_HANG_S = 120.0  # without a word, also at the start, when a slow disk is read for the first time
_OFTEN = 32  # steps between two looks at what has come from the others


class Crew(Closing):
    """Iterate it once for the steps. Raises InputError where the recording cannot be read.

    warning: set after the last step, see FrameSource.
    """

    def __init__(self, job: Job, workers: int) -> None:
        self.warning: str | None = None
        self._mates: list[Mate] = []
        try:
            for share in job.cuts.shares(workers):
                self._mates.append(Mate(replace(job, share=share)))
        except BaseException:
            self.close()
            raise

    @property
    def come(self) -> int:
        """How many steps have come, in any order; the few that two processes sent count twice."""
        return sum(mate.come for mate in self._mates)

    def __iter__(self) -> Iterator[Step]:
        """Yield the steps in order of time."""
        mate, count = self._mates[0], 0
        while (step := self._next_of(mate)) is not None:
            owner = self._owner(step.stretch)
            if owner is not mate and self._meet(step, owner):
                mate = owner
                continue
            if step.stretch >= mate.until:
                mate.go_on(step.stretch + 1)
            yield mate.take()
            count += 1
            if count % _OFTEN == 0:
                self._hear(0.0)
        if mate.ended is not None:
            self.warning = mate.ended.warning

    def _owner(self, stretch: int) -> Mate:
        return next(mate for mate in self._mates if stretch in mate.job.share)

    def _meet(self, step: Step, owner: Mate) -> bool:
        """Whether the owner of the step's stretch begins it with the same run of the network."""
        while (theirs := self._next_of(owner)) is not None and theirs.stretch < step.stretch:
            owner.take()
        return theirs is not None and (theirs.stretch, theirs.run) == (step.stretch, step.run)

    def _next_of(self, mate: Mate) -> Step | None:
        """Wait for its next step and return it; None at the recording's end."""
        since = time.monotonic()
        while (step := mate.peek()) is None and mate.ended is None:
            self._hear(_LOOK_S)
            if time.monotonic() - max(since, mate.heard) > _HANG_S:
                mate.process.kill()  # the closed pipe tells the rest
        return step

    def _hear(self, timeout_s: float) -> None:
        """Take in what has come from any of them."""
        open_ones = {mate.connection: mate for mate in self._mates if not mate.over}
        for connection in wait(list(open_ones), timeout_s):
            open_ones[connection].hear()  # type: ignore[index]

    def close(self) -> None:
        """End the processes; harmless when repeated."""
        for mate in self._mates:
            mate.close()
