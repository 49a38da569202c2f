"""The main job on every clip there is: counts, boundaries and the stop call beside the truth.

    python benchmarks/main_job.py [--data FOLDER]

Sample clips come with the repository. With the folder of validation recordings, those with
labels or counts read by eye are scored too. Prints a table and writes benchmarks/main_job.md.
"""

from __future__ import annotations

import argparse
import json
import platform
import time
from dataclasses import dataclass
from pathlib import Path

from midback.apps.run import score_source
from midback.result import Result

HERE = Path(__file__).parent
SAMPLES = HERE.parent / "sample_videos"


@dataclass(frozen=True)
class Clip:
    """A clip and the number of repetitions that a person counts in it."""

    path: Path
    exercise: str
    reps: int
    note: str = ""


def real_clips(data: Path) -> list[Clip]:
    """Validation recordings with counts read by eye (frames in the note)."""
    video = data / "video"
    return [
        Clip(video / "birddog-home/bird-dog.mp4", "bird_dog", 6, "475-1480, see observed_events"),
        Clip(video / "polybag/bird_dog.mp4", "bird_dog", 2, "40-150, 245-385"),
        Clip(video / "polybag/kocici_hrbet.mp4", "cat_cow", 2, "rounded 26-78 and 221-286"),
        Clip(video / "wanshape-outdoor/cat-cow.mp4", "cat_cow", 3,
             "rounded 50-75, 165-190, 265-285; the third return is cut off by the end"),
        Clip(video / "polybag/kocka_krava_na_zidli.mp4", "seated_thoracic_extension", 2,
             "flexed 44-130 and 300-400"),
        Clip(video / "squat-labelled/squat_17.mp4", "squat", 1, "label 30 to 101: one whole squat"),
        Clip(video / "squat-labelled/squat_18.mp4", "squat", 1, "label 4 to 77: one whole squat"),
        Clip(video / "squat-labelled/kai_squat_correct_018.avi", "squat", 1),
        Clip(video / "squat-labelled/kai_squat_incorrect_002.mp4", "squat", 1),
    ]  # fmt: skip


def boundary_error(result: Result, truth: list[dict[str, float]]) -> float:
    """Largest distance in s of a start or end from the truth; infinite where counts differ."""
    if len(result.reps) != len(truth):
        return float("inf")
    pairs = [
        abs(a - b)
        for rep, true in zip(result.reps, truth, strict=True)
        for a, b in ((rep.start_s, true["start_s"]), (rep.end_s, true["end_s"]))
    ]
    return max(pairs, default=0.0)


def sample_row(truth_file: Path) -> str:
    """Table row of one rendered clip."""
    truth = json.loads(truth_file.read_text())
    clip = truth_file.with_name(truth_file.name.replace(".truth.json", ".mp4"))
    begin = time.perf_counter()
    result = score_source(str(clip), truth["exercise"]).result
    took = (time.perf_counter() - begin) / result.source.frames * 1e3
    stop = f"rep {result.stop.rep}, {result.stop.region}" if result.stop else "none"
    bad = truth["first_bad_rep"]
    expected = f"rep {bad} or {bad + 1}, {truth['region']}" if bad else "none"
    error = boundary_error(result, truth["reps"])
    return (
        f"| {clip.stem} | {len(truth['reps'])} | {len(result.reps)} | {error:.2f} | "
        f"{expected} | {stop} | {took:.0f} |"
    )


def real_row(clip: Clip) -> str:
    """Table row of one real recording."""
    result = score_source(str(clip.path), clip.exercise).result
    fps = result.source.fps or 30.0
    spans = ", ".join(f"{rep.start_s * fps:.0f}-{rep.end_s * fps:.0f}" for rep in result.reps)
    refused = [name for name, angle in result.angles.items() if angle.status == "not_measurable"]
    name = f"{clip.path.parent.name}/{clip.path.name}"
    return (
        f"| {name} | {clip.exercise} | {clip.reps} | {len(result.reps)} | {spans} | {clip.note} | "
        f"{len(refused)} of {len(result.angles)} |"
    )


def main() -> None:
    """Print the tables and write them beside this file."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--data", type=Path, default=HERE.parent.parent / "shared" / "data")
    data = parser.parse_args().data
    lines = [
        "# The main job",
        "",
        f"`benchmarks/main_job.py`, {platform.machine()}, Python {platform.python_version()}.",
        "",
        "| rendered clip | true reps | reps | worst boundary s | true stop | stop | ms/frame |",
        "|---|---|---|---|---|---|---|",
        *map(sample_row, sorted(SAMPLES.glob("*.truth.json"))),
    ]
    if data.is_dir():
        lines += [
            "",
            "| recording | exercise | by eye | reps | our frames | frames by eye | refused |",
            "|---|---|---|---|---|---|---|",
            *map(real_row, real_clips(data)),
        ]
    text = "\n".join(lines) + "\n"
    print(text)
    (HERE / "main_job.md").write_text(text)


if __name__ == "__main__":
    main()
