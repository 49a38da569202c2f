"""What a stranger may throw at the server, and a set that must go on meanwhile."""

from __future__ import annotations

import json
import random
import struct
from collections.abc import Iterable, Iterator
from typing import Any

from needs import SAMPLE
from served import Page, framed, frames_of
from websockets.exceptions import ConnectionClosed


class Runner:
    """A set that runs while others attack."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self._frames = frames_of(SAMPLE, 15.0, 50.0)
        self.last: dict[str, Any] = {}

    def go_on(self, seconds: float = 0.6) -> None:
        """Some more frames; each must be answered, by a coach that sees the person."""
        before = self.last.get("t", -1.0)
        while self.last.get("t", -1.0) < before + seconds:
            self.last = self.page.show(*next(self._frames))
        assert self.last["points"]


CUT = 1006
"""The socket ended before the reason for it arrived, as it may while much is still being sent."""


def closed_with(page: Page, messages: Iterable[str | bytes], patience_s: float = 2.0) -> int:
    """Send all this, and return the code with which the server closes; 0 where it does not."""
    try:
        for message in messages:
            page.link.send(message)
        page.next("never", patience_s)
    except ConnectionClosed as closed:
        return CUT if closed.rcvd is None else closed.rcvd.code
    except TimeoutError:
        pass
    return 0


def nonsense(count: int) -> Iterator[str | bytes]:
    """Malformed messages of every kind, the same ones each time."""
    dice = random.Random(1)
    for _ in range(count):
        raw = dice.randbytes(dice.randrange(200))
        kinds: list[str | bytes] = [
            raw,
            raw.decode("latin-1"),
            framed(dice.random(), b"\xff\xd8\xff\xc0" + raw),
            framed(float("nan"), b"\xff\xd8\xff\xe0" + raw),
            json.dumps({"do": dice.choice(["save", "fly", "end", "next", "pain_score"])}),
            json.dumps({"do": "begin", "exercise": raw.hex(), "width": -1, "height": 1e300}),
            json.dumps([[[]]] * dice.randrange(20)),
            "[" * 5000,
        ]
        yield dice.choice(kinds)


def claiming(picture: bytes, width: int, height: int) -> bytes:
    """A small picture whose header claims another size."""
    data = bytearray(picture)
    if data[:2] == b"\xff\xd8":
        at = next(i for i in range(len(data)) if data[i : i + 2] == b"\xff\xc0")
        data[at + 5 : at + 9] = struct.pack(">HH", height, width)
    else:
        data[16:24] = struct.pack(">II", width, height)
    return bytes(data)
