"""Eight clips, one process on each core, beside the bare loop in one process, same files."""

from __future__ import annotations

import shutil
import tempfile
import time
from multiprocessing import get_context
from pathlib import Path
from statistics import median

from cli import midback

from midback.apps.background import in_background
from midback.apps.reading.settings import cores
from midback.apps.run import score_source
from speed.bare import bare_loop
from speed.recordings import CLIPS, EXERCISES, eight_clips

ROUNDS = 1


def section() -> str:
    with tempfile.TemporaryDirectory() as folder:
        files = eight_clips(Path(folder) / "clips")
        bare: list[float] = []
        ours: list[float] = []
        whole: list[float] = []
        with get_context("spawn").Pool(cores()) as pool:
            pool.map(_warm, range(cores()), chunksize=1)
            for _ in range(ROUNDS):
                count, took = bare_loop(files)
                bare.append(count / took)
                begin = time.perf_counter()
                counts = list(pool.imap_unordered(_frames_of, files))
                ours.append(sum(counts) / (time.perf_counter() - begin))
                whole.append(count / _command(files[0].parent, Path(folder) / "out"))
    warm, command = (median(b / a for a, b in zip(bare, r, strict=True)) for r in (ours, whole))
    return "\n".join(
        [
            f"{CLIPS} clips (each sample twice), {sum(counts)} frames, {cores()} processes that "
            "score whole files; the bare loop in one process, same files, same model.",
            "",
            "| | frames/s |",
            "|---|---|",
            f"| bare loop, one process | {median(bare):.1f} |",
            f"| midback, {cores()} warm processes | {median(ours):.1f} |",
            f"| the whole command, reports included | {median(whole):.1f} |",
            "",
            f"**{warm:.2f}x the bare loop**, the whole command {command:.2f}x ({ROUNDS} round).",
        ]
    )


def _command(folder: Path, out: Path) -> float:
    """Seconds of `midback score FOLDER`, with its reports, its starts and its last file's tail."""
    words = "score", folder, "--list", folder / "list.csv", "--out", out
    begin = time.perf_counter()
    done = midback(*words, "--workers", str(cores()), timeout=1200.0)
    took = time.perf_counter() - begin
    assert done.returncode == 0, done.stderr
    shutil.rmtree(out)
    return took


def _warm(_: int) -> None:
    from midback.vision import estimator, video  # noqa: F401

    in_background()  # as the batch's own processes
    time.sleep(1.0)  # so that every process takes one


def _frames_of(path: Path) -> int:
    import cv2

    cv2.setNumThreads(1)
    exercise = EXERCISES[path.name.split(".")[0]]
    return score_source(str(path), exercise, workers=1).result.source.frames
