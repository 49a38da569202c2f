"""`midback score FOLDER --cluster ADDRESS` on a real scheduler with real workers."""

from __future__ import annotations

import signal
import socket
import subprocess
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import psutil
import pytest
from batch_case import beginning, bird_dogs, contents, results, running, table, until
from cli import ROOT, midback, refusal
from cluster_case import Machines, end, free_port, machines
from needs import needs_postgresql, needs_weights

from midback.apps.batch.job import SETS
from midback.apps.batch.results import RECORD
from midback.history.store import open_store

pytest_plugins = ("postgres",)

CLIP = ROOT / "sample_videos/bird_dog_clean.mp4"


@pytest.fixture(scope="module")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Machines]:
    """One for all tests; who ends a machine starts another.

    Dask gives up a task whose worker died for the fourth time; here it does at once.
    """
    strict = {"DASK_DISTRIBUTED__SCHEDULER__ALLOWED_FAILURES": "0"}
    with machines(tmp_path_factory.mktemp("cluster") / "logs", scheduler=strict) as made:
        yield made


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Short recordings, with names of their own."""
    for number in range(COUNT):
        bird_dogs(tmp_path / f"in/bird_dog {tmp_path.name} {number}.npz", reps=1 + number)
    return tmp_path / "in"


COUNT = 4


def once(folder: Path) -> dict[str, int]:
    return dict.fromkeys(sorted(path.name for path in folder.iterdir()), 1)


def told(cluster: Machines, word: str, folder: Path) -> dict[str, int]:
    """How often the workers said it of the folder's recordings."""
    return {name: n for name, n in sorted(cluster.told(word).items()) if (folder / name).is_file()}


def done_in(out: Path) -> list[Path]:
    """Results that are in their places."""
    return list((out / SETS).rglob(RECORD))


def scoring(cluster: Machines) -> list[psutil.Process]:
    """The processes that score: below Dask's worker, which is below its nanny."""
    workers = [one for nanny in cluster.workers for one in psutil.Process(nanny.pid).children()]
    below = [one for worker in workers for one in worker.children()]
    return [one for one in below if "--multiprocessing-fork" in one.cmdline()]


def ended(batch: subprocess.Popen[str]) -> tuple[int, str, str]:
    stdout, stderr = batch.communicate(timeout=120)
    assert "Traceback" not in stderr
    return batch.returncode, stdout, stderr


@needs_weights
def test_a_cluster_finds_what_this_machine_finds(
    cluster: Machines, folder: Path, tmp_path: Path
) -> None:
    """A video and a damaged file among them."""
    beginning(CLIP, folder / "bird_dog.mp4", 60)
    (folder / "bird_dog broken.npz").write_bytes(b"PK\x03\x04 no more")
    here, there = tmp_path / "here", tmp_path / "there"
    alone = midback("score", folder, "--out", here, "--workers", "1")
    done = midback("score", folder, "--out", there, "--cluster", cluster.address)
    assert (alone.returncode, done.returncode) == (1, 1), done.stderr
    assert sorted(line[6:] for line in done.stdout.splitlines()[:-1]) == sorted(
        line[6:] for line in alone.stdout.splitlines()[:-1]
    )
    assert contents(there) == contents(here)
    assert told(cluster, "failed", folder) == {"bird_dog broken.npz": 1}
    processes = scoring(cluster)
    assert processes
    assert not any("MALLOC_TRIM_THRESHOLD_" in one.environ() for one in processes)


@needs_weights
def test_an_abort_on_a_worker_costs_only_its_recording(
    cluster: Machines, folder: Path, tmp_path: Path
) -> None:
    clip = folder / "long bird_dog.mp4"
    clip.write_bytes(CLIP.read_bytes())
    with running(folder, "--out", tmp_path / "o", "--cluster", cluster.address) as batch:
        reader_among(cluster, clip).send_signal(signal.SIGABRT)
        code, _, stderr = ended(batch)
    assert code == 1, stderr
    rows = table(tmp_path / "o")
    assert "died (SIGABRT)" in rows.pop(clip.name)["reason"]
    assert {row["status"] for row in rows.values()} == {"scored"}
    assert cluster.told("scoring")[clip.name] == 1
    assert len(cluster.workers) == 2


def reader_among(cluster: Machines, clip: Path) -> psutil.Process:
    def found() -> psutil.Process | None:
        for worker in cluster.workers:
            for child in psutil.Process(worker.pid).children(recursive=True):
                if any(Path(file.path) == clip for file in child.open_files()):
                    return child
        return None

    return until(found)


@needs_postgresql
def test_two_clients_of_one_folder_score_and_store_everything_once(
    cluster: Machines, folder: Path, tmp_path: Path, postgresql: str
) -> None:
    from postgres import new_database

    out, store = tmp_path / "o", new_database(postgresql)
    told_whom = "--person", "Anna", "--store", store
    words = folder, "--out", out, "--resume", "--cluster", cluster.address, *told_whom
    with running(*words) as one, running(*words) as other:
        both = [ended(one), ended(other)]
    assert [code for code, *_ in both] == [0, 0], both
    assert told(cluster, "scored", folder) == told(cluster, "scoring", folder) == once(folder)
    with open_store(store, create=False) as opened:
        assert len(opened.scorings("Anna")) == COUNT
    assert midback("score", folder, "--out", tmp_path / "here").returncode == 0
    assert contents(out) == contents(tmp_path / "here")


def test_a_worker_that_is_lost_costs_nothing(
    cluster: Machines, folder: Path, tmp_path: Path
) -> None:
    """The one that joins late, too, finds work."""
    out = tmp_path / "o"
    words = folder, "--out", out, "--cluster", cluster.address
    with running(*words) as batch:
        until(lambda: told(cluster, "scoring", folder))
        for lost in cluster.workers:
            end(lost)
        cluster.worker()
        code, stdout, stderr = ended(batch)
    assert (code, stdout.count("Bird dog")) == (0, COUNT), stderr
    assert told(cluster, "scored", folder) == once(folder)


def test_the_scheduler_may_be_restarted(cluster: Machines, folder: Path, tmp_path: Path) -> None:
    """Its workers end with it, as Dask's do."""
    out = tmp_path / "o"
    words = folder, "--out", out, "--cluster", cluster.address
    with running(*words) as batch:
        until(lambda: done_in(out))
        workers = cluster.workers
        end(cluster.schedulers[-1])
        for worker in workers:
            worker.wait(60)
        cluster.scheduler()
        cluster.worker()
        code, stdout, stderr = ended(batch)
    assert (code, stdout.count("Bird dog")) == (0, COUNT), stderr
    assert "has gone; waiting for it" in stderr
    assert "is back" in stderr
    assert told(cluster, "scored", folder) == once(folder)


def test_ctrl_c_keeps_what_is_done(cluster: Machines, folder: Path, tmp_path: Path) -> None:
    out = tmp_path / "o"
    words = folder, "--out", out, "--cluster", cluster.address
    with running(*words) as batch:
        until(lambda: done_in(out))
        batch.send_signal(signal.SIGINT)
        code, _, stderr = ended(batch)
    assert code == 2
    assert "go on with the same command and --resume" in stderr
    before = results(out)
    assert set(table(out)) <= set(once(folder))
    done = midback("score", *words, "--resume")
    assert done.returncode == 0, done.stderr
    assert done.stdout.count("(done before)") >= 1
    assert before.items() <= results(out).items()


def test_without_workers_it_waits_and_an_unfit_one_is_told(folder: Path, tmp_path: Path) -> None:
    """The first worker has another version; the second is fit, but does not see every file."""
    (tmp_path / "other").mkdir()
    shim = "import midback\nmidback.__version__ = '9.9'\n"
    (tmp_path / "other/sitecustomize.py").write_text(shim, encoding="utf-8")
    path = f"{tmp_path / 'other'}:{ROOT / 'src'}"
    with machines(tmp_path / "logs", workers=0) as cluster:
        words = folder, "--out", tmp_path / "o", "--cluster", cluster.address
        with running(*words) as batch:
            assert batch.stderr is not None
            assert "no worker at" in batch.stderr.readline()
            cluster.worker(PYTHONPATH=path)
            unfit = batch.stderr.readline()
            assert "has midback 9.9" in unfit
            assert "install the same version on every machine" in unfit
            cluster.ready(1)
            assert "has midback 9.9" in refusal(*("score", *words), "--resume")
            next(folder.glob("*0.npz")).unlink()
            cluster.worker()
            code, stdout, stderr = ended(batch)
        assert (code, stdout.count("Bird dog")) == (1, COUNT - 1)
        assert "does not see it; is it on the storage that all share?" in stderr


def test_a_wrong_address_is_one_line(folder: Path, tmp_path: Path) -> None:
    """A port that nobody listens on, one that never answers, and none at all."""
    out = tmp_path / "o"

    def said(address: str) -> str:
        return refusal("score", folder, "--out", out, "--cluster", address)

    with socket.create_server(("127.0.0.1", 0)) as silent, ThreadPoolExecutor() as at_once:
        ports = free_port(), silent.getsockname()[1]
        lines = list(at_once.map(said, [f"127.0.0.1:{port}" for port in ports]))
    assert all("no Dask scheduler answers there" in line for line in lines)
    assert "--cluster nonsense://x" in said("nonsense://x")
    assert not out.exists()
