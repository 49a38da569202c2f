"""Eight clips, one process on each core, beside the bare loop in one process, same files."""

from __future__ import annotations

import shutil
import tempfile
import time
from itertools import cycle, islice
from multiprocessing import get_context
from pathlib import Path
from statistics import median

from midback.apps.background import in_background
from midback.apps.reading.settings import cores
from midback.apps.run import score_source
from speed.bare import bare_loop
from speed.recordings import SAMPLES

ROUNDS = 1
CLIPS = 8
_EXERCISES = {
    "bird_dog_clean": "bird_dog",
    "bird_dog_fatigue": "bird_dog",
    "prone_extension_fatigue": "prone_extension",
    "seated_extension": "seated_thoracic_extension",
}


def section() -> str:
    with tempfile.TemporaryDirectory() as folder:
        files = _files(Path(folder))
        bare: list[float] = []
        ours: list[float] = []
        with get_context("spawn").Pool(cores()) as pool:
            pool.map(_warm, range(cores()), chunksize=1)
            for _ in range(ROUNDS):
                count, took = bare_loop(files)
                bare.append(count / took)
                begin = time.perf_counter()
                counts = list(pool.imap_unordered(_frames_of, files))
                ours.append(sum(counts) / (time.perf_counter() - begin))
    ratio = median(b / a for a, b in zip(bare, ours, strict=True))
    return "\n".join(
        [
            f"{CLIPS} clips (each sample twice), {sum(counts)} frames, {cores()} processes that "
            "score whole files; the bare loop in one process, same files, same model.",
            "",
            "| | frames/s |",
            "|---|---|",
            f"| bare loop, one process | {median(bare):.1f} |",
            f"| midback, {cores()} processes | {median(ours):.1f} |",
            "",
            f"**{ratio:.2f}x the bare loop** (median of {ROUNDS} rounds, interleaved).",
        ]
    )


def _files(folder: Path) -> list[Path]:
    """Longest first, as the batch does, so that no core waits long for the last one."""
    files = []
    for number, name in enumerate(islice(cycle(_EXERCISES), CLIPS)):
        files.append(folder / f"{name}.{number}.mp4")
        shutil.copy(SAMPLES / f"{name}.mp4", files[-1])
    return sorted(files, key=lambda path: -path.stat().st_size)


def _warm(_: int) -> None:
    from midback.vision import estimator, video  # noqa: F401

    in_background()  # as the batch's own processes
    time.sleep(1.0)  # so that every process takes one


def _frames_of(path: Path) -> int:
    import cv2

    cv2.setNumThreads(1)
    exercise = _EXERCISES[path.name.split(".")[0]]
    return score_source(str(path), exercise, workers=1).result.source.frames
