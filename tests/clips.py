"""Small real video files with known times, made on the spot."""

from __future__ import annotations

import math
from collections.abc import Sequence
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

SIZE = (160, 96)  # width, height


def picture(index: int, size: tuple[int, int] = SIZE) -> NDArray[np.uint8]:
    """Blue, green, red: left half red, a white square in the top left corner, a moving bar."""
    width, height = size
    image = np.zeros((height, width, 3), dtype=np.uint8)
    image[:, : width // 2] = (0, 0, 255)
    image[: height // 4, : height // 4] = 255
    left = (index * 4) % (width - 8)
    image[height // 2 : height // 2 + 8, left : left + 8] = (0, 255, 0)
    return image


def write_video(
    path: Path,
    milliseconds: Sequence[int],
    *,
    codec: str = "libx264",
    size: tuple[int, int] = SIZE,
    movflags: str = "",
) -> Path:
    """One picture at each of the given times; the suffix names the container."""
    import av

    options = {"movflags": movflags} if movflags else {}
    with av.open(str(path), "w", options=options) as container:
        stream: Any = container.add_stream(codec, rate=30)
        stream.width, stream.height = size
        stream.pix_fmt = "yuvj420p" if codec == "mjpeg" else "yuv420p"
        stream.codec_context.time_base = Fraction(1, 1000)
        for index, time in enumerate(milliseconds):
            frame = av.VideoFrame.from_ndarray(picture(index, size), format="bgr24")
            frame.pts, frame.time_base = int(time), Fraction(1, 1000)
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    return path


def write_sound(path: Path) -> Path:
    """A tenth of a second of silence, and no video."""
    import av

    with av.open(str(path), "w") as container:
        stream: Any = container.add_stream("aac", rate=44100)
        for index in range(5):
            samples = np.zeros((1, 1024), dtype=np.float32)
            frame = av.AudioFrame.from_ndarray(samples, format="fltp", layout="mono")
            frame.sample_rate, frame.pts = 44100, index * 1024
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    return path


def rotate(source: Path, target: Path, degrees: int) -> Path:
    """Copy an .mp4 and write into its track header: show me turned clockwise by `degrees`."""
    data = bytearray(source.read_bytes())
    matrix = data.index(b"tkhd") + 44
    cosine, sine = round(math.cos(math.radians(degrees))), round(math.sin(math.radians(degrees)))
    values = [cosine << 16, sine << 16, 0, -sine << 16, cosine << 16, 0, 0, 0, 1 << 30]
    data[matrix : matrix + 36] = b"".join(v.to_bytes(4, "big", signed=True) for v in values)
    target.write_bytes(data)
    return target


def halve(source: Path, target: Path) -> Path:
    """The first half of a file's bytes."""
    data = source.read_bytes()
    target.write_bytes(data[: len(data) // 2])
    return target
