"""The report's charts as plain plotly figures: dictionaries of data and layout."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from midback.apps.report import words
from midback.keyframes import Band
from midback.result import Rep, Result, Series, Trace

if TYPE_CHECKING:
    from midback.exercises import Feature

Figure = dict[str, Any]
Array = NDArray[np.float64]

BLUE, SKY, GREEN = "#0072B2", "#56B4E9", "#009E73"  # Okabe and Ito: apart for every eye
VERMILION, ORANGE, GREY, INK = "#D55E00", "#E69F00", "#8A8F98", "#1C2026"
_MOST_POINTS = 1500  # per trace: finer than a screen is wide
_NARROWEST_LABEL, _LEVEL_LABEL = 0.025, 0.2  # of the time shown: gaps with words, with level words
_PHASES = ((SKY, "effort"), (BLUE, "hold"), ("#B8D8EC", "return"))
PHASE_LEGEND = tuple((name, color) for color, name in _PHASES)


def trace_chart(
    name: str,
    result: Result,
    series: Series,
    *,
    band: Band | None,
    feature: Feature | None = None,
    primary: bool = False,
) -> Figure:
    """One angle over time, with its error, the repetitions, the own baseline and the stop.

    The axis reads in the angle's unit and in minutes and seconds of the recording; stretches
    without a measurement stay open. The primary signal also shows the phases of each rep.
    """
    trace = series.traces[name]
    t, value, se = thinned(series.t, trace)
    title = f"{words.wording(name).name} ({words.unit_sign(trace.unit) or 'no unit'})"
    span = _time_span(series.t)
    low, high = _value_span(value, se, band)
    shapes, notes = _rep_marks(result.reps, result, primary)
    shapes += _gap_shapes(t, value)
    if band is not None:
        marks = _band_marks(band)
        shapes, notes = shapes + marks[0], notes + marks[1]
    start = _zero_of(feature, band)
    if feature is not None and start is not None:
        marks = _limit_marks(feature, start, (low, high))
        shapes, notes = shapes + marks[0], notes + marks[1]
    stop = _stop_marks(result)
    return {
        "data": _lines(t, value, se, trace.unit, _status_of(result, name) == "proxy"),
        "layout": _layout(
            _axis("Time in the recording (min:s)", range=list(span), **_clock_ticks(span)),
            _axis(title, range=[low, high], fixedrange=True, zeroline=True),
            shapes + stop[0],
            notes + stop[1],
            330 if primary else 270,
        ),
    }


def score_chart(result: Result) -> Figure:
    """Form score per repetition, whiskers 1.96 standard errors, the stop marked."""
    stop = result.stop.rep if result.stop else None
    reps = [rep for rep in result.reps if rep.score is not None]
    indices = [rep.index for rep in result.reps]
    after = [stop is not None and rep.index > stop for rep in reps]
    at = [stop is not None and rep.index == stop for rep in reps]
    colors = [VERMILION if a else "#C9CDD3" if b else BLUE for a, b in zip(at, after, strict=True)]
    bars = {
        "type": "bar",
        "x": [rep.index for rep in reps],
        "y": [_rounded(rep.score) for rep in reps],
        "text": [words.number(rep.score or 0.0) for rep in reps],
        "textposition": "inside",
        "insidetextanchor": "start",
        "textangle": 0,
        "insidetextfont": {"color": [INK if a else "#FFFFFF" for a in after], "size": 13},
        "cliponaxis": False,
        "marker": {
            "color": colors,
            "pattern": {
                "shape": ["/" if a else "" for a in after],
                "bgcolor": "#EEF0F2",
                "fgcolor": "#C3C8CF",
                "fgopacity": 1.0,
                "size": 8,
            },
        },
        "error_y": {
            "type": "data",
            "array": [_rounded(1.96 * (rep.score_se or 0.0)) for rep in reps],
            "color": INK,
            "thickness": 1.2,
            "width": 4,
        },
        "hovertemplate": "rep %{x}: %{y:.0f} of 100<extra></extra>",
    }
    notes = [
        {
            **_note(
                rep.index, 4 + (rep.score or 0.0) + 1.96 * (rep.score_se or 0.0), "STOP", "bottom"
            ),
            "yref": "y",
            **_STOP_PLATE,
        }
        for rep in reps
        if rep.index == stop
    ]
    every = 1 if len(indices) <= 20 else 5
    axis = _axis(
        "Repetition (number)",
        range=[min(indices, default=1) - 0.6, max(indices, default=1) + 0.6],
        tickvals=[i for i in indices if i % every == 0 or every == 1],
        fixedrange=True,
        showgrid=False,
    )
    score = _axis("Form score (points of 100)", range=[0, 108], fixedrange=True, tickvals=_FIFTHS)
    return {"data": [bars], "layout": _layout(axis, score, [], notes, 280)}


def thinned(t: Array, trace: Trace) -> tuple[Array, Array, Array]:
    """Keep at most about 1500 instants: the extremes of each stretch, and every gap.

    Returns (M,) time, value, se in the trace's unit; NaN marks a gap.
    """
    if len(t) <= _MOST_POINTS:
        return t, trace.value, trace.se
    keep: list[int] = []
    for stretch in np.array_split(np.arange(len(t)), _MOST_POINTS // 3):
        first, end = int(stretch[0]), int(stretch[-1]) + 1
        value = trace.value[first:end]
        finite, gap = np.flatnonzero(np.isfinite(value)), np.flatnonzero(~np.isfinite(value))
        chosen = {int(gap[0]), int(gap[-1])} if len(gap) else set()
        if len(finite):
            chosen |= {int(np.nanargmin(value)), int(np.nanargmax(value))}
        keep += sorted(first + index for index in chosen)
    return t[keep], trace.value[keep], trace.se[keep]


def around_reps(series: Series, reps: Sequence[Rep], margin: float = 3.0) -> Series:
    """Cut the series to the set: `margin` seconds before the first and after the last rep."""
    if not reps:
        return series
    keep = (series.t >= reps[0].start_s - margin) & (series.t <= reps[-1].end_s + margin)
    traces = {
        name: Trace(trace.unit, trace.value[keep], trace.se[keep], trace.status[keep])
        for name, trace in series.traces.items()
    }
    return Series(series.t[keep], traces)


def peak_band(series: Series, angle: str, reps: Sequence[Rep]) -> Band | None:
    """Mean and one SD of an angle at the peaks of these repetitions; None below three."""
    trace = series.traces.get(angle)
    if trace is None or not len(series.t):
        return None
    nearest = [int(np.argmin(np.abs(series.t - rep.peak_s))) for rep in reps if rep.complete]
    peaks = trace.value[nearest]
    peaks = peaks[np.isfinite(peaks)]
    if len(peaks) < 3:
        return None
    mean, spread = float(peaks.mean()), float(peaks.std(ddof=1))
    return Band(mean, mean - spread, mean + spread)


def gaps(t: Array, value: Array) -> list[tuple[float, float]]:
    """Return the stretches (start, end) in seconds without a measurement."""
    missing = np.concatenate([[False], ~np.isfinite(value), [False]])
    starts = np.flatnonzero(missing[1:] & ~missing[:-1])
    ends = np.flatnonzero(missing[:-1] & ~missing[1:]) - 1
    last = len(t) - 1
    return [
        (float(t[max(int(a) - 1, 0)]), float(t[min(int(b) + 1, last)]))
        for a, b in zip(starts, ends, strict=True)
    ]


_STOP_PLATE = {
    "bgcolor": "#A84300",
    "font": {"color": "#FFFFFF", "size": 12, "weight": 700},
    "borderpad": 3,
}
_FIFTHS = [0, 20, 40, 60, 80, 100]


def _lines(t: Array, value: Array, se: Array, unit: str, proxy: bool) -> list[dict[str, Any]]:
    low, high = value - se, value + se
    edge = {"type": "scatter", "mode": "lines", "line": {"width": 0}, "hoverinfo": "skip"}
    bands = [
        {**edge, "x": _numbers(t[a:b], 2), "y": _numbers(part[a:b]), **fill}
        for a, b in _runs(low + high)
        for part, fill in ((low, {}), (high, {"fill": "tonexty", "fillcolor": _clear(BLUE, 0.18)}))
    ]
    line = {
        "type": "scatter",
        "mode": "lines",
        "x": _numbers(t, 2),
        "y": _numbers(value),
        "connectgaps": False,
        "line": {"color": BLUE, "width": 2, "dash": "dot" if proxy else "solid"},
        "hovertemplate": f"%{{y:.0f}}{words.unit_sign(unit)}<extra></extra>",
    }
    return [*bands, line]


def _runs(value: Array) -> list[tuple[int, int]]:
    """Return the index ranges [a, b) of finite stretches: a filled band must not cross a gap."""
    finite = np.concatenate([[False], np.isfinite(value), [False]])
    starts = np.flatnonzero(finite[1:] & ~finite[:-1])
    ends = np.flatnonzero(finite[:-1] & ~finite[1:])
    return [(int(a), int(b)) for a, b in zip(starts, ends, strict=True) if b - a > 1]


def _rep_marks(
    reps: Sequence[Rep], result: Result, phases: bool
) -> tuple[list[Figure], list[Figure]]:
    shapes: list[Figure] = []
    notes: list[Figure] = []
    stop = result.stop.rep if result.stop else None
    every = 1 if len(reps) <= 20 else 5
    for rep in reps:
        after = stop is not None and rep.index > stop
        shade = _clear(VERMILION, 0.07) if after else _clear(BLUE, 0.07)
        shapes.append(_rect(rep.start_s, rep.end_s, 0, 1, shade))
        if rep.index % every == 0 or every == 1:
            note = _note((rep.start_s + rep.end_s) / 2, 1.0, str(rep.index), "bottom")
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


def _stop_marks(result: Result) -> tuple[list[Figure], list[Figure]]:
    if result.stop is None:
        return [], []
    line = {
        "type": "line",
        "x0": _rounded(result.stop.time_s),
        "x1": _rounded(result.stop.time_s),
        "y0": 0,
        "y1": 1,
        "yref": "paper",
        "line": {"color": VERMILION, "width": 2.5},
    }
    note = {
        **_note(result.stop.time_s, 1.0, "STOP", "top"),
        "xanchor": "left" if result.stop.time_s < 0.85 * result.source.duration_s else "right",
        **_STOP_PLATE,
    }
    return [line], [note]


def _band_marks(band: Band) -> tuple[list[Figure], list[Figure]]:
    across = {"xref": "paper", "x0": 0, "x1": 1, "layer": "below"}
    area = {
        "type": "rect",
        "y0": _rounded(band.low),
        "y1": _rounded(band.high),
        "fillcolor": _clear(GREEN, 0.22),
        "line": {"width": 0},
        **across,
    }
    middle = {
        "type": "line",
        "y0": _rounded(band.mean),
        "y1": _rounded(band.mean),
        "line": {"color": GREEN, "width": 1.5, "dash": "dash"},
        **across,
    }
    return [area, middle], [_side_note(band.mean, "your first reps", "#00664A")]


def _limit_marks(
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
        at = _rounded(start + sign * size)
        line = {"color": color, "width": 1.5, "dash": "dot" if label == "caution" else "longdash"}
        shapes.append(
            {"type": "line", "xref": "paper", "x0": 0, "x1": 1, "y0": at, "y1": at, "line": line}
        )
        unit = "%" if feature.unit.startswith("%") else feature.unit
        text = f"{label} limit {words.quantity(start + sign * size, unit)}"
        notes.append(_side_note(start + sign * size, text, ink))
    return shapes, notes


def _zero_of(feature: Feature | None, band: Band | None) -> float | None:
    """Return the value from which the feature's changes count; None where it is not known."""
    match feature.reference if feature is not None else None:
        case "neutral" | "absolute":
            return 0.0
        case "fresh":
            return band.mean if band is not None else None
        case _:
            return None


def _gap_shapes(t: Array, value: Array) -> list[Figure]:
    if len(t) == 0:
        return []
    whole = max(float(t[-1] - t[0]), 1e-9)
    shapes = []
    for start, end in gaps(t, value):
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
        "x0": _rounded(x0),
        "x1": _rounded(x1),
        "y0": y0,
        "y1": y1,
        "yref": "paper",
        "fillcolor": color,
        "line": {"width": 0},
        "layer": "below",
    }


def _note(x: float, y: float, text: str, anchor: str) -> Figure:
    return {
        "x": _rounded(x),
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
        "y": _rounded(y),
        "yanchor": "bottom",
        "text": text,
        "showarrow": False,
        "font": {"size": 11, "color": color},
        "bgcolor": "rgba(255,255,255,0.75)",
    }


def _layout(
    x: Mapping[str, Any],
    y: Mapping[str, Any],
    shapes: list[Figure],
    notes: list[Figure],
    height: int,
) -> Figure:
    return {
        "xaxis": dict(x),
        "yaxis": dict(y),
        "shapes": shapes,
        "annotations": notes,
        "height": height,
        "margin": {"l": 58, "r": 12, "t": 26, "b": 48},
        "showlegend": False,
        "hovermode": "x",
        "dragmode": False,
        "paper_bgcolor": "rgba(0,0,0,0)",
        "plot_bgcolor": "#FFFFFF",
        "font": {"family": "system-ui, sans-serif", "size": 13, "color": INK},
        "autosize": True,
    }


def _axis(title: str, **extra: Any) -> Figure:
    return {
        "title": {"text": title, "standoff": 8, "font": {"size": 13}},
        "gridcolor": "#E6E8EB",
        "zeroline": False,
        "zerolinecolor": "#9AA0A8",
        "showline": False,
        **extra,
    }


def _clock_ticks(span: tuple[float, float]) -> Figure:
    steps = (1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 1800, 3600)
    step = next((s for s in steps if (span[1] - span[0]) / s <= 9), steps[-1])
    values = [float(v) for v in np.arange(np.ceil(span[0] / step) * step, span[1] + 1e-6, step)]
    return {"tickvals": values, "ticktext": [words.clock(v) for v in values]}


def _time_span(t: Array) -> tuple[float, float]:
    return (_rounded(t[0]) or 0.0, _rounded(t[-1]) or 1.0) if len(t) > 1 else (0.0, 1.0)


def _value_span(value: Array, se: Array, band: Band | None) -> tuple[float, float]:
    """Return a range that shows every value, and a quiet trace as quiet: at least 20 units."""
    edges = np.concatenate([value - se, value + se, value])
    edges = edges[np.isfinite(edges)]
    if band is not None:
        edges = np.concatenate([edges, [band.low, band.high]])
    if len(edges) == 0:
        return -10.0, 10.0
    low, high = float(edges.min()), float(edges.max())
    pad = max(0.08 * (high - low), (20.0 - (high - low)) / 2)
    return round(low - pad, 1), round(high + pad, 1)


def _status_of(result: Result, name: str) -> str:
    summary = result.angles.get(name)
    return summary.status if summary is not None else "measured"


def _numbers(values: Array, decimals: int = 1) -> list[float | None]:
    return [round(v, decimals) if np.isfinite(v) else None for v in values.tolist()]


def _rounded(value: float | None) -> float | None:
    return None if value is None or not np.isfinite(value) else round(float(value), 2)


def _clear(color: str, opacity: float) -> str:
    red, green, blue = (int(color[i : i + 2], 16) for i in (1, 3, 5))
    return f"rgba({red},{green},{blue},{opacity})"
