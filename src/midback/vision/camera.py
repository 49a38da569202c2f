"""Frames from a camera."""

from __future__ import annotations

import time
from collections.abc import Iterator

import cv2
import numpy as np

from midback.errors import InputError
from midback.vision.frames import Frame, FrameSource, Pacer, quiet_opencv
from midback.vision.pose import SourceInfo


class CameraFrames(FrameSource):
    """Frames of a camera, stamped by the monotonic clock as they arrive, the first at 0 s."""

    def __init__(self, number: int) -> None:
        quiet_opencv()
        self._capture = cv2.VideoCapture(number)
        ok, image = self._capture.read() if self._capture.isOpened() else (False, None)
        if not ok or image is None:
            self.close()
            raise InputError(
                f"camera {number} gives no picture: is it plugged in, free and allowed? "
                "Try another number"
            )
        height, width = image.shape[:2]
        rate = float(self._capture.get(cv2.CAP_PROP_FPS))
        fps = rate if np.isfinite(rate) and rate > 0 else None
        self.info = SourceInfo(f"camera:{number}", None, fps, width, height)

    def __iter__(self) -> Iterator[Frame]:
        """Yield frames until the camera goes away or the source is closed."""
        pacer, start = Pacer(), time.monotonic()
        while self._capture.grab():
            t = time.monotonic() - start
            if not pacer.keep(t):
                continue
            ok, image = self._capture.retrieve()
            if ok and image is not None:
                yield Frame(t, np.asarray(image, dtype=np.uint8))

    def close(self) -> None:
        """Let go of the camera."""
        self._capture.release()
