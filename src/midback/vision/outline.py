"""The outline of the body around the trunk, read some frames later, when it costs less.

The networks leave nothing in the processor's cache. Right after them reading an outline takes
.55 ms, right after another one .33 ms; so a few frames wait for each other.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from midback.vision.edge import RoughEdge, refined, rough_edge
from midback.vision.frames import Image
from midback.vision.pose import Array32, Pose
from midback.vision.silhouette import silhouette

_CACHE = 12_000_000  # bytes of pictures and masks that wait


class Outline:
    """The edge in one frame, read from its mask and picture by whoever asks first.

    mask: MediaPipe's, which owns its pixels. image: the full picture, before anything is greyed;
    nobody may write into it. points: (33, 3) pixels, X right, Y up. size: bytes that wait.
    """

    def __init__(self, mask: Any, image: Image, points: Array32) -> None:
        self.size = image.nbytes + 4 * mask.width * mask.height
        self._seen: tuple[Any, Image] | None = (mask, image)
        self._points = points
        self._edge: RoughEdge

    def read(self) -> RoughEdge:
        """The mask's edge, and the colours around it."""
        if self._seen is not None:
            masked, image = self._seen
            mask = np.asarray(masked.numpy_view(), dtype=np.float32)
            size = image.shape[1], image.shape[0]
            rays = silhouette(mask.reshape(mask.shape[:2]), self._points, size)
            self._edge, self._seen = rough_edge(image, self._points, rays, size), None
        return self._edge


class Queue:
    """Outlines that nobody has asked for yet; they are read once they fill the cache."""

    def __init__(self) -> None:
        self._waiting: list[Outline] = []

    def add(self, outline: Outline) -> Outline:
        """Let it wait."""
        self._waiting.append(outline)
        if sum(waiting.size for waiting in self._waiting) > _CACHE:
            for waiting in self._waiting:
                waiting.read()
            self._waiting.clear()
        return outline


@dataclass(frozen=True, slots=True)
class Glance:
    """A pose without its silhouette, and the outline it is read from; None without a mask."""

    pose: Pose
    outline: Outline | None = None


def settled(glances: Sequence[Glance]) -> list[Pose]:
    """Read and refine the outlines of many frames at once; no pose depends on the others."""
    edges = [glance.outline.read() for glance in glances if glance.outline is not None]
    found = iter(refined(edges))
    return [
        glance.pose if glance.outline is None else replace(glance.pose, silhouette=next(found))
        for glance in glances
    ]
