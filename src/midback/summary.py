"""From a session's columns to the angle table and the view of the result."""

from __future__ import annotations

from typing import Literal, cast

import numpy as np
from numpy.typing import NDArray

from midback.columns import Columns
from midback.kinematics.measurability import (
    POSITION,
    PROXY,
    is_cropped,
    measured,
    reason,
)
from midback.kinematics.registry import ANGLES, AngleSpec
from midback.kinematics.view import view_name, yaw_error
from midback.result import AngleSummary, Series, View

_CROPPED_SHARE = 0.05
_MEASURED_SHARE = 0.6
_PROXY_SHARE = 0.1


def summarize_angles(
    columns: Columns, series: Series, first: int, last: int
) -> dict[str, AngleSummary]:
    """Range of every angle while in position from frame first to last, or why there is none.

    A limb that leaves the picture in more than 5 % of the frames makes its angle not measurable:
    what is lost is the far end of the movement. rom: from the 1st to the 99th percentile.
    """
    yaw = columns.median("yaw")
    ready = columns.ready()
    ready[:first], ready[last + 1 :] = False, False
    return {name: _summary(spec, columns, series, ready, yaw) for name, spec in ANGLES.items()}


def _summary(
    spec: AngleSpec, columns: Columns, series: Series, ready: NDArray[np.bool_], yaw: float
) -> AngleSummary:
    codes = columns.codes(spec.name)[ready]
    refused = refusal(codes)
    if refused is not None:
        why = reason(refused, spec, yaw)
        return AngleSummary(spec.unit, "not_measurable", why, None, None, None, None)
    trace = series.traces[spec.name]
    value = trace.value
    shown = ready & np.isfinite(value)
    if not shown.any():
        why = "no start position was seen to measure the change from"
        return AngleSummary(spec.unit, "not_measurable", why, None, None, None, None)
    low, high = np.percentile(value[shown], [1, 99])
    proxy = np.mean(codes[measured(codes)] == PROXY) > _PROXY_SHARE
    return AngleSummary(
        spec.unit,
        "proxy" if proxy else "measured",
        proxy_reason(spec) if proxy else None,
        float(high - low),
        float(np.sqrt(2.0) * np.median(trace.se[shown])),
        float(low),
        float(high),
    )


def refusal(codes: NDArray[np.uint8]) -> int | None:
    """The code that forbids a number over these frames, or None."""
    if not len(codes):
        return POSITION
    bad = codes[~measured(codes)]
    if not len(bad):
        return None
    cropped = bad[is_cropped(bad)]
    if len(cropped) > _CROPPED_SHARE * len(codes):
        return int(np.bincount(cropped).argmax())
    if len(bad) > (1 - _MEASURED_SHARE) * len(codes):
        return int(np.bincount(bad).argmax())
    return None


def proxy_reason(spec: AngleSpec) -> str:
    """Why a proxy is only a proxy."""
    if spec.contour:
        return (
            "an arm, a leg or the head moves the edge of the back: compare only with your own "
            "other reps"
        )
    if spec.always_proxy:
        return "estimated from 3D landmarks: good for its shape, its size may be 30 % off"
    return "only estimated in this view: turn side-on for a measurement"


def describe_view(columns: Columns, last: int | None) -> View:
    """The camera's view while in position up to frame `last`; None for the whole set."""
    yaw = columns.median("yaw", last)
    name = view_name(yaw, columns.median("facing", last))
    facing = {"front": "camera", "back": "away"}.get(
        name, "right" if columns.median("dorsal", last) > 0 else "left"
    )
    if name == "unknown":
        facing = "unknown"
    return View(
        cast(Literal["side", "front", "back", "oblique", "unknown"], name),
        yaw if np.isfinite(yaw) else None,
        float(yaw_error(np.array(yaw))) if np.isfinite(yaw) else None,
        cast(Literal["left", "right", "camera", "away", "unknown"], facing),
        trunk if np.isfinite(trunk := columns.median("trunk", last)) else None,
    )
