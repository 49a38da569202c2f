"""The window's picture: one moment of a set, to be read from three metres. Pure drawing."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from midback.apps.live.body import picture
from midback.apps.live.feedback import Feedback, Stage, Tone
from midback.apps.live.gauge import gauge
from midback.apps.live.ghost import ghost
from midback.apps.live.signs import (
    BLACK,
    FILL,
    INK,
    MUTED,
    NIGHT,
    PLAIN,
    WHITE,
    bars,
    box,
    dot,
    sign,
    tick,
)
from midback.apps.live.text import Place, width_of, write
from midback.vision.frames import Image
from midback.words import clock

WIDTH, HEIGHT = 1280, 720

PICTURE = Place(0, 0, 832, 468)
"""Where the camera's picture goes; one of another shape lies in the middle of it."""

_SIDE = Place(832, 0, 448, 468)
_BAR = Place(0, 468, 1280, 252)
_KEYS = (
    "Space pause | E end | Backspace undo a rep | P pain | M sound | D numbers | S mirror | F full"
)
_PHASES = {"rest": "Ready", "out": "Out", "hold": "Hold", "back": "Back"}


@dataclass(frozen=True, slots=True)
class Beside:
    """What the window adds to the feedback.

    ghost: name of the figure to show while setting up. note: one line over the picture. pain:
    chosen after the set, 0 to 10. rest_s: since the set ended. again: another set can follow.
    """

    ghost: str = ""
    note: str = ""
    pain: int | None = None
    rest_s: float = 0.0
    again: bool = True


def draw(
    image: Image,
    feedback: Feedback,
    *,
    mirrored: bool,
    numbers: bool,
    beside: Beside = Beside(),
) -> Image:
    """Return the whole screen, (HEIGHT, WIDTH, 3) BGR.

    image: (H, W, 3) BGR, upright, of any size. mirrored: the picture and the body over it, never
    the words. numbers: the measured value as well.
    """
    canvas = np.empty((HEIGHT, WIDTH, 3), np.uint8)
    box(canvas, Place(0, 0, WIDTH, HEIGHT), NIGHT)
    if feedback.stage == "done":
        _done(canvas, feedback, beside)
    elif feedback.tone == "stop":
        _stop(canvas, feedback)
    else:
        dim = feedback.stage == "paused"
        at = picture(canvas, image, feedback, PICTURE, mirrored=mirrored, dim=dim)
        if feedback.stage == "setup" and beside.ghost:
            ghost(canvas, beside.ghost, at, mirrored=mirrored)
        _SIDES[feedback.stage](canvas, feedback, numbers)
        _bar(canvas, feedback)
        _note(canvas, beside.note)
    return canvas


def _setup(canvas: Image, feedback: Feedback, _: bool) -> None:
    """The list of what must be right, ticked off."""
    room = _SIDE.inset(28, 24)
    top = write(canvas, feedback.detail, Place(room.left, room.top, room.width, 60), 32, WHITE)
    top += 20
    step = min(84, (room.bottom - top) // max(1, len(feedback.checks)))
    for check in feedback.checks:
        (tick if check.done else dot)(
            canvas, Place(room.left, top, 30, 30), WHITE if check.done else MUTED
        )
        line = Place(room.left + 48, top, room.width - 48, step - 12)
        write(canvas, check.text, line, 22, MUTED if check.done else WHITE)
        top += step


def _still(canvas: Image, feedback: Feedback, _: bool) -> None:
    """The seconds left."""
    left = str(max(1, int(np.ceil(feedback.still_s))))
    write(canvas, left, _SIDE.inset(20, 60), 300, WHITE, align=0.5, middle=True)


def _set(canvas: Image, feedback: Feedback, numbers: bool) -> None:
    """The count or the seconds, and the gauge."""
    strip = Place(_SIDE.left + 32, _SIDE.top + 28, 60, _SIDE.height - 56)
    gauge(canvas, feedback.gauge, strip, numbers=numbers)
    room = Place(strip.right + 24, _SIDE.top + 28, _SIDE.right - strip.right - 40, 330)
    held = feedback.held_s
    count = feedback.reps if held is None else int(held)
    write(canvas, str(count), room, 250, WHITE, align=0.5, middle=True)
    below = Place(room.left, room.bottom + 12, room.width, 72)
    write(canvas, _counted(feedback), below, 30, MUTED, align=0.5)


def _counted(feedback: Feedback) -> str:
    if feedback.held_s is not None:
        good = feedback.good_s or 0.0
        short = int(good) < int(feedback.held_s)
        return f"seconds, {int(good)} in good form" if short else "seconds"
    noun = "rep" if feedback.reps == 1 else "reps"
    return f"{noun}, last {feedback.side}" if feedback.side in ("left", "right") else noun


def _paused(canvas: Image, feedback: Feedback, numbers: bool) -> None:
    _set(canvas, feedback, numbers)
    bars(canvas, Place(PICTURE.width // 2 - 70, PICTURE.height // 2 - 80, 140, 160), WHITE)


_SIDES: dict[Stage, Callable[[Image, Feedback, bool], None]] = {
    "setup": _setup,
    "still": _still,
    "set": _set,
    "paused": _paused,
}


def _bar(canvas: Image, feedback: Feedback) -> None:
    """Along the lower edge: the one thing to read, with its sign; never green while unmeasured."""
    unseen = feedback.tone == "good" and feedback.gauge.value is None
    tone: Tone = "plain" if unseen else feedback.tone
    ink = INK[tone]
    box(canvas, _BAR, FILL[tone])
    room = _BAR.inset(36, 24)
    words = Place(room.left, room.top, room.width, room.height - 30)
    if tone != "plain":
        sign(canvas, tone, Place(room.left, room.top + 12, 150, 150), ink)
        words = Place(room.left + 190, room.top, room.width - 190, room.height - 30)
    if feedback.headline:
        write(canvas, feedback.headline, words, 76, ink, middle=True)
    elif feedback.stage == "set":
        _rhythm(canvas, feedback, words)
    keys = Place(room.left, _BAR.bottom - 36, room.width, 24)
    write(canvas, _KEYS, keys, 15, ink, align=0.5)


def _rhythm(canvas: Image, feedback: Feedback, words: Place) -> None:
    """Phase, tempo and breath; or why the movement is not measured now."""
    if feedback.gauge.why:
        why = feedback.gauge.why
        write(canvas, why[:1].upper() + why[1:], words, 44, WHITE, middle=True)
        return
    half = words.width // 2
    left = Place(words.left, words.top, half, words.height)
    write(canvas, _PHASES[feedback.phase], left, 64, WHITE, middle=True)
    said = [f"{feedback.tempo_s:.1f} s"] if feedback.phase != "rest" else []
    said += [f"Breathe {feedback.breath}"] if feedback.breath else []
    right = Place(words.left + half, words.top, half, words.height)
    write(canvas, ", ".join(said), right, 44, WHITE, align=1.0, middle=True)


def _stop(canvas: Image, feedback: Feedback) -> None:
    box(canvas, Place(0, 0, WIDTH, HEIGHT), FILL["stop"])
    sign(canvas, "stop", Place(70, 70, 230, 230), WHITE)
    write(canvas, feedback.headline, Place(350, 60, 860, 250), 250, WHITE, middle=True)
    write(canvas, feedback.detail, Place(70, 370, 1140, 270), 72, WHITE)
    write(canvas, "E: end the set", Place(70, 674, 1140, 30), 20, WHITE, align=0.5)


def _done(canvas: Image, feedback: Feedback, beside: Beside) -> None:
    top = Place(0, 0, WIDTH, 400)
    box(canvas, top, FILL[feedback.tone])
    sign(canvas, feedback.tone, Place(48, 48, 170, 170), INK[feedback.tone])
    words = Place(266, 44, WIDTH - 266 - 48, 210)
    below = write(canvas, feedback.headline, words, 66, INK[feedback.tone]) + 26
    rest = Place(words.left, below, words.width, top.bottom - below - 12)
    write(canvas, feedback.detail, rest, 38, INK[feedback.tone])
    _pain(canvas, beside.pain, Place(48, 424, WIDTH - 96, 104))
    _choices(canvas, beside, Place(48, 556, WIDTH - 96, 140))


def _pain(canvas: Image, chosen: int | None, at: Place) -> None:
    """0 to 10 in a row; the chosen one is filled and framed."""
    write(canvas, "Pain now?", Place(at.left, at.top + 16, 236, 40), 32, WHITE)
    write(canvas, "0 none, 10 worst", Place(at.left, at.top + 66, 236, 30), 19, MUTED)
    step = (at.width - 250) // 11
    for value in range(11):
        cell = Place(at.left + 250 + value * step, at.top + 12, step - 10, at.height - 24)
        box(canvas, cell, WHITE if value == chosen else PLAIN)
        ink = BLACK if value == chosen else WHITE
        write(canvas, str(value), cell.inset(4, 4), 34, ink, align=0.5, middle=True)


def _choices(canvas: Image, beside: Beside, at: Place) -> None:
    """What the keys do now; the rest's clock; what became of the set."""
    write(canvas, beside.note, Place(at.left, at.top, at.width - 280, 40), 24, WHITE, middle=True)
    left = at.left
    keys = {"Enter": "save", "D": "discard", "N": "save, next set", "R": "report", "Esc": "close"}
    for key, does in keys.items():
        if key != "N" or beside.again:
            left = _key(canvas, key, does, left, at.top + 62)
    rest = Place(at.right - 260, at.top - 14, 260, 70)
    write(canvas, f"Rest {clock(beside.rest_s)}", rest, 44, WHITE, align=1.0, middle=True)


def _key(canvas: Image, key: str, does: str, left: int, top: int) -> int:
    """A key cap and what it does; returns where the next may begin."""
    cap = Place(left, top, 36 + width_of(key, 22), 52)
    box(canvas, cap, WHITE)
    write(canvas, key, cap, 22, BLACK, align=0.5, middle=True)
    words = Place(cap.right + 12, top, width_of(does, 22), 52)
    write(canvas, does, words, 22, WHITE, middle=True)
    return words.right + 30


def _note(canvas: Image, note: str) -> None:
    """One line over the picture, with the sign of a warning."""
    if not note:
        return
    at = Place(0, 0, PICTURE.width, 44)
    box(canvas, at, NIGHT)
    sign(canvas, "amber", Place(12, 8, 28, 28), FILL["amber"])
    write(canvas, note, Place(52, 0, at.width - 64, at.height), 20, WHITE, middle=True)
