"""What a Dask worker does with one job: scores it in a process of its own, if nobody else is."""

from __future__ import annotations

import logging
import multiprocessing
import os
import socket
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace

from distributed import Reschedule, Worker, get_worker
from distributed.core import Status
from distributed.worker import thread_state  # type: ignore[attr-defined]

from midback.apps.batch.cluster.claim import Claim
from midback.apps.batch.cluster.fit import Needs, unfit, weights_here
from midback.apps.batch.job import Done, Job
from midback.apps.batch.pool import Pool
from midback.apps.batch.results import RECORD, is_whole

TOPIC = "midback"
"""Under which workers tell how far they are: {key, done, expected}, or {unfit}."""

_TELL_S = 1.0
_LOOK_S = 0.5
_UNFIT_S = 5.0

log = logging.getLogger("distributed.worker.midback")


def score_here(job: Job, needs: Needs) -> Done:
    """Score the recording; what came of it where another worker was faster.

    Raises Reschedule where this worker cannot, or where nobody wants the result any more.
    """
    worker = get_worker()
    wanted = _Wanted(worker, str(thread_state.key))
    why = unfit(needs)
    if why is not None:
        worker.log_event(TOPIC, {"unfit": why})
        _wait(wanted, _UNFIT_S)
        raise Reschedule
    if not job.path.exists():
        where = f"{socket.gethostname()} does not see it; is it on the storage that all share?"
        return Done.failed(job.name, where, job.key)
    claim = Claim(job.out, job.key)
    while True:
        wanted.check()
        done = claim.outcome() or _recorded(job)
        if done is None and claim.take():
            done = _recorded(job) or _score(_at_home(job, needs), claim, worker, wanted)
            if done is not None:
                claim.settle(done)
        if done is not None:
            return replace(done, name=job.name)
        time.sleep(_LOOK_S)


def _score(job: Job, claim: Claim, worker: Worker, wanted: _Wanted) -> Done | None:
    """None where the claim was lost: the machine was away for so long."""
    log.info("midback: scoring %s", job.name)
    telling = _Telling(worker, job.key)
    try:
        with _process() as pool:
            pool.begin(job)
            while True:
                for done in pool.finished():
                    log.info("midback: %s %s", done.status, job.name)
                    return done
                wanted.check()
                if not claim.beat():
                    raise _LostError
                telling(pool)
    except _LostError:
        return None
    except BaseException:
        log.info("midback: gave up %s", job.name)
        claim.release()
        raise


class _LostError(Exception):
    """Another worker has it now."""


class _Wanted:
    """Whether anybody wants the result, and the worker is still the scheduler's."""

    def __init__(self, worker: Worker, key: str) -> None:
        self._worker, self._key = worker, key

    def check(self) -> None:
        """Raise Reschedule where not; for a cancelled task that ends it."""
        task = self._worker.state.tasks.get(self._key)
        closing = self._worker.status in (Status.closing, Status.closed, Status.failed)
        if closing or task is None or task.state == "cancelled":
            raise Reschedule


class _Telling:
    """Tells the clients how far a job is."""

    def __init__(self, worker: Worker, key: str) -> None:
        self._tell: Callable[[str, object], None] = worker.log_event
        self._key, self._due = key, 0.0

    def __call__(self, pool: Pool) -> None:
        if time.monotonic() < self._due:
            return
        self._due = time.monotonic() + _TELL_S
        for _, frames in pool.under_way():
            word = {"key": self._key, "done": frames.done, "expected": frames.expected}
            self._tell(TOPIC, word)


_TRIM = "MALLOC_TRIM_THRESHOLD_"
"""Dask sets it for its workers. A process that inherits it gives every picture's memory back to the
system and asks for it anew, which makes scoring a fifth slower."""

_PROCESSES: list[Pool] = []
"""Of jobs that are done, for the next ones; a worker of one thread has one."""


@contextmanager
def _process() -> Iterator[Pool]:
    """A pool of one process; ended where anything but its jobs goes wrong."""
    multiprocessing.current_process().daemon = False  # Dask's are, and may not start any
    os.environ.pop(_TRIM, None)
    try:
        pool = _PROCESSES.pop()
    except IndexError:
        pool = Pool(1)
    try:
        yield pool
    except BaseException:
        with pool:
            raise
    _PROCESSES.append(pool)


def _at_home(job: Job, needs: Needs) -> Job:
    """The job with the weights of this machine."""
    return replace(job, settings=replace(job.settings, model=weights_here(needs)))


def _recorded(job: Job) -> Done | None:
    """What another worker has written."""
    with suppress(OSError, ValueError, TypeError, KeyError, AttributeError):
        text = (job.out / job.place / RECORD).read_text(encoding="utf-8")
        done = Done.from_json(text)
        return done if done.key == job.key and is_whole(job.out / job.place) else None
    return None


def _wait(wanted: _Wanted, seconds: float) -> None:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        wanted.check()
        time.sleep(_LOOK_S)
