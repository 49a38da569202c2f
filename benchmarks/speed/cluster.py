"""A cluster as its users start it, beside this machine's own pool; and what it survives.

Needs tests/ on the path as well, whose `cluster_case` starts and ends the machines.
"""

from __future__ import annotations

import shutil
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from statistics import median

import psutil
from batch_case import running, table, until
from cli import midback
from cluster_case import Machines, end, machines

from midback.apps.batch.job import SETS
from midback.apps.batch.results import RECORD
from midback.history.store import open_store
from speed import sizing
from speed.recordings import CLIPS, eight_clips, joined, write

WORKERS, ROUNDS = 2, 2
SHORT = 150  # frames of the recordings whose machines are ended


def section() -> str:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        return "\n".join([*_rate(folder), "", *_survival(folder)])


def _rate(folder: Path) -> Iterator[str]:
    """The same clips by the local pool and by the cluster, in turns."""
    eight_clips(folder / "clips")
    words = folder / "clips", "--list", folder / "clips/list.csv"
    here: list[float] = []
    there: list[float] = []
    with machines(folder / "logs", WORKERS) as cluster, _memory(cluster) as memory:
        for number in range(ROUNDS):
            out = folder / f"here {number}"
            here.append(_frames_a_second(*words, "--workers", str(WORKERS), out=out))
            out = folder / f"there {number}"
            there.append(_frames_a_second(*words, "--cluster", cluster.address, out=out))
    ratio = median(b / a for a, b in zip(here, there, strict=True))
    gigabytes = max(memory) / 1e9 / WORKERS
    yield f"{CLIPS} clips (each sample twice), the whole command, median of {ROUNDS} in turns:"
    yield ""
    yield "| | frames/s |"
    yield "|---|---|"
    yield f"| `--workers {WORKERS}` | {median(here):.1f} |"
    yield f"| `dask scheduler`, {WORKERS} `dask worker` on loopback | {median(there):.1f} |"
    yield ""
    yield f"**{ratio:.2f}x the local pool** (goal 0.9), {gigabytes:.2f} GB for each worker."
    yield ""
    yield sizing.table(median(there) / WORKERS, gigabytes)


def _survival(folder: Path) -> Iterator[str]:
    _short(folder / "short")
    yield f"{CLIPS} recordings of {SHORT} frames, {WORKERS} workers, stored for a person as well:"
    yield ""
    yield "| | exit code | scored | times each was scored | results | times each was stored |"
    yield "|---|---|---|---|---|---|"
    for number, (what, disturb) in enumerate(_DISTURBANCES.items()):
        yield _row(what, disturb, folder, folder / f"disturbed {number}")


@dataclass(frozen=True)
class Run:
    """A batch under way. words: those of its command."""

    cluster: Machines
    out: Path
    words: tuple[str | Path, ...]

    def begun(self) -> bool:
        return bool(self.cluster.told("scored"))


def _row(what: str, disturb: Callable[[Run], int], folder: Path, base: Path) -> str:
    base.mkdir()
    store = base / "store.db"
    with machines(base / "logs", WORKERS) as cluster:
        words = folder / "short", "--exercise", "bird_dog", "--out", base / "out"
        told = "--person", "bench", "--store", str(store), "--cluster", cluster.address
        code = disturb(Run(cluster, base / "out", (*words, *told)))
        scored = cluster.told("scored")
    rows = table(base / "out")
    good = sum(row["status"] == "scored" for row in rows.values())
    results = len(list((base / "out" / SETS).rglob(RECORD)))
    with open_store(store, create=False) as opened:
        stored = Counter(one["source"]["sha256"] for one in opened.scorings("bench"))
    each = f"{_span(scored)} | {results} | {_span(stored)}"
    return f"| {what} | {code} | {good} of {CLIPS} | {each} |"


def _span(counts: Counter[str]) -> str:
    """`1` where every recording has the same count, else `1 to 2`; 0 where one is missing."""
    least = min(counts.values(), default=0) if len(counts) == CLIPS else 0
    most = max(counts.values(), default=0)
    return f"{least}" if least == most else f"{least} to {most}"


def _undisturbed(run: Run) -> int:
    return midback("score", *run.words, timeout=240.0).returncode


def _worker_killed(run: Run) -> int:
    """In the middle of a recording; another joins."""
    with running(*run.words) as batch:
        until(run.begun)
        end(run.cluster.workers[0])
        run.cluster.worker()
        return batch.wait(240.0)


def _scheduler_restarted(run: Run) -> int:
    with running(*run.words) as batch:
        until(run.begun)
        workers = run.cluster.workers
        end(run.cluster.schedulers[-1])
        for worker in workers:
            worker.wait(60.0)
        run.cluster.scheduler()
        for _ in range(WORKERS):
            run.cluster.worker()
        return batch.wait(240.0)


def _twice_at_once(run: Run) -> int:
    words = *run.words, "--resume"
    with running(*words) as one, running(*words) as other:
        return max(one.wait(240.0), other.wait(240.0))


_DISTURBANCES = {
    "undisturbed": _undisturbed,
    "a worker killed in a recording, another joins": _worker_killed,
    "the scheduler killed and restarted, with new workers": _scheduler_restarted,
    "the same command twice at once": _twice_at_once,
}


def _frames_a_second(*words: str | Path, out: Path) -> float:
    begin = time.perf_counter()
    done = midback("score", *words, "--out", out, timeout=1200.0)
    took = time.perf_counter() - begin
    if done.returncode != 0:
        raise SystemExit(f"the batch failed: {done.stderr}")
    frames = sum(int(row["frames"]) for row in table(out).values())
    shutil.rmtree(out)
    return frames / took


@contextmanager
def _memory(cluster: Machines) -> Iterator[list[int]]:
    """Fills a list with what all workers' processes take together, bytes, twice a second."""
    taken, over = [0], threading.Event()

    def look() -> None:
        while not over.wait(0.5):
            taken.append(sum(_tree(worker.pid) for worker in cluster.workers))

    thread = threading.Thread(target=look, daemon=True)
    thread.start()
    try:
        yield taken
    finally:
        over.set()
        thread.join()


def _tree(pid: int) -> int:
    """Proportional set size: what is shared counts once."""
    total = 0
    with suppress(psutil.Error):
        whole = psutil.Process(pid)
        for process in (whole, *whole.children(recursive=True)):
            with suppress(psutil.Error):
                total += process.memory_full_info().pss
    return total


def _short(folder: Path) -> None:
    """Different beginnings of the same movement."""
    folder.mkdir()
    for number in range(CLIPS):
        pictures = joined(["bird_dog_clean"], SHORT + 60 * number)
        later = islice(pictures, 60 * number, None)
        write(folder / f"{number}.mp4", later, (848, 480))


if __name__ == "__main__":
    print(section())
