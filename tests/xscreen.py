"""A screen nobody sees, its keyboard and its windows: Xvfb, matchbox, xdotool and wmctrl."""

from __future__ import annotations

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
_TITLE = "^midback$"
_BETWEEN_KEYS_S = 0.15


_TOOLS = ("Xvfb", "matchbox-window-manager", "xdotool", "wmctrl")

needs_screen = pytest.mark.skipif(
    not ON_CI and not all(map(shutil.which, _TOOLS)),
    reason="the window's tests need: apt-get install xvfb matchbox-window-manager xdotool wmctrl",
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
        """Wait for the window and for something in it."""
        self._run("xdotool", "search", "--sync", "--name", _TITLE)
        self.wait(lambda picture: bool(picture[:, :400].max() > 60), 30)

    def press(self, *keys: str) -> None:
        """Press keys in the window, by their X names, as fast as a person does."""
        self._run("xdotool", "search", "--sync", "--name", _TITLE, "windowfocus", "--sync")
        for key in keys:
            self._run("xdotool", "key", key)
            time.sleep(_BETWEEN_KEYS_S)

    def press_close(self) -> None:
        """Press the window's close button."""
        self._run("wmctrl", "-c", "midback")

    def wait(self, wanted: Callable[[Image], bool], timeout_s: float) -> Image:
        """The first picture of that kind."""
        end = time.monotonic() + timeout_s
        while time.monotonic() < end:
            picture = self.picture()
            if wanted(picture):
                return picture
            time.sleep(0.1)
        raise AssertionError(f"not to be seen within {timeout_s:.0f} s")

    def _run(self, *words: str) -> None:
        done = subprocess.run(
            words, env=self.environment, timeout=40, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, f"{' '.join(words)}: {done.stderr}"


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
        screen = XScreen(display, folder / "Xvfb_screen0")
        with _managed(screen):
            yield screen
    finally:
        server.terminate()
        server.wait()


@contextmanager
def _managed(screen: XScreen) -> Iterator[None]:
    """With a window manager: without one Qt sometimes paints nothing, and no key finds a window."""
    manager = subprocess.Popen(
        ["matchbox-window-manager", "-use_titlebar", "no"],
        env=screen.environment,
        stderr=subprocess.DEVNULL,
    )
    try:
        yield
    finally:
        manager.terminate()
        manager.wait()
