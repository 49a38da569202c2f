"""upose: `UPose.newFrame` and `getAngleVector` on every frame, as its README shows.

It takes MediaPipe's own result; an object of the same shape is made of the saved landmarks.
"""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import numpy as np
from upose import UPose

from peers.foreign.job import FOLDER, Found, report

with np.load(FOLDER / "poses.npz") as _saved:
    TIMES, WORLD, SEEN = _saved["t"], _saved["world"], _saved["visibility"]

NAMES = (
    "pelvis", "torso_x", "torso_z", "shoulder_L_x", "shoulder_L_y", "shoulder_L_z", "shoulder_R_x",
    "shoulder_R_y", "shoulder_R_z", "elbow_L", "elbow_R", "hip_L_x", "hip_L_z", "hip_R_x",
    "hip_R_z", "knee_L_x", "knee_L_z", "knee_R_x", "knee_R_z",
)  # fmt: skip


def _result(points: Any, visibility: Any) -> SimpleNamespace:
    """As MediaPipe gives it: y down, z away from the camera."""
    landmarks = [
        SimpleNamespace(x=float(x), y=-float(y), z=-float(z), visibility=float(v))
        for (x, y, z), v in zip(points, visibility, strict=True)
    ]
    return SimpleNamespace(pose_world_landmarks=SimpleNamespace(landmark=landmarks))


RESULTS = [_result(points, seen) for points, seen in zip(WORLD, SEEN, strict=True)]


def analyse() -> list[Any]:
    """Nineteen Euler angles a frame, and the four that it calls body angles."""
    tracker = UPose(source="mediapipe")
    rows: list[Any] = []
    for result in RESULTS:
        tracker.newFrame(result)
        try:
            angles = tracker.getAngleVector()
        except ValueError:  # asin of 1.0000001
            rows.append(np.full(len(NAMES) + 2, np.nan))
            continue
        rows.append([*angles, tracker.getLeftKneeAngle(), tracker.getRightKneeAngle()])
    return rows


def tell(rows: list[Any]) -> Found:
    """By name."""
    table = np.array(rows, dtype=np.float64).T
    lost = int(np.isnan(table[0]).sum())
    return dict(zip(("time", *NAMES, "knee_L", "knee_R"), [TIMES, *table], strict=True)), {
        "failed": lost
    }


if __name__ == "__main__":
    report(analyse, tell, ("upose", "mediapipe"))
