"""Frames from a folder of pictures."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import cv2
import numpy as np

from midback.errors import InputError
from midback.vision.frames import Frame, FrameSource, Image, quiet_opencv
from midback.vision.pose import SourceInfo

ASSUMED_FPS = 30.0
SUFFIXES = {".png", ".jpg", ".jpeg", ".bmp", ".webp"}


class PictureFrames(FrameSource):
    """The pictures of a folder in natural order of their names (2 before 10), at 30 a second.

    Pictures carry no time, so an even 30 frames a second is assumed: durations and speeds are
    only as right as this. Camera rotation written into the picture (EXIF) is applied.
    """

    def __init__(self, folder: Path) -> None:
        quiet_opencv()
        try:
            names = [p for p in folder.iterdir() if p.suffix.lower() in SUFFIXES]
        except OSError as error:
            raise InputError(f"{folder} cannot be read: {error.strerror}") from error
        self._files = sorted(names, key=_natural)
        if not self._files:
            raise InputError(f"{folder} holds no pictures: png, jpg, bmp or webp are read")
        if len(self._files) == 1:
            raise InputError(f"{folder} holds only one picture: a movement needs at least two")
        height, width = _read(self._files[0]).shape[:2]
        self.frame_count = len(self._files)
        self.info = SourceInfo(str(folder), None, ASSUMED_FPS, width, height)

    def __iter__(self) -> Iterator[Frame]:
        """Yield the pictures. Raises InputError where one is broken or of another size."""
        for index, file in enumerate(self._files):
            image = _read(file)
            if image.shape[:2] != (self.info.height, self.info.width):
                raise InputError(f"{file} differs in size from the first picture: crop it alike")
            yield Frame(index / ASSUMED_FPS, image)

    def close(self) -> None:
        """Nothing is kept open."""


def _read(file: Path) -> Image:
    image = cv2.imread(str(file), cv2.IMREAD_COLOR)
    if image is None:
        raise InputError(f"{file} is not a picture that can be read: remove or replace it")
    return np.asarray(image, dtype=np.uint8)


def _natural(path: Path) -> list[tuple[int, str]]:
    parts = re.split(r"(\d+)", path.name.casefold())
    return [(int(p), "") if p.isdecimal() else (-1, p) for p in parts]
