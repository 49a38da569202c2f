"""Colours and the signs that go with them, drawn as shapes: OpenCV's letters have none."""

from __future__ import annotations

import cv2
import numpy as np

from midback.apps.live.feedback import Tone
from midback.apps.live.text import Color, Place
from midback.vision.frames import Image

WHITE: Color = (255, 255, 255)
BLACK: Color = (0, 0, 0)
NIGHT: Color = (30, 24, 16)
PLAIN: Color = (60, 48, 32)
MUTED: Color = (196, 184, 172)

FILL: dict[Tone, Color] = {
    "plain": PLAIN,
    "good": (75, 127, 27),
    "amber": (5, 183, 242),
    "stop": (30, 38, 179),
}
INK: dict[Tone, Color] = {"plain": WHITE, "good": WHITE, "amber": BLACK, "stop": WHITE}

_TICK = ((0.08, 0.55), (0.38, 0.85), (0.94, 0.18))
_TRIANGLE = ((0.5, 0.06), (0.98, 0.92), (0.02, 0.92))
_SQUARE = ((0.06, 0.06), (0.94, 0.06), (0.94, 0.94), (0.06, 0.94))


def box(image: Image, place: Place, color: Color) -> None:
    """Fill a place; what lies outside the picture is cut off."""
    if place.width > 0 and place.height > 0:
        ends = (place.left, place.top), (place.right - 1, place.bottom - 1)
        cv2.rectangle(image, *ends, color, -1)


def sign(image: Image, tone: Tone, at: Place, color: Color) -> None:
    """The sign of a tone, as large as fits into the middle of a place; none where plain."""
    if tone == "good":
        tick(image, at, color)
    elif tone != "plain":
        outline = _within(_TRIANGLE if tone == "amber" else _SQUARE, at)
        cv2.fillPoly(image, [outline], color, cv2.LINE_AA, 4)


def tick(image: Image, at: Place, color: Color) -> None:
    """The sign for done."""
    thick = max(2, min(at.width, at.height) // 6)
    cv2.polylines(image, [_within(_TICK, at)], False, color, thick, cv2.LINE_AA, 4)


def dot(image: Image, at: Place, color: Color) -> None:
    """The sign for not yet."""
    center = (at.left + at.width // 2, at.top + at.height // 2)
    cv2.circle(image, center, max(2, min(at.width, at.height) // 5), color, -1, cv2.LINE_AA)


def bars(image: Image, at: Place, color: Color) -> None:
    """The sign for a pause."""
    third = at.width // 3
    for left in (at.left, at.right - third):
        box(image, Place(left, at.top, third, at.height), color)


def _within(shape: tuple[tuple[float, float], ...], at: Place) -> np.ndarray[tuple[int, int]]:
    side = min(at.width, at.height)
    corner = np.array([at.left + (at.width - side) / 2, at.top + (at.height - side) / 2])
    return np.asarray(np.round((corner + side * np.array(shape)) * 16), dtype=np.int32)
