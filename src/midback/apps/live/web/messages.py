"""What a page may send: commands as JSON, frames as a clock and a JPEG. Nothing is decoded here."""

from __future__ import annotations

import json
import math
import struct
import time
from dataclasses import dataclass
from typing import Any

from midback.sides import Side

MAX_MESSAGE = 2_000_000 + 8
MAX_WIDTH, MAX_HEIGHT = 1920, 1920
"""Either way up: 1920 x 1080 of a camera, 1080 x 1920 of a phone held upright."""
MAX_PIXELS = 1920 * 1080
MIN_SIDE = 64

_CLOCK = struct.Struct("<d")
_NAME_LENGTH = 100
_SIZES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
_BARE = frozenset(range(0xD0, 0xD9)) | {0x01}


class MessageError(Exception):
    """A message that cannot be taken; its text is one line for the person."""


@dataclass(frozen=True, slots=True)
class Picture:
    """A frame as it came. clock: seconds of the browser's own clock. size: width and height."""

    clock: float
    jpeg: bytes
    size: tuple[int, int]


@dataclass(frozen=True, slots=True)
class Order:
    """A command. do: its name. The rest is checked, and None where it was not given."""

    do: str
    exercise: str | None = None
    width: int | None = None
    height: int | None = None
    value: int | None = None
    side: Side | None = None


def read_order(text: str) -> Order:
    """Read one JSON command, whatever its name; MessageError where it is none."""
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        raise MessageError("that was no JSON") from None
    if not isinstance(found, dict) or not isinstance(found.get("do"), str):
        raise MessageError('a command looks like {"do": "pause"}')
    do = found["do"][:_NAME_LENGTH]
    exercise = found.get("exercise")
    if exercise is not None and not isinstance(exercise, str):
        raise MessageError("exercise must be a name")
    side = found.get("side")
    if side not in (None, "left", "right"):
        raise MessageError("side is left or right")
    whole = {key: _whole(found, key) for key in ("width", "height", "value")}
    return Order(do, exercise if exercise is None else exercise[:_NAME_LENGTH], **whole, side=side)


def _whole(found: dict[str, Any], key: str) -> int | None:
    value = found.get(key)
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= 10_000:
        raise MessageError(f"{key} must be a whole number")
    return value


def read_picture(message: bytes) -> Picture:
    """Read a frame's clock and the size its JPEG claims; nothing is unpacked for that."""
    if len(message) > MAX_MESSAGE:
        raise MessageError("that picture is larger than 2 MB")
    if len(message) < _CLOCK.size + 4:
        raise MessageError("that is no picture")
    (clock,) = _CLOCK.unpack_from(message)
    if not math.isfinite(clock):
        raise MessageError("that picture has no time")
    jpeg = message[_CLOCK.size :]
    size = jpeg_size(jpeg)
    if size is None:
        raise MessageError("that picture is no JPEG")
    check_size(*size)
    return Picture(clock, jpeg, size)


def check_size(width: int, height: int) -> None:
    """Raise MessageError where a picture of that size is not taken."""
    if min(width, height) < MIN_SIDE:
        raise MessageError(f"a picture of {width} x {height} is too small")
    if width > MAX_WIDTH or height > MAX_HEIGHT or width * height > MAX_PIXELS:
        raise MessageError(f"a picture of {width} x {height} is too large: at most 1920 x 1080")


def jpeg_size(data: bytes) -> tuple[int, int] | None:
    """Width and height from a JPEG's header, read without unpacking it; None where it has none."""
    if data[:2] != b"\xff\xd8":
        return None
    at = 2
    while at + 4 <= len(data):
        if data[at] != 0xFF:
            return None
        marker = data[at + 1]
        if marker == 0xFF or marker in _BARE:
            at += 1 if marker == 0xFF else 2
            continue
        length = int.from_bytes(data[at + 2 : at + 4], "big")
        if marker in _SIZES:
            if length < 8 or at + 9 > len(data):
                return None
            height, width = struct.unpack_from(">HH", data, at + 5)
            return width, height
        if marker in (0xD9, 0xDA) or length < 2:
            return None
        at += 2 + length
    return None


class Pace:
    """At most `rate` messages a second, with a second's worth saved up."""

    def __init__(self, rate: float) -> None:
        self._rate = self._left = rate
        self._last = time.monotonic()

    def allows(self) -> bool:
        """Whether one more may come now."""
        now = time.monotonic()
        self._left = min(self._rate, self._left + (now - self._last) * self._rate)
        self._last = now
        if self._left < 1.0:
            return False
        self._left -= 1.0
        return True
