"""What stands behind and around a trace: repetitions, baseline, limits, gaps, the stop."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from midback import words
from midback.apps.report import curves
from midback.keyframes import Band
from midback.kinematics import ANGLES
from midback.result import Rep, Result

if TYPE_CHECKING:
    from midback.exercises import Feature

Figure = dict[str, Any]
Array = NDArray[np.float64]

BLUE, SKY, GREEN = "#0072B2", "#56B4E9", "#009E73"  # Okabe and Ito: apart for every eye
VERMILION, ORANGE, INK = "#D55E00", "#E69F00", "#1C2026"
_NARROWEST_LABEL, _LEVEL_LABEL = 0.025, 0.2  # of the time shown: gaps with words, with level words
_PHASES = ((SKY, "effort"), (BLUE, "hold"), ("#B8D8EC", "return"))
PHASE_LEGEND = tuple((name, color) for color, name in _PHASES)
STOP_PLATE = {
    "bgcolor": "#A84300",
    "font": {"color": "#FFFFFF", "size": 12, "weight": 700},
    "borderpad": 3,
}


def rep_marks(
    reps: Sequence[Rep], result: Result, phases: bool
) -> tuple[list[Figure], list[Figure]]:
    """Shade and number the repetitions; with `phases`, a ribbon of effort, hold and return."""
    shapes: list[Figure] = []
    notes: list[Figure] = []
    stop = result.stop.rep if result.stop else None
    every = 1 if len(reps) <= 20 else 5
    for rep in reps:
        after = stop is not None and rep.index > stop
        shade = clear(VERMILION, 0.07) if after else clear(BLUE, 0.07)
        shapes.append(_rect(rep.start_s, rep.end_s, 0, 1, shade))
        if rep.index % every == 0 or every == 1:
            note = note_at((rep.start_s + rep.end_s) / 2, 1.0, str(rep.index), "bottom")
            notes.append({**note, "name": f"rep {rep.index}"})
        if phases:
            lift, lower = rep.start_s + rep.concentric_s, rep.end_s - rep.eccentric_s
            ends = ((rep.start_s, lift), (lift, lower), (lower, rep.end_s))
            shapes += [
                {**_rect(a, b, 0, 0.035, color), "layer": "above"}
                for (a, b), (color, _) in zip(ends, _PHASES, strict=True)
                if b > a
            ]
    return shapes, notes


def stop_marks(result: Result) -> tuple[list[Figure], list[Figure]]:
    """Draw a line and a plate at the instant of the stop."""
    if result.stop is None:
        return [], []
    line = {
        "type": "line",
        "x0": rounded(result.stop.time_s),
        "x1": rounded(result.stop.time_s),
        "y0": 0,
        "y1": 1,
        "yref": "paper",
        "line": {"color": VERMILION, "width": 2.5},
    }
    note = {
        **note_at(result.stop.time_s, 1.0, "STOP", "top"),
        "xanchor": "left" if result.stop.time_s < 0.85 * result.source.duration_s else "right",
        **STOP_PLATE,
    }
    return [line], [note]


def band_marks(band: Band) -> tuple[list[Figure], list[Figure]]:
    """Draw the own fresh repetitions as a band around their mean."""
    across = {"xref": "paper", "x0": 0, "x1": 1, "layer": "below"}
    area = {
        "type": "rect",
        "y0": rounded(band.low),
        "y1": rounded(band.high),
        "fillcolor": clear(GREEN, 0.22),
        "line": {"width": 0},
        **across,
    }
    middle = {
        "type": "line",
        "y0": rounded(band.mean),
        "y1": rounded(band.mean),
        "line": {"color": GREEN, "width": 1.5, "dash": "dash"},
        **across,
    }
    return [area, middle], [_side_note(band.mean, "your first reps", "#00664A")]


def limit_marks(
    feature: Feature, start: float, shown: tuple[float, float]
) -> tuple[list[Figure], list[Figure]]:
    """Draw the limits of a change from `start`, as far as they are in sight."""
    sign = 1.0 if feature.worse == "increase" else -1.0
    shapes, notes = [], []
    limits = (
        ("caution", feature.amber, ORANGE, "#8A5A00"),
        ("stop", feature.red, VERMILION, "#A84300"),
    )
    for label, size, color, ink in limits:
        if size is None or not shown[0] < start + sign * size < shown[1]:
            continue
        at = rounded(start + sign * size)
        line = {"color": color, "width": 1.5, "dash": "dot" if label == "caution" else "longdash"}
        shapes.append(
            {"type": "line", "xref": "paper", "x0": 0, "x1": 1, "y0": at, "y1": at, "line": line}
        )
        unit = "%" if feature.unit.startswith("%") else feature.unit
        text = f"{label} limit {words.quantity(start + sign * size, unit)}"
        notes.append(_side_note(start + sign * size, text, ink))
    return shapes, notes


def zero_of(feature: Feature | None, band: Band | None) -> float | None:
    """Return the value from which the feature's changes count; None where it is not known."""
    match feature.reference if feature is not None else None:
        case "neutral" if feature is not None:
            return 0.0 if ANGLES[feature.angle].zero == "neutral" else None
        case "absolute":
            return 0.0
        case "expected" if feature is not None:
            return feature.expected
        case "fresh":
            return band.mean if band is not None else None
        case _:
            return None


def gap_marks(t: Array, value: Array) -> list[Figure]:
    """Grey the stretches without a measurement, in words where there is room."""
    if len(t) == 0:
        return []
    whole = max(float(t[-1] - t[0]), 1e-9)
    shapes = []
    for start, end in curves.gaps(t, value):
        shape = _rect(start, end, 0, 1, "rgba(138,143,152,0.3)")
        share = (end - start) / whole
        if share >= _NARROWEST_LABEL:
            shape["label"] = {
                "text": "not measurable",
                "textangle": 0 if share >= _LEVEL_LABEL else -90,
                "font": {"size": 12, "color": INK},
            }
        shapes.append(shape)
    return shapes


def _rect(x0: float, x1: float, y0: float, y1: float, color: str) -> Figure:
    return {
        "type": "rect",
        "x0": rounded(x0),
        "x1": rounded(x1),
        "y0": y0,
        "y1": y1,
        "yref": "paper",
        "fillcolor": color,
        "line": {"width": 0},
        "layer": "below",
    }


def note_at(x: float, y: float, text: str, anchor: str) -> Figure:
    """Place text at x seconds (or repetitions) and y, a share of the height."""
    return {
        "x": rounded(x),
        "y": y,
        "yref": "paper",
        "yanchor": anchor,
        "text": text,
        "showarrow": False,
        "font": {"size": 12, "color": INK},
    }


def _side_note(y: float, text: str, color: str) -> Figure:
    return {
        "x": 0,
        "xref": "paper",
        "xanchor": "left",
        "y": rounded(y),
        "yanchor": "bottom",
        "text": text,
        "showarrow": False,
        "font": {"size": 11, "color": color},
        "bgcolor": "rgba(255,255,255,0.75)",
    }


def rounded(value: float | None) -> float | None:
    """Round to two decimals; None where it is no number."""
    return None if value is None or not np.isfinite(value) else round(float(value), 2)


def clear(color: str, opacity: float) -> str:
    """Return #RRGGBB as a colour that lets `1 - opacity` through."""
    red, green, blue = (int(color[i : i + 2], 16) for i in (1, 3, 5))
    return f"rgba({red},{green},{blue},{opacity})"
