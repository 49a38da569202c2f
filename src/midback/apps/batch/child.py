"""The parent's end of a process that scores one recording after the other; it may be killed."""

from __future__ import annotations

import contextlib
import os
import signal
import time
from multiprocessing import get_context
from multiprocessing.connection import Connection

import psutil

from midback.apps.batch.child_process import Frames, run
from midback.apps.batch.job import Done, Job
from midback.apps.live.worker_process import no_interrupt

START_S = 90.0  # a process that starts reads everything from the disk, beside others
STILL_S = 30.0  # without a word: hangs
STILL_FRAME_S = 0.01  # and for every frame read so far: a long recording is worked out in silence
SLOW_AFTER_S, SLOW_RATE = 50.0, 0.2  # from then on so many frames a second, at the least
MEMORY = 2_000_000_000  # bytes; a recording takes 0.4 GB, of the largest pictures 1 GB

_SPAWN = get_context("spawn")


Word = Frames | Done | None


class Child:
    """The parent's end. The process ends by itself when the parent has gone, however it went.

    job: what it is at, None when it is free. frames: how far it is with it.
    """

    def __init__(self) -> None:
        self._connection, other = _SPAWN.Pipe()
        self._process = _SPAWN.Process(target=run, args=(other, os.getpid()), daemon=True)
        with no_interrupt():
            self._process.start()
        other.close()  # so that its death closes the pipe
        self.job: Job | None = None
        self.frames = Frames(0, None)
        self._ready = self._begun = False
        self._began = self._heard = time.monotonic()

    @property
    def connection(self) -> Connection:
        """To be waited for: something can be read there, or it has died."""
        return self._connection

    def begin(self, job: Job) -> None:
        """Give it a recording; harmless where it is dead: `hear` will tell."""
        self.job, self.frames, self._begun = job, Frames(0, None), False
        self._began = self._heard = time.monotonic()
        with contextlib.suppress(OSError):
            self._connection.send(job)

    def hear(self) -> Done | None:
        """Take its next word, if there is one; what came of the job where that was the last.

        A dead child's job has failed, and the child is `gone`. One that was dead before it began
        keeps its job, for another child.
        """
        try:
            while self._connection.poll():
                word: Word = self._connection.recv()
                self._heard = time.monotonic()
                if isinstance(word, Frames):
                    self.frames, self._begun = word, True
                elif word is None:
                    self._ready, self._began = True, self._heard
                else:
                    self.job = None
                    return word
        except (EOFError, OSError):
            return self._died()
        return None

    def judge(self) -> Done | None:
        """What came of the job where it hangs or takes too much memory: the child is killed."""
        if self.job is None:
            return None
        reason = self._too_large() or self._too_slow()
        return self._lost(reason) if reason else None

    def pardon(self, seconds: float) -> None:
        """Take this time from what it has needed: nobody looked, or all was stopped by Ctrl-Z."""
        self._began += seconds
        self._heard += seconds

    @property
    def gone(self) -> bool:
        """Whether it is dead."""
        return not self._process.is_alive()

    def end(self) -> None:
        """Kill it: it holds nothing that could be lost."""
        self._process.kill()
        self._process.join()
        self._connection.close()

    def _too_slow(self) -> str | None:
        now = time.monotonic()
        still, since = now - self._heard, now - self._began
        if not self._ready:
            return "the process to read it did not start" if still > START_S else None
        if still > STILL_S + STILL_FRAME_S * self.frames.done:
            return (
                f"no progress for {still:.0f} s: it cannot be decoded or never ends, or the "
                "machine is too busy: try again with --resume"
            )
        if since > SLOW_AFTER_S and self.frames.done < SLOW_RATE * since:
            return f"only {self.frames.done} frames in {since:.0f} s: convert it to H.264"
        return None

    def _too_large(self) -> str | None:
        try:
            taken = psutil.Process(self._process.pid).memory_info().rss
        except psutil.Error:
            return None
        if taken <= MEMORY:
            return None
        return f"needs more than {MEMORY / 1e9:.0f} GB of memory: convert it to smaller pictures"

    def _died(self) -> Done | None:
        self._process.join(1.0)
        if self._ready and not self._begun:
            return None
        code = self._process.exitcode
        how = f"exit code {code}"
        if code is not None and code < 0:
            how = signal.Signals(-code).name
        return self._lost(
            f"the process that read it died ({how}): the file may be damaged, copy it again"
        )

    def _lost(self, reason: str) -> Done | None:
        job, self.job = self.job, None
        self._process.kill()
        self._process.join()
        return None if job is None else Done.failed(job.name, reason, job.key)
