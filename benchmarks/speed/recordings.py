"""Recordings made of the sample clips: long ones, and a folder of several."""

from __future__ import annotations

import struct
from collections.abc import Iterator, Sequence
from fractions import Fraction
from itertools import cycle, islice
from pathlib import Path

from midback.vision.frames import Image, open_frames

SAMPLES = Path(__file__).parents[2] / "sample_videos"
RATE = 30
CLIPS = 8
EXERCISES = {
    "bird_dog_clean": "bird_dog",
    "bird_dog_fatigue": "bird_dog",
    "prone_extension_fatigue": "prone_extension",
    "seated_extension": "seated_thoracic_extension",
}


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


def eight_clips(folder: Path) -> list[Path]:
    """Each sample twice, and list.csv; each with a box that says nothing, so that no two are equal.

    Longest first, as the batch takes them, so that no core waits long for the last one.
    """
    folder.mkdir()
    lines, files = ["file,exercise"], list[Path]()
    for number, name in enumerate(islice(cycle(EXERCISES), CLIPS)):
        files.append(folder / f"{name}.{number}.mp4")
        free = struct.pack(">I4sI", 12, b"free", number)
        files[-1].write_bytes((SAMPLES / f"{name}.mp4").read_bytes() + free)
        lines.append(f"{files[-1].name},{EXERCISES[name]}")
    (folder / "list.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    return sorted(files, key=lambda path: -path.stat().st_size)
