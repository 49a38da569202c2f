"""One number per watched feature and repetition (science D)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from midback.exercises import Feature
from midback.form.curves import UsualCurve, as_percent, mean_relative_phase
from midback.form.quick import median, percentiles
from midback.form.segmentation import Span
from midback.form.smoothness import roughness
from midback.kinematics.registry import ANGLES
from midback.kinematics.smoothing import RATE
from midback.vision.pose import Array

_ENOUGH = 0.6
"""Share of a repetition's frames in which an angle must be measured."""

_WHOLE = 0.9
"""The same for what reads the course of the movement, and not only how far it went."""

_TURN_S = 0.5
_LEAST_HOLD_S = 1.0
_SETTLE_S = 0.2


@dataclass(frozen=True, slots=True)
class Rep:
    """A repetition with its features. values: feature name -> value in its unit, or None."""

    index: int
    side: str | None
    span: Span
    values: dict[str, float | None]


def feature_value(
    feature: Feature,
    span: Span,
    trace: Array,
    ok: NDArray[np.bool_],
    neutral: float,
    *,
    usual: UsualCurve | None = None,
    against: Array | None = None,
) -> float | None:
    """Value of one feature in one repetition; None where it was not measured for long enough.

    trace, ok: (N,) the feature's angle and whether it may be used, from span.first to span.last.
    neutral: the person's own neutral of that angle, subtracted unless the feature stands
    by itself, see counts_from_neutral.
    usual: the person's own mean curve of this angle on this side, for `consistency`. against:
    (N,) the second angle, for `marp`, NaN where it may not be used. Durations are in seconds;
    the share of measured frames does not matter for them.
    """
    if feature.statistic in _TIMES:
        return _TIMES[feature.statistic](span)
    course = feature.statistic in _COURSES or feature.statistic in _PAIRS
    if ok.mean() < (_WHOLE if course else _ENOUGH):
        return None
    if feature.statistic in _COURSES:
        return _COURSES[feature.statistic](_bridged(trace, ok), span)
    if feature.statistic in _PAIRS:
        return _PAIRS[feature.statistic](_bridged(trace, ok), usual, against)
    change = trace - neutral if counts_from_neutral(feature) else trace
    if feature.statistic == "at_peak":
        return _at_peak(change, ok, span)
    return _LEVELS[feature.statistic](change[ok])


def counts_from_neutral(feature: Feature) -> bool:
    """Whether the person's own neutral of the angle is subtracted before a value is read."""
    if feature.reference == "expected":
        return ANGLES[feature.angle].zero == "neutral"
    return feature.reference != "absolute"


def return_speed(trace: Array, span: Span) -> float | None:
    """Largest speed on the way back from the peak, units a second, mean of a fifth of a second."""
    way = trace[span.peak - span.first :]
    step = int(0.2 * RATE)
    if len(way) <= step:
        return None
    return float(np.abs(way[step:] - way[:-step]).max() * RATE / step)


def bounce(trace: Array, span: Span) -> float | None:
    """Travel up and down around the turning point beyond going there and back once.

    In the trace's unit, over half a second to each side of the peak; 0 for a single turn.
    """
    at, half = span.peak - span.first, int(_TURN_S * RATE)
    near = trace[max(0, at - half) : at + half + 1]
    if len(near) < half:
        return None
    up = 1.0 if trace[at] >= (trace[0] + trace[-1]) / 2 else -1.0
    once = 2 * up * near[np.argmax(up * near)] - up * (near[0] + near[-1])
    return max(0.0, float(np.abs(np.diff(near)).sum() - once))


def held(trace: Array, span: Span) -> Array | None:
    """The part of a trace between the ways out and back, without its first and last fifth of a s.

    None where the hold is shorter than a second.
    """
    if span.hold_s < _LEAST_HOLD_S:
        return None
    settle = int(_SETTLE_S * RATE)
    first = int(span.concentric_s * RATE) + settle
    last = len(trace) - int(span.eccentric_s * RATE) - settle
    return trace[first:last] if last - first >= RATE / 2 else None


def sway(trace: Array, span: Span) -> float | None:
    """Root mean square distance from the hold's own straight trend, in the trace's unit."""
    part = held(trace, span)
    if part is None:
        return None
    t = np.arange(len(part))
    return float(np.sqrt(((part - np.polyval(np.polyfit(t, part, 1), t)) ** 2).mean()))


def sway_speed(trace: Array, span: Span) -> float | None:
    """Path length per second while holding, units a second."""
    part = held(trace, span)
    return None if part is None else float(np.abs(np.diff(part)).sum() * RATE / (len(part) - 1))


def _tempo(span: Span) -> float | None:
    """Time back over time out."""
    return span.eccentric_s / span.concentric_s if span.concentric_s > 0 else None


def _rom(values: Array) -> float:
    low, high = percentiles(values, 2, 98)
    return high - low


def _at_peak(change: Array, ok: NDArray[np.bool_], span: Span) -> float | None:
    at = span.peak - span.first
    half = int(0.25 * RATE)
    near = slice(max(0, at - half), at + half + 1)
    return median(change[near][ok[near]]) if ok[near].any() else None


def _consistency(trace: Array, usual: UsualCurve | None, against: Array | None) -> float | None:
    """Distance of the repetition's curve to the person's own mean curve."""
    curve = as_percent(trace)
    return None if usual is None or curve is None else usual.difference(curve)


def _marp(trace: Array, usual: UsualCurve | None, against: Array | None) -> float | None:
    """Mean relative phase with a second angle, where that one is measured throughout."""
    if against is None or np.isfinite(against).mean() < _WHOLE:
        return None
    return mean_relative_phase(trace, _bridged(against, np.isfinite(against)))


def _bridged(trace: Array, ok: NDArray[np.bool_]) -> Array:
    """The trace with straight lines over what may not be used."""
    at = np.flatnonzero(ok)
    return np.interp(np.arange(len(trace)), at, trace[at]) if len(at) else trace


_TIMES: dict[str, Callable[[Span], float | None]] = {
    "hold_s": lambda span: span.hold_s,
    "concentric_s": lambda span: span.concentric_s,
    "eccentric_s": lambda span: span.eccentric_s,
    "tempo": _tempo,
}
_LEVELS: dict[str, Callable[[Array], float]] = {
    "rom": _rom,
    "p90": lambda values: percentiles(values, 90)[0],
    "p10": lambda values: percentiles(values, 10)[0],
    "p90_abs": lambda values: percentiles(np.abs(values), 90)[0],
    "median": median,
}
_COURSES: dict[str, Callable[[Array, Span], float | None]] = {
    "return_speed": return_speed,
    "bounce": bounce,
    "sway": sway,
    "sway_speed": sway_speed,
    "roughness": roughness,
}
_PAIRS: dict[str, Callable[[Array, UsualCurve | None, Array | None], float | None]] = {
    "consistency": _consistency,
    "marp": _marp,
}
