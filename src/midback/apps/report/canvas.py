"""A cropped copy of a picture to draw on, in coordinates of the whole picture."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from midback import words
from midback.vision.frames import Image

Color = tuple[int, int, int]  # BGR
Array = NDArray[np.float64]

PAPER: Color = (238, 242, 244)
_CASING: Color = (255, 255, 255)
_DRAWN_FOR = 720  # width at which thicknesses are pixels


@dataclass(frozen=True, slots=True)
class Box:
    """Part of a picture, pixels: rows grow downwards. May reach beyond the picture."""

    left: float
    top: float
    width: float
    height: float


class Canvas:
    """A cropped, enlarged copy that takes coordinates of the full picture, Y up.

    Thicknesses are pixels of a picture 720 wide. Each line lies on a white casing, so that they
    can be told from light and dark backgrounds alike.
    """

    def __init__(self, image: Image, box: Box, width: int) -> None:
        import cv2

        self._cv = cv2
        self._box = box
        self._scale = width / box.width
        self._thick = width / _DRAWN_FOR
        self._size = (width, max(1, round(box.height * self._scale)))
        to_canvas = np.array(
            [
                [self._scale, 0.0, -box.left * self._scale],
                [0.0, self._scale, -box.top * self._scale],
            ]
        )
        self.image: Image = np.asarray(
            cv2.warpAffine(
                np.ascontiguousarray(image),
                to_canvas,
                self._size,
                flags=cv2.INTER_AREA if self._scale < 1 else cv2.INTER_CUBIC,
                borderMode=cv2.BORDER_CONSTANT,
                borderValue=PAPER,
            ),
            dtype=np.uint8,
        )

    def length(self, drawn: float) -> float:
        """Return how long a line of `drawn` pixels is in the full picture."""
        return drawn * self._thick / self._scale

    def line(self, points: Array, color: Color, thickness: float, casing: float = 3.0) -> None:
        """Draw through (N, 2) points."""
        path = self._pixels(points)
        for ink, extra in ((_CASING, 2 * casing), (color, 0.0)):
            thick = max(1, round((thickness + extra) * self._thick))
            self._cv.polylines(self.image, [path], False, ink, thick, self._cv.LINE_AA, 4)

    def dashed_path(self, points: Array, color: Color, thickness: float) -> None:
        """Draw dashes along (N, 2) points."""
        steps = np.hypot(*np.diff(points, axis=0).T)
        along = np.concatenate([[0.0], np.cumsum(steps)])
        dash = self.length(13.0)
        for start in np.arange(0.0, along[-1], 2 * dash):
            at = np.linspace(start, min(start + dash, along[-1]), 6)
            piece = np.stack([np.interp(at, along, points[:, k]) for k in (0, 1)], axis=-1)
            self.line(piece, color, thickness, 2.0)

    def dashes(self, start: Array, end: Array, color: Color, thickness: float) -> None:
        """Draw a dashed line between two points."""
        count = max(3, int(np.hypot(*(end - start)) * self._scale / (22 * self._thick)))
        steps = np.linspace(0, 1, 2 * count)
        for a, b in zip(steps[::2], steps[1::2], strict=True):
            ends = np.stack([start + a * (end - start), start + b * (end - start)])
            self.line(ends, color, thickness, 2.0)

    def dot(self, point: Array, radius: float, color: Color) -> None:
        """Draw a filled disc with a white rim."""
        center = tuple(int(v) for v in self._pixels(point[None])[0])
        for ink, extra in ((_CASING, 2.5), (color, 0.0)):
            size = max(1, round((radius + extra) * self._thick * 16))
            self._cv.circle(self.image, center, size, ink, -1, self._cv.LINE_AA, 4)

    def fill(self, points: Array, color: Color, opacity: float) -> None:
        """Tint the inside of a polygon."""
        layer = self.image.copy()
        self._cv.fillPoly(layer, [self._pixels(points)], color, self._cv.LINE_AA, 4)
        self.image = np.asarray(
            self._cv.addWeighted(layer, opacity, self.image, 1 - opacity, 0), dtype=np.uint8
        )

    def label(self, text: str, at: Array, away: Array, color: Color) -> None:
        """Write on a plate next to `at`, displaced along `away` (Y up), inside the picture."""
        ink = self._ink(text)
        tall, wide = ink.shape
        pad, rim = round(13 * self._thick), max(1, round(3 * self._thick))
        plate = np.array([wide + 2 * pad, tall + 2 * pad])
        out = np.array([away[0], -away[1]])
        center = self._pixels(at[None])[0] / 16
        center = center + out * (52 * self._thick + np.abs(out @ plate) / 2)
        edge = plate / 2 + 8 * self._thick
        center = np.maximum(np.minimum(center, np.array(self._size) - edge), edge)
        left, top = (center - plate / 2).astype(int)
        right, bottom = left + int(plate[0]), top + int(plate[1])
        outer = (left - rim, top - rim), (right + rim, bottom + rim)
        self._cv.rectangle(self.image, *outer, _CASING, -1)
        self._cv.rectangle(self.image, (left, top), (right, bottom), _darker(color), -1)
        area = self.image[top + pad : top + pad + tall, left + pad : left + pad + wide]
        cover = ink[: area.shape[0], : area.shape[1], None] / 255.0
        area[:] = np.round(area * (1 - cover) + 255 * cover).astype(np.uint8)

    def _ink(self, text: str) -> Image:
        """Return the letters as coverage 0..255, cropped to them.

        OpenCV's letters have no degree sign and their measured size differs between versions,
        so they are drawn aside and measured, and the sign is a ring at the height of their top.
        """
        plain = text.replace(words.MINUS, "-").removesuffix("°")
        font, size = self._cv.FONT_HERSHEY_DUPLEX, 0.8 * self._thick
        stroke = max(1, round(1.5 * self._thick))
        room = round(40 * size)
        sheet = np.zeros((3 * room, room * (len(plain) + 3)), dtype=np.uint8)
        at = (room, 2 * room)
        self._cv.putText(sheet, plain, at, font, size, 255, stroke, self._cv.LINE_AA)
        rows, columns = np.flatnonzero(sheet.any(axis=1)), np.flatnonzero(sheet.any(axis=0))
        if len(rows) == 0:
            return np.zeros((1, 1), dtype=np.uint8)
        if text.endswith("°"):
            ring = max(2, round(3.2 * self._thick))
            center = (int(columns[-1]) + 2 * ring + stroke // 2, int(rows[0]) + ring)
            self._cv.circle(sheet, center, ring, 255, stroke, self._cv.LINE_AA)
            rows, columns = np.flatnonzero(sheet.any(axis=1)), np.flatnonzero(sheet.any(axis=0))
        return sheet[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]

    def _pixels(self, points: Array) -> NDArray[np.int32]:
        """Full-picture coordinates, Y up, to sixteenths of a canvas pixel."""
        x = (points[:, 0] - self._box.left) * self._scale
        y = (-points[:, 1] - self._box.top) * self._scale
        at = np.stack([x, y], axis=-1) * 16
        return np.clip(np.round(at), -(2**20), 2**20).astype(np.int32)


def _darker(color: Color) -> Color:
    """Return the same hue, dark enough for white letters."""
    b, g, r = (round(0.72 * part) for part in color)
    return b, g, r
