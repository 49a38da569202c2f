"""Pose estimation with MediaPipe's pose landmarker, one frame after the other."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from midback.vision.closing import Closing
from midback.vision.frames import Frame, Image
from midback.vision.landmarker import Landmarker
from midback.vision.outline import Glance, Outline, Queue, settled
from midback.vision.people import Box, PersonKeeper
from midback.vision.pose import Pose, missing_pose

LONG_SIDE, _LEAST_SIDE = 640, 416
"""Long sides in pixels of the pictures given to the network, the smaller one where the person is
so near that the network sees as much of them: the mask costs a quarter there."""

_INPUT = 1.1 * 256  # pixels that the network looks at, a side, and a margin
_REGION = 2.5  # side of what it cuts out, in lengths from mid-hips to the farthest landmark
_MULTIPLE = 16  # other widths make the mask abort the process
_SMALLEST = 32
_LINEAR = 2.1  # times smaller: up to there linear interpolation leaves hardly a pixel out
_GREY = 128
_MOST_PEOPLE = 4

_Y_UP = np.array([1, -1, -1], dtype=np.float32)


class PoseEstimator(Closing):
    """Finds the body in frame after frame; use it in a `with` statement.

    model: a .task file. silhouette: also measure the distance from the trunk line to the edge
    of the body, which costs the mask. Raises InputError where the model cannot be used, when it is
    loaded: at the first frame at the latest.
    """

    def __init__(self, model: Path, silhouette: bool) -> None:
        self._model = model
        self._silhouette = silhouette
        self._keeper = PersonKeeper()
        self._last_ms = -1
        self._long_side = LONG_SIDE
        self._outlines = Queue()
        self._landmarker: Landmarker | None = None

    def load(self) -> Landmarker:
        """Load the network before the first frame, for which it would otherwise be loaded."""
        if self._landmarker is None:
            self._landmarker = Landmarker(self._model, silhouette=self._silhouette)
        return self._landmarker

    def estimate(self, frame: Frame) -> Pose:
        """Return the chosen person's pose in this frame. Frames must come in order of time."""
        return settled([self.look(frame)])[0]

    def look(self, frame: Frame) -> Glance:
        """As estimate, but leave reading the outline to `settled`, which is quicker for many."""
        height, width = frame.image.shape[:2]
        due = self._keeper.choice_due(frame.t)
        image = for_network(frame.image, LONG_SIDE if due else self._long_side)
        first = self._landmarker is None
        people = self._everybody(image, width, height) if first else []
        shown = _only(self._keeper.window(frame.t), image, width, height)
        found = self.load().detect(shown, self._milliseconds(frame.t))
        if not found.people:
            return Glance(missing_pose(frame.t))
        points = _points(found.people[0], width, height)
        if due:
            people = people if first else self._everybody(image, width, height)
            self._keeper.choose(people or [points], (width, height), frame.t)
        if not self._keeper.accept(points, frame.t):
            return Glance(missing_pose(frame.t))
        self._resize(max(width, height), chosen=due)
        world = found.worlds[0][:, :3] * _Y_UP
        pose = Pose(frame.t, points, world, found.people[0][:, 3].copy())
        if not self._silhouette:
            return Glance(pose)
        outline = Outline(found.masks[0], frame.image, points)
        return Glance(pose, self._outlines.add(outline))

    def _everybody(self, image: Image, width: int, height: int) -> list[NDArray[np.float32]]:
        """Find all people in one picture, with a landmarker made for it.

        At the first frame it is gone before our own is loaded: a reader of a long recording holds
        two of its own at a cut, and this would be a third.
        """
        with Landmarker(self._model, people=_MOST_PEOPLE) as finder:
            people = finder.detect(image).people
        return [_points(person, width, height) for person in people]

    def _milliseconds(self, t: float) -> int:
        """Whole milliseconds, made to increase: two frames may share one."""
        self._last_ms = max(round(t * 1000.0), self._last_ms + 1)
        return self._last_ms

    def _resize(self, long_side: int, *, chosen: bool) -> None:
        """Give smaller pictures from the choice of a person on, as long as they are large enough.

        long_side: of the full picture.
        """
        if not chosen and self._long_side == LONG_SIDE:
            return
        region = _REGION * self._keeper.reach * _LEAST_SIDE / long_side
        self._long_side = _LEAST_SIDE if region >= _INPUT else LONG_SIDE

    def close(self) -> None:
        """Free the networks; harmless when repeated."""
        if self._landmarker is not None:
            self._landmarker.close()


def for_network(image: Image, long_side: int = LONG_SIDE) -> Image:
    """Scale a BGR picture to RGB: long side at most about `long_side`, width divisible by 16.

    The aspect ratio is kept to a pixel, except for pictures more than 20 times as long as wide.
    """
    import cv2

    height, width = image.shape[:2]
    scale = min(1.0, long_side / max(height, width))
    columns = max(_SMALLEST, round(width * scale / _MULTIPLE) * _MULTIPLE)
    rows = min(max(_SMALLEST, round(height * columns / width)), long_side + _MULTIPLE)
    while min(width / columns, height / rows) > _LINEAR:  # halving averages, and is quick
        width, height = width // 2, height // 2
        image = _resized(image, width, height, cv2.INTER_AREA)
    if (columns, rows) != (width, height):
        image = _resized(image, columns, rows, cv2.INTER_LINEAR)
    return np.asarray(cv2.cvtColor(image, cv2.COLOR_BGR2RGB), dtype=np.uint8)


def _resized(image: Image, width: int, height: int, kind: int) -> Image:
    import cv2

    return np.asarray(cv2.resize(image, (width, height), interpolation=kind), dtype=np.uint8)


def _only(window: Box | None, image: Image, width: int, height: int) -> Image:
    """Paint all but the window (pixels of the width x height picture, Y up) grey."""
    if window is None:
        return image
    rows, columns = image.shape[:2]
    left, bottom, right, top = window
    x = slice(*(int(np.clip(v / width, 0, 1) * columns) for v in (left, right)))
    y = slice(*(int(np.clip(-v / height, 0, 1) * rows) for v in (top, bottom)))
    shown = np.full_like(image, _GREY)
    shown[y, x] = image[y, x]
    return shown


def _points(person: NDArray[np.float32], width: int, height: int) -> NDArray[np.float32]:
    """Convert to pixels of the upright picture: X right, Y up, Z towards the camera."""
    return (person[:, :3].astype(np.float64) * (width, -height, -width)).astype(np.float32)
