"""The moments worth showing: the best repetition, and the one in which form broke."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from midback.vision.pose import Pose


@dataclass(frozen=True, slots=True)
class KeyFrame:
    """One instant of one repetition.

    t: seconds of the source's clock. angle: name of the angle to point at, None for none;
    value: that angle at t in `unit`, None where it is not measurable. contour: (N, 2) points
    along the back between hips and shoulders, pixels of the upright picture, X right, Y up;
    None where the back's edge cannot be seen.
    """

    t: float
    rep: int
    pose: Pose
    angle: str | None
    value: float | None
    unit: str
    contour: NDArray[np.float64] | None


@dataclass(frozen=True, slots=True)
class KeyFrames:
    """best: at the peak of the best repetition. broke: where form broke; None if it did not.

    last: at the peak of the last repetition, for comparison where form did not break.
    """

    best: KeyFrame | None
    broke: KeyFrame | None
    last: KeyFrame | None = None

    def without_values_of(self, angles: Collection[str]) -> KeyFrames:
        """The same, but no number at the best and last repetition where it is of these angles.

        Where form broke the number stays: it is what the stop was called for.
        """
        best, last = (
            replace(frame, value=None) if frame is not None and frame.angle in angles else frame
            for frame in (self.best, self.last)
        )
        return replace(self, best=best, last=last)


@dataclass(frozen=True, slots=True)
class Band:
    """The person's own fresh repetitions in one angle: mean and mean -/+ one SD, its unit."""

    mean: float
    low: float
    high: float
