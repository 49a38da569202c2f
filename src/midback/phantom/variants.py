"""The same recording in other clothes: what must not change a measurement.

Every function reads a video and writes another one, H.264, with the frames' own times.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from midback.vision.frames import open_frames

Image = NDArray[np.uint8]


def mirrored(source: Path, target: Path) -> Path:
    """Flipped left to right."""
    return _write(target, _edited(source, lambda image: image[:, ::-1]))


def resized(source: Path, target: Path, size: tuple[int, int]) -> Path:
    """Scaled to (width, height), odd sizes too."""
    import cv2

    return _write(
        target,
        _edited(source, lambda image: np.asarray(cv2.resize(image, size), dtype=np.uint8)),
    )


def turned(source: Path, target: Path) -> Path:
    """Stored lying on its side, with metadata that tells the player to turn it upright."""
    _write(target, _edited(source, np.rot90))
    data = bytearray(target.read_bytes())
    matrix = data.index(b"tkhd") + 44
    quarter = math.radians(90)
    cosine, sine = round(math.cos(quarter)), round(math.sin(quarter))
    values = [cosine << 16, sine << 16, 0, -sine << 16, cosine << 16, 0, 0, 0, 1 << 30]
    data[matrix : matrix + 36] = b"".join(v.to_bytes(4, "big", signed=True) for v in values)
    target.write_bytes(data)
    return target


def variable_rate(source: Path, target: Path, seed: int = 0) -> Path:
    """A fifth of the frames missing at random, the others at their own times."""
    rng = np.random.default_rng(seed)

    def some() -> Iterator[tuple[float, Image]]:
        for i, (t, image) in enumerate(_edited(source, lambda image: image)):
            if i == 0 or rng.random() > 0.2:
                yield t, image

    return _write(target, some())


def composited(source: Path, target: Path, behind: Callable[[float, Image], Image]) -> Path:
    """Each picture replaced by behind(t, picture): for a second person in the room."""
    return _write(
        target,
        ((t, behind(t, image)) for t, image in _edited(source, lambda image: image)),
    )


def _edited(source: Path, edit: Callable[[Image], Image]) -> Iterator[tuple[float, Image]]:
    with open_frames(str(source)) as frames:
        for frame in frames:
            yield frame.t, edit(frame.image)


def _write(target: Path, frames: Iterable[tuple[float, Image]]) -> Path:
    import av

    with av.open(str(target), "w") as container:
        stream: Any = None
        for t, image in frames:
            if stream is None:
                stream = container.add_stream("libx264", rate=30)
                stream.height, stream.width = image.shape[:2]
                stream.pix_fmt = "yuv444p"  # the only one that takes odd sizes
                stream.codec_context.time_base = Fraction(1, 10_000)
                stream.options = {"crf": "12", "preset": "veryfast"}
            frame = av.VideoFrame.from_ndarray(np.ascontiguousarray(image), format="bgr24")
            frame.pts, frame.time_base = round(t * 10_000), Fraction(1, 10_000)
            container.mux(stream.encode(frame))
        if stream is not None:
            container.mux(stream.encode(None))
    return target
