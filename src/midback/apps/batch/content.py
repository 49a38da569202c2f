"""What is in a file: its hash, and what it looked like when that was taken."""

from __future__ import annotations

import hashlib
import os
import stat
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from midback.apps.explain import explain_os_error
from midback.errors import InputError

_BLOCK = 1 << 20
_HOLES_FROM = 1 << 30  # bytes; reading a smaller hole costs nothing
_KINDS = {
    stat.S_IFIFO: "a pipe",
    stat.S_IFCHR: "a device",
    stat.S_IFBLK: "a device",
    stat.S_IFSOCK: "a socket",
    stat.S_IFDIR: "a folder",
}


@dataclass(frozen=True, slots=True)
class Stamp:
    """Size in bytes and time of the last change, to notice a file that is still being written."""

    size: int
    changed_ns: int

    @classmethod
    def of(cls, path: Path) -> Stamp:
        """Raises OSError where the file has gone."""
        return cls.known(path.stat())

    @classmethod
    def known(cls, status: os.stat_result) -> Stamp:
        """Of a file that was looked at."""
        return cls(status.st_size, status.st_mtime_ns)


def content_of(path: Path) -> tuple[Stamp, str]:
    """Stamp and SHA-256 of a recording.

    Raises InputError where it cannot be read, is no file (a pipe would be waited for, a device
    never ends), changes meanwhile, or was made large and never filled.
    """
    try:
        _check_kind(path.stat())
        with os.fdopen(os.open(path, _HOW), "rb") as file:
            status = os.fstat(file.fileno())
            _check_kind(status)  # of what was opened
            _check_filled(file, status.st_size)
            digest = _sha256(file, status.st_size)
            if Stamp.known(os.fstat(file.fileno())) != Stamp.known(status):
                raise InputError("changed while it was read: is it still being copied? Go on later")
            return Stamp.known(status), digest
    except OSError as error:
        raise InputError(explain_os_error(error)) from None


_HOW = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)


def kind_of(mode: int) -> str | None:
    """`a pipe`, `a device`, ...: what this is in place of a file; None for a file."""
    return None if stat.S_ISREG(mode) else _KINDS.get(stat.S_IFMT(mode), "something else")


def _check_kind(status: os.stat_result) -> None:
    kind = kind_of(status.st_mode)
    if kind is not None:
        raise InputError(f"is {kind}, not a file: copy the recording here")


def _check_filled(file: BinaryIO, size: int) -> None:
    """Refuse a download that was given its full length and never came: mostly a hole."""
    if size < _HOLES_FROM or not hasattr(os, "SEEK_HOLE"):
        return
    filled = end = 0
    while end < size and filled < size / 2:
        try:
            start = os.lseek(file.fileno(), end, os.SEEK_DATA)
        except OSError:  # a hole up to the end
            break
        end = os.lseek(file.fileno(), start, os.SEEK_HOLE)
        filled += end - start
    os.lseek(file.fileno(), 0, os.SEEK_SET)
    if filled < size / 2:
        raise InputError("most of it is missing, only its length is there: copy it again")


def _sha256(file: BinaryIO, size: int) -> str:
    """Of so many bytes: a file that grows faster than it is read would have no end."""
    digest = hashlib.sha256()
    while size > 0 and (block := file.read(min(size, _BLOCK))):
        digest.update(block)
        size -= len(block)
    return digest.hexdigest()
