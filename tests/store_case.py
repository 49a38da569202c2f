"""Results to store: as `midback score --json` writes them, made up and quick to make."""

from __future__ import annotations

import hashlib
from datetime import datetime
from typing import Any

EVENING = datetime(2026, 3, 2, 18, 30)


def document(name: str = "a set", **changes: Any) -> dict[str, Any]:
    """A result of ten repetitions. name: of the recording, which gives its sha256.

    changes: of the keys exercise, version, yaw_deg, trunk_px, view, model, sha256, stop, reps,
    score.
    """
    told: dict[str, Any] = {
        "exercise": "bird_dog",
        "version": "0.1.0",
        "yaw_deg": 85.0,
        "trunk_px": 240.0,
        "view": "side",
        "model": "f" * 64,
        "sha256": hashlib.sha256(name.encode()).hexdigest(),
        "stop": {"rep": 9, "time_s": 40.5, "kind": "breakdown", "region": "hips"}
        | {"feature": "hip_shift", "cue": "level hips", "evidence": "twice beyond"},
        "reps": 10,
        "score": 81.5,
    } | changes
    return {
        "schema": "midback.session/1",
        "source": {"path": f"{name}.mp4", "sha256": told["sha256"], "fps": 30.0, "frames": 1500}
        | {"duration_s": 50.0, "width": 848, "height": 480},
        "exercise": told["exercise"],
        "view": {"name": told["view"], "yaw_deg": told["yaw_deg"], "yaw_se_deg": 5.0}
        | {"facing": "left", "trunk_px": told["trunk_px"]},
        "coverage": 1.0,
        "angles": {
            "trunk_lift": angle("measured", 41.25, 2.5),
            "pelvic_drop": angle("not_measurable", None, None),
        },
        "reps": [rep(number) for number in range(1, told["reps"] + 1)],
        "stop": told["stop"],
        "first_region": "hips",
        "first_probability": 0.9,
        "story": None,
        "judged_reps": max(0, told["reps"] - 4),
        "can_judge": True,
        "hold": None,
        "score": {"set": told["score"], "fresh": 90.0, "last": 70.25, "fade": 19.75}
        | {"coverage": 0.875, "se": 2.5},
        "warnings": ["turn side-on"],
        "software": {"version": told["version"], "mediapipe": "0.10.31"}
        | {"model_sha256": told["model"]},
    }


def angle(status: str, rom: float | None, se: float | None) -> dict[str, Any]:
    reason = None if status == "measured" else "not from there"
    return {"unit": "deg", "status": status, "reason": reason} | {
        "rom": rom,
        "se": se,
        "min": None if rom is None else 0.0,
        "max": rom,
    }


def rep(number: int) -> dict[str, Any]:
    return {
        "index": number,
        "side": "left" if number % 2 else "right",
        "start_s": 4.0 * number,
        "peak_s": 4.0 * number + 1.5,
        "end_s": 4.0 * number + 3.0,
        "complete": True,
        "hold_s": 0.5,
        "concentric_s": 1.0,
        "eccentric_s": 1.0,
        "rom_deg": 40.0 + number / 8,
        "score": 100.0 - number,
        "score_se": 1.0,
        "deductions": [],
        "values": {"range": 40.0 + number / 8, "hip_shift": None, "lowering": 0.875},
    }
