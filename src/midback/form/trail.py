"""The last values of a stream as one array, without building it anew at every frame."""

from __future__ import annotations

import numpy as np

from midback.vision.pose import Array


class Trail:
    """Values of consecutive frames from `origin` on; growing at one end, cut at the other."""

    def __init__(self, origin: int = 0) -> None:
        self.origin = origin
        self._store: Array = np.empty(256)
        self._first, self._end = 0, 0

    def __len__(self) -> int:
        return self._end - self._first

    @property
    def next(self) -> int:
        """Frame number of the value that comes next."""
        return self.origin + len(self)

    def append(self, value: float) -> None:
        """Add the next frame's value."""
        if self._end == len(self._store):
            self._make_room()
        self._store[self._end] = value
        self._end += 1

    def since(self, frame: int) -> Array:
        """Values from a frame on, a view; from the origin on where the frame is before it."""
        return self._store[self._first + max(frame - self.origin, 0) : self._end]

    def latest(self, number: int = 1) -> float:
        """The last value, or the last but (number - 1)."""
        return float(self._store[self._end - number])

    def cut(self, frame: int) -> None:
        """Forget what came before a frame."""
        dropped = min(max(frame - self.origin, 0), len(self))
        self._first += dropped
        self.origin += dropped

    def restart(self, origin: int) -> None:
        """Forget everything; the next value is that of frame `origin`."""
        self.origin, self._first, self._end = origin, 0, 0

    def _make_room(self) -> None:
        kept = self._store[self._first : self._end].copy()
        if 2 * len(kept) > len(self._store):
            self._store = np.empty(2 * len(self._store))
        self._store[: len(kept)] = kept
        self._first, self._end = 0, len(kept)
