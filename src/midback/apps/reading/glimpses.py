"""Frames that are looked at only where somebody asks: a frame that nobody asks for costs little."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from midback.vision.frames import Frame, FrameSource, Pacer
from midback.vision.video import VideoFrames, _three_channels


@dataclass(frozen=True, slots=True)
class Glimpse:
    """A frame's time in seconds, and its picture for whoever asks before the next glimpse.

    frame: None where the picture cannot be had.
    """

    t: float
    frame: Callable[[], Frame | None]


def glimpses(frames: FrameSource) -> Iterator[Glimpse]:
    """As iterating `frames`, but a video's frames are decoded only, not converted, until asked.

    The same frames at the same times. Iterate either of the two, once.
    """
    if isinstance(frames, VideoFrames):
        yield from _of_video(frames)
        return
    for frame in frames:
        yield Glimpse(frame.t, lambda frame=frame: frame)  # type: ignore[misc]


def _of_video(video: VideoFrames) -> Iterator[Glimpse]:
    """Follow VideoFrames.__iter__ step by step: the first frame is decoded, the second grabbed."""
    pacer = Pacer()
    first, t = video._first, video._first_t
    if first is not None and pacer.keep(t):
        yield Glimpse(t, lambda: Frame(t, first))
    video._first = None
    capture = video._capture

    def frame() -> Frame | None:
        ok, image = capture.retrieve()
        return Frame(t, _three_channels(image)) if ok and image is not None else None

    index = 1
    while True:
        t = index * video._step if video._step else video._seconds()
        if pacer.keep(t):
            yield Glimpse(t, frame)
        if not capture.grab():
            break
        index += 1
    video._check_length(t)
