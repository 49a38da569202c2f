"""One frame of the annotated video: the picture, uncovered, with a column and a bar beside it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from midback.apps.export.timeline import Shown
from midback.apps.live.body import picture
from midback.apps.live.feedback import Feedback
from midback.apps.live.gauge import gauge
from midback.apps.live.signs import FILL, INK, MUTED, NIGHT, WHITE, box, sign
from midback.apps.live.text import Place, write
from midback.vision.frames import Image
from midback.words import clock

_SHORT, _LONG = 576, 1100
"""The picture's shorter side; the longer one, at most."""
_COLUMN, _BAR = 256, 144
_FRAME = 10


@dataclass(frozen=True, slots=True)
class Layout:
    """Where things go; every side of the whole is even, as H.264 wants it."""

    picture: Place
    column: Place
    bar: Place

    @property
    def size(self) -> tuple[int, int]:
        """Width and height of the whole."""
        return self.column.right, self.bar.bottom


def layout_of(width: int, height: int) -> Layout:
    """The layout for an upright picture: 1280 x 720 in all for one of 16:9."""
    scale = min(_SHORT / min(width, height), _LONG / max(width, height))
    wide, tall = (max(2, 2 * round(scale * side / 2)) for side in (width, height))
    whole = wide + _COLUMN
    return Layout(
        Place(0, 0, wide, tall), Place(wide, 0, _COLUMN, tall), Place(0, tall, whole, _BAR)
    )


def draw(image: Image, shown: Shown, layout: Layout, title: str) -> Image:
    """Return the frame, BGR. image: (H, W, 3) BGR, upright. title: of the exercise."""
    width, height = layout.size
    canvas = np.empty((height, width, 3), np.uint8)
    box(canvas, Place(0, 0, width, height), NIGHT)
    picture(canvas, image, shown.feedback, layout.picture, mirrored=False, dim=False)
    if shown.feedback.tone == "stop":
        _framed(canvas, layout.picture)
    if shown.card:
        _card(canvas, layout.column)
    else:
        _column(canvas, shown, layout.column)
    _bar(canvas, shown.feedback, layout.bar, title)
    return canvas


def _framed(canvas: Image, at: Place) -> None:
    """A red frame along the picture's edge, for as long as the stop stands."""
    for edge in (
        Place(at.left, at.top, at.width, _FRAME),
        Place(at.left, at.bottom - _FRAME, at.width, _FRAME),
        Place(at.left, at.top, _FRAME, at.height),
        Place(at.right - _FRAME, at.top, _FRAME, at.height),
    ):
        box(canvas, edge, FILL["stop"])


def _card(canvas: Image, at: Place) -> None:
    box(canvas, at, FILL["stop"])
    middle = at.top + at.height // 2
    sign(canvas, "stop", Place(at.left + 58, middle - 150, 140, 140), WHITE)
    words = Place(at.left + 16, middle + 20, at.width - 32, 90)
    write(canvas, "STOP", words, 80, WHITE, align=0.5)


def _column(canvas: Image, shown: Shown, at: Place) -> None:
    """The gauge beside the count, and the last repetition's score under it."""
    feedback = shown.feedback
    strip = Place(at.left + 30, at.top + 28, 44, at.height - 56)
    gauge(canvas, feedback.gauge, strip, numbers=True)
    room = Place(strip.right + 34, at.top + 24, at.right - strip.right - 46, at.height // 2 - 24)
    held = feedback.held_s
    count = feedback.reps if held is None else int(held)
    digits = Place(room.left, room.top, room.width, 130)
    write(canvas, str(count), digits, 110, WHITE, align=0.5, middle=True)
    below = Place(room.left, digits.bottom + 8, room.width, 60)
    write(canvas, _counted(feedback), below, 22, MUTED, align=0.5)
    if shown.score is not None:
        figure = Place(room.left, at.top + at.height // 2 + 20, room.width, 80)
        write(canvas, f"{shown.score:.0f}", figure, 60, WHITE, align=0.5, middle=True)
        under = Place(room.left, figure.bottom + 8, room.width, 60)
        noun = "rep" if held is None else "hold"
        write(canvas, f"score of the last {noun}", under, 22, MUTED, align=0.5)


def _counted(feedback: Feedback) -> str:
    if feedback.held_s is not None:
        return "seconds held"
    noun = "rep" if feedback.reps == 1 else "reps"
    return f"{noun}, last {feedback.side}" if feedback.side in ("left", "right") else noun


def _bar(canvas: Image, feedback: Feedback, at: Place, title: str) -> None:
    """The stop or a fault with its sign; else the exercise, or why it is not measured now."""
    tone = "plain" if feedback.tone == "good" else feedback.tone
    ink = INK[tone]
    box(canvas, at, FILL[tone])
    words = at.inset(28, 18)
    if tone != "plain":
        sign(canvas, tone, Place(words.left, at.top + 32, 80, 80), ink)
        words = Place(words.left + 110, words.top, words.width - 110, words.height)
    if tone == "stop":
        words = _stop_word(canvas, feedback.headline, words)
        write(canvas, feedback.detail, words, 34, ink, middle=True)
        return
    if tone == "amber":
        write(canvas, feedback.headline, words, 44, ink, middle=True)
        return
    time = Place(words.right - 150, words.top, 150, words.height)
    write(canvas, clock(feedback.t), time, 30, MUTED, align=1.0, middle=True)
    rest = Place(words.left, words.top, words.width - 180, words.height)
    if feedback.gauge.why:
        write(canvas, f"Not measured now: {feedback.gauge.why}", rest, 30, MUTED, middle=True)
        return
    below = write(canvas, title, Place(rest.left, rest.top + 10, rest.width, 56), 34, WHITE) + 10
    shown = Place(rest.left, below, rest.width, rest.bottom - below)
    write(canvas, f"Gauge: {feedback.gauge.title}", shown, 22, MUTED)


def _stop_word(canvas: Image, text: str, words: Place) -> Place:
    """Write it, and return the room that is left beside it."""
    wide = min(230, words.width // 3)
    write(canvas, text, Place(words.left, words.top, wide, words.height), 70, WHITE, middle=True)
    left = words.left + wide + 30
    return Place(left, words.top, words.right - left, words.height)
