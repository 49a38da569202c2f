"""The parent's end of one reading process: what it sent waits here until its turn."""

from __future__ import annotations

import time
from collections import deque
from contextlib import suppress
from multiprocessing import get_context
from tempfile import SpooledTemporaryFile

from midback.apps.live.worker_process import no_interrupt
from midback.apps.reading.crew_process import BATCH, Ended, Job, Word, run
from midback.apps.reading.records import RECORD, unpacked
from midback.apps.reading.relay import Step
from midback.errors import InputError
from midback.vision.closing import Closing

_SPAWN = get_context("spawn")
_IN_MEMORY = 1 << 20  # bytes that wait in memory; more lie in a file that has no name
_MOST_DEATHS = 2


class Mate(Closing):
    """Starts the process, and once more if it dies. It ends with its parent.

    job: what it was told. until: the stretch at whose first frame it waits to be told to go on.
    come: how many steps it has sent. heard: when it last said something, on the monotonic clock.
    ended: what it said at the recording's end. connection: None when it has no more to say.
    """

    def __init__(self, job: Job) -> None:
        self.job, self.until = job, job.share.stop
        self.come = self._again = self._deaths = 0
        self.ended: Ended | None = None
        self._error: InputError | None = None
        self._waiting = SpooledTemporaryFile(max_size=_IN_MEMORY)  # noqa: SIM115
        self._stored = self._read = 0  # records
        self._next: deque[Step] = deque()
        self._start()

    def _start(self) -> None:
        mine, other = _SPAWN.Pipe()
        self.connection = mine
        self.process = _SPAWN.Process(target=run, args=(other, self.job), daemon=True)
        with no_interrupt():
            self.process.start()
        other.close()  # so that its death closes the pipe
        self.heard = time.monotonic()
        self._again = self.come  # it begins again at its beginning
        if self.until > self.job.share.stop:
            self.go_on(self.until)

    def go_on(self, until: int) -> None:
        """Let it see on to the first frame of stretch `until` or of a later one."""
        self.until = until
        with suppress(OSError):  # it is dead: `hear` will tell
            self.connection.send(until)

    @property
    def over(self) -> bool:
        """Whether it has said its last word."""
        return self.ended is not None or self._error is not None

    def hear(self) -> None:
        """Take its next word, which must have come; another takes its place where it has died."""
        try:
            word: Word = self.connection.recv()
        except (EOFError, OSError):
            self._replace()
            return
        self.heard = time.monotonic()
        if isinstance(word, bytes):
            self._store(word)
        elif isinstance(word, Ended):
            self.ended = word
        else:
            self._error = word

    def _store(self, data: bytes) -> None:
        size = RECORD.itemsize
        count = len(data) // size
        known = min(self._again, count)
        self._again -= known
        self._waiting.seek(self._stored * size)
        self._waiting.write(data[known * size :])
        self._stored += count - known
        self.come += count - known

    def _replace(self) -> None:
        self._kill()
        self._deaths += 1
        if self._deaths < _MOST_DEATHS:
            self._start()
            return
        self._error = InputError(
            f"{self.job.source}: the process that reads it died twice, at {self._place()}: "
            "is there memory left? Run `midback doctor`; --workers 1 reads it in this process"
        )

    def _place(self) -> str:
        share, length = self.job.share, self.job.cuts.stretch_s
        return f"{share.start * length:.0f} to {share.stop * length:.0f} s"

    def peek(self) -> Step | None:
        """Return its next step, None where it has not come. Raises the InputError it ended with."""
        if not self._next:
            self._fetch()
        if self._next:
            return self._next[0]
        if self._error is not None:
            raise self._error
        return None

    def take(self) -> Step:
        """Remove the step that `peek` returned."""
        return self._next.popleft()

    def _fetch(self) -> None:
        size = RECORD.itemsize
        count = min(self._stored - self._read, BATCH)
        self._waiting.seek(self._read * size)
        self._next.extend(unpacked(self._waiting.read(count * size)))
        self._read += count
        if self._read == self._stored:  # all read: the file begins anew
            self._waiting.seek(0)
            self._waiting.truncate()
            self._stored = self._read = 0

    def _kill(self) -> None:
        self.process.kill()  # it holds nothing that could be lost
        self.process.join()
        self.connection.close()

    def close(self) -> None:
        """End it; harmless when repeated."""
        self._kill()
        self._waiting.close()
