"""Draw what was measured onto a frame: skeleton, the back's edge, and the angle in question."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from midback.apps.report import arcs, words
from midback.apps.report.arcs import Arc, Array
from midback.keyframes import KeyFrame
from midback.vision.frames import Image

Color = tuple[int, int, int]  # BGR

GOOD: Color = (115, 158, 0)  # the Okabe-Ito colours that stay apart for colour-blind people
FAULT: Color = (0, 94, 213)
SKELETON: Color = (178, 114, 0)
_CASING: Color = (255, 255, 255)
_INK: Color = (38, 32, 28)
_PAPER: Color = (238, 242, 244)

_BONES = (
    *((11, 13), (13, 15), (12, 14), (14, 16), (11, 12), (23, 24), (11, 23), (12, 24)),
    *((23, 25), (25, 27), (24, 26), (26, 28), (27, 31), (28, 32)),
)
_JOINTS = sorted({joint for bone in _BONES for joint in bone})
_MARGIN = 0.12  # of the person's larger extent, on every side
_DRAWN_FOR = 720  # width at which the thicknesses below are pixels
_ASPECT = (1.0, 1.9)  # width : height of a picture, at least and at most
_SMALLEST_ARC = 105.0  # radius
_SMALLEST_TURN = np.radians(4.0)  # a narrower angle would only be a thicker line
_SAME_PLACE = 1.7  # a shared crop may be this much larger than the larger of the two people


@dataclass(frozen=True, slots=True)
class Box:
    """Part of a picture, pixels: rows grow downwards. May reach beyond the picture."""

    left: float
    top: float
    width: float
    height: float


def blank(width: int, height: int) -> Image:
    """Return a plain sheet to draw on where the recording's frame is not at hand."""
    return np.full((max(height, 1), max(width, 1), 3), _PAPER, dtype=np.uint8)


def crop_boxes(keyframes: Sequence[KeyFrame], size: tuple[int, int]) -> list[Box]:
    """Return what to show of each frame, so that the person is large.

    People who stay in place get one and the same box, so that the pictures compare point by
    point. size: (width, height) of the pictures; boxes stay inside wherever they fit.
    """
    people = [_extent(keyframe, size) for keyframe in keyframes]
    if not people:
        return []
    union = _union(people)
    largest = max(max(p.width, p.height) for p in people)
    if max(union.width, union.height) <= _SAME_PLACE * largest:
        people = [union] * len(people)
    return [_framed(person, size) for person in people]


def annotate(
    image: Image,
    keyframe: KeyFrame,
    *,
    box: Box | None = None,
    color: Color = FAULT,
    label: str | None = None,
    ghost: KeyFrame | None = None,
    width: int = 960,
) -> Image:
    """Return a copy, cropped to the person and enlarged to `width`, with the measurement on it.

    image: (H, W, 3) BGR. Only landmarks that were seen are joined. color: of the back and of
    the angle. label: stands at the angle, by default its value with unit; "" for none. ghost: its
    back is laid over this one in dashes, hips on hips and shoulders on shoulders.
    """
    box = box or crop_boxes([keyframe], (image.shape[1], image.shape[0]))[0]
    canvas = _Canvas(image, box, width)
    _draw_skeleton(canvas, keyframe)
    laid = None if ghost is None else _laid_over(ghost, keyframe)
    if laid is not None:
        canvas.dashed_path(laid, GOOD, 4)
    line = arcs.contour_from_hips(keyframe)
    if line is not None:
        canvas.line(line, color, 5)
    arc = arcs.arc_of(keyframe)
    if arc is not None:
        _draw_arc(canvas, arc, color)
    if label is None:
        known = keyframe.value is not None
        label = words.quantity(keyframe.value or 0.0, keyframe.unit) if known else ""
    anchor = _anchor(keyframe, arc)
    if label and anchor is not None:
        canvas.label(label, *anchor, color)
    return canvas.image


def to_jpeg(image: Image, quality: int = 84) -> bytes:
    """Encode a BGR picture."""
    import cv2

    ok, data = cv2.imencode(".jpg", image, [cv2.IMWRITE_JPEG_QUALITY, quality])
    if not ok:
        raise ValueError(f"cannot encode a picture of shape {image.shape}")
    return bytes(data.tobytes())


class _Canvas:
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
                borderValue=_PAPER,
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


def _draw_skeleton(canvas: _Canvas, frame: KeyFrame) -> None:
    xy = np.asarray(frame.pose.points[:, :2], dtype=np.float64)
    seen = (frame.pose.visibility >= arcs.SEEN) & np.isfinite(xy).all(axis=1)
    for a, b in _BONES:
        if seen[a] and seen[b]:
            canvas.line(xy[[a, b]], SKELETON, 3.5, 2.0)
    shoulders = xy[[11, 12]].mean(axis=0)
    ears = [index for index in arcs.EAR if seen[index]]
    if ears and seen[[11, 12]].all():
        canvas.line(np.stack([shoulders, xy[ears].mean(axis=0)]), SKELETON, 3.5, 2.0)
    for joint in _JOINTS:
        if seen[joint]:
            canvas.dot(xy[joint], 4.5, SKELETON)


def _draw_arc(canvas: _Canvas, arc: Arc, color: Color) -> None:
    radius = max(arc.radius, canvas.length(_SMALLEST_ARC))
    start, end = np.arctan2(arc.reference[1], arc.reference[0]), np.arctan2(*arc.actual[::-1])
    turn = (end - start + np.pi) % (2 * np.pi) - np.pi
    if arc.section is not None:
        canvas.line(arc.section, color, 9, 3.0)
    if abs(turn) < _SMALLEST_TURN:
        return
    angles = start + turn * np.linspace(0, 1, 40)
    rim = arc.corner + radius * 0.8 * np.stack([np.cos(angles), np.sin(angles)], axis=-1)
    canvas.fill(np.concatenate([arc.corner[None], rim]), color, 0.35)
    canvas.dashes(arc.corner, arc.corner + arc.reference * radius, _INK, 3)
    canvas.line(np.stack([arc.corner, arc.corner + arc.actual * radius]), color, 4, 2.0)
    canvas.line(rim, color, 4, 2.0)
    canvas.dot(arc.corner, 6, color)


def _laid_over(ghost: KeyFrame, frame: KeyFrame) -> Array | None:
    """Return the ghost's back, moved, turned and scaled so that both trunk lines coincide."""
    line, theirs, ours = arcs.contour_from_hips(ghost), arcs.trunk(ghost), arcs.trunk(frame)
    if line is None or theirs is None or ours is None:
        return None
    a, b = complex(*theirs[0]), complex(*theirs[1])
    c, d = complex(*ours[0]), complex(*ours[1])
    if a == b:
        return None
    moved = c + (line[:, 0] + 1j * line[:, 1] - a) * (d - c) / (b - a)
    return np.stack([moved.real, moved.imag], axis=-1)


def _anchor(frame: KeyFrame, arc: Arc | None) -> tuple[Array, Array] | None:
    """Where the label stands, and the direction it moves out of the way: off the back."""
    ends = arcs.trunk(frame)
    if ends is None:
        return None
    hips, shoulders = ends
    away = arcs.dorsal(frame)
    if away is None:
        along = shoulders - hips
        normal = np.array([-along[1], along[0]]) / max(float(np.hypot(*along)), 1e-9)
        away = normal if normal[1] >= 0 else -normal
    return (arc.corner if arc is not None else (hips + shoulders) / 2), away


def _extent(frame: KeyFrame, size: tuple[int, int]) -> Box:
    """Everything seen of the person, in rows downwards; the whole picture where nobody is."""
    xy = np.asarray(frame.pose.points[:, :2], dtype=np.float64)
    xy = xy[np.isfinite(xy).all(axis=1) & (frame.pose.visibility >= arcs.SEEN)]
    if frame.contour is not None:
        xy = np.concatenate([xy, frame.contour[np.isfinite(frame.contour).all(axis=1)]])
    if len(xy) < 2:
        return Box(0.0, 0.0, float(size[0]), float(size[1]))
    left, right = xy[:, 0].min(), xy[:, 0].max()
    top, bottom = -xy[:, 1].max(), -xy[:, 1].min()
    margin = _MARGIN * max(right - left, bottom - top, 1.0)
    return Box(left - margin, top - margin, right - left + 2 * margin, bottom - top + 2 * margin)


def _union(boxes: Sequence[Box]) -> Box:
    left, top = min(b.left for b in boxes), min(b.top for b in boxes)
    right = max(b.left + b.width for b in boxes)
    bottom = max(b.top + b.height for b in boxes)
    return Box(left, top, right - left, bottom - top)


def _framed(person: Box, size: tuple[int, int]) -> Box:
    """Widen to a pleasant shape, then move into the picture as far as it goes."""
    low, high = _ASPECT
    width = max(person.width, low * person.height)
    height = max(person.height, width / high)
    width, height = min(width, float(size[0])), min(height, float(size[1]))
    left = person.left + (person.width - width) / 2
    top = person.top + (person.height - height) / 2
    left = float(np.clip(left, 0.0, size[0] - width))
    top = float(np.clip(top, 0.0, size[1] - height))
    return Box(left, top, width, height)


def _darker(color: Color) -> Color:
    """Return the same hue, dark enough for white letters."""
    b, g, r = (round(0.72 * part) for part in color)
    return b, g, r
