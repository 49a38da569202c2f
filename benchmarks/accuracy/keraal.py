"""One seated man with optical chest and pelvis: rotation, side bend and a view that must refuse.

Truth is the rotation of the optical chest in the room. The optical rows (60 Hz) are spread over
the recording's length, as its SOURCE says; what is left of a lag is taken out by the shift of at
most a third of a second with the highest correlation, found for each recording on its own.
Both curves start at zero: the median of the first third of a second that has a number.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
from scipy.spatial.transform import Rotation

from midback.kinematics.angles import Orientation, landmark_angles
from midback.kinematics.measurability import NAMES, SIDE_VIEW
from midback.kinematics.rotation_gauge import RotationGauge
from midback.kinematics.rows import AngleRows
from midback.kinematics.skeleton import MIRRORED
from midback.kinematics.smoothing import RATE, FixedLagSmoother
from midback.kinematics.stream import AngleStream
from midback.vision.estimator import PoseEstimator
from midback.vision.frames import open_frames
from midback.vision.pose import Array
from midback.vision.weights import model_path

OPTICAL_RATE = 60.0
_CHEST, _PELVIS = 4, 13
_MOST_LAG = int(OPTICAL_RATE / 3)
_ZERO_ROWS = int(OPTICAL_RATE / 3)


@dataclass(frozen=True)
class Agreement:
    """Two curves of degrees: mean absolute difference, slope of ours on the optical one."""

    key: str
    mae: float
    gain: float
    lag_s: float


def optical(data: Path, key: str) -> dict[str, Array]:
    """Chest yaw (left +), pelvis yaw and side bend (right +) at 60 Hz, degrees."""
    rows = np.load(data / "keraal/vicon_art_17targets.npz")[key]
    found: dict[str, Array] = {}
    for name, target in (("chest", _CHEST), ("pelvis", _PELVIS)):
        quaternion = rows[:, target, 3:7].astype(np.float64)
        known = np.abs(quaternion).sum(axis=1) > 0
        quaternion[~known] = quaternion[np.flatnonzero(known)[0]]
        turn = Rotation.from_quat(quaternion)
        change = turn * turn[0].inv()
        ahead, leftward = change.apply([1.0, 0.0, 0.0]), change.apply([0.0, 1.0, 0.0])
        found[f"{name}_yaw"] = np.degrees(np.arctan2(ahead[:, 1], ahead[:, 0]))
        found[f"{name}_bend"] = np.degrees(np.arctan2(leftward[:, 2], leftward[:, 1]))
    return found


def agreement(key: str, ours: Array, truth: Array) -> Agreement:
    """Compare two curves at the optical rate; ours may be NaN and of any rate."""
    ours = np.interp(np.linspace(0, 1, len(truth)), np.linspace(0, 1, len(ours)), ours)
    first = int(np.flatnonzero(np.isfinite(ours))[0])
    ours, truth = ours[first:], truth[first:]
    ours = ours - np.nanmedian(ours[:_ZERO_ROWS])
    truth = truth - np.median(truth[:_ZERO_ROWS])
    best: tuple[float, int, Array, Array] | None = None
    for lag in range(-_MOST_LAG, _MOST_LAG + 1):
        a = truth[max(0, -lag) : len(truth) - max(0, lag)]
        b = ours[max(0, lag) : len(ours) - max(0, -lag)]
        good = np.isfinite(b)
        r = float(np.corrcoef(a[good], b[good])[0, 1])
        if best is None or r > best[0]:
            best = (r, lag, a[good], b[good])
    assert best is not None
    _, lag, a, b = best
    return Agreement(
        key, float(np.abs(b - a).mean()), float(np.polyfit(a, b, 1)[0]), lag / OPTICAL_RATE
    )


def stored(data: Path, key: str) -> Array:
    """Stored BlazePose landmarks as (T, 33, 3) pixels, X right, Y up, Z to the camera, smoothed.

    They were made from a mirrored picture (the right hand's landmark follows the left hand), so
    the picture is turned back and left and right are exchanged. Missing frames are interpolated;
    the number of pictures is that of the Kinect's rows.
    """
    archive: Any = np.load(data / "keraal/blazepose_33.npz")
    points, frames = archive[key].astype(np.float64), archive[f"{key}__frames"]
    pictures = len(np.load(data / "keraal/kinect_25joints.npz")[key])
    whole = np.arange(1, max(pictures, int(frames[-1])) + 1)
    flat = points.reshape(len(points), -1)
    filled = np.stack([np.interp(whole, frames, column) for column in flat.T], axis=-1)
    pixels = filled.reshape(-1, 33, 3)[:, MIRRORED] * (-960.0, -540.0, -960.0) + (960.0, 0.0, 0.0)
    smoother = FixedLagSmoother(np.full(99, 3.0))
    _, first = smoother.update(np.arange(len(pixels)) / RATE, pixels.reshape(len(pixels), -1))
    _, rest = smoother.flush()
    return np.concatenate([first, rest]).reshape(-1, 33, 3)


@cache
def seen(data: Path, key: str) -> AngleRows:
    """A video of the set through the whole pipeline, its clock set by the optical recording."""
    length = len(np.load(data / "keraal/vicon_art_17targets.npz")[key]) / OPTICAL_RATE
    with (
        open_frames(str(data / f"keraal/video/{key}.avi")) as frames,
        PoseEstimator(model_path(None, print), silhouette=True) as network,
    ):
        poses = [network.estimate(frame) for frame in frames]
        size = (frames.info.width, frames.info.height)
    step = length / len(poses)
    stream = AngleStream("seated", size)
    timed = [replace(pose, t=index * step) for index, pose in enumerate(poses)]
    return AngleRows.joined([stream.update(timed), stream.flush()])


def curve(rows: AngleRows, name: str) -> Array:
    """One angle of the rows, ungated: (N,)."""
    return rows.values[:, NAMES.index(name)]


def rotation_from_video(data: Path) -> list[Agreement]:
    """Trunk rotation of every RTK video."""
    return [
        agreement(key, curve(seen(data, key), "trunk_rotation"), optical(data, key)["chest_yaw"])
        for key in _videos(data, "RTK")
    ]


def rotation_from_stored(data: Path) -> list[Agreement]:
    """Trunk rotation of every stored RTK recording; the image's z serves as depth."""
    found = []
    for key in _stored(data, "RTK"):
        points = stored(data, key)
        turned = RotationGauge().update(points, points, np.ones(len(points), dtype=np.bool_)).girdle
        found.append(agreement(key, turned, optical(data, key)["chest_yaw"]))
    return found


def raw_yaw_from_stored(data: Path) -> list[Agreement]:
    """The naive way: yaw of the shoulder line from the image's own z."""
    found = []
    for key in _stored(data, "RTK"):
        across = stored(data, key)[:, 11] - stored(data, key)[:, 12]
        yaw = np.degrees(np.arctan2(-across[:, 2], across[:, 0]))
        found.append(agreement(key, yaw, optical(data, key)["chest_yaw"]))
    return found


def side_bend_from_stored(data: Path) -> list[Agreement]:
    """Side bend of every stored ELK recording."""
    found = []
    for key in _stored(data, "ELK"):
        angles = landmark_angles(stored(data, key), Orientation(1, horizontal=False))
        found.append(agreement(key, angles["side_bend"], optical(data, key)["chest_bend"]))
    return found


def extension_refused(data: Path) -> list[tuple[str, float]]:
    """Share of frames, in position, in which thoracic extension is refused for the view: CTK."""
    found = []
    for key in _videos(data, "CTK"):
        codes = [
            row.codes[NAMES.index("thoracic_extension")] for row in seen(data, key) if row.ready
        ]
        found.append((key, float(np.mean(np.array(codes) == SIDE_VIEW))))
    return found


def _videos(data: Path, exercise: str) -> list[str]:
    return sorted(path.stem for path in (data / "keraal/video").glob(f"{exercise}*.avi"))


def _stored(data: Path, exercise: str) -> list[str]:
    names = np.load(data / "keraal/blazepose_33.npz").files
    return sorted(n for n in names if n.startswith(exercise) and not n.endswith("__frames"))


def table(data: Path) -> str:
    """Line 2: our curves against the optical ones, and the naive way beside them."""
    lines = [
        "| what | recordings | MAE mean, deg | worst | gain | range of gains | lag s |",
        "|---|---|---|---|---|---|---|",
    ]
    for name, found in (
        ("trunk rotation from video", rotation_from_video(data)),
        ("pelvic rotation from video", pelvis_from_video(data)),
        ("trunk rotation from stored BlazePose", rotation_from_stored(data)),
        ("naive: yaw from the stored image z", raw_yaw_from_stored(data)),
        ("side bend from stored BlazePose", side_bend_from_stored(data)),
    ):
        mae, gain = [a.mae for a in found], [a.gain for a in found]
        lines.append(
            f"| {name} | {len(found)} | {np.mean(mae):.2f} | {max(mae):.2f} | {np.mean(gain):.2f} "
            f"| {min(gain):.2f}-{max(gain):.2f} | {np.mean([a.lag_s for a in found]):.2f} |"
        )
    refused = extension_refused(data)
    share = min(part for _, part in refused)
    lines += [
        "",
        f"CTK, filmed from the front: thoracic extension is refused for the view in at least "
        f"{share:.0%} of the frames of each of {len(refused)} recordings.",
        "",
        "Per recording: " + "; ".join(
            f"{a.key} {a.mae:.1f} deg, gain {a.gain:.2f}" for a in rotation_from_video(data)
        ) + ".",
        "",
        "Synchronised: the optical rows are spread over the recording's length; what is left of a "
        "lag is taken out by the one shift of at most a third of a second, per recording, with the "
        "highest correlation. Both curves start at zero, the median of the first third of a second "
        "with a number. One man, one session.",
    ]  # fmt: skip
    return "\n".join(lines)


def pelvis_from_video(data: Path) -> list[Agreement]:
    """Pelvic rotation of every RTK video."""
    return [
        agreement(key, curve(seen(data, key), "pelvic_rotation"), optical(data, key)["pelvis_yaw"])
        for key in _videos(data, "RTK")
    ]
