"""Peak memory after 1,000 and after 10,000 frames of the whole pipeline, inference included.

    python benchmarks/memory.py [FRAMES...]

A sample clip is shown over and over with time going on; every count runs in its own process.
Prints a table and writes benchmarks/memory.md.
"""

from __future__ import annotations

import multiprocessing
import resource
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

HERE = Path(__file__).parent
CLIP = HERE.parent / "sample_videos" / "bird_dog_clean.mp4"


def peak_mib(frames: int) -> float:
    """Peak resident size in MiB after that many frames, poses saved on the way."""
    from midback.exercises import find
    from midback.session import Session
    from midback.vision.estimator import PoseEstimator
    from midback.vision.frames import Frame, open_frames
    from midback.vision.recording import PoseWriter
    from midback.vision.weights import model_path

    def endless() -> Iterator[Frame]:
        start = 0.0
        while True:
            last = 0.0
            with open_frames(str(CLIP)) as source:
                for frame in source:
                    last = frame.t
                    yield Frame(start + frame.t, frame.image)
            start += last + 1 / 30

    with open_frames(str(CLIP)) as source:
        info = source.info
    session = Session(find("bird_dog"), info.width, info.height)
    with (
        tempfile.TemporaryDirectory() as folder,
        PoseWriter(Path(folder) / "poses.npz", info, "") as writer,
        PoseEstimator(model_path(None, print), silhouette=True) as estimator,
    ):
        for count, frame in enumerate(endless(), 1):
            pose = estimator.estimate(frame)
            session.update(pose)
            writer.write(pose)
            if count == frames:
                break
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def main() -> None:
    """Print the table and write it beside this file."""
    counts = [int(word) for word in sys.argv[1:]] or [1_000, 10_000]
    with multiprocessing.get_context("spawn").Pool(1, maxtasksperchild=1) as pool:
        peaks = [pool.apply(peak_mib, (count,)) for count in counts]
    lines = ["# Memory", "", "| frames | peak MiB |", "|---|---|"]
    lines += [f"| {count} | {peak:.1f} |" for count, peak in zip(counts, peaks, strict=True)]
    lines += ["", f"Difference: {peaks[-1] - peaks[0]:.1f} MiB."]
    text = "\n".join(lines) + "\n"
    print(text)
    (HERE / "memory.md").write_text(text)


if __name__ == "__main__":
    main()
