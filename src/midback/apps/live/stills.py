"""Small pictures of the last minutes, in memory only: for the report, should it be wanted."""

from __future__ import annotations

from collections import deque

import cv2
import numpy as np

from midback.vision.frames import Frame, Image

_STEP_S = 0.1
_LONG_SIDE = 640
_MOST_BYTES = 64_000_000  # four minutes and more
_QUALITY = (cv2.IMWRITE_JPEG_QUALITY, 80)


class Stills:
    """JPEGs by time, ten a second; the oldest are forgotten when there are too many."""

    def __init__(self) -> None:
        self._kept: deque[tuple[float, bytes]] = deque()
        self._bytes = 0
        self._size = (0, 0)

    def remember(self, frame: Frame) -> None:
        """Take a frame, in order of time; most are too close to the one before and are passed."""
        if self._kept and frame.t - self._kept[-1][0] < _STEP_S:
            return
        height, width = frame.image.shape[:2]
        self._size = (width, height)
        scale = min(1.0, _LONG_SIDE / max(width, height))
        size = (max(1, round(width * scale)), max(1, round(height * scale)))
        small = cv2.resize(frame.image, size, interpolation=cv2.INTER_LINEAR)
        jpeg = cv2.imencode(".jpg", small, _QUALITY)[1].tobytes()
        self._kept.append((frame.t, jpeg))
        self._bytes += len(jpeg)
        while self._bytes > _MOST_BYTES:
            self._bytes -= len(self._kept.popleft()[1])

    def still(self, t: float) -> Image | None:
        """The picture of that moment in its first size; None where it was not seen."""
        near = min(self._kept, key=lambda kept: abs(kept[0] - t), default=None)
        if near is None or abs(near[0] - t) > 2 * _STEP_S:
            return None
        found = np.asarray(cv2.imdecode(np.frombuffer(near[1], np.uint8), cv2.IMREAD_COLOR))
        return np.asarray(cv2.resize(found, self._size, interpolation=cv2.INTER_CUBIC), np.uint8)
