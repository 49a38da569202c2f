"""How a back's contour bends per degree of thoracic extension and of lumbar arch, as learned.

The weights come from benchmarks/accuracy/learn.py: rendered developing bodies seen by the
real network give the change of the contour's direction at every arc fraction per degree of each
movement, and generalised least squares over what bodies, clothes and the mask add to it gives
two linear readings, blind to the other movement and to a turn of the whole body.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from importlib.resources import files

import numpy as np

from midback.kinematics.fixed_order import total
from midback.vision.pose import Array, Floats


@dataclass(frozen=True, slots=True)
class Reading:
    """Weights (M,) of the directions from piece `first` on; they add up to zero."""

    first: int
    weights: Array

    def of(self, heading: Floats) -> Floats:
        """Degrees (T,) of (N, T) directions along the back, as contour.headings has them.

        The zero is unknown: only changes mean something.
        """
        weights = self.weights[:, None].astype(heading.dtype)
        return total(heading[self.first : self.first + len(weights)] * weights)

    def before(self, smoothing: Floats) -> Reading:
        """The same of directions that are still to be smoothed. smoothing: (N, N), by rows."""
        rows = smoothing[self.first : self.first + len(self.weights)]
        reached = np.flatnonzero(rows.any(axis=0))
        first, end = int(reached[0]), int(reached[-1]) + 1
        return Reading(first, self.weights @ rows[:, first:end])


def _read(name: str) -> Reading:
    document = json.loads((files(__package__) / "spine_modes.json").read_text("utf-8"))
    weights = np.array(document[name]["weights"])
    return Reading(document[name]["first"], weights - weights.mean())


EXTENSION, ARCH = _read("thoracic_extension"), _read("lumbar_arch")
