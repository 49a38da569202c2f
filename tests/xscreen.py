"""A screen nobody sees, its keyboard, and what stands on it: Xvfb and xdotool."""

from __future__ import annotations

import contextlib
import os
import shutil
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import pytest
from needs import ON_CI

from midback.vision.frames import Image

SIZE = (1280, 720)


needs_screen = pytest.mark.skipif(
    not ON_CI and not (shutil.which("Xvfb") and shutil.which("xdotool")),
    reason="the window's tests need Xvfb and xdotool: apt-get install xvfb xdotool",
)


class XScreen:
    """environment: for a process that is to show its window here."""

    def __init__(self, display: str, memory: Path) -> None:
        self._memory = memory
        self.environment = {**os.environ, "DISPLAY": display}
        self.environment.pop("WAYLAND_DISPLAY", None)

    def picture(self) -> Image:
        """(H, W, 3) blue, green, red: the screen's own memory, an XWD file."""
        data = self._memory.read_bytes()
        header = np.frombuffer(data, ">u4", 25)
        width, height, line = (int(header[index]) for index in (4, 5, 12))
        start = int(header[0]) + 12 * int(header[19])
        pixels = np.frombuffer(data, np.uint8, height * line, start).reshape(height, line)
        return np.ascontiguousarray(pixels[:, : 4 * width].reshape(height, width, 4)[:, :, :3])

    def settle(self) -> None:
        """Wait for the window, and show it once more where it stays black.

        Without a window manager, Qt sometimes misses that its window is on the screen, and paints
        nothing.
        """
        self._xdotool("search", "--sync", "--name", "^midback$")
        for _ in range(8):
            with contextlib.suppress(AssertionError):
                self.wait(lambda picture: bool(picture[:, :400].max() > 60), 4)
                return
            self._xdotool("search", "--name", "^midback$", "windowunmap", "windowmap")

    def press(self, *keys: str) -> None:
        """Press keys in the window, by their X names."""
        self._xdotool("search", "--sync", "--name", "^midback$", "windowfocus", "key", *keys)

    def wait(self, wanted: Callable[[Image], bool], timeout_s: float) -> Image:
        """The first picture of that kind."""
        end = time.monotonic() + timeout_s
        while time.monotonic() < end:
            picture = self.picture()
            if wanted(picture):
                return picture
            time.sleep(0.1)
        raise AssertionError(f"not to be seen within {timeout_s:.0f} s")

    def _xdotool(self, *words: str) -> str:
        return subprocess.run(
            ["xdotool", *words],
            env=self.environment,
            check=True,
            timeout=40,
            capture_output=True,
            text=True,
        ).stdout


@contextmanager
def x_screen(folder: Path) -> Iterator[XScreen]:
    """A screen of its own, gone afterwards."""
    reader, writer = os.pipe()
    geometry = f"{SIZE[0]}x{SIZE[1]}x24"
    server = subprocess.Popen(
        ["Xvfb", "-displayfd", str(writer), "-screen", "0", geometry, "-fbdir", str(folder),
         "-nolisten", "tcp", "-noreset", "-r"],
        pass_fds=[writer], stderr=subprocess.DEVNULL,
    )  # fmt: skip
    os.close(writer)
    try:
        with os.fdopen(reader) as number:
            display = f":{number.readline().strip()}"
        yield XScreen(display, folder / "Xvfb_screen0")
    finally:
        server.terminate()
        server.wait()
