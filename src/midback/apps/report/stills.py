"""Frames of the recording that belong to given instants."""

from __future__ import annotations

from collections.abc import Sequence

from midback.vision.frames import Frame, Image


def read_frames_at(path: str, times: Sequence[float]) -> list[Image]:
    """Return the frame nearest to each time, in the order of `times`, as upright BGR pictures.

    The recording is decoded in order from its start, since seeking is not exact in every file,
    and only as far as needed. times: seconds of the frames' own timestamps. Returns an empty
    list where there is no frame at all. Raises InputError where the recording cannot be opened.
    """
    from midback.vision.frames import open_frames

    nearest: list[tuple[float, Image] | None] = [None] * len(times)
    last = max(times, default=0.0)
    with open_frames(path) as frames:
        for frame in frames:
            _offer(nearest, times, frame)
            if frame.t > last:
                break
    return [image for _, image in (found for found in nearest if found is not None)]


def _offer(nearest: list[tuple[float, Image] | None], times: Sequence[float], frame: Frame) -> None:
    for index, wanted in enumerate(times):
        distance = abs(frame.t - wanted)
        held = nearest[index]
        if held is None or distance < held[0]:
            nearest[index] = (distance, frame.image.copy())
