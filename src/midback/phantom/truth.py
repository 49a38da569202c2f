"""What is known about a scripted clip: angles, repetitions and where joints appear."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from midback.phantom.motions import Script, pose_at, rest_pose
from midback.phantom.skeleton import SIDES, Frames, Pose, forward, joints, rot

Array = NDArray[np.float64]
TRUTH_HZ = 10


def sagittal_angle(first: Array, second: Array) -> float:
    """Angle from vector first to vector second in the x-y plane, anticlockwise +, degrees."""
    cross = first[0] * second[1] - first[1] * second[0]
    return float(np.degrees(np.arctan2(cross, first[0] * second[0] + first[1] * second[1])))


def trunk_angles(frames: Frames, heading: float) -> dict[str, float]:
    """Signed angles (degrees) of a body turned by heading, in its own sagittal plane.

    thoracic, lumbar: between end tangents, extension +. trunk_inclination: hips-to-shoulders
    line from the vertical, forward +. head: head axis on the trunk line, extension +.
    """
    back = rot(1, -heading)
    sacrum, t12, t1 = (back @ frames.r(bone) for bone in ("pelvis", "L1", "T1"))
    line = back @ (_middle(frames, "upper_arm") - _middle(frames, "thigh"))
    head = back @ frames.r("head")
    angles = {
        "thoracic": sagittal_angle(t12[:, 1], t1[:, 1]),
        "lumbar": sagittal_angle(sacrum[:, 1], t12[:, 1]),
        "trunk_inclination": float(np.degrees(np.arctan2(line[0], line[1]))),
        "head": sagittal_angle(line, head[:, 1]),
    }
    for side in SIDES:
        thigh = back @ (frames.o(f"shank_{side}") - frames.o(f"thigh_{side}"))
        arm = back @ (frames.o(f"forearm_{side}") - frames.o(f"upper_arm_{side}"))
        angles[f"trunk_thigh_{side}"] = -sagittal_angle(-line, thigh)
        angles[f"arm_elevation_{side}"] = sagittal_angle(-line, arm)
    return angles


def _middle(frames: Frames, bone: str) -> Array:
    middle: Array = 0.5 * (frames.o(f"{bone}_left") + frames.o(f"{bone}_right"))
    return middle


def neutral_angles(script: Script) -> dict[str, float]:
    """Angles of the drift-free starting posture."""
    return trunk_angles(forward(script.body, rest_pose(script)), script.heading)


def angle_series(script: Script) -> dict[str, list[float]]:
    """Angles over time at 10 Hz, changes relative to the drift-free starting posture."""
    neutral = neutral_angles(script)
    times = np.arange(0.0, script.duration_s, 1.0 / TRUTH_HZ)
    rows = [trunk_angles(_frames(script, t), script.heading) for t in times]
    series: dict[str, list[float]] = {"t": _rounded(times)}
    for out, key, zero in (
        ("thoracic_extension", "thoracic", True),
        ("lumbar_arch", "lumbar", True),
        ("trunk_inclination", "trunk_inclination", False),
        ("head_extension", "head", True),
        *((f"{a}_{s}", f"{a}_{s}", False) for a in ("trunk_thigh", "arm_elevation") for s in SIDES),
    ):
        values = np.array([row[key] for row in rows]) - (neutral[key] if zero else 0.0)
        series[out] = _rounded(values)
    return series


def _frames(script: Script, t: float) -> Frames:
    pose: Pose = pose_at(script, float(t))
    return forward(script.body, pose)


def _rounded(values: Array) -> list[float]:
    return [round(float(value), 2) for value in values]


def joint_pixels(script: Script, t: float) -> dict[str, tuple[float, float]]:
    """Where each joint truly appears, pixels x right, y down."""
    found = joints(script.body, _frames(script, t))
    pixels = script.camera.project(np.array(list(found.values())))
    return {name: (float(x), float(y)) for name, (x, y) in zip(found, pixels, strict=True)}


def truth(script: Script) -> dict[str, Any]:
    """Collect the document written beside a clip."""
    camera = script.camera
    reps = []
    for rep in script.reps:
        start, end = rep.visible_span
        planned = {"thoracic_extension": rep.thoracic, "lumbar_arch": rep.lumbar}
        reps.append(
            {
                "index": rep.index,
                "start_s": round(start, 3),
                "end_s": round(end, 3),
                "side": rep.side,
                "hold_start_s": round(rep.begin + rep.lift_s, 3),
                "hold_end_s": round(rep.end - rep.lower_s, 3),
                "fault_deg": round(rep.fault, 2),
                "peak": {key: round(value, 2) for key, value in planned.items()},
            }
        )
    return {
        "exercise": script.exercise,
        "seed": script.seed,
        "fps": script.fps,
        "frames": script.frames,
        "duration_s": round(script.frames / script.fps, 3),
        "size": list(camera.size),
        "camera": {
            "yaw_deg": camera.yaw_deg,
            "yaw_convention": "0 = exactly side-on, + = camera moved towards image right",
            "height_m": camera.height_m,
            "distance_m": camera.distance_m,
            "vertical_fov_deg": camera.fov_deg,
            "facing": script.facing,
        },
        "body": {
            "name": script.body.name,
            "height_m": script.body.height,
            "girth": script.body.girth,
            "chest_depth": script.body.chest_depth,
            "kyphosis_deg": script.body.kyphosis,
            "lordosis_deg": script.body.lordosis,
        },
        "neutral_s": [0.0, round(script.reps[0].begin, 3)],
        "reps": reps,
        "first_bad_rep": script.first_bad_rep,
        "region": script.region,
        "angles": angle_series(script),
    }
