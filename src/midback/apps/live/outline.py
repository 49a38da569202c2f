"""What to draw of a body over its picture, as shares of the picture from its top left corner."""

from __future__ import annotations

from midback.moments import back_edge
from midback.vision.pose import Pose


def points_of(pose: Pose, size: tuple[int, int]) -> tuple[tuple[float, float, float], ...]:
    """x, y and visibility of the 33 landmarks; empty where nobody was found."""
    if not pose.found:
        return ()
    width, height = size
    return tuple(
        (round(float(x) / width, 4), round(-float(y) / height, 4), round(float(seen), 2))
        for (x, y, _), seen in zip(pose.points, pose.visibility, strict=True)
    )


def back_of(pose: Pose, size: tuple[int, int], dorsal: int) -> tuple[tuple[float, float], ...]:
    """The edge of the back from the neck to the pelvis; empty where it was not seen."""
    edge = back_edge(pose, dorsal) if pose.found else None
    if edge is None:
        return ()
    width, height = size
    return tuple((round(float(x) / width, 4), round(-float(y) / height, 4)) for x, y in edge)
