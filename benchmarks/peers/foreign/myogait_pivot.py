"""myogait on landmarks: `run_pipeline`, the whole of it, on its pivot dictionary.

It reads no .trc; the landmarks go into the dictionary as its own `extract` puts them there.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from myogait import run_pipeline
from myogait.constants import MP_LANDMARK_NAMES
from myogait.schema import create_empty

from peers.foreign.job import FOLDER, Found, report

ANGLES = ("hip_L", "hip_R", "knee_L", "knee_R", "trunk_angle")


def pivot() -> dict[str, Any]:
    """The saved landmarks as its own dictionary: x and y of 0 to 1, y down."""
    with np.load(FOLDER / "poses.npz") as saved:
        t, points, seen = saved["t"], saved["points"], saved["visibility"]
    width, height = (int(n) for n in (FOLDER / "size.txt").read_text(encoding="ascii").split())
    data: dict[str, Any] = create_empty(
        "landmarks", float(1 / np.median(np.diff(t))), width, height, len(t)
    )
    data["extraction"] = {"model": "mediapipe", "was_flipped": False}
    data["frames"] = [
        {
            "frame_idx": i,
            "time_s": float(t[i]),
            "confidence": float(seen[i].mean()),
            "landmarks": {
                name: {"x": float(x) / width, "y": -float(y) / height, "visibility": float(v)}
                for name, (x, y, _), v in zip(MP_LANDMARK_NAMES, points[i], seen[i], strict=True)
            },
        }
        for i in range(len(t))
    ]
    return data


def tell(found: dict[str, Any]) -> Found:
    """Angles by name, the steps that it found and how many of them it kept as strides."""
    data = found["data"]
    frames = data["angles"]["frames"]
    series = {name: [np.nan if f.get(name) is None else f[name] for f in frames] for name in ANGLES}
    times = [frame["time_s"] for frame in data["frames"]]
    steps = sum(len(data["events"].get(f"{side}_hs", ())) for side in ("left", "right"))
    strides = len(found["cycles"]["cycles"])
    direction = data["angles"]["walking_direction"]
    said = {"steps": steps, "strides": strides, "direction": direction}
    return {"time": times, **series}, said | {"warnings": found["quality"]["warnings"]}


if __name__ == "__main__":
    GIVEN = pivot()
    report(lambda: run_pipeline(GIVEN), tell, ("myogait",))
