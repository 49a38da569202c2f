"""The camera's picture with the person's body drawn over it, as in a mirror where wanted."""

from __future__ import annotations

from collections.abc import Sequence

import cv2
import numpy as np
from numpy.typing import NDArray

from midback.apps.live.feedback import Feedback, Tone
from midback.apps.live.signs import NIGHT, WHITE
from midback.apps.live.text import Color, Place
from midback.vision.frames import Image

BONES = (
    *((7, 11), (8, 12), (11, 13), (13, 15), (12, 14), (14, 16), (11, 12), (23, 24)),
    *((11, 23), (12, 24), (23, 25), (25, 27), (24, 26), (26, 28)),
    *((27, 29), (29, 31), (28, 30), (30, 32)),
)
JOINTS = sorted({joint for bone in BONES for joint in bone})
VISIBLE = 0.5

_BACK: dict[Tone, Color] = {
    "plain": (255, 200, 70),
    "good": (120, 220, 70),
    "amber": (5, 183, 242),
    "stop": (60, 60, 255),
}
_FINE = 16  # OpenCV's coordinates in sixteenths of a pixel


def picture(
    canvas: Image, image: Image, feedback: Feedback, place: Place, *, mirrored: bool, dim: bool
) -> Place:
    """Lay the picture into `place`, the body over it; return where the picture lies.

    image: BGR, upright. mirrored: left and right exchanged, the body with it. dim: darker.
    """
    at = inside(image.shape[1], image.shape[0], place)
    shown = cv2.resize(image, (at.width, at.height), interpolation=cv2.INTER_LINEAR)
    shown = cv2.flip(shown, 1) if mirrored else shown
    shown = cv2.convertScaleAbs(shown, alpha=0.45) if dim else shown
    area = canvas[at.top : at.bottom, at.left : at.right]
    area[:] = shown
    _skeleton(area, feedback, mirrored=mirrored)
    _back(area, feedback, mirrored=mirrored)
    return at


def inside(width: int, height: int, place: Place) -> Place:
    """The largest place of a picture's own shape in the middle of `place`."""
    scale = min(place.width / width, place.height / height)
    wide, tall = max(1, round(scale * width)), max(1, round(scale * height))
    left, top = (place.width - wide) // 2, (place.height - tall) // 2
    return Place(place.left + left, place.top + top, wide, tall)


def on_screen(
    shares: Sequence[tuple[float, float]], size: tuple[int, int], *, mirrored: bool
) -> NDArray[np.int32]:
    """Shares of the picture as sixteenths of a pixel of its (width, height) on the screen."""
    at = np.array(shares, dtype=np.float64).reshape(-1, 2)
    if mirrored:
        at[:, 0] = 1.0 - at[:, 0]
    return np.clip(np.round(at * size * _FINE), -(2**20), 2**20).astype(np.int32)


def _skeleton(area: Image, feedback: Feedback, *, mirrored: bool) -> None:
    if not feedback.points:
        return
    size, seen = _size(area), [v >= VISIBLE for _, _, v in feedback.points]
    at = on_screen([(x, y) for x, y, _ in feedback.points], size, mirrored=mirrored)
    paths = [at[[a, b]] for a, b in BONES if seen[a] and seen[b]]
    for ink, thick in ((NIGHT, 6), (WHITE, 2)):
        cv2.polylines(area, paths, False, ink, thick, cv2.LINE_AA, 4)
    for joint in JOINTS:
        if seen[joint]:
            center = (int(at[joint, 0]), int(at[joint, 1]))
            cv2.circle(area, center, 5 * _FINE, WHITE, -1, cv2.LINE_AA, 4)


def _back(area: Image, feedback: Feedback, *, mirrored: bool) -> None:
    if len(feedback.back) < 2:
        return
    path = on_screen(feedback.back, _size(area), mirrored=mirrored)
    for ink, thick in ((NIGHT, 13), (_BACK[feedback.tone], 8)):
        cv2.polylines(area, [path], False, ink, thick, cv2.LINE_AA, 4)


def _size(area: Image) -> tuple[int, int]:
    return area.shape[1], area.shape[0]
