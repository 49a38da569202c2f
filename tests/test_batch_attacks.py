"""What people, disks and strangers' files do to a batch: it ends, and the good ones are scored."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import threading
import time
from contextlib import suppress
from pathlib import Path

import numpy as np
import psutil
import pytest
from batch_case import below, bird_dogs, contents, results, running, table, until
from cli import COMMAND, midback, small_disk

from midback.apps.batch.ahead import Ahead, Task
from midback.apps.batch.content import content_of
from midback.apps.batch.job import Done, Settings
from midback.apps.batch.reason import one_line, reason_of
from midback.apps.batch.rules import Rules
from midback.apps.gaps import Gaps
from midback.errors import InputError

PATH = Path("/somewhere/clip.mp4")


def damaged(folder: Path) -> dict[str, str]:
    """Fill the folder with bad ones; what their lines must say."""
    os.mkfifo(folder / "pipe.mp4")
    (folder / "zero.mp4").symlink_to("/dev/zero")
    (folder / "nowhere.npz").symlink_to(folder / "gone.npz")
    (folder / "loop.npz").symlink_to(folder / "loop.npz")
    with (folder / "hole.mp4").open("wb") as file:
        file.truncate(10**12)
    (folder / os.fsdecode(b"latin \xe9.npz")).write_bytes(b"PK")
    (folder / "a\nb\x1b[31m.npz").write_bytes(b"PK")
    (folder / "x.mp4").mkdir()
    (folder / "x.mp4" / "empty.mp4").touch()
    whole = bird_dogs(folder / "whole.npz", reps=1)
    with np.load(whole) as saved:
        good = {name: saved[name] for name in saved.files}
    np.savez(folder / "back.npz", **{**good, "t": good["t"][::-1]})
    np.savez(folder / "deep.npz", **{**good, "info": np.array("[" * 100_000)})
    np.savez(folder / "jump.npz", **{**good, "t": good["t"] + 9e9 * (good["t"] > 1)})
    data = bytearray(whole.read_bytes())
    for mark, flags in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        data[data.index(mark) + flags] |= 1
    (folder / "locked.npz").write_bytes(data)
    whole.unlink()
    return {
        "pipe.mp4": "is a pipe, not a file",
        "zero.mp4": "is a device, not a file",
        "nowhere.npz": "is a link that leads nowhere",
        "loop.npz": "is a link that leads nowhere",
        "hole.mp4": "most of it is missing",
        "latin ?.npz": "the name is not UTF-8 text: rename the file",
        "a\nb\x1b[31m.npz": "is not a file of saved poses",
        "x.mp4/empty.mp4": "is empty",
        "back.npz": "its times do not increase",
        "deep.npz": "its description never ends",
        "jump.npz": "its clock jumps by more than a year",
        "locked.npz": "locked by a password",
    }


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no pipes with a name")
def test_every_bad_one_has_its_line_and_the_good_ones_are_scored(tmp_path: Path) -> None:
    folder, out = tmp_path / "bird_dog", tmp_path / "out"
    bird_dogs(folder / "good.npz", reps=2)
    bird_dogs(folder / "n.npz", reps=1).rename(folder / ("n" * 251 + ".npz"))
    expected = damaged(folder)
    done = midback("score", folder, "--out", out)
    assert done.returncode == 1, done.stderr
    rows = table(out)
    for name, reason in expected.items():
        row = rows.pop(name)
        assert row["status"] == "failed"
        assert reason in row["reason"], name
        assert row["reason"].isprintable()
    assert {row["status"] for row in rows.values()} == {"scored"}
    assert len(rows) == 2
    said = done.stdout + done.stderr
    assert "Traceback" not in said
    assert "\x1b" not in said
    assert all(line.startswith(("midback: ", "  ")) for line in done.stderr.splitlines())
    assert (out / "index.html").is_file()
    assert (out / "summary.parquet").is_file()
    hidden = [path.name for path in out.rglob(".*")]
    assert hidden == [".midback-batch"]


def test_a_file_that_becomes_a_pipe_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "clip.mp4")
    with pytest.raises(InputError, match="is a pipe"):
        content_of(tmp_path / "clip.mp4")


def test_a_file_that_grows_is_read_as_far_as_it_was(tmp_path: Path) -> None:
    path = tmp_path / "clip.mp4"
    path.write_bytes(bytes(50_000_000))
    over = threading.Event()

    def grow() -> None:
        with path.open("ab") as file:
            while not over.wait(0.001):
                file.write(bytes(1_000_000))
                file.flush()

    writer = threading.Thread(target=grow)
    writer.start()
    try:
        until(lambda: path.stat().st_size > 51_000_000)
        with pytest.raises(InputError, match="still being copied"):
            content_of(path)
    finally:
        over.set()
        writer.join()


def test_whatever_goes_wrong_with_one_does_not_end_the_thread(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(_: Path) -> None:
        raise KeyError("/src/native.cpp:99")

    monkeypatch.setattr("midback.apps.batch.ahead.content_of", broken)
    task = Task(tmp_path, tmp_path, Rules({}, "bird_dog", None, "x"), Settings())
    ahead = Ahead(task, ["a.npz", "b.npz"], 4)
    lines = [item for item in (ahead.take(5.0), ahead.take(5.0)) if isinstance(item, Done)]
    assert ahead.over
    assert [line.name for line in lines] == ["a.npz", "b.npz"]
    assert "cpp" not in str(lines[0].reason)


def test_a_reason_is_one_clean_line() -> None:
    assert one_line("a\n b\x1b[31m \udcff") == "a b?[31m ?"
    assert len(one_line("x" * 10**8)) == 300
    assert reason_of(PATH, InputError(f"{PATH} is empty: copy it")) == "is empty: copy it"
    assert reason_of(PATH, FileNotFoundError(2, "No such file", str(PATH))) == "No such file"
    assert "memory" in reason_of(PATH, MemoryError())
    assert reason_of(PATH, RuntimeError("calculator_graph.cc: INTERNAL")).count("cc:") == 0


def test_gaps_are_told() -> None:
    gaps = Gaps("clip.mp4")
    for t in (0.0, 0.1, 5.1, 5.2, 15.3):
        gaps.see(t)
    (told,) = gaps.warnings
    assert told == (
        "no picture for 10.1 s from 5.2 s on, the longest of 2 gaps: the recording was interrupted "
        "or is damaged"
    )
    with pytest.raises(InputError, match="clock jumps by 100 hours"):
        gaps.see(360_015.3)
    quiet = Gaps("clip.mp4")
    quiet.see(-3.0)
    quiet.see(-1.0)
    assert quiet.warnings == ()


@pytest.fixture(scope="module")
def three(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("three")
    for number in range(3):
        bird_dogs(folder / f"bird_dog {number}.npz", reps=1 + number)
    return folder


def gone(processes: list[psutil.Process]) -> bool:
    """Whether all end; where nobody collects orphans, they stay as zombies."""
    end = time.monotonic() + 20.0
    while any(alive(one) for one in processes) and time.monotonic() < end:
        time.sleep(0.02)
    return not any(alive(one) for one in processes)


def alive(process: psutil.Process) -> bool:
    with suppress(psutil.Error):
        return bool(process.is_running() and process.status() != psutil.STATUS_ZOMBIE)
    return False


@pytest.mark.skipif(not hasattr(os, "killpg"), reason="this system has no process groups")
def test_kill_9_leaves_nobody_and_resume_ends_the_same(three: Path, tmp_path: Path) -> None:
    """Killed at once, while starting, while working; the parent only."""
    assert midback("score", three, "--out", tmp_path / "whole").returncode == 0
    out = tmp_path / "out"
    for done in (0, 1):
        with running(three, "--out", out, "--resume") as batch:
            until(lambda done=done: below(batch) and len(results(out)) >= done)  # type: ignore[misc]
            children = below(batch)
            before = results(out)
            batch.kill()
            assert gone(children)
        assert before.items() <= results(out).items()
    stored = results(out)
    (out / ".summary.csv.x.part").touch()
    (out / ".midback-x").touch()
    assert midback("score", three, "--out", out, "--resume").returncode == 0
    assert stored.items() <= results(out).items()
    assert contents(out) == contents(tmp_path / "whole")


@pytest.mark.parametrize("name", ["SIGINT", "SIGTERM", "SIGHUP"])
def test_told_to_stop_again_and_again(three: Path, tmp_path: Path, name: str) -> None:
    if not hasattr(signal, name):
        pytest.skip("this system has no such signal")
    if signal.getsignal(getattr(signal, name)) is signal.SIG_IGN:
        pytest.skip("nohup: whoever started this is not to be told")
    out = tmp_path / "out"
    with running(three, "--out", out, "--workers", "1") as batch:
        until(lambda: results(out))
        children = below(batch)
        for _ in range(5):
            batch.send_signal(getattr(signal, name))
            time.sleep(0.02)
        _, stderr = batch.communicate(timeout=30)
        assert gone(children)
    assert batch.returncode == 2
    assert stderr.startswith("midback: stopped; ")
    assert "Traceback" not in stderr
    assert len(stderr.splitlines()) == 1
    assert [p.name for p in out.rglob(".*")] == [".midback-batch"]


@pytest.mark.parametrize("closed", ["1>&-", "2>&-", "<&- >&- 2>&-", "| head -1", ">/dev/full"])
@pytest.mark.skipif(shutil.which("sh") is None, reason="needs a shell")
def test_nobody_needs_to_listen(three: Path, tmp_path: Path, closed: str) -> None:
    """Closed standard streams must not be taken for the pipes to the workers."""
    out = tmp_path / "out"
    command = [*COMMAND, "score", str(three), "--out", str(out)]
    subprocess.run(
        ["sh", "-c", f'"$0" "$@" {closed}', *command], capture_output=True, timeout=60, check=False
    )
    assert [row["status"] for row in table(out).values()] == ["scored"] * 3


def test_two_into_one_folder(three: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    with running(three, "--out", out) as one, running(three, "--out", out) as other:
        said = [process.communicate(timeout=60)[1] for process in (one, other)]
        codes = sorted([one.returncode, other.returncode])
    assert codes == [0, 2]
    assert any("writing here" in text or "holds a batch already" in text for text in said)
    assert len(table(out)) == 3


def test_a_read_only_disk_is_one_line(three: Path, tmp_path: Path) -> None:
    with small_disk(tmp_path / "disk", "size=1m") as disk:
        full = midback("score", three, "--out", disk / "out")
        subprocess.run(["mount", "-o", "remount,ro", str(disk)], check=True)
        locked = midback("score", three, "--out", disk / "out")
    for done, what in ((full, "the disk is full"), (locked, "Read-only file system")):
        assert done.returncode == 2
        assert what in done.stderr
        assert len(done.stderr.splitlines()) == 1


def test_a_folder_that_changes_meanwhile(three: Path, tmp_path: Path) -> None:
    """A file goes, another becomes a pipe, and the results lie inside."""
    folder = tmp_path / "in"
    shutil.copytree(three, folder)
    for number in range(20):
        with bird_dogs(folder / f"bird_dog 9{number}.npz", reps=1).open("ab") as file:
            file.write(bytes([number]))  # or they were equal, and scored once
    with running(folder, "--out", folder / "out", "--workers", "1") as batch:
        until(lambda: results(folder / "out"))
        (folder / "bird_dog 98.npz").unlink()
        (folder / "bird_dog 99.npz").unlink()
        os.mkfifo(folder / "bird_dog 99.npz")
        batch.communicate(timeout=60)
        assert batch.returncode == 1
    rows = table(folder / "out")
    assert len(rows) == 23
    assert "is a pipe" in rows["bird_dog 99.npz"]["reason"]
    assert "No such file" in rows["bird_dog 98.npz"]["reason"]
    assert sum(row["status"] == "scored" for row in rows.values()) == 21
