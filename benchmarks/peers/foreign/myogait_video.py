"""myogait on a video: `extract(model="mediapipe")` with our weights, then `run_pipeline`."""

from __future__ import annotations

import sys
from typing import Any

from myogait import extract, run_pipeline

from peers.foreign.job import FOLDER, report
from peers.foreign.myogait_pivot import tell


def analyse() -> Any:
    """Landmarks of the first frames (argv[4]) and all that it makes of them."""
    data = extract(
        str(FOLDER), model="mediapipe", model_path=sys.argv[3], max_frames=int(sys.argv[4])
    )
    return run_pipeline(data)


if __name__ == "__main__":
    report(analyse, tell, ("myogait", "mediapipe"))
