"""midback's angle function alone, on arrays of all frames: no filter, no gate, no repetitions."""

from __future__ import annotations

import numpy as np

from midback.kinematics.angles import Orientation, landmark_angles
from peers.foreign.job import FOLDER, report

if __name__ == "__main__":
    with np.load(FOLDER / "poses.npz") as saved:
        POINTS = saved["points"].astype(np.float64)
    LYING = Orientation(dorsal=1, horizontal=True)
    report(lambda: landmark_angles(POINTS, LYING), lambda found: (found, {}), ("midback",))
