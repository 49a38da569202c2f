"""The gauge: how far the movement has gone, and the person's own range as a band."""

from __future__ import annotations

import cv2
import numpy as np

from midback.apps.live.feedback import Gauge
from midback.apps.live.signs import MUTED, WHITE, box
from midback.apps.live.text import Color, Place, write
from midback.vision.frames import Image
from midback.words import quantity

_TRACK: Color = (104, 88, 68)
_BAND: Color = (110, 170, 60)
_FILL: Color = (255, 214, 130)
_CAPITAL = 26


def gauge(image: Image, shown: Gauge, at: Place, *, numbers: bool) -> None:
    """Draw it upright, rest at the bottom; numbers: with the value in its unit under it.

    Where the movement is not measured now the track is hatched, and nothing is guessed.
    """
    room = 2 * _CAPITAL
    track = Place(at.left, at.top, at.width, at.height - (room if numbers else 0))
    box(image, track, _TRACK)
    if shown.value is None:
        _hatch(image, track)
    else:
        box(image, _between(track, 0.0, shown.value / shown.top), _FILL)
    if shown.low is not None and shown.high is not None:
        _band(image, track, shown.low / shown.top, shown.high / shown.top)
    if shown.value is not None:
        level = _between(track, shown.value / shown.top, shown.value / shown.top).top
        box(image, Place(at.left - 10, level - 4, at.width + 20, 8), WHITE)
    if numbers:
        below = Place(at.left - 24, track.bottom + _CAPITAL // 2, at.width + 48, room)
        write(image, _value(shown), below, _CAPITAL, WHITE, align=0.5)


def _value(shown: Gauge) -> str:
    if shown.value is None:
        return "-"
    return quantity(shown.value, shown.unit.split()[0] if shown.unit else "")


def _band(image: Image, track: Place, low: float, high: float) -> None:
    """A frame that the fill shows through, with a bracket beside it: not by colour alone."""
    span = _between(track, low, max(high, low + 0.02))
    frame = (span.left - 6, span.top), (span.right + 5, span.bottom)
    cv2.rectangle(image, *frame, _BAND, 8)
    cv2.rectangle(image, *frame, WHITE, 2)


def _hatch(image: Image, track: Place) -> None:
    area = image[track.top : track.bottom, track.left : track.right]
    for start in range(-track.height, track.height, 24):
        ends = (0, start + track.width), (track.width, start)
        cv2.line(area, *ends, MUTED, 2, cv2.LINE_AA)


def _between(track: Place, low: float, high: float) -> Place:
    """Part of the track between two shares of the scale; the scale's ends hold them."""
    bottom, top = (
        round(track.bottom - float(np.clip(share, 0.0, 1.0)) * track.height)
        for share in (low, high)
    )
    return Place(track.left, top, track.width, bottom - top)
