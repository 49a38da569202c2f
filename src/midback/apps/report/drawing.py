"""Draw what was measured onto a frame: skeleton, the back's edge, and the angle in question."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from midback import words
from midback.apps.report import arcs
from midback.apps.report.arcs import Arc, Array
from midback.apps.report.canvas import PAPER, Box, Canvas, Color
from midback.keyframes import KeyFrame
from midback.vision.frames import Image

GOOD: Color = (115, 158, 0)  # the Okabe-Ito colours that stay apart for colour-blind people
FAULT: Color = (0, 94, 213)
SKELETON: Color = (178, 114, 0)
_INK: Color = (38, 32, 28)

_BONES = (
    *((11, 13), (13, 15), (12, 14), (14, 16), (11, 12), (23, 24), (11, 23), (12, 24)),
    *((23, 25), (25, 27), (24, 26), (26, 28), (27, 31), (28, 32)),
)
_JOINTS = sorted({joint for bone in _BONES for joint in bone})
_MARGIN = 0.12  # of the person's larger extent, on every side
_ASPECT = (1.0, 1.9)  # width : height of a picture, at least and at most
_SMALLEST_ARC = 105.0  # radius
_SMALLEST_TURN = np.radians(4.0)  # a narrower angle would only be a thicker line
_SAME_PLACE = 1.7  # a shared crop may be this much larger than the larger of the two people


def blank(width: int, height: int) -> Image:
    """Return a plain sheet to draw on where the recording's frame is not at hand."""
    return np.full((max(height, 1), max(width, 1), 3), PAPER, dtype=np.uint8)


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
    canvas = Canvas(image, box, width)
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


def _draw_skeleton(canvas: Canvas, frame: KeyFrame) -> None:
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


def _draw_arc(canvas: Canvas, arc: Arc, color: Color) -> None:
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
