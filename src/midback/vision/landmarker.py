"""MediaPipe's pose landmarker, its answers read as arrays from where its library leaves them.

MediaPipe's own Python makes it and ends it, but does not pass on the frames: for each it changes
to another thread, declares the library's functions anew and makes an object of every landmark,
.4 ms where the networks leave nothing in the cache. What the library answers is the same to the
bit; tests/test_landmarker.py reads it both ways.
"""

from __future__ import annotations

import contextlib
import ctypes
import importlib
import os
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from midback.errors import InputError
from midback.vision.closing import Closing
from midback.vision.frames import Image
from midback.vision.weights import refuse_unusable

_FIELDS = ("x", "y", "z", "visibility")
_PIXELS = ctypes.POINTER(ctypes.c_uint8)


@dataclass(frozen=True, slots=True)
class Found:
    """What the networks see in one picture.

    people: each (33, 4), x right, y down and z away from the camera as shares of the picture's
    width, height and width, and visibility. worlds: each (33, 4), x right, y down, z away from
    the camera in metres from mid-hips, and visibility. masks: MediaPipe's images, which own their
    pixels; none where no mask was wanted.
    """

    people: list[NDArray[np.float32]]
    worlds: list[NDArray[np.float32]]
    masks: list[Any]


class Landmarker(Closing):
    """Follows one person through a video, or finds several in single pictures.

    model: a .task file. silhouette: also make masks. people: more than one looks at every picture
    by itself. Raises InputError where the model cannot be used. Not for two threads at once.
    """

    def __init__(self, model: Path, *, silhouette: bool = False, people: int = 1) -> None:
        refuse_unusable(model)
        with quiet_stderr():
            self._c = _Library()
            self._landmarker = _create(model, silhouette=silhouette, people=people)
        self._alone = people == 1
        self._warm = False

    def detect(self, image: Image, milliseconds: int = 0) -> Found:
        """Look at an RGB picture, whose width divides by 16. In a video the time must increase."""
        with contextlib.nullcontext() if self._warm else quiet_stderr():
            picture = self._c.picture(image)
            try:
                return self._detect(picture, milliseconds)
            finally:
                self._warm = True
                self._c.library.MpImageFree(picture)

    def _detect(self, picture: ctypes.c_void_p, milliseconds: int) -> Found:
        c, handle = self._c, self._landmarker._handle
        result = c.result_type()
        if self._alone:
            detect = c.library.MpPoseLandmarkerDetectForVideo
            c.ask(detect, handle, picture, None, milliseconds, ctypes.byref(result))
        else:
            c.ask(
                c.library.MpPoseLandmarkerDetectImage, handle, picture, None, ctypes.byref(result)
            )
        try:
            return c.found(result)
        finally:
            c.library.MpPoseLandmarkerCloseResult(ctypes.byref(result))

    def close(self) -> None:
        """Free the networks; harmless when repeated. Left to the end of the program, MediaPipe
        fails noisily.
        """
        landmarker, self._landmarker = self._landmarker, None
        if landmarker is not None:
            with quiet_stderr():
                landmarker.close()


class _Library:
    """MediaPipe's C library, with the functions declared as MediaPipe's own Python declares them.

    Of the version that pyproject.toml names.
    """

    def __init__(self) -> None:
        tasks = "mediapipe.tasks.python"
        images = importlib.import_module(f"{tasks}.vision.core.image")
        landmarker = importlib.import_module(f"{tasks}.vision.pose_landmarker")
        landmarks = importlib.import_module(f"{tasks}.components.containers.landmark_c")
        bindings = importlib.import_module(f"{tasks}.core.mediapipe_c_bindings")
        utilities = importlib.import_module(f"{tasks}.core.mediapipe_c_utils")
        self.library = bindings.load_raw_library(images._CTYPES_SIGNATURES)
        self.result_type = landmarker.PoseLandmarkerResultC
        self._image = images.Image
        self._srgb = int(images.ImageFormat.SRGB)
        self._handle_status = utilities.handle_status
        normalized, world = landmarks.NormalizedLandmarkC, landmarks.LandmarkC
        self._size = ctypes.sizeof(normalized)
        columns = [getattr(normalized, name).offset // 4 for name in _FIELDS]
        assert self._size == ctypes.sizeof(world)
        assert columns == [getattr(world, name).offset // 4 for name in _FIELDS]
        self._columns = np.array(columns)

    def ask(self, function: Any, *words: Any) -> None:
        """Call a function that tells how it went; raises as MediaPipe's own Python."""
        message = ctypes.c_char_p()
        status = function(*words, ctypes.byref(message))
        if status:
            try:
                self._handle_status(status, message)
            finally:
                if message.value is not None:
                    self.library.MpErrorFree(message)

    def picture(self, image: Image) -> ctypes.c_void_p:
        """A copy of an RGB picture, to be freed."""
        height, width = image.shape[:2]
        pixels, made = np.ascontiguousarray(image), ctypes.c_void_p()
        self.ask(
            self.library.MpImageCreateFromUint8Data,
            *(self._srgb, width, height, pixels.ctypes.data_as(_PIXELS), pixels.size),
            ctypes.byref(made),
        )
        return made

    def found(self, result: Any) -> Found:
        """Copies, which stay when the result is closed."""
        return Found(
            [self._landmarks(result.pose_landmarks[i]) for i in range(result.pose_landmarks_count)],
            [
                self._landmarks(result.pose_world_landmarks[i])
                for i in range(result.pose_world_landmarks_count)
            ],
            [
                self._mask(result.segmentation_masks[i])
                for i in range(result.segmentation_masks_count)
            ],
        )

    def _landmarks(self, person: Any) -> NDArray[np.float32]:
        data = ctypes.string_at(person.landmarks, self._size * person.landmarks_count)
        fields = np.frombuffer(data, dtype=np.float32).reshape(-1, self._size // 4)
        return fields.take(self._columns, axis=1)

    def _mask(self, pixels: ctypes.c_void_p) -> Any:
        """As MediaPipe's Image.create_from_ctypes, which would declare the functions again."""
        mask = object.__new__(self._image)
        mask._lib, mask._image_ptr = self.library, ctypes.c_void_p()
        self.ask(self.library.MpImageCreateFromImageFrame, pixels, ctypes.byref(mask._image_ptr))
        return mask


def _create(model: Path, *, silhouette: bool, people: int) -> Any:
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
