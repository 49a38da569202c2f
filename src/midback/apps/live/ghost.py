"""A stick figure of the posture to take, pale over the picture while setting up."""

from __future__ import annotations

from functools import lru_cache

import cv2
import numpy as np

from midback.apps.live.text import Place
from midback.exercises import Exercise
from midback.vision.frames import Image

Path = tuple[tuple[float, float], ...]

_GROUND = 1.0
_FIGURES: dict[str, tuple[tuple[float, float], tuple[Path, ...]]] = {
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
_HEAD, _LIMB = 0.07, 0.035
_WIDE, _TALL = 0.6, 0.84  # of the picture, at most; whoever lies fills it less than who stands
_OPACITY, _SHADE = 0.75, 0.35


def figure_of(exercise: Exercise) -> str:
    """Which figure shows the exercise's posture in its first view."""
    if exercise.views[0] == "side":
        return exercise.posture
    return _FRONT.get(exercise.posture, exercise.posture)


def ghost(image: Image, figure: str, at: Place, *, mirrored: bool) -> None:
    """Draw a figure of `figure_of` pale into `at`, standing near its lower edge."""
    body, shade = _coverage(figure, at.width, at.height, mirrored)
    area = image[at.top : at.bottom, at.left : at.right]
    dark = cv2.multiply(area, shade, scale=1 / 255)
    area[:] = cv2.add(dark, body)


@lru_cache(maxsize=4)
def _coverage(figure: str, width: int, height: int, mirrored: bool) -> tuple[Image, Image]:
    """What to add to the picture, and what to keep of it."""
    head, paths = _FIGURES[figure]
    every = np.array([point for path in paths for point in path])
    (left, _), (right, _) = every.min(axis=0), every.max(axis=0)
    top = min(head[1] - _HEAD, float(every[:, 1].min()))
    unit = min(_WIDE * width / (right - left), _TALL * height / (_GROUND - top))
    corner = np.array([width / 2 - unit * (left + right) / 2, 0.9 * height - unit * _GROUND])
    body, rim = (np.zeros((height, width), np.uint8) for _ in range(2))
    for sheet, extra in ((body, 0.0), (rim, 0.016)):
        thick = max(1, round(unit * (_LIMB + extra)))
        for path in paths:
            points = np.round((corner + unit * np.array(path)) * 16).astype(np.int32)
            cv2.polylines(sheet, [points], False, (255,), thick, cv2.LINE_AA, 4)
        x, y = np.round(corner + unit * np.array(head)).astype(int)
        cv2.circle(sheet, (int(x), int(y)), round(unit * (_HEAD + extra / 2)), (255,), -1)
    if mirrored:
        body, rim = body[:, ::-1], rim[:, ::-1]
    keep = 255 - np.maximum(_SHADE * rim, _OPACITY * body)
    add = 255 * (_OPACITY * body / 255)
    return _three(add), _three(keep)


def _three(sheet: np.ndarray[tuple[int, int]]) -> Image:
    one = np.ascontiguousarray(sheet, dtype=np.uint8)
    return np.asarray(cv2.merge([one, one, one]), dtype=np.uint8)
