"""The report's charts as plain plotly figures: dictionaries of data and layout."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from midback import words
from midback.apps.report import marks
from midback.apps.report.curves import runs, thinned
from midback.apps.report.marks import BLUE, INK, VERMILION, Figure, clear, note_at, rounded
from midback.keyframes import Band
from midback.result import Result, Series

if TYPE_CHECKING:
    from midback.exercises import Feature

Array = NDArray[np.float64]

_FIFTHS = [0, 20, 40, 60, 80, 100]


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
    shapes, notes = marks.rep_marks(result.reps, result, primary)
    shapes += marks.gap_marks(t, value)
    if band is not None:
        drawn = marks.band_marks(band)
        shapes, notes = shapes + drawn[0], notes + drawn[1]
    start = marks.zero_of(feature, band)
    if feature is not None and start is not None:
        drawn = marks.limit_marks(feature, start, (low, high))
        shapes, notes = shapes + drawn[0], notes + drawn[1]
    stop = marks.stop_marks(result)
    return {
        "data": _lines(t, value, se, trace.unit, _status_of(result, name) == "proxy"),
        "layout": layout(
            axis("Time in the recording (min:s)", range=list(span), **_clock_ticks(span)),
            axis(title, range=[low, high], fixedrange=True, zeroline=True),
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
        "y": [rounded(rep.score) for rep in reps],
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
            "array": [rounded(1.96 * (rep.score_se or 0.0)) for rep in reps],
            "color": INK,
            "thickness": 1.2,
            "width": 4,
        },
        "hovertemplate": "rep %{x}: %{y:.0f} of 100<extra></extra>",
    }
    notes = [
        {
            **note_at(
                rep.index, 4 + (rep.score or 0.0) + 1.96 * (rep.score_se or 0.0), "STOP", "bottom"
            ),
            "yref": "y",
            **marks.STOP_PLATE,
        }
        for rep in reps
        if rep.index == stop
    ]
    every = 1 if len(indices) <= 20 else 5
    reps_axis = axis(
        "Repetition (number)",
        range=[min(indices, default=1) - 0.6, max(indices, default=1) + 0.6],
        tickvals=[i for i in indices if i % every == 0 or every == 1],
        fixedrange=True,
        showgrid=False,
    )
    score = axis("Form score (points of 100)", range=[0, 108], fixedrange=True, tickvals=_FIFTHS)
    return {"data": [bars], "layout": layout(reps_axis, score, [], notes, 280)}


def _lines(t: Array, value: Array, se: Array, unit: str, proxy: bool) -> list[dict[str, Any]]:
    low, high = value - se, value + se
    edge = {"type": "scatter", "mode": "lines", "line": {"width": 0}, "hoverinfo": "skip"}
    bands = [
        {**edge, "x": _numbers(t[a:b], 2), "y": _numbers(part[a:b]), **fill}
        for a, b in runs(low + high)
        for part, fill in ((low, {}), (high, {"fill": "tonexty", "fillcolor": clear(BLUE, 0.18)}))
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


def layout(
    x: Mapping[str, Any],
    y: Mapping[str, Any],
    shapes: list[Figure],
    notes: list[Figure],
    height: int,
) -> Figure:
    """Look of every chart; x, y: axes, see `axis`. height: pixels."""
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


def axis(title: str, **extra: Any) -> Figure:
    """An axis with its title, which names the unit."""
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
    return (rounded(t[0]) or 0.0, rounded(t[-1]) or 1.0) if len(t) > 1 else (0.0, 1.0)


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
