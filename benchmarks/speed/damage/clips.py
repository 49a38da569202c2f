"""Short clips of a rendered person in the usual containers, made with PyAV."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

Image = NDArray[np.uint8]

SAMPLES = Path(__file__).parents[3] / "sample_videos"
RATE = 10
FRAMES = 60
FIRST, EVERY = 45, 3  # frames of the sample clip, 30 a second
SIZE = (320, 240)


@dataclass(frozen=True)
class Kind:
    """A container with a codec that PyAV can write. pixels: the codec's format."""

    suffix: str
    codec: str
    pixels: str = "yuv420p"
    options: Mapping[str, str] = field(default_factory=dict)


H264 = {"preset": "ultrafast", "threads": "1", "crf": "28"}
KINDS = {
    "mp4": Kind("mp4", "libx264", options=H264),
    "mov": Kind("mov", "libx264", options=H264),
    "mkv": Kind("mkv", "libx264", options=H264),
    "ts": Kind("ts", "libx264", options=H264),
    "avi": Kind("avi", "mjpeg", "yuvj420p"),
    "webm": Kind("webm", "libvpx", options={"deadline": "good", "cpu-used": "5", "threads": "1"}),
}


def pictures(count: int = FRAMES, size: tuple[int, int] = SIZE) -> list[Image]:
    """The beginning of the first movement of a sample clip, ten a second."""
    import cv2

    from midback.vision.frames import open_frames

    found: list[Image] = []
    with open_frames(str(SAMPLES / "bird_dog_clean.mp4")) as frames:
        for index, frame in enumerate(frames):
            if len(found) == count:
                break
            if index >= FIRST and index % EVERY == 0:
                small = cv2.resize(frame.image, size, interpolation=cv2.INTER_AREA)
                found.append(np.asarray(small, dtype=np.uint8))
    return found


def write(
    path: Path,
    kind: Kind,
    images: Sequence[Image],
    times: Iterable[int] | None = None,
    base: Fraction = Fraction(1, RATE),
    tags: Mapping[str, str] | None = None,
) -> bytes:
    """Write a clip and return its bytes. times: of each picture, in units of `base` seconds."""
    import av

    with av.open(str(path), "w", container_options={"fflags": "+bitexact"}) as container:
        container.metadata.update(tags or {})
        stream: Any = container.add_stream(kind.codec, rate=1 / base, options=dict(kind.options))
        stream.height, stream.width = images[0].shape[:2]
        stream.pix_fmt = kind.pixels
        stream.codec_context.time_base = base
        for image, t in zip(images, times or range(len(images)), strict=False):
            frame = av.VideoFrame.from_ndarray(image, format="bgr24").reformat(format=kind.pixels)
            frame.pts, frame.time_base = t, base
            container.mux(stream.encode(frame))
        container.mux(stream.encode())
    return path.read_bytes()


def sound(path: Path, suffix_codec: str) -> bytes:
    """Two seconds of a tone, without a picture."""
    import av

    with av.open(str(path), "w") as container:
        stream: Any = container.add_stream(suffix_codec, rate=48_000)
        stream.layout = "mono"
        wave = (np.sin(np.arange(96_000) * 0.05) * 20_000).astype(np.int16)
        for start in range(0, 96_000, 960):
            frame = av.AudioFrame.from_ndarray(wave[None, start : start + 960], "s16", "mono")
            frame.sample_rate, frame.pts = 48_000, start
            container.mux(stream.encode(frame))
        container.mux(stream.encode())
    return path.read_bytes()


def made(folder: Path) -> dict[str, bytes]:
    """Every kind of clip, whole."""
    images = pictures()
    return {
        name: write(folder / f"{name}.{kind.suffix}", kind, images) for name, kind in KINDS.items()
    }
