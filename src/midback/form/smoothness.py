"""How smoothly a movement goes: spectral arc length of its speed (science D)."""

from __future__ import annotations

import numpy as np

from midback.form.quick import slope
from midback.form.segmentation import Span
from midback.kinematics.smoothing import RATE
from midback.vision.pose import Array

CUTOFF_HZ = 4.0
"""Above it the landmarks' own noise rules."""

_PAD = 4
_SEEN = 0.05
_LEAST_S = 0.3


def sparc(speed: Array, rate: float, cutoff: float) -> float:
    """Spectral arc length of an unsigned speed profile: about -1.4 for one smooth stroke.

    speed: (N,) at `rate` samples a second. The amplitude spectrum, zero-padded by 2^4 and divided
    by its largest value, is followed up to the last frequency below `cutoff` that still has a
    twentieth of it; the more it folds, the more negative. NaN for a speed of nothing.
    Source: Balasubramanian 2015; the constants of science D.
    """
    size = 2 ** (int(np.ceil(np.log2(len(speed)))) + _PAD)
    spectrum = np.abs(np.fft.fft(speed, size))
    frequency = np.arange(size) * rate / size
    top = spectrum.max()
    if not top > 0:
        return float("nan")
    known = frequency <= cutoff
    frequency, spectrum = frequency[known], spectrum[known] / top
    loud = np.flatnonzero(spectrum >= _SEEN)
    last = int(loud[-1]) + 1
    frequency, spectrum = frequency[loud[0] : last], spectrum[loud[0] : last]
    if len(frequency) < 2:
        return float("nan")
    along = np.diff(frequency) / (frequency[-1] - frequency[0])
    return float(-np.hypot(along, np.diff(spectrum)).sum())


def roughness(trace: Array, span: Span) -> float | None:
    """Minus the spectral arc length of the rougher of the two ways, out and back; 1.4 is smooth.

    trace: (N,) the angle from span.first to span.last at 30 Hz. A hold lies between the two ways
    and is in neither, so that resting at the top is no roughness. None where both are too short.
    """
    lead = round(span.concentric_s * RATE)
    tail = len(trace) - round(span.eccentric_s * RATE)
    found = [
        -sparc(np.abs(slope(way)) * RATE, RATE, CUTOFF_HZ)
        for way in (trace[: lead + 1], trace[max(0, tail - 1) :])
        if len(way) >= _LEAST_S * RATE and np.ptp(way) > 0
    ]
    return max(found, default=None)
