"""OpenCV's window: shown, asked for keys, and refused in words where there is no screen."""

from __future__ import annotations

import os
import subprocess
import sys

import cv2

from midback.errors import InputError
from midback.vision.closing import Closing
from midback.vision.frames import Image

_TITLE = "midback"
_STYLE = cv2.WINDOW_NORMAL | cv2.WINDOW_KEEPRATIO | cv2.WINDOW_GUI_NORMAL
_PROBE = "import cv2; cv2.namedWindow('midback begins')"
_PROBE_S = 30.0
_NAMES = {
    **{8: "backspace", 127: "backspace", 0xFF08: "backspace"},
    **{10: "enter", 13: "enter", 0xFF0D: "enter", 0xFF8D: "enter"},
    **{27: "escape", 0xFF1B: "escape", 32: "space"},
}


def refuse_without_screen() -> None:
    """Raise InputError where a window cannot be opened; OpenCV would abort the whole process.

    Only another process can find out: Qt ends its own where anything is missing.
    """
    if not sys.platform.startswith("linux"):
        return
    if not os.environ.get("DISPLAY"):
        raise InputError(
            "there is no screen here (DISPLAY is not set): run this on the machine that the camera "
            "and the screen belong to"
        )
    try:
        done = subprocess.run(
            [sys.executable, "-c", _PROBE], capture_output=True, timeout=_PROBE_S, check=False
        )
        works = done.returncode == 0
    except subprocess.TimeoutExpired:
        works = False
    if not works:
        shown = os.environ["DISPLAY"]
        raise InputError(
            f"no window can be opened on the screen {shown}: is it running, and may you use it?"
        )


class Screen(Closing):
    """One window. closed: by its own button."""

    def __init__(self, width: int, height: int) -> None:
        cv2.namedWindow(_TITLE, _STYLE)
        cv2.resizeWindow(_TITLE, width, height)
        self._full = False
        self._shown = False

    def show(self, image: Image) -> None:
        """Show this picture from the next call of `key` on."""
        cv2.imshow(_TITLE, image)
        self._shown = True

    def key(self, wait_ms: int) -> str:
        """Wait for a key: "space", "enter", "escape", "backspace" or its letter; "" for none."""
        code = cv2.waitKeyEx(wait_ms)
        if code in _NAMES:
            return _NAMES[code]
        return chr(code).lower() if 32 < code < 127 else ""

    @property
    def closed(self) -> bool:
        """Whether the person has closed the window."""
        try:
            return self._shown and cv2.getWindowProperty(_TITLE, cv2.WND_PROP_VISIBLE) < 1
        except cv2.error:  # Qt has already taken everything away
            return True

    def toggle_full(self) -> None:
        """The whole screen, or a window again."""
        self._full = not self._full
        style = cv2.WINDOW_FULLSCREEN if self._full else cv2.WINDOW_NORMAL
        cv2.setWindowProperty(_TITLE, cv2.WND_PROP_FULLSCREEN, style)

    def close(self) -> None:
        """Take the window away."""
        cv2.destroyAllWindows()
