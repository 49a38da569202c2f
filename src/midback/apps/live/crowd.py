"""How many people are in the picture, asked now and then while a person sets up."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from midback.vision.closing import Closing
from midback.vision.estimator import for_network
from midback.vision.frames import Image
from midback.vision.landmarker import Landmarker
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
        self._finder: Landmarker | None = None

    def count(self, image: Image) -> int:
        """Of a BGR picture."""
        shown = for_network(image)
        self._finder = self._finder or Landmarker(self._weights, people=2)
        found = self._finder.detect(shown).people
        height, width = shown.shape[:2]
        raw = [one[:, [0, 1, 3]] * (width, -height, 1) for one in found]
        bodies = [Body.of(one.astype(np.float32), 0.0) for one in raw if one[:, 2].mean() > _SURE]
        return min(len(bodies), 2 if len(bodies) == 2 and _two(*bodies) else 1)

    def close(self) -> None:
        """Free the network; harmless when repeated."""
        finder, self._finder = self._finder, None
        if finder is not None:
            finder.close()


def _two(a: Body, b: Body) -> bool:
    large, small = (a, b) if a.extent >= b.extent else (b, a)
    return small.extent >= _SMALL * large.extent and large.distance(small) > _APART
