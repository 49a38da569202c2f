"""The folder of a batch: what is in it, what was done already, and who may write."""

from __future__ import annotations

import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from midback.apps.batch.job import SETS, Done
from midback.apps.outputs import check_folder, refusals
from midback.errors import InputError

MARK = ".midback-batch"
"""Makes a folder a batch's; locked by whoever writes."""
RECORD = "record.json"
"""The summary's line in a result's folder."""
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
    """Remove what a process that died had begun to write, and what a cluster agreed on."""
    for name in (PARTS, CLAIMS):
        shutil.rmtree(out / name, ignore_errors=True)


def records(out: Path) -> dict[str, Done]:
    """What was scored already, by key. A damaged record counts as none."""
    found: dict[str, Done] = {}
    for path in sorted((out / SETS).rglob(RECORD)):
        with suppress(OSError, ValueError, TypeError, KeyError, AttributeError):
            done = Done.from_json(path.read_text(encoding="utf-8"))
            found[done.key] = done
    return found


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
