"""Frames with their own timestamps, from a video file, a folder of pictures or a camera."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Iterator
from dataclasses import dataclass
from math import inf, isfinite
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from midback.errors import InputError
from midback.vision.closing import Closing
from midback.vision.pose import SourceInfo

MAX_RATE = 62.0  # frames a second; more would cost inference and add nothing

Image = NDArray[np.uint8]


@dataclass(frozen=True, slots=True)
class Frame:
    """One upright picture.

    t: seconds on the source's own clock, strictly increasing within one source.
    image: (H, W, 3) blue, green, red.
    """

    t: float
    image: Image


class FrameSource(Closing):
    """Iterate it once for its frames; close it, or use it in a `with` statement.

    info: what the frames come from. frame_count: about how many frames will come, None for a
    camera. warning: set after the last frame where fewer came than the file had promised.
    """

    info: SourceInfo
    frame_count: int | None = None
    warning: str | None = None

    @abstractmethod
    def __iter__(self) -> Iterator[Frame]: ...


def open_frames(source: str) -> FrameSource:
    """Open `source`: a video file, a folder of pictures, or "camera:0" (or just "0").

    An existing path wins over a camera number. Raises InputError, with one line for the user,
    where it cannot be read or holds fewer than two frames.
    """
    if not source.strip():
        raise InputError("no source is given: name a video, a folder of pictures or a camera")
    if not _is_text(source):  # OpenCV would crash
        shown = source.encode("utf-8", "replace").decode()
        raise InputError(f"{shown}: the name is not UTF-8 text: rename the file")
    path = Path(source).expanduser()
    number = camera_number(source)
    if number is not None and not path.exists():
        from midback.vision.camera import CameraFrames

        return CameraFrames(number)
    if not path.exists():
        raise InputError(f"{source} does not exist: check the path")
    if path.is_dir():
        from midback.vision.pictures import PictureFrames

        return PictureFrames(path)
    if not path.is_file():
        raise InputError(f"{source} is not a file, a folder or a camera: give one of these")
    from midback.vision.video import VideoFrames

    return VideoFrames(path)


def camera_number(source: str) -> int | None:
    """Read the number in "camera:1" or "1"; None for anything else."""
    digits = source.removeprefix("camera:")
    return int(digits) if digits.isascii() and digits.isdigit() else None


def _is_text(name: str) -> bool:
    try:
        name.encode("utf-8")
    except UnicodeEncodeError:
        return False
    return True


class Pacer:
    """Chooses which frames to keep, so that no more than `rate` a second are left on average.

    A frame may come up to one period early, so the jitter of a 60 Hz camera drops nothing.
    Frames whose time does not increase are dropped.
    """

    def __init__(self, rate: float = MAX_RATE) -> None:
        self._period = 1.0 / rate
        self._due = self._last = -inf

    def keep(self, t: float) -> bool:
        """Whether the frame at `t` seconds is wanted; ask once for each frame, in order."""
        if t <= self._last or t < self._due:
            return False
        self._last = t
        earliest = t - self._period if isfinite(self._due) else t
        self._due = max(self._due, earliest) + self._period
        return True


def quiet_opencv() -> None:
    """Keep OpenCV and its FFmpeg from writing to standard error, and off the network.

    A playlist renamed to .mp4 would otherwise make FFmpeg fetch what it names.
    """
    import os

    os.environ.setdefault("OPENCV_FFMPEG_LOGLEVEL", "-8")
    os.environ["OPENCV_FFMPEG_CAPTURE_OPTIONS"] = "protocol_whitelist;file"
    import cv2

    cv2.utils.logging.setLogLevel(cv2.utils.logging.LOG_LEVEL_SILENT)
