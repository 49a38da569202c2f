"""How many people are in the picture, asked now and then while a person sets up."""

from __future__ import annotations

import importlib
from pathlib import Path
from typing import Any

import numpy as np

from midback.vision.closing import Closing
from midback.vision.estimator import for_network, quiet_stderr
from midback.vision.frames import Image
from midback.vision.people import Body

_SURE = 0.6  # mean visibility of a body's landmarks; below it is a coat on a hook
_SMALL = 0.4  # of the larger one: who is so far away disturbs nobody
_APART = 0.3  # mean distance of the trunks as a share of the body: else the same one, found twice


class Crowd(Closing):
    """Counts people in single pictures: 0, 1, or 2 for two and more.

    weights: a .task file, loaded when the first picture comes.
    """

    def __init__(self, weights: Path) -> None:
        self._weights = weights
        self._finder: Any = None

    def count(self, image: Image) -> int:
        """Of a BGR picture."""
        mediapipe = importlib.import_module("mediapipe")
        shown = for_network(image)
        picture = mediapipe.Image(image_format=mediapipe.ImageFormat.SRGB, data=shown)
        with quiet_stderr():
            self._finder = self._finder or self._created()
            found = self._finder.detect(picture).pose_landmarks
        height, width = shown.shape[:2]
        raw = [np.array([(p.x * width, -p.y * height, p.visibility) for p in one]) for one in found]
        bodies = [Body.of(one.astype(np.float32), 0.0) for one in raw if one[:, 2].mean() > _SURE]
        return min(len(bodies), 2 if len(bodies) == 2 and _two(*bodies) else 1)

    def _created(self) -> Any:
        vision = importlib.import_module("mediapipe.tasks.python.vision")
        base = importlib.import_module("mediapipe.tasks.python.core.base_options")
        options = vision.PoseLandmarkerOptions(
            base_options=base.BaseOptions(model_asset_path=str(self._weights)),
            running_mode=vision.RunningMode.IMAGE,
            num_poses=2,
        )
        return vision.PoseLandmarker.create_from_options(options)

    def close(self) -> None:
        """Free the network; harmless when repeated."""
        finder, self._finder = self._finder, None
        if finder is not None:
            with quiet_stderr():
                finder.close()


def _two(a: Body, b: Body) -> bool:
    large, small = (a, b) if a.extent >= b.extent else (b, a)
    return small.extent >= _SMALL * large.extent and large.distance(small) > _APART
