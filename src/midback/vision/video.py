"""Frames of a video file, through OpenCV's FFmpeg."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path

import cv2
import numpy as np

from midback.errors import InputError
from midback.vision.container import cut_off
from midback.vision.frames import MAX_RATE, Frame, FrameSource, Image, Pacer, quiet_opencv
from midback.vision.pose import SourceInfo

_ASSUMED_RATE = 30.0
_STUCK_FRAMES = 10  # so many with one and the same time, and it is no time at all
_FIND_OUT_S = 2.0  # a loss shorter than this is not worth a warning


class VideoFrames(FrameSource):
    """Frames of one file, upright, at most MAX_RATE a second, with the file's own timestamps.

    Only a raw stream carries no timestamps at all; its nominal frame rate then stands in.
    Skipped frames are decoded but not converted.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        _refuse_broken(path)
        quiet_opencv()
        self._capture = _capture(path)
        try:
            self._start()
        except BaseException:
            self.close()
            raise

    def _start(self) -> None:
        path, capture = self._path, self._capture
        if not capture.isOpened():
            raise InputError(
                f"{path} has no video that can be read: is it sound only, or another kind of file?"
            )
        self._first = self._grab_and_retrieve()
        if self._first is None:
            raise InputError(f"{path} holds no picture that can be decoded: convert it to H.264")
        self._first_t = self._seconds()
        if not capture.grab():
            raise InputError(
                f"{path} has only one frame: a movement needs at least two, give a video"
            )
        rate = float(capture.get(cv2.CAP_PROP_FPS))
        rate = rate if np.isfinite(rate) and rate > 0 else _ASSUMED_RATE
        self._step = 1.0 / rate if self._clock_stands_still() else 0.0
        count = float(self._capture.get(cv2.CAP_PROP_FRAME_COUNT))
        self._duration = count / rate if count > 0 else None
        self.frame_count = None
        if self._duration is not None:
            self.frame_count = max(2, round(min(count, self._duration * MAX_RATE)))
        height, width = self._first.shape[:2]
        self.info = SourceInfo(str(path), _sha256(path), rate, width, height)

    def _clock_stands_still(self) -> bool:
        """Whether the file has no timestamps; a first one that is there twice does not tell.

        Called with the second frame grabbed, and leaves it so.
        """
        if self._seconds() > self._first_t:
            return False
        ahead = (self._seconds() for _ in range(_STUCK_FRAMES) if self._capture.grab())
        stuck = all(t <= self._first_t for t in ahead)
        self._capture.release()  # and begin again: a raw stream cannot be wound back
        self._capture = _capture(self._path)
        self._capture.read()
        self._capture.grab()
        return stuck

    def __iter__(self) -> Iterator[Frame]:
        """Yield the frames. The first is decoded already, the second is grabbed."""
        pacer = Pacer()
        t = self._first_t
        if self._first is not None and pacer.keep(t):
            yield Frame(t, self._first)
        self._first = None
        index = 1
        while True:
            t = index * self._step if self._step else self._seconds()
            if pacer.keep(t):
                ok, image = self._capture.retrieve()
                if ok and image is not None:
                    yield Frame(t, _three_channels(image))
            if not self._capture.grab():
                break
            index += 1
        self._check_length(t)

    def _check_length(self, last: float) -> None:
        promised = self._duration
        if promised and promised - last > max(_FIND_OUT_S, 0.1 * promised):
            self.warning = (
                f"the pictures end after {last:.1f} s, but the file promises {promised:.1f} s: "
                "it may be damaged"
            )

    def _seconds(self) -> float:
        return float(self._capture.get(cv2.CAP_PROP_POS_MSEC)) / 1000.0

    def _grab_and_retrieve(self) -> Image | None:
        ok, image = self._capture.read()
        return _three_channels(image) if ok and image is not None else None

    def close(self) -> None:
        """Release the decoder."""
        self._capture.release()


def _capture(path: Path) -> cv2.VideoCapture:
    return cv2.VideoCapture(str(path), cv2.CAP_FFMPEG)


def _three_channels(image: cv2.typing.MatLike) -> Image:
    if image.ndim == 2:
        image = cv2.cvtColor(image, cv2.COLOR_GRAY2BGR)
    return np.asarray(image, dtype=np.uint8)


def _refuse_broken(path: Path) -> None:
    try:
        size = path.stat().st_size
        incomplete = cut_off(path)
    except OSError as error:
        raise InputError(f"{path} cannot be read: {error.strerror}") from error
    if size == 0:
        raise InputError(f"{path} is empty: copy it again")
    if incomplete:
        raise InputError(f"{path} is cut off, its end is missing: copy it again")


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
