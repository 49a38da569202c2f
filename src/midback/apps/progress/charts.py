"""Charts of the weeks as plain plotly figures: one look with the report of a set.

Camera set-ups have symbols of their own and are never joined; what is only a bound is hollow.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from itertools import pairwise
from typing import Any

from midback import words
from midback.apps.report.charts import axis, layout
from midback.apps.report.marks import BLUE, GREEN, INK, ORANGE, VERMILION, Figure, clear, rounded
from midback.history.context import Band
from midback.history.progress import CapacityProgress, PainProgress, RangeProgress
from midback.history.trend import FAMILIAR

GREY = "#8A8F98"
BLOCK_LOOKS = (
    (BLUE, "circle"),
    ("#8B4A9C", "square"),
    ("#00664A", "diamond"),
    ("#A84300", "triangle-down"),
    (INK, "star"),
)
"""Colour and symbol of a camera set-up, in turn."""

_LIGHTS = {
    "green": (GREEN, "circle"),
    "amber": (ORANGE, "triangle-up"),
    "red": (VERMILION, "square"),
    "open": (GREY, "circle-open"),
}
_Z = 1.96


def look(block: int) -> tuple[str, str]:
    """Colour and symbol of a set-up."""
    return BLOCK_LOOKS[(block - 1) % len(BLOCK_LOOKS)]


def range_chart(one: RangeProgress, span: tuple[date, date], height: int) -> Figure:
    """Session values with 95 % intervals, the line of each set-up, and what could be noise."""
    measured = [
        (value, error)
        for value, error in zip(one.values, one.errors, strict=True)
        if value.value is not None and error is not None
    ]
    data: list[Figure] = []
    for line in one.lines:
        color, _ = look(line.block)
        data += _band(line.days, line.low, line.high, color)
        data.append(_line(line.days, line.middle, color))
    for block in sorted({value.block for value, _ in measured}):
        color, symbol = look(block)
        for first in (True, False):
            mine = [
                (value, error)
                for n, (value, error) in enumerate(measured)
                if value.block == block and (n < FAMILIAR) == first
            ]
            if mine:
                points = [(value.day, value.value or 0.0) for value, _ in mine]
                errors = [_Z * error for _, error in mine]
                shape = f"{symbol}-open" if first else symbol
                data.append(_points(points, GREY if first else color, shape, errors))
    shapes, notes = _noise(one)
    drawn = _between(one)
    title = f"{one.followed.title} ({words.unit_sign(one.followed.unit)})"
    y = axis(title, fixedrange=True, **_value_range(one))
    return {
        "data": data,
        "layout": layout(_days(span), y, shapes + drawn[0], notes + drawn[1], height),
    }


def capacity_chart(one: CapacityProgress, span: tuple[date, date], height: int) -> Figure:
    """Where form broke, open triangles where it lasted at least so long, and the median's curve."""
    data: list[Figure] = []
    days = tuple(point.day for point in one.capacity.curve)
    if days:
        curve = one.capacity.curve
        data += _band(days, [p.low for p in curve], [p.high for p in curve], BLUE)
        data.append(_line(days, [p.median for p in curve], BLUE))
    for broke, color, symbol in ((True, VERMILION, "circle"), (False, INK, "triangle-up-open")):
        mine = [(e.day, e.amount) for e in one.efforts if e.broke == broke]
        if mine:
            data.append(_points(mine, color, symbol))
    held = any(effort.unit == "s" for effort in one.efforts)
    title = "Good form (s)" if held else "Good form (repetitions)"
    top = max([e.amount for e in one.efforts] + [p.high for p in one.capacity.curve], default=10)
    shapes = [] if one.band is None else _context(one.band)
    y = axis(title, range=[0, round(1.12 * top + 1, 1)], tick0=0, fixedrange=True)
    return {"data": data, "layout": layout(_days(span), y, shapes, [], height)}


def pain_chart(pain: PainProgress, span: tuple[date, date], height: int) -> Figure:
    """Worst pain by the day's light, and the next morning as a small diamond."""
    data: list[Figure] = []
    for light, (color, symbol) in _LIGHTS.items():
        worst = [
            (d.entry.day, d.entry.worst)
            for d in pain.days
            if d.light == light and d.entry.worst is not None
        ]
        if worst:
            data.append(_points(worst, color, symbol))
    mornings = [
        (d.entry.day + timedelta(days=1), d.entry.next_morning)
        for d in pain.days
        if d.entry.next_morning is not None
    ]
    if mornings:
        data.append({**_points(mornings, INK, "diamond-open"), "opacity": 0.75})
    shapes = [
        _across(0, 3, clear(GREEN, 0.13)),
        _across(3, 5, clear(ORANGE, 0.13)),
        _across(5, 10, clear(VERMILION, 0.1)),
    ]
    y = axis("Pain (0 to 10)", range=[-0.4, 10.4], tickvals=[0, 3, 5, 10], fixedrange=True)
    return {"data": data, "layout": layout(_days(span), y, shapes, [], height)}


def _noise(one: RangeProgress) -> tuple[list[Figure], list[Figure]]:
    """Grey around the start of every line: changes that could be measurement noise."""
    shapes = []
    mdc = one.gain.mdc
    for line in one.lines if mdc is not None else ():
        area = _box(line.days[0], line.days[-1], "rgba(138,143,152,0.16)")
        start = line.middle[0]
        shapes.append({**area, "y0": rounded(start - (mdc or 0)), "y1": rounded(start + (mdc or 0)),
                       "yref": "y"})  # fmt: skip
    if one.band is not None and one.values:
        shapes += _context(one.band)
    return shapes, []


def _between(one: RangeProgress) -> tuple[list[Figure], list[Figure]]:
    """A dotted line, in words, wherever the camera stood elsewhere than the session before."""
    shapes: list[Figure] = []
    notes: list[Figure] = []
    measured = [value for value in one.values if value.value is not None]
    for before, after in pairwise(measured):
        if before.block == after.block:
            continue
        middle = before.day + (after.day - before.day) / 2
        at = middle.isoformat()
        shapes.append({"type": "line", "x0": at, "x1": at, "y0": 0, "y1": 1, "yref": "paper",
                       "line": {"color": INK, "width": 1.2, "dash": "dot"}})  # fmt: skip
        notes.append({"x": at, "y": 1, "yref": "paper", "yanchor": "bottom", "showarrow": False,
                      "text": f"camera set-up {after.block}",
                      "font": {"size": 11, "color": INK}})  # fmt: skip
    return shapes, notes


def _context(band: Band) -> list[Figure]:
    return [{**_across(band.low, band.high, clear(GREEN, 0.0)),
             "line": {"width": 1.2, "color": GREEN, "dash": "dash"}}]  # fmt: skip


def _across(low: float, high: float, color: str) -> Figure:
    return {"type": "rect", "xref": "paper", "x0": 0, "x1": 1, "y0": low, "y1": high,
            "fillcolor": color, "line": {"width": 0}, "layer": "below"}  # fmt: skip


def _box(start: date, end: date, color: str) -> Figure:
    return {"type": "rect", "x0": start.isoformat(), "x1": end.isoformat(), "fillcolor": color,
            "line": {"width": 0}, "layer": "below"}  # fmt: skip


def _band(
    days: Sequence[date], low: Sequence[float], high: Sequence[float], color: str
) -> list[Figure]:
    edge: Figure = {"type": "scatter", "mode": "lines", "line": {"width": 0}, "hoverinfo": "skip"}
    x = [day.isoformat() for day in days]
    return [
        {**edge, "x": x, "y": [rounded(v) for v in low]},
        {**edge, "x": x, "y": [rounded(v) for v in high], "fill": "tonexty",
         "fillcolor": clear(color, 0.2)},
    ]  # fmt: skip


def _line(days: Sequence[date], middle: Sequence[float], color: str) -> Figure:
    return {
        "type": "scatter",
        "mode": "lines",
        "x": [day.isoformat() for day in days],
        "y": [rounded(v) for v in middle],
        "line": {"color": color, "width": 2.5},
        "hoverinfo": "skip",
    }


def _points(
    points: Sequence[tuple[date, float]],
    color: str,
    symbol: str,
    errors: Sequence[float] | None = None,
) -> Figure:
    bars: dict[str, Any] = {}
    if errors is not None:
        bars["error_y"] = {"type": "data", "array": [rounded(e) for e in errors],
                           "color": clear(color, 0.45), "thickness": 1.3, "width": 0}  # fmt: skip
    return {
        "type": "scatter",
        "mode": "markers",
        "x": [day.isoformat() for day, _ in points],
        "y": [rounded(value) for _, value in points],
        "marker": {"color": color, "symbol": symbol, "size": 9, "line": {"width": 1.6}},
        "hovertemplate": "%{x|%-d %b}: %{y:.0f}<extra></extra>",
        **bars,
    }


def _days(span: tuple[date, date]) -> Figure:
    first, last = span
    edge = timedelta(days=max(2, (last - first).days // 25))
    return axis(
        "Day",
        type="date",
        range=[(first - edge).isoformat(), (last + edge).isoformat()],
        tickformat="%-d %b",
        nticks=6,
        tickangle=0,
        showgrid=False,
        fixedrange=True,
    )


def _value_range(one: RangeProgress) -> dict[str, Any]:
    """Show all values with their intervals, and at least 20 units, so that noise looks like it."""
    edges = [
        (value.value or 0.0) + sign * _Z * error
        for value, error in zip(one.values, one.errors, strict=True)
        if value.value is not None and error is not None
        for sign in (-1, 1)
    ]
    if one.band is not None:
        edges += [one.band.low, one.band.high]
    if not edges:
        return {"range": [0, 20]}
    low, high = min(edges), max(edges)
    pad = max(0.05 * (high - low), (20.0 - (high - low)) / 2)
    return {"range": [round(low - pad, 1), round(high + pad, 1)]}
