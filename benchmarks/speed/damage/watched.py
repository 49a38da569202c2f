"""A batch as a user starts it, watched from outside: time, memory, what it leaves behind."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from contextlib import ExitStack, suppress
from dataclasses import dataclass, field
from pathlib import Path

import psutil

from midback.apps.batch.results import MARK
from speed.damage.folder import Folder, Growing
from speed.timed import spans


@dataclass
class Run:
    """What was seen. took: seconds of each recording that a worker had. parent, worker: bytes at
    the peak. left: processes, temporary: files that were still there. strange: lines on standard
    error that are not the batch's own.
    """

    code: int = 0
    seconds: float = 0.0
    took: dict[str, float] = field(default_factory=dict)
    parent: int = 0
    worker: int = 0
    left: int = 0
    temporary: int = 0
    strange: int = 0


def run(root: Path, out: Path, place: Path, folder: Folder | None = None) -> Run:
    """Score `root` into `out`. folder: what is to happen meanwhile."""
    seen, diary = Run(), place / f"{out.name}.diary"
    scratch, said = place / f"{out.name}.tmp", place / f"{out.name}.stderr"
    scratch.mkdir()
    began = time.monotonic()
    with ExitStack() as stack:
        if folder is not None:
            stack.enter_context(Growing(folder.grows))
        stderr = stack.enter_context(said.open("wb"))
        process = subprocess.Popen(
            [sys.executable, "-m", "speed.timed", str(diary), "score", str(root)]
            + ["--out", str(out), "--workers", "2", "--exercise", "bird_dog"],
            stdout=subprocess.DEVNULL,
            stderr=stderr,
            start_new_session=True,
            env={**os.environ, "TMPDIR": str(scratch)},
        )
        for path, name in (folder.aborted if folder is not None else {}).items():
            threading.Thread(target=_abort, args=(process.pid, path, name), daemon=True).start()
        _watch(process, seen)
    seen.code, seen.seconds = process.returncode, time.monotonic() - began
    seen.took = spans(diary)
    time.sleep(1.0)
    seen.left = len(session(process.pid))
    hidden = [path for path in out.rglob("*") if path.name.startswith(".") and path.name != MARK]
    seen.temporary = len(hidden) + sum(1 for _ in scratch.iterdir())
    lines = said.read_text(encoding="utf-8", errors="replace").splitlines()
    seen.strange = sum(not line.startswith(("midback: ", "  ")) for line in lines)
    return seen


def session(leader: int) -> list[psutil.Process]:
    """Processes of this session that are alive; who collects orphans is the machine's affair."""
    found = []
    for one in psutil.process_iter():
        with suppress(psutil.Error, OSError):
            if os.getsid(one.pid) == leader and one.status() != psutil.STATUS_ZOMBIE:
                found.append(one)
    return found


def _watch(process: subprocess.Popen[bytes], seen: Run) -> None:
    """Until it ends."""
    while process.poll() is None:
        for one in session(process.pid):
            with suppress(psutil.Error):
                taken = one.memory_info().rss
                if one.pid == process.pid:
                    seen.parent = max(seen.parent, taken)
                else:
                    seen.worker = max(seen.worker, taken)
        time.sleep(0.3)


def _abort(leader: int, path: Path, name: str) -> None:
    """Send the signal to the worker that has the recording open."""
    while psutil.pid_exists(leader):
        for one in session(leader):
            with suppress(psutil.Error):
                if one.pid != leader and any(f.path == str(path) for f in one.open_files()):
                    one.send_signal(signal.Signals[name])
                    return
        time.sleep(0.05)
