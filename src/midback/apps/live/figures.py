"""Stick figures of the postures, seen as the camera should see them."""

from __future__ import annotations

from midback.exercises import Exercise

Path = tuple[tuple[float, float], ...]

GROUND = 1.0
"""Row of the floor, in body heights."""
FIGURES: dict[str, tuple[tuple[float, float], tuple[Path, ...]]] = {
    # the middle of the head, then spine, arm and leg; body heights, rows downwards, facing left
    "standing": (
        (0.49, 0.08),
        (((0.5, 0.17), (0.5, 0.52), (0.49, 0.75), (0.5, 0.98), (0.43, 0.99)),
         ((0.5, 0.21), (0.51, 0.36), (0.48, 0.5))),
    ),
    "upright": (
        (0.5, 0.08),
        (((0.5, 0.17), (0.5, 0.5)), ((0.4, 0.42), (0.37, 0.31), (0.41, 0.19), (0.59, 0.19),
          (0.63, 0.31), (0.6, 0.42)),
         ((0.44, 0.99), (0.45, 0.75), (0.45, 0.5), (0.55, 0.5), (0.55, 0.75), (0.56, 0.99))),
    ),
    "seated": (
        (0.54, 0.28),
        (((0.56, 0.37), (0.57, 0.72), (0.33, 0.73), (0.33, 0.98), (0.26, 0.99)),
         ((0.56, 0.42), (0.55, 0.57), (0.41, 0.66)),
         ((0.47, 0.79), (0.68, 0.79), (0.68, 0.99))),
    ),
    "seated_front": (
        (0.5, 0.28),
        (((0.5, 0.37), (0.5, 0.72)),
         ((0.42, 0.62), (0.37, 0.51), (0.4, 0.4), (0.6, 0.4), (0.63, 0.51), (0.58, 0.62)),
         ((0.42, 0.99), (0.42, 0.74), (0.58, 0.74), (0.58, 0.99))),
    ),
    "kneeling": (
        (0.49, 0.36),
        (((0.5, 0.44), (0.5, 0.75), (0.49, 0.98), (0.74, 0.98)),
         ((0.5, 0.48), (0.51, 0.62), (0.48, 0.75))),
    ),
    "all_fours": (
        (0.18, 0.62),
        (((0.26, 0.65), (0.6, 0.67), (0.6, 0.98), (0.86, 0.97)),
         ((0.28, 0.66), (0.27, 0.82), (0.27, 0.98), (0.21, 0.98))),
    ),
    "prone": (
        (0.06, 0.88),
        (((0.14, 0.92), (0.48, 0.93), (0.95, 0.97)), ((0.17, 0.93), (0.26, 0.98), (0.42, 0.98))),
    ),
    "plank": (
        (0.09, 0.6),
        (((0.16, 0.65), (0.48, 0.76), (0.92, 0.92), (0.94, 0.98)),
         ((0.19, 0.67), (0.19, 0.82), (0.19, 0.98), (0.13, 0.98))),
    ),
    "supine": (
        (0.06, 0.92),
        (((0.14, 0.94), (0.48, 0.95), (0.66, 0.72), (0.74, 0.97), (0.82, 0.97)),
         ((0.17, 0.95), (0.3, 0.98), (0.44, 0.98))),
    ),
    "side_lying": (
        (0.1, 0.8),
        (((0.17, 0.84), (0.48, 0.92), (0.95, 0.97)), ((0.2, 0.86), (0.17, 0.98), (0.04, 0.98))),
    ),
}  # fmt: skip
_FRONT = {"standing": "upright", "seated": "seated_front"}
HEAD, LIMB = 0.07, 0.035
"""Radius of the head and width of a limb, in body heights."""


def figure_of(exercise: Exercise) -> str:
    """Which figure shows the exercise's posture in its first view."""
    if exercise.views[0] == "side":
        return exercise.posture
    return _FRONT.get(exercise.posture, exercise.posture)


def extent(figure: str) -> tuple[float, float, float]:
    """Left, right and top of a figure, in body heights; it stands on GROUND."""
    (x, y), paths = FIGURES[figure]
    corners = [(x - HEAD, y - HEAD), (x + HEAD, y), *(point for path in paths for point in path)]
    columns = [column for column, _ in corners]
    return min(columns), max(columns), min(row for _, row in corners)
