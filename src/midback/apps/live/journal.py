"""A running set on the disk, so that a crash loses at most the repetition in work.

A line of JSON, then fixed-size records of poses and commands, each with its check sum. Poses are
no pictures: nobody can be recognised in them.
"""

from __future__ import annotations

import json
import os
import struct
import time
import zlib
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import BinaryIO, Self, get_args

import numpy as np

from midback.apps.live.coach import COMMANDS, Entry
from midback.errors import InputError
from midback.form.evidence import Caution
from midback.sides import Side
from midback.vision.pose import LANDMARKS, RAYS, Pose

FORMAT = "midback.running/1"

_HEAD = struct.Struct("<cBd")  # kind, silhouette given or number of the command, time
_SUM = struct.Struct("<I")
_POINTS = LANDMARKS * 3
_FLOATS = 2 * _POINTS + LANDMARKS + 2 * RAYS
_SIZES = {b"P": _HEAD.size + 4 * _FLOATS + _SUM.size, b"C": _HEAD.size + _SUM.size}
_NO_RAYS = np.full((2, RAYS), np.nan, dtype="<f4")
_LONGEST_HEADER = 4096


@dataclass(frozen=True, slots=True)
class Header:
    """What a Coach was made with, and the wall clock at the beginning, seconds since 1970."""

    exercise: str
    width: int
    height: int
    caution: Caution
    begun: float
    side: Side | None = None


class Journal:
    """Keeps what a Coach takes, in order, while the set runs.

    Give every pose and every command as an Entry of its own (not `coach.entries[-1]`: an undo
    plays the entries anew). warning: one line once the disk has refused; the set goes on.
    """

    def __init__(self, path: Path, file: BinaryIO) -> None:
        self.path = path
        self.warning: str | None = None
        self._file = file

    @classmethod
    def begin(
        cls,
        path: Path,
        exercise_name: str,
        width: int,
        height: int,
        caution: Caution,
        side: Side | None = None,
    ) -> Self:
        """Make the file, readable by its owner only. Raises InputError where it cannot be made."""
        header = Header(exercise_name, width, height, caution, time.time(), side)
        line = json.dumps({"format": FORMAT, **asdict(header)}) + "\n"
        try:
            path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            path.unlink(missing_ok=True)
            number = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            file = os.fdopen(number, "wb", buffering=0)
            file.write(line.encode())
        except OSError as error:
            raise InputError(f"{path}: the set cannot be kept: {error.strerror}") from error
        return cls(path, file)

    def append(self, entry: Entry) -> None:
        """Hand the entry to the system, which keeps it even where this process is killed."""
        if self.warning is not None:
            return
        record = _record(entry)
        try:
            written = self._file.write(record)
        except OSError as error:
            self.warning = f"{self.path}: the set is no longer kept: {error.strerror}"
            return
        if written != len(record):
            self.warning = f"{self.path}: the set is no longer kept: the disk is full"

    def close(self, done: bool) -> None:
        """done: the set was ended or discarded, and the file goes; else it stays."""
        self._file.close()
        if done:
            self.path.unlink(missing_ok=True)


def read_journal(path: Path) -> tuple[Header, list[Entry]]:
    """The set as far as it was written: all up to the first record that is torn or damaged.

    Raises InputError where the file is not a journal.
    """
    try:
        with path.open("rb") as file:
            header = _header(file.readline(_LONGEST_HEADER))
            if header is None:
                raise InputError(f"{path} is not a set that midback was running")
            return header, list(_entries(file.read()))
    except OSError as error:
        raise InputError(f"{path} cannot be read: {error.strerror}") from error


def running_folder() -> Path:
    """Where running sets are kept."""
    import platformdirs

    return platformdirs.user_data_path("midback", appauthor=False) / "running"


def new_path(exercise_name: str, folder: Path | None = None) -> Path:
    """A name of its own for the journal of a set that begins now."""
    now = time.strftime("%Y%m%d-%H%M%S")
    return (folder or running_folder()) / f"{now}-{os.getpid()}-{exercise_name}.set"


def latest_unfinished(folder: Path | None = None) -> Path | None:
    """The journal that was written to last, here or in a folder below.

    Passed over: files of other kinds, and sets that another process is running right now.
    """
    written = {path: _written(path) for path in (folder or running_folder()).rglob("*")}
    found = {path: at for path, at in written.items() if at is not None}
    return max(found, key=lambda path: found[path], default=None)


def _written(path: Path) -> float | None:
    """When a journal was written to last; None for another file, or one that has just gone."""
    if _is_running(path):
        return None
    try:
        with path.open("rb") as file:
            header = _header(file.readline(_LONGEST_HEADER))
        return None if header is None else path.stat().st_mtime
    except OSError:
        return None


def _is_running(path: Path) -> bool:
    """Whether another process keeps the journal; see new_path for the name."""
    number = (path.name.split("-") + [""] * 3)[2]
    if os.name != "posix" or not number.isdigit() or int(number) == os.getpid():
        return False
    try:
        os.kill(int(number), 0)
    except (ProcessLookupError, OverflowError):
        return False
    except PermissionError:
        pass
    return True


def _header(line: bytes) -> Header | None:
    try:
        found = json.loads(line)
        if found.pop("format") != FORMAT:
            return None
        header = Header(**found)
    except (ValueError, AttributeError, KeyError, TypeError):
        return None
    sizes = header.width, header.height
    good = all(isinstance(size, int) and size > 0 for size in sizes)
    named = isinstance(header.exercise, str) and header.caution in get_args(Caution)
    named = named and header.side in (None, *get_args(Side))
    return header if good and named else None


def _record(entry: Entry) -> bytes:
    pose = entry.pose
    if pose is None:
        assert entry.command is not None
        body = _HEAD.pack(b"C", COMMANDS.index(entry.command), entry.t)
    else:
        rays = _NO_RAYS if pose.silhouette is None else pose.silhouette
        parts = pose.points, pose.world, pose.visibility, rays
        floats = b"".join(np.asarray(part, dtype="<f4").tobytes() for part in parts)
        body = _HEAD.pack(b"P", pose.silhouette is not None, entry.t) + floats
    return body + _SUM.pack(zlib.crc32(body))


def _entries(data: bytes) -> Iterator[Entry]:
    begin = 0
    while (size := _SIZES.get(data[begin : begin + 1])) is not None:
        body, total = data[begin : begin + size - 4], data[begin + size - 4 : begin + size]
        if len(total) < _SUM.size or _SUM.unpack(total)[0] != zlib.crc32(body):
            return
        yield _entry(body)
        begin += size


def _entry(body: bytes) -> Entry:
    kind, mark, t = _HEAD.unpack_from(body)
    if kind == b"C":
        return Entry(t, None, COMMANDS[mark])
    floats = np.frombuffer(body, "<f4", offset=_HEAD.size).astype(np.float32)
    points, world, visibility, rays = np.split(floats, [_POINTS, 2 * _POINTS, _FLOATS - 2 * RAYS])
    shape = LANDMARKS, 3
    silhouette = rays.reshape(2, RAYS) if mark else None
    return Entry(t, Pose(t, points.reshape(shape), world.reshape(shape), visibility, silhouette))
