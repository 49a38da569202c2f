"""The folder of a batch: what is in it, what was done already, and who may write."""

from __future__ import annotations

import os
import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from pathlib import Path

from midback.apps.batch.job import SETS, Done
from midback.apps.outputs import check_folder, refusals
from midback.apps.report.page import FILE_NAME as REPORT
from midback.errors import InputError

MARK = ".midback-batch"
"""Makes a folder a batch's; locked by whoever writes."""
RECORD = "record.json"
"""The summary's line in a result's folder."""
RESULT = "result.json"
CLAIMS = ".claims"
"""Who of a cluster is at which recording."""
PARTS = ".parts"
"""Results while they are being written; a folder goes to its place as a whole."""


def is_batch(folder: Path) -> bool:
    """Whether a batch wrote this folder."""
    return (folder / MARK).is_file()


def check_out(out: Path, *, resume: bool) -> None:
    """Raise InputError where results may not go there: nothing that was computed gets lost."""
    check_folder(out)
    if not out.is_dir() or not any(out.iterdir()):
        return
    if not is_batch(out):
        raise InputError(f"{out}: holds other files; name a new folder with --out")
    if not resume and (out / SETS).is_dir():
        raise InputError(
            f"{out}: holds a batch already; go on with it by --resume (what is done is not done "
            "again), or name a new folder with --out"
        )


@contextmanager
def writing(out: Path, *, beside: bool = False) -> Iterator[None]:
    """Hold the folder: alone, or beside other clients of a cluster, whose workers write.

    Raises InputError where another batch holds it.
    """
    with refusals(out):
        out.mkdir(parents=True, exist_ok=True)
        lock = (out / MARK).open("a")
    with lock:
        if _locked(lock.fileno(), alone=True):
            clear_parts(out)
        if not (_beside(lock.fileno()) if beside else _locked(lock.fileno(), alone=True)):
            raise InputError(f"{out}: another batch is writing here; wait for its end")
        if beside:
            with refusals(out):
                (out / CLAIMS).mkdir(exist_ok=True)
        try:
            yield
        finally:
            if _locked(lock.fileno(), alone=True):
                clear_parts(out)


def clear_parts(out: Path) -> None:
    """Remove what a process that was killed had begun to write, and what a cluster agreed on."""
    for name in (PARTS, CLAIMS):
        shutil.rmtree(out / name, ignore_errors=True)
    for pattern in (".*.part", ".midback-*"):
        for path in out.glob(pattern):
            if path.name != MARK:
                path.unlink(missing_ok=True)


def records(out: Path) -> dict[str, Done]:
    """What was scored already, by key. A damaged record, or one without its files, is none."""
    found: dict[str, Done] = {}
    for path in sorted((out / SETS).rglob(RECORD)):
        with suppress(OSError, ValueError, TypeError, KeyError, AttributeError):
            done = Done.from_json(path.read_text(encoding="utf-8"))
            if is_whole(path.parent):
                found[done.key] = replace(done, place=path.parent.relative_to(out).as_posix())
    return found


def is_whole(place: Path) -> bool:
    """Whether a result's folder holds all its files."""
    return all((place / name).is_file() for name in (RECORD, RESULT, REPORT))


@contextmanager
def appearing(out: Path, place: str) -> Iterator[Path]:
    """A folder to write a result into; it gets to its place as a whole, or not at all.

    One that is there already stays. What was written is on the disk before it is seen.
    """
    target, parts = out / place, out / PARTS
    with refusals(target):
        parts.mkdir(exist_ok=True)
        part = Path(tempfile.mkdtemp(dir=parts))
        try:
            yield part
            part.chmod(0o755)
            for path in (*part.iterdir(), part):
                _settle(path)
            target.parent.mkdir(parents=True, exist_ok=True)
            if target.exists() and not is_whole(target):
                shutil.rmtree(target)
            try:
                part.rename(target)
            except OSError:
                if not is_whole(target):
                    raise
        finally:
            shutil.rmtree(part, ignore_errors=True)


def _settle(path: Path) -> None:
    """Wait until the disk has it; where folders cannot be waited for, they are not."""
    flags = os.O_RDONLY | getattr(os, "O_BINARY", 0)
    with suppress(PermissionError):
        handle = os.open(path, flags)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def _beside(handle: int) -> bool:
    """Another client may hold it alone for a moment, to clear up."""
    for _ in range(_TRIES):
        if _locked(handle, alone=False):
            return True
        time.sleep(_TRY_S)
    return False


_TRIES, _TRY_S = 20, 0.1


def _locked(handle: int, *, alone: bool) -> bool:
    try:
        import fcntl
    except ImportError:  # not on this system; results are idempotent in any case
        return True
    try:
        fcntl.flock(handle, (fcntl.LOCK_EX if alone else fcntl.LOCK_SH) | fcntl.LOCK_NB)
    except OSError:
        return False
    return True
