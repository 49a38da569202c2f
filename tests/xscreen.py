"""A screen nobody sees, its keyboard and its windows: Xvfb, openbox, xdotool and wmctrl."""

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
_TRIES = 5
_NO_FRAMES = """<?xml version="1.0"?>
<openbox_config xmlns="http://openbox.org/3.4/rc"><applications><application class="*">
<decor>no</decor><position force="yes"><x>0</x><y>0</y></position>
</application></applications></openbox_config>
"""

_TOOLS = ("Xvfb", "openbox", "xdotool", "wmctrl")

needs_screen = pytest.mark.skipif(
    not ON_CI and not all(map(shutil.which, _TOOLS)),
    reason="the window's tests need: apt-get install xvfb openbox xdotool wmctrl",
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
        self._find()
        self.wait(lambda picture: bool(picture[:, :400].max() > 60), 30)

    def press(self, *keys: str) -> None:
        """Press keys in the window, by their X names, as fast as a person does."""
        self._find("windowfocus", "--sync")
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

    def _find(self, *then: str) -> None:
        """xdotool ends with an X error where any window goes while it looks at it."""
        for _ in range(_TRIES):
            done = self._call("xdotool", "search", "--sync", "--name", _TITLE, *then)
            if done.returncode == 0:
                return
        raise AssertionError(done.stderr)

    def _run(self, *words: str) -> None:
        done = self._call(*words)
        assert done.returncode == 0, f"{' '.join(words)}: {done.stderr}"

    def _call(self, *words: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            words, env=self.environment, timeout=40, capture_output=True, text=True, check=False
        )


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
        with _managed(screen, folder):
            yield screen
    finally:
        server.terminate()
        server.wait()


@contextmanager
def _managed(screen: XScreen, folder: Path) -> Iterator[None]:
    """With a window manager: without one Qt sometimes paints nothing, and no key finds a window.

    Under matchbox one window in twenty stayed black, never exposed; under openbox none of 240.
    """
    settings = folder / "openbox.xml"
    settings.write_text(_NO_FRAMES)
    manager = subprocess.Popen(
        ["openbox", "--config-file", str(settings)],
        env=screen.environment,
        stderr=subprocess.DEVNULL,
    )
    try:
        yield
    finally:
        manager.terminate()
        manager.wait()
