"""Line 5, real recordings: what an eye says about the view beside what the program says."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from midback.apps.run import score_source


@dataclass(frozen=True)
class Seen:
    """A recording, the exercise in it, and the verdict of a person who looked at its frames.

    view: side or front. thorax: what the eye expects of the contour of the upper back.
    """

    path: str
    exercise: str
    view: str
    thorax: str


RECORDINGS = (
    Seen("birddog-home/bird-dog.mp4", "bird_dog", "side", "arm beside the head: no while it is up"),
    Seen("polybag/bird_dog.mp4", "bird_dog", "side", "arm beside the head: no while it is up"),
    Seen("polybag/kocici_hrbet.mp4", "cat_cow", "side", "clear"),
    Seen("polybag/kocka_krava_na_zidli.mp4", "seated_thoracic_extension", "side",
         "clear; a chair back behind the low back"),
    Seen("wanshape-outdoor/cat-cow.mp4", "cat_cow", "side", "hood, loose pullover: doubtful"),
    Seen("squat-labelled/squat_17.mp4", "squat", "side", "ponytail, else clear"),
    Seen("squat-labelled/squat_18.mp4", "squat", "front", "not to be seen"),
    Seen("squat-labelled/kai_squat_correct_018.avi", "squat", "side", "clear, small"),
    Seen("squat-labelled/kai_squat_incorrect_002.mp4", "squat", "side", "clear, small"),
)  # fmt: skip


def table(data: Path) -> str:
    """One row per recording."""
    lines = [
        "| recording | view by eye | by program | upper back by eye | thoracic extension | why |",
        "|---|---|---|---|---|---|",
    ]
    for seen in RECORDINGS:
        result = score_source(str(data / "video" / seen.path), seen.exercise).result
        angle = result.angles["thoracic_extension"]
        yaw = "-" if result.view.yaw_deg is None else f"{result.view.yaw_deg:.0f} deg"
        lines.append(
            f"| {seen.path} | {seen.view} | {result.view.name}, {yaw} | {seen.thorax} | "
            f"{angle.status.replace('_', ' ')} | {angle.reason or ''} |"
        )
    return "\n".join(lines)
