"""Pictures of a running set, in memory only: all of the last seconds, and the few worth keeping."""

from __future__ import annotations

from collections import deque

import numpy as np

from midback.vision.frames import Image

MEMORY_S = 20.0
_MEMORY_BYTES = 48_000_000
_MOST_KEPT = 200
_SAME_S = 0.1


class Album:
    """JPEGs by their time. What is not kept within MEMORY_S is forgotten."""

    def __init__(self) -> None:
        self._recent: deque[tuple[float, bytes]] = deque()
        self._bytes = 0
        self._kept: dict[float, bytes] = {}

    def remember(self, t: float, jpeg: bytes) -> None:
        """Take the next frame's picture."""
        self._recent.append((t, jpeg))
        self._bytes += len(jpeg)
        while t - self._recent[0][0] > MEMORY_S or self._bytes > _MEMORY_BYTES:
            self._bytes -= len(self._recent.popleft()[1])

    def keep(self, t: float) -> None:
        """Keep the picture of that moment for the report, if it is still remembered."""
        if t in self._kept:
            return
        near = min(list(self._recent), key=lambda seen: abs(seen[0] - t), default=None)
        if near is None or abs(near[0] - t) > _SAME_S:
            return
        self._kept[t] = near[1]
        if len(self._kept) > _MOST_KEPT:
            del self._kept[next(iter(self._kept))]

    def still(self, t: float) -> Image | None:
        """The kept picture of that moment, unpacked."""
        jpeg = self._kept.get(t)
        return None if jpeg is None else unpack(jpeg)


def unpack(jpeg: bytes) -> Image | None:
    """Blue, green and red of a JPEG, as it lies in the file; None where it is damaged."""
    import cv2

    found = cv2.imdecode(
        np.frombuffer(jpeg, np.uint8), cv2.IMREAD_COLOR | cv2.IMREAD_IGNORE_ORIENTATION
    )
    return None if found is None else np.asarray(found, dtype=np.uint8)
