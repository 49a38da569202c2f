"""What each tool says of one set on all fours and of a squat, beside what is true."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from midback.vision.pose import Array, Pose
from peers import speed, workload
from peers.angles_of import CONVENTION, HIPS_BENT, KNEES_BENT, LEAN, Series, protractor
from peers.fresh import Failure
from peers.speed import Runs
from peers.tools import MIDBACK_POSES, SAYING, SPORTS2D, Tool

SAMPLES = Path(__file__).parents[2] / "sample_videos"


@dataclass(frozen=True)
class Clip:
    """frames: those of the set. still: seconds of it in which the person holds still.

    facing: +1 towards the right edge of the picture, -1 the left. reps: as a person counts them.
    truth: whether the body was posed, so that angles are known.
    """

    title: str
    path: Path
    exercise: str
    frames: slice
    still: tuple[float, float]
    facing: int
    reps: int
    truth: bool = False


def clips(data: Path) -> list[Clip]:
    """The rendered set, and the recordings of real people where that folder is there."""
    home = data / "video"
    every = [
        Clip("Bird dog on all fours, rendered", SAMPLES / "bird_dog_fatigue.mp4", "bird_dog",
             slice(None), (0.0, 2.8), -1, 14, truth=True),
        Clip("Bird dog on all fours, a real person", home / "birddog-home/bird-dog.mp4",
             "bird_dog", slice(445, 1485), (0.0, 1.0), 1, 6),
        Clip("Squat, a real person, standing", home / "squat-labelled/squat_17.mp4", "squat",
             slice(None), (1.8, 2.2), -1, 1),
    ]  # fmt: skip
    return [clip for clip in every if clip.path.exists()]


def section(clip: Clip, folder: Path) -> str:
    """Text and table of one clip."""
    every, info = workload.estimated(clip.path)
    first = every[clip.frames][0].t
    poses = [replace(pose, t=pose.t - first) for pose in every[clip.frames]]
    workload.write(folder, poses, info, clip.exercise)
    (folder / "side.txt").write_text("right" if clip.facing > 0 else "left")
    once = {tool: replace(tool, runs=1) for tool in SAYING}
    said = {tool: speed.measure(one, folder) for tool, one in once.items()}
    true = _truth(clip, poses)
    lines = [
        "| degrees | lean | hips L, R | knees L, R | hips: RMS error L, R | longest jump | "
        "repetitions |",
        "|---|---|---|---|---|---|---|",
        "| true | "
        + " | ".join([*_still(clip, _times(poses), true), "", "", str(clip.reps)])
        + " |",
        *(_row(clip, tool, runs, _times(poses), true) for tool, runs in said.items()),
    ]
    return "\n".join(
        [f"{len(poses)} frames. {_across(said[SPORTS2D], said[MIDBACK_POSES])}", "", *lines]
    )


def _across(runs: Runs, ours: Runs) -> str:
    """What the two say of lines that point at the camera."""
    if isinstance(runs, Failure) or isinstance(ours, Failure):
        return ""
    status = ours[0].said["status"]["lateral_tilt"].replace("_", " ")
    ranges = [
        f"{np.nanmin(runs[0].series[name]):.0f} to {np.nanmax(runs[0].series[name]):.0f}"
        for name in ("pelvis", "shoulders")
    ]
    return (
        "Seen from the side, the lines across hips and shoulders point at the camera, and their "
        f"angle in the picture means nothing: Sports2D gives {ranges[0]} and {ranges[1]} degrees, "
        f"midback's tilt of the shoulders on the pelvis is {status}."
    )


def _times(poses: Sequence[Pose]) -> Array:
    return np.array([pose.t for pose in poses])


def _truth(clip: Clip, poses: Sequence[Pose]) -> Series:
    """The protractor on the same landmarks; for posed bodies the posed trunk and hips."""
    found = protractor(poses, clip.facing)
    if not clip.truth:
        return found
    posed = json.loads(clip.path.with_suffix(".truth.json").read_text())["angles"]
    t = _times(poses)
    names = {LEAN: "trunk_inclination", "hip_L": "trunk_thigh_left", "hip_R": "trunk_thigh_right"}
    signs = {LEAN: 1.0, "hip_L": -1.0, "hip_R": -1.0}
    return found | {
        ours: signs[ours] * np.interp(t, posed["t"], posed[theirs])
        for ours, theirs in names.items()
    }


def _row(clip: Clip, tool: Tool, runs: Runs, t: Array, true: Series) -> str:
    if isinstance(runs, Failure):
        return f"| {tool.short} | did not run: {runs.why} | | | | | |"
    series = runs[0].series
    angles = CONVENTION[tool](series)
    at = series["time"] - series["time"][0]
    errors = [_rms(angles[name], at, true[name], t) for name in HIPS_BENT]
    jumps = [_jump(angles[name]) for name in (*HIPS_BENT, *KNEES_BENT)]
    said = runs[0].said
    counted = said.get("reps", "-")
    if "steps" in said:
        counted = f"{said['steps']} steps, {said['strides']} kept as strides"
    cells = [*_still(clip, at, angles), ", ".join(map(_whole, errors)), f"{max(jumps):.0f}"]
    return f"| {tool.short} | " + " | ".join([*cells, str(counted)]) + " |"


def _whole(value: float) -> str:
    return f"{value:.0f}" if np.isfinite(value) else "-"


def _still(clip: Clip, t: Array, angles: Series) -> list[str]:
    """Lean, hips and knees while the person holds still: the median."""
    held = (t >= clip.still[0]) & (t <= clip.still[1])

    def shown(name: str) -> str:
        values = angles[name][held] if name in angles else np.array([np.nan])
        return "-" if np.isnan(values).all() else _whole(float(np.nanmedian(values)))

    return [", ".join(map(shown, names)) for names in ((LEAN,), HIPS_BENT, KNEES_BENT)]


def _jump(values: Array) -> float:
    """The longest step from one frame to the next."""
    steps = np.abs(np.diff(values))
    return float(steps[np.isfinite(steps)].max(initial=0.0))


def _rms(said: Array, at: Array, true: Array, t: Array) -> float:
    """Root mean square of the difference where the tool says something."""
    there = np.isfinite(said)
    if not there.any():
        return float("nan")
    off = said[there] - np.interp(at[there], t, true)
    return float(np.sqrt(np.mean(off**2)))
