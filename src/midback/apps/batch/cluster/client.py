"""A pool whose processes are on other machines: Dask's workers."""

from __future__ import annotations

import asyncio
import hashlib
import logging
import sys
import threading
import time
import warnings
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

from distributed import Client, Future, Security
from distributed.comm.core import connect

from midback import __version__
from midback.apps.batch.ahead import Task
from midback.apps.batch.child_process import Frames
from midback.apps.batch.cluster.check import check_cluster
from midback.apps.batch.cluster.fit import Needs
from midback.apps.batch.cluster.task import TOPIC, score_here
from midback.apps.batch.job import AUTO, Done, Job
from midback.errors import InputError
from midback.exercises import names

_CONNECT_S = 8.0
_TICK_S = 0.25
_TEND_S = 2.0
_SPARE = 4
_ATTEMPTS = 5  # each ends after `allowed-failures` workers have died, which is 3 by default

_LOST = (OSError, asyncio.CancelledError, asyncio.TimeoutError, RuntimeError)


class Cluster:
    """Runs jobs on the workers of a Dask scheduler; use it in a `with` statement.

    address: of the scheduler. Workers may come and go; where the scheduler goes, it is waited for,
    and what was not done begins anew.
    """

    def __init__(self, address: str) -> None:
        self._address = address
        self._client = _connected(address)
        self._needs: Needs | None = None
        self._jobs: dict[str, Job] = {}
        self._futures: dict[str, Future[Done]] = {}
        self._failures: dict[str, int] = {}
        self._frames: dict[str, Frames] = {}
        self._unfit: dict[str, bool] = {}  # what was said of machines, and whether it was passed on
        self._changed = threading.Event()
        self._threads, self._tended = 0, 0.0
        self._away = self._alone = False

    def check(self, task: Task) -> None:
        """Raise InputError where the machines cannot do this batch."""
        known = task.settings
        self._needs = Needs(__version__, task.folder, task.out, known.model, known.model_sha256)
        try:
            check_cluster(self._client, self._needs)
            self._client.subscribe_topic(TOPIC, self._hear)
        except _LOST:
            raise _unreachable(self._address) from None
        self._tend()

    def free(self) -> bool:
        """Whether another job would be begun soon: workers find their next one waiting."""
        return len(self._jobs) < 2 * self._threads + _SPARE

    def busy(self) -> bool:
        """Whether anything is being done."""
        return bool(self._jobs)

    def begin(self, job: Job) -> None:
        """Give the job to the scheduler."""
        self._jobs[job.key] = _anywhere(job)
        self._submit(self._jobs[job.key])

    def finished(self) -> Iterator[Done]:
        """Wait a moment and yield what finished; what was lost begins anew."""
        self._changed.wait(_TICK_S)
        self._changed.clear()
        self._tend()
        for key, job in list(self._jobs.items()):
            done = self._result(key, job)
            if done is not None:
                for known in (self._jobs, self._futures, self._failures, self._frames):
                    known.pop(key, None)
                yield replace(done, name=job.name)

    def under_way(self) -> list[tuple[Job, Frames]]:
        """What is being done and how far."""
        frames = dict(self._frames)
        return [(job, frames[key]) for key, job in self._jobs.items() if key in frames]

    def _submit(self, job: Job) -> None:
        """The key tells the scheduler what two clients both want; it is done once for both."""
        key = f"midback-{job.key}-{_folder_key(job.out)}-{self._failures.get(job.key, 0)}"
        with suppress(*_LOST):
            future = self._client.submit(score_here, job, self._needs, key=key)
            future.add_done_callback(lambda _: self._changed.set())
            self._futures[job.key] = future

    def _result(self, key: str, job: Job) -> Done | None:
        future = self._futures.get(key)
        status = "lost" if future is None else future.status
        if future is None or status in ("cancelled", "lost"):
            if not self._away:
                self._submit(job)
        elif status == "finished":
            with suppress(*_LOST):
                return future.result(timeout=_CONNECT_S)
        elif status == "error":
            return self._failed(key, job, future)
        return None

    def _failed(self, key: str, job: Job, future: Future[Done]) -> Done | None:
        """What a file does ends no task: the machine died, or could not read the task."""
        self._failures[key] = self._failures.get(key, 0) + 1
        if self._failures[key] < _ATTEMPTS:
            self._submit(job)
            return None
        with suppress(*_LOST):
            why = " ".join(str(future.exception(timeout=_CONNECT_S)).split())
            return Done.failed(job.name, f"no worker could do it: {why}", key)
        return None

    def _tend(self) -> None:
        """Look after the scheduler, and count the workers."""
        for line in [line for line, passed in self._unfit.items() if not passed]:
            _note(line)
            self._unfit[line] = True
        if time.monotonic() - self._tended < _TEND_S:
            return
        self._tended = time.monotonic()
        away = not self._there()
        if away and not self._away:
            _note(f"the scheduler at {self._address} has gone; waiting for it")
        if self._away and not away:
            _note(f"the scheduler at {self._address} is back")
        self._away = away
        alone = not away and self._threads == 0
        if alone and not self._alone:
            _note(
                f"no worker at {self._address} yet; waiting: `dask worker {self._address} "
                "--nthreads 1 --nworkers -1` starts them on any machine"
            )
        self._alone = alone

    def _there(self) -> bool:
        """Whether the scheduler answers; a client that has given up is replaced."""
        try:
            if self._client.status in ("closed", "closing"):
                self._client = _connected(self._address, _TEND_S)
                self._client.subscribe_topic(TOPIC, self._hear)
            if self._client.status != "running":
                return False
            self._threads = sum(self._client.nthreads().values())
        except (InputError, *_LOST):
            return False
        return True

    def _hear(self, event: tuple[float, dict[str, Any]]) -> None:
        """Called by Dask's thread."""
        word = event[1]
        if "unfit" in word:
            self._unfit.setdefault(str(word["unfit"]), False)
        elif word.get("key") in self._jobs:
            self._frames[str(word["key"])] = Frames(word["done"], word["expected"])

    def __enter__(self) -> Cluster:
        return self

    def __exit__(self, *_: object) -> None:
        with suppress(*_LOST):
            self._client.close(timeout=_TEND_S)


def _connected(address: str, timeout_s: float = _CONNECT_S) -> Client:
    """A client. Raises InputError where no scheduler answers.

    A client that was made in vain takes long to end, so the address is tried first.
    """
    for name in ("distributed", "distributed.client", "tornado.application", "asyncio"):
        logging.getLogger(name).setLevel(logging.CRITICAL)  # what is to be said, is said by us
    try:
        asyncio.run(_try(address, timeout_s))
        with warnings.catch_warnings(action="ignore"):  # of other versions: see `check`
            return Client(address, timeout=timeout_s, set_as_default=False)
    except (ValueError, TypeError) as error:
        raise InputError(f"--cluster {address}: {error}") from None
    except _LOST:
        raise _unreachable(address) from None


async def _try(address: str, timeout_s: float) -> None:
    security = Security().get_connection_args("client")
    trying = connect(address, timeout=timeout_s, **security)
    comm = await asyncio.wait_for(trying, timeout_s)  # something else may listen, and say nothing
    comm.abort()


def _unreachable(address: str) -> InputError:
    return InputError(
        f"--cluster {address}: no Dask scheduler answers there; start one with `dask scheduler`"
    )


def _folder_key(out: Path) -> str:
    return hashlib.sha256(str(out).encode("utf-8", "surrogateescape")).hexdigest()[:8]


def _note(text: str) -> None:
    """Say on standard error what somebody should know; a bar that is there moves down."""
    print(f"midback: {text}", file=sys.stderr, flush=True)


def _anywhere(job: Job) -> Job:
    """The job with full paths: a worker is in another folder."""
    mapping = job.settings.mapping
    if mapping is not None and Path(mapping).is_file():
        mapping = str(Path(mapping).absolute())
    exercise = job.exercise
    if Path(exercise).is_file() and exercise not in (AUTO, *names()):
        exercise = str(Path(exercise).absolute())
    return replace(job, exercise=exercise, settings=replace(job.settings, mapping=mapping))
