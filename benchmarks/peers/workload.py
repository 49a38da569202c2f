"""The same landmarks for every tool: frames of 33 landmarks as poses, and as .trc files."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np

from midback.vision.estimator import PoseEstimator
from midback.vision.frames import open_frames
from midback.vision.pose import Array, Pose, SourceInfo
from midback.vision.recording import PoseWriter, open_poses
from midback.vision.weights import model_path, sha256_of
from peers.environments import home

SEED = 20261122
FRAMES = 10_000
BLEND = 15
"""Frames over which the end of one round passes into the start of the next."""

_NOISE_PX, _SIZE, _MOVE_PX = 0.3, 0.05, 15.0
_TRUNK_MM = 480.0
_LEFT, _TOP = 1_000.0, 1_000.0

NAMES = (
    "Nose", "LEyeInner", "LEye", "LEyeOuter", "REyeInner", "REye", "REyeOuter", "LEar", "REar",
    "LMouth", "RMouth", "LShoulder", "RShoulder", "LElbow", "RElbow", "LWrist", "RWrist",
    "LPinky", "RPinky", "LIndex", "RIndex", "LThumb", "RThumb", "LHip", "RHip", "LKnee", "RKnee",
    "LAnkle", "RAnkle", "LHeel", "RHeel", "LBigToe", "RBigToe",
)  # fmt: skip
"""MediaPipe's 33 landmarks in its order, named as Sports2D and Pose2Sim name theirs."""

MAPPING = """units = "mm"
up = "-y"
optional = true

[landmarks]
nose = ["Nose"]
""" + "".join(
    f'{side.lower()}_{ours} = ["{side[0]}{theirs}"]\n'
    for side in ("Left", "Right")
    for ours, theirs in (
        ("ear", "Ear"), ("shoulder", "Shoulder"), ("elbow", "Elbow"), ("wrist", "Wrist"),
        ("hip", "Hip"), ("knee", "Knee"), ("ankle", "Ankle"), ("heel", "Heel"),
        ("toes", "BigToe"),
    )
)  # fmt: skip


def repeated(poses: Sequence[Pose], frames: int = FRAMES, seed: int = SEED) -> list[Pose]:
    """`frames` poses: the recording again and again, no two rounds alike.

    Each round is up to 5 % larger or smaller, lies up to 15 px elsewhere and carries landmark
    noise of .3 px (SD) of its own; its last half second passes smoothly into the next one's first.
    """
    drawn = np.random.default_rng(seed)
    step = float(np.median(np.diff([pose.t for pose in poses])))
    rounds: list[Pose] = []
    while len(rounds) < frames:
        size = 1.0 + drawn.uniform(-_SIZE, _SIZE)
        move = np.array([*drawn.uniform(-_MOVE_PX, _MOVE_PX, 2), 0.0])
        once = [_moved(pose, size, move, drawn) for pose in poses]
        for i in range(BLEND if rounds else 0):
            share = (i + 1) / (BLEND + 1)
            rounds[i - BLEND] = _between(rounds[i - BLEND], once[i], share)
        rounds += once[BLEND if rounds else 0 :]
    return [replace(pose, t=i * step) for i, pose in enumerate(rounds[:frames])]


def _moved(pose: Pose, size: float, move: Array, drawn: np.random.Generator) -> Pose:
    noise = drawn.normal(0.0, _NOISE_PX, pose.points.shape)
    points = (pose.points * size + move + noise).astype(np.float32)
    rays = None if pose.silhouette is None else (pose.silhouette * size).astype(np.float32)
    return replace(pose, points=points, silhouette=rays)


def _between(a: Pose, b: Pose, share: float) -> Pose:
    points = ((1 - share) * a.points + share * b.points).astype(np.float32)
    world = ((1 - share) * a.world + share * b.world).astype(np.float32)
    return replace(a if share < 0.5 else b, points=points, world=world)


def write(folder: Path, poses: Sequence[Pose], info: SourceInfo, exercise: str) -> None:
    """Put the poses, both .trc files, the mapping, the exercise and an empty video there."""
    folder.mkdir(parents=True, exist_ok=True)
    with PoseWriter(folder / "poses.npz", info, "") as writer:
        for pose in poses:
            writer.write(pose)
    t = np.array([pose.t for pose in poses])
    points = np.stack([pose.points for pose in poses]).astype(np.float64)
    scale = _TRUNK_MM / trunk(points)
    placed = points * [1, -1, -1] * scale  # x right, y down, z away: right-handed
    placed += [_LEFT, _TOP, 0.0] - np.nanmin(placed, axis=(0, 1)) * [1, 1, 0]
    write_trc(folder / "landmarks_px.trc", t, placed, "mm")
    write_trc(
        folder / "metres.trc", t, (points - np.nanmin(points, axis=(0, 1))) * scale / 1e3, "m"
    )
    (folder / "mapping.toml").write_text(MAPPING, encoding="utf-8")
    (folder / "exercise.txt").write_text(exercise, encoding="utf-8")
    (folder / "size.txt").write_text(f"{info.width} {info.height}", encoding="ascii")
    write_blank(folder / "blank.mp4", len(poses), 1 / float(np.median(np.diff(t))))


def trunk(points: Array) -> float:
    """Median length of the hip-shoulder line."""
    line = points[:, 11:13, :2].mean(axis=1) - points[:, 23:25, :2].mean(axis=1)
    return float(np.nanmedian(np.linalg.norm(line, axis=-1)))


def write_trc(path: Path, t: Array, xyz: Array, units: str) -> None:
    """A .trc of (T, 33, 3); a landmark that is NaN leaves its cells empty."""
    rate = f"{1 / float(np.median(np.diff(t))):.2f}"
    head = [
        f"PathFileType\t4\t(X/Y/Z)\t{path.name}",
        "DataRate\tCameraRate\tNumFrames\tNumMarkers\tUnits\tOrigDataRate\tOrigDataStartFrame\tOrigNumFrames",
        f"{rate}\t{rate}\t{len(t)}\t{len(NAMES)}\t{units}\t{rate}\t1\t{len(t)}",
        "Frame#\tTime\t" + "\t\t\t".join(NAMES) + "\t\t",
        "\t\t" + "\t".join(f"X{i}\tY{i}\tZ{i}" for i in range(1, len(NAMES) + 1)),
    ]
    rows = (
        f"{i}\t{time:.6f}\t" + "\t".join("" if np.isnan(v) else f"{v:.5f}" for v in row.ravel())
        for i, (time, row) in enumerate(zip(t, xyz, strict=True), 1)
    )
    path.write_text("\n".join([*head, *rows]) + "\n", encoding="utf-8")


def write_blank(path: Path, frames: int, fps: float) -> None:
    """An empty video of 64 x 48 with as many frames as there are rows; Sports2D reads one each."""
    out = cv2.VideoWriter(str(path), cv2.VideoWriter.fourcc(*"mp4v"), fps, (64, 48))
    picture = np.full((48, 64, 3), 128, dtype=np.uint8)
    for _ in range(frames):
        out.write(picture)
    out.release()


def estimated(video: Path) -> tuple[list[Pose], SourceInfo]:
    """Poses of a recording; they are kept beside the environments, since nothing changes them."""
    kept = home() / "poses" / f"{sha256_of(video)[:16]}.npz"
    if not kept.is_file():
        kept.parent.mkdir(parents=True, exist_ok=True)
        with (
            open_frames(str(video)) as frames,
            PoseEstimator(model_path(None, print), silhouette=True) as estimator,
            PoseWriter(kept, frames.info, "") as writer,
        ):
            for frame in frames:
                writer.write(estimator.estimate(frame))
    with open_poses(kept) as source:
        return list(source), source.info
