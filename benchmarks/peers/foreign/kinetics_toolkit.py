"""Kinetics Toolkit: `filters.butter`, `geometry.create_transform_series`, `geometry.get_angles`.

It reads no .trc and knows no body; what follows is what its book tells one to write: a filter, a
frame of reference per segment, one frame in the other, Euler angles.
"""

from __future__ import annotations

from typing import Any

import kineticstoolkit.lab as ktk
import numpy as np

from peers.foreign.job import FOLDER, report
from peers.foreign.tables import Array, read_trc


def analyse() -> dict[str, Array]:
    """Trunk against the ground, thigh against trunk, shank against thigh."""
    t, names, points = read_trc(FOLDER / "metres.trc")
    markers = ktk.TimeSeries(time=t)
    for i, name in enumerate(names):
        markers.data[name] = np.column_stack([points[:, i], np.ones(len(t))])
    rate = float(1 / np.median(np.diff(t)))
    even = markers.resample(rate)  # its filters refuse times that are rounded to a microsecond
    seen: dict[str, Any] = ktk.filters.butter(even, fc=6.0).data
    hips = (seen["LHip"] + seen["RHip"]) / 2
    shoulders = (seen["LShoulder"] + seen["RShoulder"]) / 2
    across = seen["RHip"] - seen["LHip"]
    trunk = _frame(hips, shoulders - hips, across)
    found = {"time": even.time, "trunk": _turn(np.eye(4)[None], trunk)}
    for side in "LR":
        hip, knee, ankle = (seen[side + joint] for joint in ("Hip", "Knee", "Ankle"))
        thigh = _frame(hip, hip - knee, across)
        shank = _frame(knee, knee - ankle, across)
        found[f"hip_{side}"] = _turn(trunk, thigh)
        found[f"knee_{side}"] = _turn(thigh, shank)
    return found


def _frame(origin: Array, up: Array, across: Array) -> Array:
    return ktk.geometry.create_transform_series(y=up, yz=across, positions=origin)  # type: ignore[no-any-return]


def _turn(one: Array, other: Array) -> Array:
    """Flexion: the first Euler angle about the axis across the body."""
    if len(one) < len(other):
        one = np.repeat(one, len(other), axis=0)
    local = ktk.geometry.get_local_coordinates(other, one)
    return ktk.geometry.get_angles(local, "ZXY", degrees=True)[:, 0]  # type: ignore[no-any-return]


if __name__ == "__main__":
    report(analyse, lambda found: (found, {}), ("kineticstoolkit",))
