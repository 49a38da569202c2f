"""Contours that cannot be a bare back: hair over the nape, or two readings that drift apart."""

from __future__ import annotations

from typing import Literal

import numpy as np

from midback.kinematics.contour import SpineCurve
from midback.kinematics.smoothing import RATE
from midback.kinematics.view import HORIZONTAL, Posture

Back = Literal["clear", "covered", "disputed"]
"""The contour of the back: usable, under hair from the start, or read differently two ways."""

LEAST_NAPE = {"upright": 0.06, "lying": 0.05}
"""Fall of the edge towards the neck, in trunk lengths; long hair leaves .01 to .058."""

_MOST_DISPUTE, _MOST_DISPUTE_SHARE = 9.0, 0.4  # degrees, of the change
_START_ROWS = int(RATE)


class BackWatch:
    """Compares each contour with the first second of the start position.

    state: what the last contour was; "clear" before the first.
    """

    def __init__(self, posture: Posture) -> None:
        self.state: Back = "clear"
        self._least = LEAST_NAPE["lying" if posture in HORIZONTAL else "upright"]
        self._start: list[tuple[float, float, float]] = []

    def update(self, now: SpineCurve) -> Back:
        """Take the contour of one row in position, T = 1; a missing one changes nothing."""
        kyphosis, dispute, nape = (float(x[0]) for x in (now.kyphosis, now.dispute, now.nape))
        if not np.isfinite([kyphosis, dispute]).all():
            return self.state
        if len(self._start) < _START_ROWS:
            self._start.append((kyphosis, dispute, nape))
        self.state = self._judge(kyphosis, dispute)
        return self.state

    def _judge(self, kyphosis: float, dispute: float) -> Back:
        napes = [nape for *_, nape in self._start if np.isfinite(nape)]
        if napes and np.median(napes) < self._least:
            return "covered"
        start_kyphosis, start_dispute, _ = np.median(self._start, axis=0)
        allowed = max(_MOST_DISPUTE, _MOST_DISPUTE_SHARE * abs(kyphosis - start_kyphosis))
        return "disputed" if abs(dispute - start_dispute) > allowed else "clear"
