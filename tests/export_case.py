"""A set that is stopped, made of numbers: saved poses and the video behind them."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from pathlib import Path

import clips
import numpy as np
import stick

from midback.vision.pose import Pose, SourceInfo, missing_pose
from midback.vision.recording import PoseWriter

SIZE = (640, 360)
STEPS_MS = (84, 100, 117)
"""From frame to frame: a phone's frames do not come evenly."""

REPS, BAD_FROM = 8, 7
_LEAD_S, _PERIOD_S = 3.0, 4.0
HIDDEN = 14
"""The right elbow is out of sight in every tenth frame."""

NOBODY = 4
"""Nobody is found in this frame."""


def times_ms(seconds: float) -> list[int]:
    """Of frames that do not come evenly."""
    steps = np.resize(STEPS_MS, int(seconds * 1000) // min(STEPS_MS))
    times = np.concatenate([[0], np.cumsum(steps)])
    return [int(t) for t in times[times < 1000 * seconds]]


def poses(reps: int = REPS, bad_from: int = BAD_FROM) -> list[Pose]:
    """Alternating bird dogs; from rep `bad_from` on the low back arches 28 deg more."""
    times = times_ms(_LEAD_S + reps * _PERIOD_S + 1)
    return [
        missing_pose(ms / 1000) if i == NOBODY else _pose(i, ms / 1000, reps, bad_from)
        for i, ms in enumerate(times)
    ]


def _pose(index: int, t: float, reps: int, bad_from: int) -> Pose:
    rep = int(np.clip((t - _LEAD_S) // _PERIOD_S, 0, reps - 1))
    lift = stick.lift_curve(t, _LEAD_S + rep * _PERIOD_S)
    extra = 28.0 * lift if rep + 1 >= bad_from else 0.0
    state = stick.BirdDog(lift * 0.95, rep % 2 == 0, 30.0, 20.0 + extra)
    pose = stick.pose(state, t, noise=0.8)
    assert pose.silhouette is not None
    half = np.float32(SIZE[0] / stick.SIZE[0])
    if index % 10 == 0:
        pose.visibility[HIDDEN] = 0.1
    return replace(pose, points=pose.points * half, silhouette=pose.silhouette * half)


def recording(folder: Path, made: list[Pose]) -> tuple[Path, Path]:
    """Saved poses and the video that they are said to come from, a picture for each."""
    video = clips.write_video(
        folder / "clip.mp4", [round(1000 * pose.t) for pose in made], size=SIZE
    )
    sha256 = hashlib.sha256(video.read_bytes()).hexdigest()
    return save(folder / "poses.npz", made, SourceInfo(str(video), sha256, 10.0, *SIZE)), video


def save(path: Path, made: list[Pose], info: SourceInfo) -> Path:
    with PoseWriter(path, info, "0" * 64) as writer:
        for pose in made:
            writer.write(pose)
    return path
