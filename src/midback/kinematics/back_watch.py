"""Contours that cannot be a bare back: hair over the nape, or two readings that drift apart."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from midback.kinematics.contour import SpineCurve
from midback.kinematics.smoothing import RATE
from midback.kinematics.view import HORIZONTAL, Posture
from midback.vision.pose import Array

CLEAR, COVERED, DISPUTED = range(3)
"""The contour of the back: usable, under hair from the start, or read differently two ways."""

LEAST_NAPE = {"upright": 0.06, "lying": 0.05}
"""Fall of the edge towards the neck, in trunk lengths; long hair leaves .01 to .058."""

_MOST_DISPUTE, _MOST_DISPUTE_SHARE = 9.0, 0.4  # degrees, of the change
_START_ROWS = int(RATE)


class BackWatch:
    """Compares each contour with the first second of the start position."""

    def __init__(self, posture: Posture) -> None:
        self._state = CLEAR
        self._least = LEAST_NAPE["lying" if posture in HORIZONTAL else "upright"]
        self._start: list[tuple[float, float, float]] = []

    def update(self, now: SpineCurve, in_position: NDArray[np.bool_]) -> NDArray[np.uint8]:
        """Take the contours of (N,) rows; return what each was: CLEAR, COVERED or DISPUTED.

        Out of position, or where a contour is missing, nothing changes.
        """
        known = in_position & np.isfinite(now.kyphosis) & np.isfinite(now.dispute)
        states = np.empty(len(known), dtype=np.uint8)
        states[known] = self._judged(
            *(part[known] for part in (now.kyphosis, now.dispute, now.nape))
        )
        last = np.maximum.accumulate(np.where(known, np.arange(len(known)), -1))
        states = np.where(last < 0, np.uint8(self._state), states[last])
        self._state = int(states[-1]) if len(states) else self._state
        return states

    def _judged(self, kyphosis: Array, dispute: Array, nape: Array) -> NDArray[np.uint8]:
        states = np.empty(len(kyphosis), dtype=np.uint8)
        first = 0
        while first < len(states):  # row by row while the start still grows, then all at once
            last = len(states)
            if len(self._start) < _START_ROWS:
                last = first + 1
                self._start.append((kyphosis[first], dispute[first], nape[first]))
            states[first:last] = self._judge(kyphosis[first:last], dispute[first:last])
            first = last
        return states

    def _judge(self, kyphosis: Array, dispute: Array) -> NDArray[np.uint8]:
        napes = [nape for *_, nape in self._start if np.isfinite(nape)]
        if napes and np.median(napes) < self._least:
            return np.full(len(kyphosis), COVERED, dtype=np.uint8)
        start_kyphosis, start_dispute, _ = np.median(self._start, axis=0)
        allowed = np.maximum(_MOST_DISPUTE, _MOST_DISPUTE_SHARE * np.abs(kyphosis - start_kyphosis))
        return np.where(np.abs(dispute - start_dispute) > allowed, DISPUTED, CLEAR).astype(np.uint8)
