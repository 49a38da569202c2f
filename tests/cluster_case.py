"""A cluster as its users start it: `dask scheduler` and `dask worker`, real processes, loopback."""

from __future__ import annotations

import os
import re
import socket
import subprocess
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

import psutil
from batch_case import until
from cli import COMMAND, ROOT


@dataclass
class Machines:
    """The scheduler and the workers. folder: of their logs. settings: the scheduler's, if any."""

    folder: Path
    port: int
    settings: dict[str, str] = field(default_factory=dict)
    processes: list[subprocess.Popen[bytes]] = field(default_factory=list)

    @property
    def address(self) -> str:
        return f"127.0.0.1:{self.port}"

    @property
    def workers(self) -> list[subprocess.Popen[bytes]]:
        """Those that run."""
        return [one for one in self._of("worker") if one.poll() is None]

    @property
    def schedulers(self) -> list[subprocess.Popen[bytes]]:
        """Also those that ended."""
        return self._of("scheduler")

    def scheduler(self) -> subprocess.Popen[bytes]:
        """Start one and wait until it listens."""
        words = ("scheduler", "--host", "127.0.0.1", "--port", str(self.port), "--no-dashboard")
        process = self._start("scheduler", *words, **self.settings)
        until(self._listens)
        return process

    def worker(self, **environment: str) -> subprocess.Popen[bytes]:
        """Start one of one thread."""
        words = ("--nthreads", "1", "--no-dashboard", "--local-directory", str(self.folder))
        return self._start("worker", "worker", self.address, *words, **environment)

    def ready(self, number: int) -> None:
        """Wait until so many workers were ever registered."""
        until(lambda: self.log().count("Registered to:") >= number)

    def log(self) -> str:
        """All that the workers said."""
        return "".join(p.read_text(encoding="utf-8") for p in self.folder.glob("worker*.log"))

    def told(self, word: str) -> Counter[str]:
        """How often a worker said `scoring`, `scored` or `failed` of each recording."""
        return Counter(re.findall(rf"midback: {word} (.+)", self.log()))

    def _of(self, kind: str) -> list[subprocess.Popen[bytes]]:
        return [process for process in self.processes if kind in tuple(process.args)]  # type: ignore[arg-type]

    def _start(self, name: str, *words: str, **environment: str) -> subprocess.Popen[bytes]:
        log = (self.folder / f"{name} {len(self.processes)}.log").open("wb")
        with log:
            process = subprocess.Popen(
                [*DASK, *words],
                stdout=log,
                stderr=subprocess.STDOUT,
                cwd=self.folder,
                env={**os.environ, "PYTHONPATH": str(ROOT / "src"), **environment},
            )
        self.processes.append(process)
        return process

    def _listens(self) -> bool:
        with suppress(OSError), socket.create_connection(("127.0.0.1", self.port), 1.0):
            return True
        return False


DASK = [COMMAND[0], "-m", "dask"]


@contextmanager
def machines(
    folder: Path, workers: int = 2, scheduler: dict[str, str] | None = None
) -> Iterator[Machines]:
    """A scheduler and workers that are ready; all gone at the end."""
    folder.mkdir(parents=True)
    made = Machines(folder, free_port(), scheduler or {})
    try:
        made.scheduler()
        for _ in range(workers):
            made.worker()
        made.ready(workers)
        yield made
    finally:
        for process in made.processes:
            end(process)


def end(process: subprocess.Popen[bytes]) -> None:
    """Kill it with all it started, as if the machine had lost its power."""
    with suppress(psutil.Error):
        whole = psutil.Process(process.pid)
        below = whole.children(recursive=True)
        for one in (whole, *below):
            with suppress(psutil.Error):
                one.suspend()  # so that nothing is started meanwhile
        for one in (whole, *below):
            with suppress(psutil.Error):
                one.kill()
    process.wait()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
