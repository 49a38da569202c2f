"""A stick figure of the posture to take, pale over the picture while setting up."""

from __future__ import annotations

from functools import lru_cache

import cv2
import numpy as np

from midback.apps.live.figures import FIGURES, GROUND, HEAD, LIMB, extent
from midback.apps.live.text import Place
from midback.vision.frames import Image

_WIDE, _TALL = 0.6, 0.84  # of the picture, at most; whoever lies fills it less than who stands
_OPACITY, _SHADE = 0.75, 0.35


def ghost(image: Image, figure: str, at: Place, *, mirrored: bool) -> None:
    """Draw a figure of `figure_of` pale into `at`, standing near its lower edge."""
    body, shade = _coverage(figure, at.width, at.height, mirrored)
    area = image[at.top : at.bottom, at.left : at.right]
    dark = cv2.multiply(area, shade, scale=1 / 255)
    area[:] = cv2.add(dark, body)


@lru_cache(maxsize=4)
def _coverage(figure: str, width: int, height: int, mirrored: bool) -> tuple[Image, Image]:
    """What to add to the picture, and what to keep of it."""
    head, paths = FIGURES[figure]
    left, right, top = extent(figure)
    unit = min(_WIDE * width / (right - left), _TALL * height / (GROUND - top))
    corner = np.array([width / 2 - unit * (left + right) / 2, 0.9 * height - unit * GROUND])
    body, rim = (np.zeros((height, width), np.uint8) for _ in range(2))
    for sheet, extra in ((body, 0.0), (rim, 0.016)):
        thick = max(1, round(unit * (LIMB + extra)))
        for path in paths:
            points = np.round((corner + unit * np.array(path)) * 16).astype(np.int32)
            cv2.polylines(sheet, [points], False, (255,), thick, cv2.LINE_AA, 4)
        x, y = np.round(corner + unit * np.array(head)).astype(int)
        cv2.circle(sheet, (int(x), int(y)), round(unit * (HEAD + extra / 2)), (255,), -1)
    if mirrored:
        body, rim = body[:, ::-1], rim[:, ::-1]
    keep = 255 - np.maximum(_SHADE * rim, _OPACITY * body)
    add = 255 * (_OPACITY * body / 255)
    return _three(add), _three(keep)


def _three(sheet: np.ndarray[tuple[int, int]]) -> Image:
    one = np.ascontiguousarray(sheet, dtype=np.uint8)
    return np.asarray(cv2.merge([one, one, one]), dtype=np.uint8)
