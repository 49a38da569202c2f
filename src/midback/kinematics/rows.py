"""Rows of angles on the 30 Hz grid: what the kinematics room hands to the form room."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, fields

import numpy as np
from numpy.typing import NDArray

from midback.vision.pose import Array


@dataclass(frozen=True, slots=True)
class AngleRow:
    """All angles at one instant, before the person's neutral is subtracted.

    values, codes: (A,) in the order of ANGLES, see measurability. yaw: of the view, running mean,
    degrees. dorsal: see angles.Orientation. facing_camera: +1 or -1, see view.faces_camera.
    trunk_px: length of the trunk in the picture.
    """

    t: float
    values: Array
    codes: NDArray[np.uint8]
    ready: bool
    found: bool
    yaw: float
    dorsal: int
    facing_camera: float
    trunk_px: float


@dataclass(frozen=True, slots=True)
class AngleRows:
    """(N,) rows, see AngleRow. pose: which of the poses given completed each row."""

    t: Array
    values: Array
    codes: NDArray[np.uint8]
    ready: NDArray[np.bool_]
    found: NDArray[np.bool_]
    yaw: Array
    dorsal: NDArray[np.intp]
    facing_camera: Array
    trunk_px: Array
    pose: NDArray[np.intp]

    def __len__(self) -> int:
        return len(self.t)

    def row(self, index: int) -> AngleRow:
        """One of them."""
        return AngleRow(
            float(self.t[index]),
            self.values[index],
            self.codes[index],
            bool(self.ready[index]),
            bool(self.found[index]),
            float(self.yaw[index]),
            int(self.dorsal[index]),
            float(self.facing_camera[index]),
            float(self.trunk_px[index]),
        )

    def __iter__(self) -> Iterator[AngleRow]:
        return map(self.row, range(len(self)))

    @staticmethod
    def joined(parts: list[AngleRows]) -> AngleRows:
        """The rows of several blocks, one after the other; at least one block."""
        if len(parts) == 1:
            return parts[0]
        names = [field.name for field in fields(AngleRows)]
        return AngleRows(*(np.concatenate([getattr(p, n) for p in parts]) for n in names))
