"""Saved poses: an .npz that plain numpy.load reads, written and read as a stream.

Members: `info` (a JSON string: format, the source and the model's SHA-256), `t` (T,) float64
seconds, `points` (T, 33, 3), `world` (T, 33, 3), `visibility` (T, 33) and, where a mask was
measured, `silhouette` (T, 2, RAYS) with `has_silhouette` (T,) bool. All others are float32.
What comes out is what went in, to the last bit.
"""

from __future__ import annotations

import json
import shutil
import tempfile
import zipfile
from collections.abc import Iterator
from contextlib import ExitStack, suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from types import TracebackType
from typing import IO, Any, BinaryIO, Self, cast

import numpy as np
from numpy.lib import format as npy
from numpy.typing import NDArray

from midback.errors import InputError
from midback.vision.closing import Closing
from midback.vision.pose import LANDMARKS, RAYS, Pose, SourceInfo

FORMAT = "midback.poses/1"
_CHUNK = 256  # frames held in memory
_TOGETHER = 16  # of them, that lie in one piece
_NEEDED = ("t", "points", "world", "visibility")


@dataclass(frozen=True, slots=True)
class _Column:
    dtype: np.dtype[Any]
    shape: tuple[int, ...]  # of one frame


_COLUMNS = {
    "t": _Column(np.dtype("<f8"), ()),
    "points": _Column(np.dtype("<f4"), (LANDMARKS, 3)),
    "world": _Column(np.dtype("<f4"), (LANDMARKS, 3)),
    "visibility": _Column(np.dtype("<f4"), (LANDMARKS,)),
    "silhouette": _Column(np.dtype("<f4"), (2, RAYS)),
    "has_silhouette": _Column(np.dtype("?"), ()),
}
_NO_SILHOUETTE = np.full((2, RAYS), np.nan, dtype=np.float32)


class PoseWriter:
    """Writes poses as they come; use it in a `with` statement.

    The file appears under its name when the block ends well. After an error or Ctrl-C nothing
    is left. Raises InputError where the place cannot be written to.
    """

    def __init__(self, path: Path, info: SourceInfo, model_sha256: str) -> None:
        self._path = path
        self._info = {"format": FORMAT, "model_sha256": model_sha256, "source": asdict(info)}
        self._count = 0
        self._masked = False
        self._last = -np.inf
        self._files: dict[str, BinaryIO] = {}
        try:
            if path.is_dir():
                raise IsADirectoryError(0, "it is a folder")
            self._folder = Path(tempfile.mkdtemp(prefix=f".{path.name}.", dir=path.parent))
        except OSError as error:
            raise _unwritable(path, error) from error
        try:
            for name in _COLUMNS:
                self._files[name] = (self._folder / name).open("w+b")
        except BaseException:
            self._discard()
            raise

    def write(self, pose: Pose) -> None:
        """Append one pose. Raises ValueError where its time does not increase."""
        if not pose.t > self._last:
            raise ValueError(f"pose at {pose.t} s does not come after {self._last} s")
        row = {
            "t": np.float64(pose.t),
            "points": pose.points,
            "world": pose.world,
            "visibility": pose.visibility,
            "silhouette": _NO_SILHOUETTE if pose.silhouette is None else pose.silhouette,
            "has_silhouette": np.bool_(pose.silhouette is not None),
        }
        try:
            for name, value in row.items():
                column = _COLUMNS[name]
                array = np.asarray(value, dtype=column.dtype).reshape(column.shape)
                self._files[name].write(array.tobytes())
        except OSError as error:
            raise _unwritable(self._path, error) from error
        self._masked = self._masked or pose.silhouette is not None
        self._last = pose.t
        self._count += 1

    def _finish(self) -> None:
        whole = self._folder / "whole.npz"
        names = [n for n in _COLUMNS if self._masked or not n.endswith("silhouette")]
        with zipfile.ZipFile(whole, "w", zipfile.ZIP_STORED) as archive:
            with archive.open("info.npy", "w") as member:
                npy.write_array(member, np.array(json.dumps(self._info)), allow_pickle=False)
            for name in names:
                with archive.open(f"{name}.npy", "w", force_zip64=True) as member:
                    self._copy_column(name, member)
        whole.replace(self._path)

    def _copy_column(self, name: str, member: IO[bytes]) -> None:
        column = _COLUMNS[name]
        header = {
            "descr": npy.dtype_to_descr(column.dtype),
            "fortran_order": False,
            "shape": (self._count, *column.shape),
        }
        npy.write_array_header_1_0(member, header)
        self._files[name].seek(0)
        shutil.copyfileobj(self._files[name], member, 1 << 20)

    def _discard(self) -> None:
        for file in self._files.values():
            with suppress(OSError):  # a full disk refuses the last flush as well
                file.close()
        shutil.rmtree(self._folder, ignore_errors=True)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        try:
            if kind is None:
                self._finish()
        except OSError as reason:
            raise _unwritable(self._path, reason) from reason
        finally:
            self._discard()


def _unwritable(path: Path, error: OSError) -> InputError:
    return InputError(
        f"{path} cannot be written: {error.strerror}; choose another place for the poses"
    )


class PoseSource(Closing):
    """Saved poses; iterate it, as often as wanted, and close it (or use `with`)."""

    def __init__(self, path: Path) -> None:
        self._path = path
        try:
            self._archive = zipfile.ZipFile(path)
        except FileNotFoundError as error:
            raise InputError(f"{path} does not exist: check the path") from error
        except zipfile.BadZipFile as error:
            raise InputError(f"{path} is not a file of saved poses (.npz)") from error
        except OSError as error:
            raise InputError(f"{path} cannot be read: {error.strerror or error}") from error
        try:
            self._validate()
        except (ValueError, KeyError, TypeError, OSError, EOFError, zipfile.BadZipFile) as error:
            self.close()
            raise InputError(f"{path} is not a file of saved poses: {error}") from error
        except BaseException:
            self.close()
            raise

    def _validate(self) -> None:
        members = set(self._archive.namelist())
        missing = [n for n in ("info", *_NEEDED) if f"{n}.npy" not in members]
        if missing:
            raise ValueError(f"{', '.join(missing)} missing; save them with --save-poses")
        self._names = [n for n in _COLUMNS if f"{n}.npy" in members]
        if ("silhouette" in self._names) != ("has_silhouette" in self._names):
            raise ValueError("silhouette and has_silhouette belong together")
        self._read_info()
        counts = {name: self._count_of(name) for name in self._names}
        self.frame_count = counts["t"]
        if set(counts.values()) != {self.frame_count}:
            raise ValueError(f"its arrays differ in length: {counts}")
        self._check_time()
        if not any(np.isfinite(chunk[:, 0, 0]).any() for chunk in self._chunks("points")):
            raise ValueError("nobody was found in any frame")

    def _read_info(self) -> None:
        with self._archive.open("info.npy") as member:
            info = json.loads(str(npy.read_array(member, allow_pickle=False)))
        if not isinstance(info, dict) or info.get("format") != FORMAT:
            raise ValueError(f"its format is not {FORMAT}")
        self.info = _source_info(info["source"])
        if not isinstance(info["model_sha256"], str):
            raise ValueError("its model_sha256 must be text")
        self.model_sha256 = info["model_sha256"]

    def _count_of(self, name: str) -> int:
        with self._archive.open(f"{name}.npy") as member:
            shape, fortran, dtype = _header(member)
        column = _COLUMNS[name]
        if dtype != column.dtype or shape[1:] != column.shape or not shape or fortran:
            raise ValueError(f"{name} is {dtype} {shape}, not {column.dtype} (T, *{column.shape})")
        return shape[0]

    def _check_time(self) -> None:
        last = -np.inf
        for chunk in self._chunks("t"):
            steps = np.diff(chunk, prepend=last)
            if not (np.isfinite(chunk).all() and (steps > 0).all()):
                raise ValueError("its times do not increase")
            last = float(chunk[-1])

    def _chunks(self, name: str) -> Iterator[NDArray[Any]]:
        """Read one array, _CHUNK frames at a time."""
        column = _COLUMNS[name]
        with self._archive.open(f"{name}.npy") as member:
            left = _header(member)[0][0]
            size = column.dtype.itemsize * int(np.prod(column.shape))
            while left:
                count = min(left, _CHUNK)
                raw = member.read(count * size)
                if len(raw) < count * size:
                    raise EOFError(f"{name} ends early")
                yield np.frombuffer(raw, dtype=column.dtype).reshape(count, *column.shape)
                left -= count

    def __iter__(self) -> Iterator[Pose]:
        """Yield the poses in order. Raises InputError where the file turns out damaged."""
        try:
            with ExitStack() as stack:
                streams = {}
                for name in self._names:
                    streams[name] = self._chunks(name)
                    stack.callback(cast(Any, streams[name]).close)
                for chunks in zip(*streams.values(), strict=True):
                    yield from _poses(dict(zip(streams, chunks, strict=True)))
        except (OSError, EOFError, ValueError, zipfile.BadZipFile) as error:
            raise InputError(f"{self._path} is damaged: {error}; copy it again") from error

    def close(self) -> None:
        """Close the file."""
        self._archive.close()


def open_poses(path: Path) -> PoseSource:
    """Open poses saved by PoseWriter. Raises InputError where the file is not such a file."""
    return PoseSource(path)


def _source_info(saved: Any) -> SourceInfo:
    """Check every value: the file may have been written or changed by another program."""
    if not isinstance(saved, dict):
        raise ValueError("its source must be a table of names and values")
    info = SourceInfo(**saved)
    wrong = [
        name
        for name, good in (
            ("path", isinstance(info.path, str)),
            ("sha256", info.sha256 is None or isinstance(info.sha256, str)),
            ("fps", info.fps is None or _positive(info.fps, int, float)),
            ("width", _positive(info.width, int)),
            ("height", _positive(info.height, int)),
        )
        if not good
    ]
    if wrong:
        values = ", ".join(f"{name} = {json.dumps(saved[name])[:40]}" for name in wrong)
        raise ValueError(f"its source has an impossible {values}")
    return info


def _positive(value: object, *kinds: type) -> bool:
    """Whether it is a finite number above 0. JSON's true is an int to Python, not to us."""
    return type(value) in kinds and 0 < cast(float, value) < float("inf")


def _header(member: IO[bytes]) -> tuple[tuple[int, ...], bool, np.dtype[Any]]:
    version = npy.read_magic(member)
    read = npy.read_array_header_1_0 if version == (1, 0) else npy.read_array_header_2_0
    return read(member)


def _poses(chunk: dict[str, NDArray[Any]]) -> Iterator[Pose]:
    """Poses that share their memory with few others: who keeps one does not keep the chunk."""
    masked = chunk.get("has_silhouette")
    for first in range(0, len(chunk["t"]), _TOGETHER):
        part = slice(first, first + _TOGETHER)
        points, world, visible = (chunk[n][part].copy() for n in ("points", "world", "visibility"))
        rays: list[Any] = [None] * len(points)
        if masked is not None:
            pairs = zip(masked[part].tolist(), chunk["silhouette"][part].copy(), strict=True)
            rays = [silhouette if seen else None for seen, silhouette in pairs]
        yield from map(Pose, chunk["t"][part].tolist(), points, world, visible, rays)
