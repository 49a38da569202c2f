"""The angles of a posed body by midback's own definitions, without a camera or a network."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from midback.exercises import Exercise
from midback.kinematics.angles import Start, landmark_angles
from midback.kinematics.skeleton import Joint
from midback.kinematics.view import orientation_of
from midback.phantom.body import Body
from midback.phantom.skeleton import Frames, joints
from midback.phantom.truth import trunk_angles

Array = NDArray[np.float64]

_ALIKE = {"eye": "ear", "mouth": "ear", "heel": "ankle", "pinky": "wrist", "index": "wrist"}


def landmarks(body: Body, frames: Frames) -> Array:
    """(33, 3) metres: where the joints really are; X right, Y up, Z towards the camera."""
    places = joints(body, frames)
    points = np.tile(places["nose"], (33, 1))
    for joint in Joint:
        points[joint] = places[_source(joint.name.lower(), places)]
    return points


def _source(name: str, places: dict[str, Array]) -> str:
    """The named joint of the phantom that stands for a landmark."""
    if name in places:
        return name
    side = "left" if "left" in name else "right"
    if name.endswith("toes"):
        return f"{side}_foot_index"
    part = next((other for key, other in _ALIKE.items() if key in name), "wrist")
    return f"{side}_{part}"


def true_angles(
    exercise: Exercise, body: Body, frames: Frames, rest: Frames, heading: float
) -> dict[str, float]:
    """Registry name -> value, seen from +z without perspective, changes counted from `rest`.

    The contour's angles are those between the spine's end tangents, in degrees; trunk_rotation
    is that of the shoulder line about the vertical. Angles that nothing tells are left out.
    """
    points = np.stack([landmarks(body, rest), landmarks(body, frames)])
    dorsal = 1 if np.cos(np.radians(heading)) > -0.5 else -1
    start = Start.of(points[:1])
    found = landmark_angles(points, orientation_of(exercise.posture, dorsal, start))
    values = {name: float(value[1]) for name, value in found.items()}
    now, before = trunk_angles(frames, heading), trunk_angles(rest, heading)
    for name, own in (("thoracic_extension", "thoracic"), ("lumbar_arch", "lumbar")):
        values[name] = now[own] - before[own]
    values["spine_flexion"] = -(values["thoracic_extension"] + values["lumbar_arch"])
    values["trunk_rotation"] = _yaw(frames) - _yaw(rest)
    return values


def _yaw(frames: Frames) -> float:
    """Direction of the shoulder line in the floor plan, left turn +, degrees."""
    line = frames.o("girdle_right") - frames.o("girdle_left")
    return float(np.degrees(np.arctan2(-line[2], line[0])))
