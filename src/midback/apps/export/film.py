"""The annotated video: H.264 that plays in a browser, at the frames' own times."""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction
from pathlib import Path
from typing import Any

from midback.errors import InputError
from midback.vision.frames import Image

_TICK = Fraction(1, 90_000)
_BT709 = 1  # the number of its primaries, transfer and matrix, and of their narrow range
_OPTIONS = {"crf": "23", "preset": "veryfast"}


def write_film(frames: Iterable[tuple[float, Image]], size: tuple[int, int], path: Path) -> None:
    """Encode (time in seconds, BGR picture of the (width, height), both even) one by one.

    A frame keeps its time, also where they come unevenly; none may be negative. Colours are
    BT.709, 4:2:0, and the index comes first, so that a browser begins to play at once. No sound.
    """
    import av  # after OpenCV: before it, OpenCV's window would hang

    with av.open(str(path), "w", format="mp4", options={"movflags": "faststart"}) as container:
        stream: Any = container.add_stream("libx264", rate=30, options=_OPTIONS)
        stream.width, stream.height = size
        stream.pix_fmt = "yuv420p"
        context = stream.codec_context
        context.time_base = _TICK
        context.color_primaries = context.color_trc = context.colorspace = _BT709
        context.color_range = _BT709
        for t, image in frames:
            if t < 0:
                raise InputError(f"{path}: a frame at {t:.3f} s: a video begins at 0 or later")
            picture = av.VideoFrame.from_ndarray(image, format="bgr24")
            picture = picture.reformat(format="yuv420p", dst_colorspace="ITU709")
            picture.pts, picture.time_base = round(t / _TICK), _TICK
            container.mux(stream.encode(picture))
        container.mux(stream.encode(None))
