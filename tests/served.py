"""`midback serve` in a process of its own, and a page made of nothing but a socket."""

from __future__ import annotations

import json
import os
import signal
import socket
import struct
import subprocess
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import cv2
import numpy as np
from cli import COMMAND
from numpy.typing import NDArray
from websockets import Origin
from websockets.sync.client import ClientConnection, connect

SIZE = (424, 240)
"""Of the frames that a Page shows: small, so that a slow machine keeps up."""


@dataclass(slots=True)
class Served:
    """A running server. said: the lines before the one with its address."""

    process: subprocess.Popen[str]
    url: str
    port: int
    said: list[str]

    def kill(self) -> None:
        """As a power cut would."""
        self.process.send_signal(signal.SIGKILL)
        self.process.wait(10)


@contextmanager
def served(folder: Path, *words: str, port: int = 0) -> Iterator[Served]:
    """The command, all that it writes below `folder`; interrupted at the end as by Ctrl-C."""
    process = subprocess.Popen(
        [*COMMAND, "serve", "--port", str(port), "--out", str(folder / "out"), *words],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "XDG_DATA_HOME": str(folder / "data")},
    )
    assert process.stdout is not None
    said: list[str] = []
    try:
        for line in process.stdout:
            said.append(line.rstrip())
            if "http://" in line:
                break
        else:
            raise AssertionError(process.communicate())
        url = next(word for word in said[-1].split() if word.startswith("http://"))
        yield Served(process, url, int(url.split("/")[2].rpartition(":")[2]), said[:-1])
    finally:
        process.send_signal(signal.SIGINT)
        process.communicate(timeout=20)


def ask(port: int, path: str = "/", host: str | None = None, **headers: str) -> tuple[int, str]:
    """Status and the whole answer of a request written by hand: no client tidies the path."""
    lines = [f"GET {path} HTTP/1.1"]
    if host != "":
        lines.append(f"Host: {host or f'127.0.0.1:{port}'}")
    lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
    with socket.create_connection(("127.0.0.1", port), timeout=10) as link:
        link.sendall("\r\n".join([*lines, "Connection: close", "", ""]).encode("latin-1"))
        answer = b""
        while chunk := link.recv(65536):
            answer += chunk
    return int(answer.split(b" ", 2)[1]), answer.decode("utf-8", "replace")


class Page:
    """What the page's script does, without a browser: one message at a time."""

    def __init__(self, port: int, cookie: str = "") -> None:
        self._open = ExitStack()
        self.link: ClientConnection = self._open.enter_context(
            connect(
                f"ws://127.0.0.1:{port}/live",
                origin=Origin(f"http://127.0.0.1:{port}"),
                max_size=None,
                close_timeout=1.0,
                additional_headers={"Cookie": cookie} if cookie else None,
            )
        )
        self.hello = self.next("hello")

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._open.close()

    def order(self, do: str, **more: Any) -> None:
        self.link.send(json.dumps({"do": do, **more}))

    def begin(self, exercise: str = "bird_dog") -> None:
        self.order("begin", exercise=exercise, width=SIZE[0], height=SIZE[1])
        self.next("begun")

    def next(self, kind: str, timeout: float = 30.0) -> dict[str, Any]:
        """The next message of that kind; others are passed over."""
        while True:
            found: dict[str, Any] = json.loads(self.link.recv(timeout))
            if found["kind"] == kind:
                return found

    def show(self, clock: float, jpeg: bytes) -> dict[str, Any]:
        """Show a frame and wait for what the coach says to it."""
        self.link.send(framed(clock, jpeg))
        return self.next("feedback")


def framed(clock: float, jpeg: bytes) -> bytes:
    return struct.pack("<d", clock) + jpeg


def as_jpeg(image: NDArray[np.uint8], size: tuple[int, int] = SIZE) -> bytes:
    small = cv2.resize(image, size, interpolation=cv2.INTER_AREA)
    return cv2.imencode(".jpg", small, (cv2.IMWRITE_JPEG_QUALITY, 85))[1].tobytes()


def frames_of(path: Path, rate: float, seconds: float) -> Iterator[tuple[float, bytes]]:
    """Frames of a recording at `rate` a second: time and JPEG."""
    film = cv2.VideoCapture(str(path))
    kept, number, fps = 0, 0, film.get(cv2.CAP_PROP_FPS)
    try:
        while number / fps < seconds:
            good, image = film.read()
            if not good:
                return
            if number / fps >= kept / rate:
                kept += 1
                yield number / fps, as_jpeg(np.asarray(image, np.uint8))
            number += 1
    finally:
        film.release()
