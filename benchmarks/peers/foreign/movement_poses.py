"""movement: `load_poses.from_numpy`, its filters, speeds and `compute_signed_angle_2d`.

It reads no .trc and names no joint angle; the angle between two vectors is what it offers.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from movement.filtering import filter_by_confidence, interpolate_over_time, savgol_filter
from movement.io import load_poses
from movement.kinematics import compute_acceleration, compute_speed, compute_velocity
from movement.utils.vector import compute_signed_angle_2d

from peers.foreign.job import FOLDER, report
from peers.foreign.tables import Array, read_trc


def analyse() -> dict[str, Array]:
    """Gaps, filter, velocities of all keypoints, and the angles of trunk, hips and knees."""
    t, names, points = read_trc(FOLDER / "metres.trc")
    poses = load_poses.from_numpy(
        points[:, :, :2].transpose(0, 2, 1)[..., None],
        np.ones((len(t), len(names), 1)),
        ["person"],
        names,
        fps=float(1 / np.median(np.diff(t))),
    )
    position = filter_by_confidence(poses.position, poses.confidence)
    position = savgol_filter(interpolate_over_time(position), window=9)
    compute_speed(position), compute_velocity(position), compute_acceleration(position)
    at = {name: position.sel(keypoints=name, individuals="person", drop=True) for name in names}
    trunk = (at["LShoulder"] + at["RShoulder"]) / 2 - (at["LHip"] + at["RHip"]) / 2
    found: dict[str, Array] = {"time": t, "trunk": _angle(trunk, np.array([0.0, 1.0]))}
    for side in "LR":
        thigh = at[f"{side}Knee"] - at[f"{side}Hip"]
        found[f"hip_{side}"] = _angle(thigh, -trunk)
        found[f"knee_{side}"] = _angle(at[f"{side}Ankle"] - at[f"{side}Knee"], thigh)
    return found


def _angle(u: Any, v: Any) -> Array:
    return np.rad2deg(compute_signed_angle_2d(u, v).to_numpy())  # type: ignore[no-any-return]


if __name__ == "__main__":
    report(analyse, lambda found: (found, {}), ("movement",))
