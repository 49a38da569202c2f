"""Words on a picture, in OpenCV's own letters, wrapped and never larger than their place.

Letters are drawn once and kept as coverage: a face asks for the same words in every frame, and
drawing them anew would cost more than everything else.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import cv2
import numpy as np

from midback.vision.frames import Image
from midback.words import MINUS

Color = tuple[int, int, int]  # BGR

LINE = 1.65
"""From one line to the next, in heights of a capital."""

_CAPITAL = 21.0  # pixels at font scale 1
_ABOVE, _BELOW = 1.35, 0.45  # room over and under the base line, in heights of a capital
_LEAST = 9  # pixels; smaller letters cannot be read anywhere


@dataclass(frozen=True, slots=True)
class Place:
    """A rectangle of a picture, pixels, rows downwards."""

    left: int
    top: int
    width: int
    height: int

    @property
    def right(self) -> int:
        """First column to the right of it."""
        return self.left + self.width

    @property
    def bottom(self) -> int:
        """First row under it."""
        return self.top + self.height

    def inset(self, x: int, y: int) -> Place:
        """Smaller by x on the left and right and by y on top and bottom."""
        wide, tall = max(0, self.width - 2 * x), max(0, self.height - 2 * y)
        return Place(self.left + x, self.top + y, wide, tall)


def wrapped(text: str, capital: int, width: int) -> list[str]:
    """Break `text` between words, so that every line fits; a longer word stays whole."""
    lines: list[str] = []
    for word in text.split():
        longer = f"{lines[-1]} {word}" if lines else word
        if lines and width_of(longer, capital) <= width:
            lines[-1] = longer
        else:
            lines.append(word)
    return lines


@lru_cache(maxsize=512)
def fitted(text: str, capital: int, width: int, height: int) -> tuple[int, tuple[str, ...]]:
    """The largest letters up to `capital` in which `text` fits a place, and its lines then."""
    while capital > _LEAST:
        lines = wrapped(text, capital, width)
        tall = LINE * capital * (len(lines) - 1) + (1 + _BELOW) * capital
        if tall <= height and all(width_of(line, capital) <= width for line in lines):
            return capital, tuple(lines)
        capital -= max(1, capital // 16)
    return capital, tuple(wrapped(text, capital, width))


def write(
    image: Image,
    text: str,
    place: Place,
    capital: int,
    color: Color,
    *,
    align: float = 0.0,
    middle: bool = False,
) -> int:
    """Write into a place and return the first row under the words.

    capital: height of a capital letter, pixels; less where the words would not fit. align: 0 left,
    0.5 centred, 1 right. middle: centred from top to bottom as well.
    """
    capital, lines = fitted(text, capital, place.width, place.height)
    step = round(LINE * capital)
    top = place.top
    if middle:
        top += max(0, (place.height - step * (len(lines) - 1) - capital) // 2)
    for line in lines:
        left = place.left + round(align * (place.width - width_of(line, capital)))
        _stamp(image, line, left, top + capital, capital, color)
        top += step
    return top - step + round((1 + _BELOW) * capital) if lines else place.top


def width_of(line: str, capital: int) -> int:
    """Columns that a line of text takes."""
    return int(coverage(line, capital).shape[1])


@lru_cache(maxsize=512)
def coverage(line: str, capital: int) -> Image:
    """Letters as coverage 0 to 255; the base line is _ABOVE capitals under the top.

    OpenCV's letters have no degree sign in every version and their measured size differs between
    versions: they are drawn aside and measured; ° is a ring at the height of their top.
    """
    plain = line.replace(MINUS, "-").replace("±", "+-").replace("—", "-")
    pieces = plain.split("°")
    sheets = [_letters(piece, capital) for piece in pieces[:1]]
    for piece in pieces[1:]:
        sheets += [_ring(capital), _letters(piece, capital)]
    return np.concatenate(sheets, axis=1)


def _letters(text: str, capital: int) -> Image:
    rows = round((_ABOVE + _BELOW) * capital)
    if not text.strip():
        return np.zeros((rows, round(0.4 * capital * len(text))), np.uint8)
    margin, stroke = capital, max(1, round(0.1 * capital))
    sheet = np.zeros((rows, 2 * margin + round(1.4 * capital * len(text))), np.uint8)
    ascii_only = text.encode("ascii", "replace").decode()
    at, font = (margin, round(_ABOVE * capital)), cv2.FONT_HERSHEY_DUPLEX
    cv2.putText(sheet, ascii_only, at, font, capital / _CAPITAL, (255,), stroke, cv2.LINE_AA)
    columns = np.flatnonzero(sheet.any(axis=0))
    blank = round(0.4 * capital) * (text != text.rstrip())
    return np.ascontiguousarray(sheet[:, columns[0] : columns[-1] + 1 + blank])


def _ring(capital: int) -> Image:
    radius, stroke = max(2, round(0.17 * capital)), max(1, round(0.1 * capital))
    wide = 2 * radius + 2 * stroke + 1
    sheet = np.zeros((round((_ABOVE + _BELOW) * capital), wide), np.uint8)
    center = (wide // 2, round((_ABOVE - 1) * capital) + radius)
    cv2.circle(sheet, center, radius, (255,), stroke, cv2.LINE_AA)
    return sheet


@lru_cache(maxsize=256)
def _tile(line: str, capital: int, ink: Color, paper: Color) -> tuple[int, Image]:
    """Letters on their paper, cropped to them, and how far they reach over the base line."""
    cover = coverage(line, capital)
    rows = np.flatnonzero(cover.any(axis=1))
    first, last = (int(rows[0]), int(rows[-1])) if len(rows) else (0, 0)
    share = cover[first : last + 1, :, None] / 255.0
    mixed = np.round(np.array(paper) * (1 - share) + np.array(ink) * share)
    return round(_ABOVE * capital) - first, mixed.astype(np.uint8)


def _stamp(image: Image, line: str, left: int, base: int, capital: int, ink: Color) -> None:
    """Lay letters on the picture; what would leave it is cut off.

    Words stand on a plain colour, which is read from the picture where they begin.
    """
    rows, columns = image.shape[:2]
    if not (0 <= base < rows and 0 <= left < columns):
        return
    blue, green, red = (int(part) for part in image[base, left])
    above, tile = _tile(line, capital, ink, (blue, green, red))
    top = max(0, base - above)
    cut = top - (base - above)
    area = image[top : base - above + tile.shape[0], left : left + tile.shape[1]]
    area[:] = tile[cut : cut + area.shape[0], : area.shape[1]]
