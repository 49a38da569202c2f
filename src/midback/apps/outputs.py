"""Files a command writes: checked before the long work, and never half-written."""

from __future__ import annotations

import csv
import json
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import TextIO

import numpy as np

from midback.apps.explain import explain_os_error
from midback.errors import InputError
from midback.result import STATUSES, Result, Series


def check_writable(path: Path) -> None:
    """Raise InputError where the file `path` could not be written later."""
    if path.is_dir():
        raise InputError(f"{path}: is a folder; name a file to write")
    _check_folder(path.parent)


ROWS = 256
"""Rows of a table that are text in memory at once."""

REPORT_BYTES = 6_000_000
"""A report is never larger: asked for before the long work, not after it."""


def check_folder(path: Path) -> None:
    """Raise InputError where a report could not be written into the folder `path`.

    Nothing is made yet, so that a run that fails leaves no empty folder.
    """
    existing = next(folder for folder in (path, *path.absolute().parents) if folder.exists())
    if not existing.is_dir():
        raise InputError(f"{existing}: is a file; name a folder to write into")
    _check_folder(existing)
    if shutil.disk_usage(existing).free < REPORT_BYTES:
        raise InputError(f"{path}: the disk is full: free some space or choose another place")


@contextmanager
def beside(path: Path) -> Iterator[Path]:
    """Give an empty file beside `path` that takes its place when all went well.

    Whatever goes wrong, Ctrl-C and a full disk included, `path` keeps what it held before and the
    temporary file is removed. Raises InputError where the disk refuses.
    """
    with refusals(path), ExitStack() as cleanup:
        handle, name = tempfile.mkstemp(prefix=f".{path.name}.", suffix=".part", dir=path.parent)
        temporary = Path(name)
        cleanup.callback(temporary.unlink, missing_ok=True)
        os.close(handle)
        yield temporary
        with temporary.open("rb") as file:
            os.fsync(file.fileno())
        temporary.chmod(0o666 & ~_umask())
        temporary.replace(path)


@contextmanager
def replacing(path: Path) -> Iterator[TextIO]:
    """Open a text file beside `path` that takes its place when all went well, see `beside`."""
    with beside(path) as part, part.open("w", encoding="utf-8", newline="") as file:
        yield file


def write_json(result: Result, path: Path) -> None:
    """Write the document midback.session/1."""
    with replacing(path) as file:
        file.writelines(_pieces(result))


def as_json(result: Result, *, ascii_only: bool = False) -> str:
    """Return the document midback.session/1 as text; ascii_only escapes every ° and ±."""
    return "".join(_pieces(result, ascii_only=ascii_only))


def _pieces(result: Result, *, ascii_only: bool = False) -> Iterator[str]:
    """The text bit by bit: of a long session the whole would be megabytes."""
    encoder = json.JSONEncoder(indent=2, ensure_ascii=ascii_only, allow_nan=False)
    yield from encoder.iterencode(result.to_dict())
    yield "\n"


def write_series(series: Series, path: Path) -> None:
    """Write one row per resampled frame: t, then each angle, its standard error and status.

    Seconds and degrees (or the angle's own unit); a cell is empty where nothing was measured.
    """
    header = [column for name in series.traces for column in (name, f"{name}_se", f"{name}_status")]
    with replacing(path) as file:
        table = csv.writer(file, lineterminator="\n")
        table.writerow(["t", *header])
        for part in series.parts(ROWS):
            columns = [_cells(part.t, 4)]
            for trace in part.traces.values():
                columns += [_cells(trace.value, 3), _cells(trace.se, 3)]
                columns += [[STATUSES[code] for code in trace.status.tolist()]]
            table.writerows(zip(*columns, strict=True))


def _cells(values: np.ndarray[tuple[int], np.dtype[np.float64]], digits: int) -> list[str]:
    return ["" if np.isnan(v) else f"{v:.{digits}f}" for v in values.tolist()]


def _check_folder(folder: Path) -> None:
    """Only writing tells: permission bits say nothing about root or a read-only disk."""
    if not folder.is_dir():
        raise InputError(f"{folder}: no such folder; make it first or choose another")
    with refusals(folder), tempfile.NamedTemporaryFile(prefix=".midback-", dir=folder):
        pass


@contextmanager
def making(path: Path) -> Iterator[None]:
    """Make the folder `path`; after a failure those made here go again, if nothing is in them."""
    made = [f for f in (path, *path.parents) if not f.exists()]
    try:
        path.mkdir(parents=True, exist_ok=True)
        yield
    except BaseException:
        for empty in made:
            with suppress(OSError):  # it holds something, or was never made
                empty.rmdir()
        raise


@contextmanager
def refusals(path: Path) -> Iterator[None]:
    """Turn what the disk refuses into an InputError that names `path`."""
    try:
        yield
    except OSError as error:
        raise _refused(path, error) from None


def _refused(path: Path, error: OSError) -> InputError:
    return InputError(explain_os_error(OSError(error.errno, error.strerror, str(path))))


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
