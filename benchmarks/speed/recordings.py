"""Long recordings made of the sample clips, one behind the other."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from itertools import cycle
from pathlib import Path

from midback.vision.frames import Image, open_frames

SAMPLES = Path(__file__).parents[2] / "sample_videos"
RATE = 30


def write(path: Path, pictures: Iterator[Image], size: tuple[int, int]) -> None:
    """Write an H.264 file of so many (width, height) pictures, 30 a second."""
    import av  # after cv2, see design.md

    with av.open(str(path), "w") as container:
        stream = container.add_stream("libx264", rate=RATE, options={"preset": "veryfast"})
        stream.width, stream.height = size
        stream.pix_fmt = "yuv420p"
        stream.time_base = Fraction(1, RATE)
        for picture in pictures:
            frame = av.VideoFrame.from_ndarray(picture, format="bgr24")
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))


def joined(clips: Sequence[str], frames: int) -> Iterator[Image]:
    """So many pictures of the sample clips, begun anew where all are over."""
    left = frames
    for name in cycle(clips):
        with open_frames(str(SAMPLES / f"{name}.mp4")) as source:
            for frame in source:
                if left == 0:
                    return
                left -= 1
                yield frame.image


def five_minutes(path: Path) -> None:
    """Six sets in good form and one that fails, of bird dogs, 848 x 480."""
    clips = [*["bird_dog_clean"] * 6, "bird_dog_fatigue"]
    write(path, joined(clips, 300 * RATE), (848, 480))
