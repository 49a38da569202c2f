"""The charts: every number with its interval, set-ups apart, bounds hollow."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from plan_case import TODAY, a_day, ago
from progress_case import breaking, growing, pains

from midback.apps.progress import charts, telling
from midback.apps.progress.page import render
from midback.history.progress import Progress, progress
from midback.history.progress.headline import percent

HEIGHT = 300
SPAN = ago(60), TODAY


def told(*, blocks: bool = False) -> Progress:
    sets = growing(16)
    if blocks:
        sets = sets[:8] + [replace(one, block=2) for one in sets[8:]]
    return progress(sets, pains([3, 3, 2, 2, 1, 6]), (), TODAY)


def markers(figure: dict[str, Any]) -> list[dict[str, Any]]:
    return [trace for trace in figure["data"] if trace["mode"] == "markers"]


def lines(figure: dict[str, Any]) -> list[dict[str, Any]]:
    return [t for t in figure["data"] if t["mode"] == "lines" and t["line"]["width"] > 0]


def test_every_value_in_the_chart_has_its_interval() -> None:
    figure = charts.range_chart(told().exercises[0].ranges[0], SPAN, HEIGHT)
    for trace in markers(figure):
        assert len(trace["error_y"]["array"]) == len(trace["y"])
        assert all(error > 1.96 * 2.8 for error in trace["error_y"]["array"])
    low, high = figure["layout"]["yaxis"]["range"]
    assert all(low < value < high for trace in markers(figure) for value in trace["y"])


def test_the_axes_name_what_is_counted_in_what() -> None:
    shown = told()
    for figure, unit in (
        (charts.range_chart(shown.exercises[0].ranges[0], SPAN, HEIGHT), "(°)"),
        (charts.capacity_chart(shown.exercises[0].capacities[0], SPAN, HEIGHT), "(repetitions)"),
        (charts.pain_chart(shown.pain, SPAN, HEIGHT) if shown.pain else {}, "(0 to 10)"),
    ):
        assert unit in figure["layout"]["yaxis"]["title"]["text"]
        assert figure["layout"]["xaxis"]["title"]["text"] == "Day"


def test_set_ups_have_symbols_of_their_own_and_no_line_joins_them() -> None:
    figure = charts.range_chart(told(blocks=True).exercises[0].ranges[0], SPAN, HEIGHT)
    symbols = {trace["marker"]["symbol"] for trace in markers(figure)}
    assert symbols == {"circle-open", "circle", "square"}
    first, second = lines(figure)
    assert first["x"][-1] < second["x"][0]
    assert [note["text"] for note in figure["layout"]["annotations"]] == ["camera set-up 2"]


def test_the_first_two_days_are_hollow() -> None:
    figure = charts.range_chart(told().exercises[0].ranges[0], SPAN, HEIGHT)
    hollow = [t for t in markers(figure) if t["marker"]["symbol"].endswith("-open")]
    assert [len(t["x"]) for t in hollow] == [2]


def test_what_could_be_noise_is_grey_around_the_start() -> None:
    one = told().exercises[0].ranges[0]
    figure = charts.range_chart(one, SPAN, HEIGHT)
    grey = figure["layout"]["shapes"][0]
    assert one.gain.mdc is not None
    assert grey["y1"] - grey["y0"] == pytest.approx(2 * one.gain.mdc, abs=0.02)


def test_without_a_gain_there_are_points_and_no_line() -> None:
    one = progress(growing(3), (), (), TODAY).exercises[0].ranges[0]
    figure = charts.range_chart(one, SPAN, HEIGHT)
    assert lines(figure) == []
    assert len(markers(figure)) == 2


def test_sets_that_ended_well_are_open_triangles() -> None:
    one = progress(breaking(24), (), (), TODAY).exercises[0].capacities[0]
    figure = charts.capacity_chart(one, SPAN, HEIGHT)
    broke, bound = markers(figure)
    assert (broke["marker"]["symbol"], bound["marker"]["symbol"]) == ("circle", "triangle-up-open")
    assert len(broke["y"]) + len(bound["y"]) == 24
    assert len(lines(figure)) == 1


def test_lights_differ_by_symbol_not_only_by_colour() -> None:
    shown = told().pain
    assert shown is not None
    symbols = [t["marker"]["symbol"] for t in markers(charts.pain_chart(shown, SPAN, HEIGHT))]
    assert symbols == ["circle", "square", "diamond-open"]


def test_the_chart_of_the_headline_is_the_first_and_the_widest() -> None:
    page = render("Anna", progress(growing(3) + breaking(24), (), (), TODAY))
    assert "Bird dog: form breaks later, at about" in page
    first = page.index('<figure class="card chart')
    assert page[first:].startswith('<figure class="card chart whole">')
    assert "how long good form lasts" in page[first : first + 200]


def test_nothing_is_quite_sure() -> None:
    assert [percent(p) for p in (0.0, 0.004, 0.5, 0.996, 1.0)] == [
        "under 1 %",
        "under 1 %",
        "50 %",
        "over 99 %",
        "over 99 %",
    ]


def test_the_calendar_runs_from_monday_to_this_week() -> None:
    shown = told()
    weeks = telling.weeks(shown.calendar, TODAY)
    assert all(week[0][0].weekday() == 0 and len(week) == 7 for week in weeks)
    assert any(day == TODAY for day, _ in weeks[-1])
    assert len(telling.weeks(progress(growing(60), (), (), TODAY).calendar, TODAY)) == 12
    assert telling.weeks((), TODAY) == []


def test_a_calendar_cell_has_a_sign_for_every_light() -> None:
    visits = progress((), [a_day(ago(9)), a_day(ago(8), worst=4), a_day(ago(7), worst=9),
                           a_day(ago(6), next_morning=None)], (), TODAY).calendar  # fmt: skip
    assert [telling.cell(visit) for visit in visits] == ["✓", "▲", "■", "·"]
    assert telling.cell(None) == ""
