"""Where on the body an angle is drawn: a corner, two arms, and the label."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from midback.keyframes import KeyFrame

Array = NDArray[np.float64]

EAR, SHOULDER, ELBOW, WRIST = (7, 8), (11, 12), (13, 14), (15, 16)
HIP, KNEE, ANKLE = (23, 24), (25, 26), (27, 28)
SIDES = {"left": 0, "right": 1}
SEEN = 0.5  # landmarks of lower visibility are not drawn
_PELVIS, _NECK = -0.08, 1.12  # ends of the back in trunk lengths from the hips


@dataclass(frozen=True, slots=True)
class Arc:
    """An angle to draw, in pixels, X right, Y up.

    corner: (2,). actual, reference: unit vectors (2,) from the corner; the arc runs between
    them, `reference` is where the arm would be at zero. section: (N, 2) part of the back the
    angle is about, or None. radius: pixels.
    """

    corner: Array
    actual: Array
    reference: Array
    radius: float
    section: Array | None = None


def arc_of(frame: KeyFrame) -> Arc | None:
    """Return the geometry of the frame's angle; None where its points cannot be seen."""
    if frame.angle is None:
        return None
    base, side = _split_side(frame.angle)
    if base in _SECTIONS and frame.value is not None:
        return _back_arc(frame, *_SECTIONS[base])
    rule = _JOINTS.get(base)
    return None if rule is None else rule(frame, side)


def joint(frame: KeyFrame, pair: tuple[int, int], side: int | None) -> Array | None:
    """Return a joint's pixel, of one side or of the better seen one; None where unseen."""
    if side is None:
        side = int(frame.pose.visibility[pair[1]] > frame.pose.visibility[pair[0]])
    index = pair[side]
    xy = np.asarray(frame.pose.points[index, :2], dtype=np.float64)
    seen = frame.pose.visibility[index] >= SEEN and np.isfinite(xy).all()
    return xy if seen else None


def trunk(frame: KeyFrame) -> tuple[Array, Array] | None:
    """Mid-hip and mid-shoulder pixels; None where no person was found."""
    points = np.asarray(frame.pose.points[:, :2], dtype=np.float64)
    hips, shoulders = points[list(HIP)].mean(axis=0), points[list(SHOULDER)].mean(axis=0)
    if not (np.isfinite(hips).all() and np.isfinite(shoulders).all()):
        return None
    return hips, shoulders


def dorsal(frame: KeyFrame) -> Array | None:
    """Return the unit vector from the trunk line towards the back; None without a contour."""
    ends, line = trunk(frame), contour_from_hips(frame)
    if ends is None or line is None:
        return None
    hips, shoulders = ends
    along = _unit(shoulders - hips)
    normal = np.array([-along[1], along[0]])
    offset = float(np.median((line - hips) @ normal))
    return normal if offset >= 0 else -normal


def contour_from_hips(frame: KeyFrame) -> Array | None:
    """Return the back's contour from pelvis to neck without gaps; None below four points."""
    ends = trunk(frame)
    if ends is None or frame.contour is None:
        return None
    hips, shoulders = ends
    length2 = max(float(np.sum((shoulders - hips) ** 2)), 1e-9)
    share = (frame.contour - hips) @ (shoulders - hips) / length2
    line = frame.contour[(share >= _PELVIS) & (share <= _NECK)]
    if len(line) < 4:
        return None
    from_far = np.hypot(*(line[0] - hips)) > np.hypot(*(line[-1] - hips))
    return line[::-1] if from_far else line


def _back_arc(frame: KeyFrame, start: float, end: float, grows_dorsally: bool) -> Arc | None:
    """Arc of a change of the back's shape: as wide as the change, at the section's middle.

    The arm follows the section to its free end; the reference is that arm turned back by the
    value, which is where it would lie in the person's own neutral posture.
    """
    line, back = contour_from_hips(frame), dorsal(frame)
    if line is None or back is None or frame.value is None:
        return None
    section = line[int(start * (len(line) - 1)) : int(end * (len(line) - 1)) + 1]
    if len(section) < 3:
        return None
    corner = section[len(section) // 2]
    free = section[0] if start == 0.0 else section[-1]
    actual = _unit(free - corner)
    towards_back = float(np.sign(_cross(actual, back)))
    turn = np.radians(frame.value) * towards_back * (-1.0 if grows_dorsally else 1.0)
    radius = float(np.hypot(*(free - corner)))
    return Arc(corner, actual, _turned(actual, turn), 1.15 * radius, section)


def _knee(frame: KeyFrame, side: int | None) -> Arc | None:
    return _bend(frame, (HIP, KNEE, ANKLE), side)


def _elbow(frame: KeyFrame, side: int | None) -> Arc | None:
    return _bend(frame, (SHOULDER, ELBOW, WRIST), side)


def _bend(frame: KeyFrame, chain: tuple[tuple[int, int], ...], side: int | None) -> Arc | None:
    """Bending at the middle joint: zero is the straight limb."""
    upper, corner, lower = (joint(frame, pair, side) for pair in chain)
    if upper is None or corner is None or lower is None:
        return None
    return Arc(corner, _unit(lower - corner), _unit(corner - upper), _length(corner, lower) * 0.5)


def _thigh(frame: KeyFrame, side: int | None) -> Arc | None:
    """Thigh against the trunk: zero is in line with it."""
    ends, knee = trunk(frame), joint(frame, KNEE, side)
    if ends is None or knee is None:
        return None
    hips, shoulders = ends
    return Arc(hips, _unit(knee - hips), _unit(hips - shoulders), _length(hips, knee) * 0.6)


def _arm(frame: KeyFrame, side: int | None) -> Arc | None:
    """Upper arm against the trunk: zero is hanging along it."""
    ends, elbow = trunk(frame), joint(frame, ELBOW, side)
    if ends is None or elbow is None:
        return None
    hips, shoulders = ends
    return Arc(
        shoulders,
        _unit(elbow - shoulders),
        _unit(hips - shoulders),
        _length(shoulders, elbow) * 0.6,
    )


def _head(frame: KeyFrame, side: int | None) -> Arc | None:
    """Head against the trunk: zero is in line with it."""
    ends, ear = trunk(frame), joint(frame, EAR, side)
    if ends is None or ear is None:
        return None
    hips, shoulders = ends
    return Arc(shoulders, _unit(ear - shoulders), _unit(shoulders - hips), _length(shoulders, ear))


def _lean(frame: KeyFrame, side: int | None) -> Arc | None:
    """Trunk against the vertical."""
    ends = trunk(frame)
    if ends is None:
        return None
    hips, shoulders = ends
    upright = np.array([0.0, 1.0])
    return Arc(hips, _unit(shoulders - hips), upright, _length(hips, shoulders) * 0.5)


_SECTIONS = {
    # share of the contour counted from the hips; whether a larger value tips its free end back
    "lumbar_arch": (0.0, 0.42, True),
    "thoracic_extension": (0.4, 1.0, True),
    "spine_flexion": (0.0, 1.0, False),
}
# Only angles that the picture itself shows: a sum, or a change from neutral, has no such corner.
_JOINTS: dict[str, Callable[[KeyFrame, int | None], Arc | None]] = {
    "trunk_inclination": _lean,
    "trunk_thigh": _thigh,
    "arm_elevation": _arm,
    "elbow_flexion": _elbow,
    "knee_flexion": _knee,
    "head": _head,
}


def _split_side(angle: str) -> tuple[str, int | None]:
    base, _, last = angle.rpartition("_")
    return (base, SIDES[last]) if last in SIDES else (angle, None)


def _unit(vector: Array) -> Array:
    length = float(np.hypot(*vector))
    return vector / length if length > 0 else np.array([1.0, 0.0])


def _length(a: Array, b: Array) -> float:
    return float(np.hypot(*(b - a)))


def _cross(a: Array, b: Array) -> float:
    return float(a[0] * b[1] - a[1] * b[0])


def _turned(vector: Array, angle: float) -> Array:
    cos, sin = np.cos(angle), np.sin(angle)
    return np.array([cos * vector[0] - sin * vector[1], sin * vector[0] + cos * vector[1]])
