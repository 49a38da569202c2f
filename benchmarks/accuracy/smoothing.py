"""Line 8: static noise, and what the network's own smoothing does to slow and fast movement.

A phantom raises and lowers its trunk's thorax at one speed per clip, and stands still in one.
The same pictures go through the network twice: as a video, where it tracks and smooths, and each
by itself, where it does neither.
"""

from __future__ import annotations

import importlib
import pickle
from dataclasses import replace

import numpy as np

from accuracy.clips import CACHE, _key
from midback.phantom.cases import Case
from midback.phantom.study import pictures, truth
from midback.vision.estimator import PoseEstimator, for_network
from midback.vision.frames import Frame
from midback.vision.landmarker import quiet_stderr
from midback.vision.pose import Array
from midback.vision.weights import model_path

RATES_HZ = (0.25, 0.5, 1.0, 2.0)
_STILL = Case("still", "ben", "seated", "still", 0.0, seed=90, fps=30, reps=2, rep_s=2.0)
_JOINTS = {"shoulders": (11, 12), "hips": (23, 24), "ears": (7, 8)}


def cases() -> list[Case]:
    """The still clip and one per speed: side bends, since the frontal plane is the clearest."""
    moving = [
        Case(
            f"bend-{rate:g}-hz",
            "ben",
            "seated",
            "side_bend",
            20.0,
            heading=-90.0,
            seed=91,
            fps=30,
            rep_s=1 / rate,
            rest_s=0.0,
            reps=max(2, round(4 * rate)),
        )
        for rate in RATES_HZ
    ]
    return [replace(_STILL, heading=-90.0), *moving]


def tracks(case: Case) -> tuple[Array, Array]:
    """(T, 33, 2) pixels of a case's landmarks as a video and as single pictures."""
    kept = CACHE / (_key(case) + "-smoothing")
    if kept.exists():
        found: tuple[Array, Array] = pickle.loads(kept.read_bytes())
        return found
    model = model_path(None, print)
    vision = importlib.import_module("mediapipe.tasks.python.vision")
    base = importlib.import_module("mediapipe.tasks.python.core.base_options")
    mediapipe = importlib.import_module("mediapipe")
    options = vision.PoseLandmarkerOptions(
        base_options=base.BaseOptions(model_asset_path=str(model)),
        running_mode=vision.RunningMode.IMAGE,
        num_poses=1,
    )
    width, height = case.view.size
    video, single = [], []
    with PoseEstimator(model, silhouette=False) as network:
        alone = vision.PoseLandmarker.create_from_options(options)
        for index, picture in enumerate(pictures(case)):
            video.append(network.estimate(Frame(index / case.fps, picture)).points[:, :2])
            image = mediapipe.Image(
                image_format=mediapipe.ImageFormat.SRGB, data=for_network(picture)
            )
            with quiet_stderr():
                found_in = alone.detect(image).pose_landmarks[0]
            single.append([(p.x * width, -p.y * height) for p in found_in])
        alone.close()
    both = np.array(video, dtype=np.float64), np.array(single, dtype=np.float64)
    CACHE.mkdir(exist_ok=True)
    kept.write_bytes(pickle.dumps(both))
    return both


def table() -> str:
    """Noise at rest in percent of the trunk; share and lag of a movement that comes through."""
    first, *moving = cases()
    video, single = tracks(first)
    trunk = np.linalg.norm(
        single[:, [11, 12]].mean(axis=(0, 1)) - single[:, [23, 24]].mean(axis=(0, 1))
    )
    lines = [
        "| at rest, % of the trunk, sd of one point | smoothed | single pictures |",
        "|---|---|---|",
    ]
    for name, pair in _JOINTS.items():
        noise = [
            100 * points[20:, list(pair)].std(axis=0).mean() / trunk for points in (video, single)
        ]
        lines.append(f"| {name} | {noise[0]:.2f} | {noise[1]:.2f} |")
    lines += [
        "",
        "| side bend at | gain smoothed | lag ms | gain single | lag ms |",
        "|---|---|---|---|---|",
    ]
    for case in moving:
        true = truth(case).side_bend
        cells = [_follow(points, true, case.fps) for points in tracks(case)]
        hertz = 1 / case.rep_s
        lines.append(
            f"| {hertz:g} Hz | {cells[0][0]:.2f} | {cells[0][1]:.0f} | "
            f"{cells[1][0]:.2f} | {cells[1][1]:.0f} |"
        )
    lines += [
        "",
        "Gain: of the shoulder line's tilt on the thorax's true bend, at the lag with the highest "
        "correlation. The choice: smoothing stays on. Shoulders and hips rest twice as still; the "
        "price is what the two gain columns differ by, and up to a tenth of a second. At 2 Hz, "
        "faster than any exercise here, more is lost; tremor is not measured.",
    ]
    return "\n".join(lines)


def _follow(points: Array, true: Array, fps: int) -> tuple[float, float]:
    """Slope of the shoulder line's tilt on the true bend at the best lag, and that lag in ms."""
    line = points[:, 11] - points[:, 12]
    tilt = -np.degrees(np.arctan2(-line[:, 1], line[:, 0]))
    fine = np.arange(0, len(true) - 1, 0.25)
    a, b = np.interp(fine, np.arange(len(true)), true), np.interp(fine, np.arange(len(tilt)), tilt)
    best = max(range(-8, 33), key=lambda lag: _slope(a, b, lag)[1])
    return _slope(a, b, best)[0], 250.0 * best / fps


def _slope(a: Array, b: Array, lag: int) -> tuple[float, float]:
    """Slope and correlation of b on a when b is late by a number of quarter frames."""
    x = a[max(0, -lag) : len(a) - max(0, lag)]
    y = b[max(0, lag) : len(b) - max(0, -lag)]
    return abs(float(np.polyfit(x, y, 1)[0])), abs(float(np.corrcoef(x, y)[0, 1]))
