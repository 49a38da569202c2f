"""Short clips with something in them that a cut must not stumble over."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from fractions import Fraction
from pathlib import Path

import numpy as np
from needs import SAMPLE

from midback.vision.frames import Image, open_frames


def clip(
    path: Path,
    seconds: float,
    change: Callable[[float, Image], Image] | None = None,
    time: Callable[[float], float] | None = None,
) -> Path:
    """The beginning of a sample, 10 frames a second, at half its size; `time` bends its clock."""
    import av

    with av.open(str(path), "w") as container:
        stream = container.add_stream("libx264", rate=10, options={"preset": "veryfast"})
        stream.width, stream.height, stream.pix_fmt = 424, 240, "yuv420p"
        stream.time_base = stream.codec_context.time_base = Fraction(1, 1000)
        for t, image in _pictures(seconds):
            shown = image if change is None else change(t, image)
            frame = av.VideoFrame.from_ndarray(np.ascontiguousarray(shown), format="bgr24")
            frame.pts = round(1000 * (t if time is None else time(t)))
            frame.time_base = Fraction(1, 1000)
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    return path


def _pictures(seconds: float) -> Iterator[tuple[float, Image]]:
    with open_frames(str(SAMPLE)) as frames:
        for number, frame in enumerate(frames):
            if frame.t > seconds:
                return
            if number % 3 == 0:
                yield frame.t, frame.image[::2, ::2]
