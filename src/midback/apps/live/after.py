"""After a set: how much it hurts, and whether to keep it. The rest's clock runs meanwhile."""

from __future__ import annotations

import threading
import time
import webbrowser
from collections.abc import Callable
from pathlib import Path
from typing import Literal

from midback.apps.live.canvas import Beside
from midback.errors import InputError

_HELD_S = 1.0
"""Esc ends a set and Esc closes the window; a key held down a little long does not do both."""

Next = Literal["", "next set", "close"]


class After:
    """Answers the keys on the last screen of a set.

    save: writes the set with the pain that was said, and returns the report's path. discard:
    forgets it. again: whether another set can follow, which a file cannot give.
    """

    def __init__(
        self, save: Callable[[int | None], Path], discard: Callable[[], None], *, again: bool
    ) -> None:
        self._save, self._discard, self._again = save, discard, again
        self._pain: int | None = None
        self._note = ""
        self._report: Path | None = None
        self._discarded = False
        self._untouched = True
        self._since = time.monotonic()

    @property
    def kept(self) -> bool:
        """Whether the person has decided what becomes of the set."""
        return self._report is not None or self._discarded

    def beside(self) -> Beside:
        """What the screen adds to the verdict."""
        rest_s = time.monotonic() - self._since
        return Beside(note=self._note, pain=self._pain, rest_s=rest_s, again=self._again)

    def key(self, key: str) -> Next:
        """Obey a key; what is to follow."""
        if key.isdigit() and not self.kept:
            self._pain = 10 if (self._pain, key) == (1, "0") else int(key)
        elif key == "enter":
            self._keep()
        elif key == "d" and not self.kept:
            self._discard()
            self._discarded, self._note = True, "Discarded: nothing was kept"
        elif key == "r" and self._keep() and self._report is not None:
            page = self._report.absolute().as_uri()
            threading.Thread(target=webbrowser.open, args=(page,), daemon=True).start()
        elif key == "n" and self._again and self._keep():
            return "next set"
        if key == "escape":
            held = self._untouched and time.monotonic() - self._since < _HELD_S
            return "" if held else "close"
        self._untouched = False
        return ""

    def _keep(self) -> bool:
        """Save, once; False where the disk refuses, which is told."""
        if not self.kept:
            try:
                self._report = self._save(self._pain)
            except InputError as error:
                self._note = f"Not saved: {error}"
                return False
            self._note = f"Saved in {self._report.parent}"
        return True
