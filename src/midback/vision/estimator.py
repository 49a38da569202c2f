"""Pose estimation with MediaPipe's pose landmarker, one frame after the other."""

from __future__ import annotations

import contextlib
import importlib
import os
import sys
from collections.abc import Iterator
from operator import attrgetter
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from midback.errors import InputError
from midback.vision.closing import Closing
from midback.vision.frames import Frame, Image
from midback.vision.outline import Glance, Outline, Queue, settled
from midback.vision.people import Box, PersonKeeper
from midback.vision.pose import Pose, missing_pose
from midback.vision.weights import refuse_unusable

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

_PLACE, _PLACE_AND_VISIBILITY = attrgetter("x", "y", "z"), attrgetter("x", "y", "z", "visibility")
_Y_UP = np.array([1, -1, -1], dtype=np.float32)


class PoseEstimator(Closing):
    """Finds the body in frame after frame; use it in a `with` statement.

    model: a .task file. silhouette: also measure the distance from the trunk line to the edge
    of the body, which costs the mask. Raises InputError where the model cannot be used.
    """

    def __init__(self, model: Path, silhouette: bool) -> None:
        refuse_unusable(model)
        self._model = model
        self._silhouette = silhouette
        self._keeper = PersonKeeper()
        self._last_ms = -1
        self._warm = False
        self._long_side = LONG_SIDE
        self._outlines = Queue()
        with quiet_stderr():
            self._landmarker = _create(model, silhouette=silhouette)

    def estimate(self, frame: Frame) -> Pose:
        """Return the chosen person's pose in this frame. Frames must come in order of time."""
        return settled([self.look(frame)])[0]

    def look(self, frame: Frame) -> Glance:
        """As estimate, but leave reading the outline to `settled`, which is quicker for many."""
        height, width = frame.image.shape[:2]
        due = self._keeper.choice_due(frame.t)
        image = for_network(frame.image, LONG_SIDE if due else self._long_side)
        shown = _only(self._keeper.window(frame.t), image, width, height)
        result = self._detect(shown, self._milliseconds(frame.t))
        if not result.pose_landmarks:
            return Glance(missing_pose(frame.t))
        points, visibility = _points(result.pose_landmarks[0], width, height)
        if due:
            people = self._everybody(image, width, height) or [points]
            self._keeper.choose(people, (width, height), frame.t)
        if not self._keeper.accept(points, frame.t):
            return Glance(missing_pose(frame.t))
        self._resize(max(width, height), chosen=due)
        pose = Pose(frame.t, points, _world(result.pose_world_landmarks[0]), visibility)
        if not self._silhouette:
            return Glance(pose)
        outline = Outline(result.segmentation_masks[0], frame.image, points)
        return Glance(pose, self._outlines.add(outline))

    def _everybody(self, image: Image, width: int, height: int) -> list[NDArray[np.float32]]:
        """Find all people in one picture, with a landmarker made for it."""
        with quiet_stderr():
            finder = _create(self._model, silhouette=False, people=_MOST_PEOPLE)
            result = finder.detect(_picture(image))
            finder.close()
        return [_points(person, width, height)[0] for person in result.pose_landmarks]

    def _detect(self, image: Image, milliseconds: int) -> Any:
        with contextlib.nullcontext() if self._warm else quiet_stderr():
            result = self._landmarker.detect_for_video(_picture(image), milliseconds)
        self._warm = True
        return result

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
        """Free the networks; harmless when repeated. Left to the end of the program, MediaPipe
        fails noisily.
        """
        landmarker, self._landmarker = self._landmarker, None
        if landmarker is not None:
            with quiet_stderr():
                landmarker.close()


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


def _picture(image: Image) -> Any:
    mediapipe = importlib.import_module("mediapipe")
    return mediapipe.Image(image_format=mediapipe.ImageFormat.SRGB, data=image)


def _points(
    landmarks: Any, width: int, height: int
) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Convert to pixels of the upright picture: X right, Y up, Z towards the camera."""
    raw = np.array(list(map(_PLACE_AND_VISIBILITY, landmarks)), dtype=np.float64)
    points = raw[:, :3] * (width, -height, -width)
    return points.astype(np.float32), raw[:, 3].astype(np.float32)


def _world(landmarks: Any) -> NDArray[np.float32]:
    return np.array(list(map(_PLACE, landmarks)), dtype=np.float32) * _Y_UP


def _create(model: Path, *, silhouette: bool, people: int = 1) -> Any:
    """Make a landmarker: for one person in a video, or for several in single pictures."""
    vision = importlib.import_module("mediapipe.tasks.python.vision")
    base = importlib.import_module("mediapipe.tasks.python.core.base_options")
    options = vision.PoseLandmarkerOptions(
        base_options=base.BaseOptions(model_asset_path=str(model)),
        running_mode=vision.RunningMode.VIDEO if people == 1 else vision.RunningMode.IMAGE,
        num_poses=people,
        output_segmentation_masks=silhouette,
    )
    try:
        return vision.PoseLandmarker.create_from_options(options)
    except (RuntimeError, ValueError, OSError) as error:
        raise InputError(
            f"{model} cannot be used as a pose landmarker: give an official .task file"
        ) from error


@contextlib.contextmanager
def quiet_stderr() -> Iterator[None]:
    """Silence what C++ writes to file descriptor 2; Python's own errors come after it."""
    if sys.stderr is not None:
        sys.stderr.flush()
    saved = os.dup(2)
    with open(os.devnull, "wb") as nowhere:  # noqa: PTH123
        os.dup2(nowhere.fileno(), 2)
    try:
        yield
    finally:
        os.dup2(saved, 2)
        os.close(saved)
