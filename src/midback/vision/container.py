"""Is a video file whole? Answered from the lengths its container declares, without decoding."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

_MP4_FIRST_BOXES = {b"ftyp", b"moov", b"mdat", b"wide", b"free", b"skip", b"pnot", b"styp"}
_EBML = b"\x1a\x45\xdf\xa3"
_MATROSKA_SEGMENT = 0x18538067


def cut_off(path: Path) -> bool:
    """Whether the file lacks its end by its own account.

    Understands MP4/MOV (a part reaches past the end of the file, or the index, moov, is not
    there), AVI and Matroska/WebM; any other file, and one that says nothing, counts as whole.
    """
    size = path.stat().st_size
    with path.open("rb") as file:
        head = file.read(12)
        file.seek(0)
        if head[4:8] in _MP4_FIRST_BOXES:
            boxes = dict(_mp4_boxes(file, size))
            return b"moov" not in boxes or max(boxes.values()) > size
        if head[:4] == b"RIFF":
            return _riff_end(file, size) > size
        if head[:4] == _EBML:
            return _matroska_end(file, size) > size
    return False


def _mp4_boxes(file: BinaryIO, size: int) -> Iterator[tuple[bytes, int]]:
    """(name, end) of each box at the top level; stops at the first that is not a box."""
    start = 0
    while start + 8 <= size:
        file.seek(start)
        head = file.read(16)
        length, name = int.from_bytes(head[:4], "big"), head[4:8]
        if length == 1:
            length = int.from_bytes(head[8:16], "big")
        elif length == 0:  # reaches to the end of the file
            length = size - start
        if length < 8 or not name.isascii():
            return
        start += length
        yield name, start


def _riff_end(file: BinaryIO, size: int) -> int:
    """End of the last RIFF chunk: long AVI files are made of several."""
    end = 0
    while end + 8 <= size:
        file.seek(end)
        head = file.read(8)
        if head[:4] != b"RIFF":
            break
        end += 8 + int.from_bytes(head[4:], "little")
    return end


def _matroska_end(file: BinaryIO, size: int) -> int:
    """End of the segment; 0 where its length was left open, as in a live recording."""
    start = 0
    for _ in range(2):  # the header, then the segment
        identifier, start = _vint(file, start, keep_marker=True)
        length, start = _vint(file, start, keep_marker=False)
        if length < 0:
            return 0
        if identifier == _MATROSKA_SEGMENT:
            return start + length
        start += length
        if start >= size:
            return start
    return 0


def _vint(file: BinaryIO, start: int, *, keep_marker: bool) -> tuple[int, int]:
    """Read one EBML number at `start`: (value, position after it); -1 for "unknown"."""
    file.seek(start)
    first = file.read(1)
    if not first or first == b"\0":
        return -1, start + 1
    width = 9 - first[0].bit_length()
    raw = first + file.read(width - 1)
    value = int.from_bytes(raw, "big")
    if keep_marker:
        return value, start + width
    value &= (1 << 7 * width) - 1
    return (-1 if value == (1 << 7 * width) - 1 else value), start + width
