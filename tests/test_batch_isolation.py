"""What goes wrong with one recording costs only that one: real processes, really ended."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest
from batch_case import below, bird_dogs, contents, reader_of, results, running, table, until
from cli import ROOT, midback, refusal, small_disk
from needs import needs_weights, weights

from midback.apps.batch import child
from midback.apps.batch.content import content_of
from midback.apps.batch.job import Done, Job, Settings
from midback.apps.batch.length import LengthLimit
from midback.apps.batch.pool import Pool
from midback.errors import InputError
from midback.vision.weights import sha256_of

CLIP = ROOT / "sample_videos/bird_dog_clean.mp4"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A long video, which is begun first, and short poses."""
    bird_dogs(tmp_path / "in/bird_dog.npz", reps=1)
    shutil.copy(CLIP, tmp_path / "in/long bird_dog.mp4")
    return tmp_path / "in"


def ended(process: subprocess.Popen[str]) -> tuple[int, str, str]:
    """Exit code and what was said; asserts that no process is left."""
    children = below(process)
    stdout, stderr = process.communicate(timeout=60)
    _, alive = psutil.wait_procs(children, timeout=10)
    assert not alive
    return process.returncode, stdout, stderr


@needs_weights
def test_an_abort_in_native_code_costs_only_its_recording(folder: Path, tmp_path: Path) -> None:
    with running(folder, "--out", tmp_path / "o", "--workers", "1") as batch:
        reader_of(batch, folder / "long bird_dog.mp4").send_signal(signal.SIGABRT)
        code, _, stderr = ended(batch)
    assert code == 1
    rows = table(tmp_path / "o")
    assert rows["bird_dog.npz"]["status"] == "scored"
    assert "died (SIGABRT)" in rows["long bird_dog.mp4"]["reason"]
    assert "Traceback" not in stderr


@needs_weights
def test_a_file_that_changes_while_it_is_read_is_told(folder: Path, tmp_path: Path) -> None:
    clip = folder / "long bird_dog.mp4"
    with running(folder, "--out", tmp_path / "o", "--workers", "1") as batch:
        reader_of(batch, clip)
        with clip.open("ab") as file:
            file.write(b"more")
        assert ended(batch)[0] == 1
    assert "changed while it was read" in table(tmp_path / "o")["long bird_dog.mp4"]["reason"]


@needs_weights
def test_ctrl_c_keeps_what_is_done(folder: Path, tmp_path: Path) -> None:
    out = tmp_path / "o"
    with running(folder, "--out", out, "--workers", "2") as batch:
        until(lambda: results(out))
        assert "another batch is writing here" in refusal("score", folder, "--out", out, "--resume")
        batch.send_signal(signal.SIGINT)
        code, _, stderr = ended(batch)
    assert code == 2
    assert stderr.splitlines() == [
        f"midback: stopped; 1 of 2 recordings are done and stay in {out}; "
        "go on with the same command and --resume"
    ]
    assert list(table(out)) == ["bird_dog.npz"]
    assert "1 of 2 recordings done" in (out / "index.html").read_text(encoding="utf-8")
    assert not (out / ".parts").exists()
    (folder / "long bird_dog.mp4").unlink()
    again = midback("score", folder, "--out", out, "--resume")
    assert (again.returncode, again.stdout.count("(done before)")) == (0, 1)


def test_a_batch_that_is_killed_leaves_no_process_and_goes_on(tmp_path: Path) -> None:
    folder, out = tmp_path / "in", tmp_path / "o"
    for number in range(3):
        bird_dogs(folder / f"bird_dog {number}.npz", reps=1 + number)
    assert midback("score", folder, "--out", tmp_path / "whole").returncode == 0
    for done in (1, 2):
        with running(folder, "--out", out, "--resume") as batch:
            until(lambda done=done: len(results(out)) >= done)  # type: ignore[misc]
            children = below(batch)
            batch.kill()
            _, alive = psutil.wait_procs(children, timeout=10)
            assert not alive
    next(out.rglob("report.html")).unlink()
    assert midback("score", folder, "--out", out, "--resume").returncode == 0
    assert contents(out) == contents(tmp_path / "whole")


def job(path: Path, out: Path, model: Path | None = None) -> Job:
    settings = Settings(model=model, model_sha256=sha256_of(model) if model else None)
    return Job.of(path.name, path, "bird_dog", None, settings, content_of(path), out)


def one(pool: Pool) -> Done:
    """The next job that ends."""

    def found() -> Done | None:
        return next(pool.finished(), None)

    return until(found)


def spawned() -> psutil.Process:
    """The one worker of the pool."""
    children = psutil.Process().children()
    return next(one for one in children if "spawn_main" in " ".join(one.cmdline()))


@pytest.fixture
def pool() -> Iterator[Pool]:
    with Pool(1) as made:
        yield made


@needs_weights
def test_a_recording_that_hangs_is_given_up(
    folder: Path, tmp_path: Path, pool: Pool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(child, "STILL_FRAME_S", 0.0)
    pool.begin(job(folder / "long bird_dog.mp4", tmp_path, weights()))
    until(lambda: not list(pool.finished()) and pool.under_way()[0][1].done > 0)
    monkeypatch.setattr(child, "STILL_S", 1.0)
    worker = spawned()
    worker.send_signal(signal.SIGSTOP)
    assert "no progress" in str(one(pool).reason)
    assert not worker.is_running()
    monkeypatch.undo()
    pool.begin(job(folder / "bird_dog.npz", tmp_path))
    assert one(pool).status == "scored"


@needs_weights
def test_a_batch_that_was_stopped_for_a_while_goes_on(
    folder: Path, tmp_path: Path, pool: Pool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Ctrl-Z stops all processes; nobody is late after it."""
    pool.begin(job(folder / "long bird_dog.mp4", tmp_path, weights()))
    until(lambda: not list(pool.finished()) and pool.under_way()[0][1].done > 0)
    monkeypatch.setattr(child, "STILL_S", 6.0)
    spawned().send_signal(signal.SIGSTOP)
    time.sleep(6.5)
    spawned().send_signal(signal.SIGCONT)
    for _ in range(20):
        assert list(pool.finished()) == []


def test_a_recording_that_eats_memory_is_given_up(
    folder: Path, tmp_path: Path, pool: Pool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(child, "MEMORY", 50_000_000)
    pool.begin(job(folder / "bird_dog.npz", tmp_path))
    assert "of memory" in str(one(pool).reason)
    assert not pool.busy()


def test_a_worker_that_dies_when_it_is_free_costs_nothing(
    folder: Path, tmp_path: Path, pool: Pool
) -> None:
    for _ in range(2):
        pool.begin(job(folder / "bird_dog.npz", tmp_path))
        done = one(pool)
        assert done.status == "scored", done.reason
        spawned().kill()


def test_a_full_disk_is_told_for_each(tmp_path: Path) -> None:
    for number in range(3):
        bird_dogs(tmp_path / f"in/bird_dog {number}.npz", reps=1 + number)
    with small_disk(tmp_path / "disk", "size=10m") as disk:
        done = midback("score", tmp_path / "in", "--out", disk / "o", "--workers", "1")
        assert done.returncode == 1, done.stderr
        rows = table(disk / "o")
        assert [row["status"] for row in rows.values()].count("scored") == 1
        assert done.stdout.count("the disk is full") == 2


def test_what_is_no_file_is_one_line(tmp_path: Path) -> None:
    bird_dogs(tmp_path / "in/bird_dog.npz", reps=1)
    loop = tmp_path / "in/loop.npz"
    loop.symlink_to(loop)
    (tmp_path / "in/up").symlink_to(tmp_path / "in", target_is_directory=True)
    os.mkfifo(tmp_path / "in/pipe.mp4")
    done = midback("score", tmp_path / "in", "--out", tmp_path / "o")
    assert done.returncode == 1, done.stderr
    rows = {name: row["status"] for name, row in table(tmp_path / "o").items()}
    assert rows == {"bird_dog.npz": "scored", "loop.npz": "failed", "pipe.mp4": "failed"}


@pytest.mark.parametrize(
    ("size", "expected", "allowed"),
    [
        (10**9, 100, 900),
        (10**9, 1000, 1500),
        (10**9, 9000, 13_500),
        (90_000, 10**9, 3000),
        (10**6, None, 10_000),
    ],
)
def test_a_file_without_end_is_ended(size: int, expected: int | None, allowed: int) -> None:
    limit = LengthLimit(size)
    limit.check(allowed, expected)
    with pytest.raises(InputError, match="does not end"):
        limit.check(allowed + 1, expected)
