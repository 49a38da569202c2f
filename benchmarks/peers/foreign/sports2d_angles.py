"""The angle function of Sports2D alone: `compute_angles_for_person` on every frame, no filter."""

from __future__ import annotations

from typing import Any

import numpy as np
from Pose2Sim.common import angle_dict
from Sports2D.process import compute_angles_for_person
from Sports2D.Sports2D import DEFAULT_CONFIG

from peers.foreign.job import FOLDER, report
from peers.foreign.tables import Array, read_trc

_, GIVEN, POINTS = read_trc(FOLDER / "landmarks_px.trc")
NAMES = [*GIVEN, "Neck", "Hip"]
MIDDLES = [
    POINTS[:, [GIVEN.index(f"L{n}"), GIVEN.index(f"R{n}")]].mean(1) for n in ("Shoulder", "Hip")
]
XYZ = np.concatenate([POINTS, np.stack(MIDDLES, axis=1)], axis=1)
FEET = [GIVEN.index(name) for name in ("LBigToe", "LHeel", "RBigToe", "RHeel")]
ASKED = DEFAULT_CONFIG["angles"]
ANGLES = [name.lower() for name in ASKED["joint_angles"] + ASKED["segment_angles"]]


def analyse() -> list[Any]:
    """One call a frame, as its own loop does."""
    ids = list(range(len(NAMES)))
    return [
        compute_angles_for_person(
            row[:, 0], row[:, 1], "auto", True, ids, NAMES, ANGLES, angle_dict, FEET
        )[1]
        for row in XYZ
    ]


def series(angles: list[Any]) -> dict[str, Array]:
    """By name."""
    return dict(zip(ANGLES, np.array(angles, dtype=np.float64).T, strict=True))


if __name__ == "__main__":
    report(analyse, lambda angles: (series(angles), {}), ("sports2d",))
