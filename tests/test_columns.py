"""A long session stays small, and so does what is written of it."""

from __future__ import annotations

import tracemalloc
from pathlib import Path

import numpy as np
import pytest

from midback.apps.outputs import write_series
from midback.columns import Columns
from midback.kinematics.measurability import NAMES, OK
from midback.kinematics.rows import AngleRows

HALF_HOUR, ROWS = 54_000, 500
MEGABYTE = 1e6


def rows_from(first: int) -> AngleRows:
    number = np.arange(first, first + ROWS)
    values = number[:, None] / 300.0 + np.arange(len(NAMES))
    true = np.ones(ROWS, dtype=np.bool_)
    return AngleRows(
        t=number / 30.0,
        values=values,
        codes=np.full(values.shape, OK, dtype=np.uint8),
        ready=true,
        found=true,
        yaw=np.full(ROWS, 90.0),
        dorsal=np.ones(ROWS, dtype=np.intp),
        facing_camera=np.zeros(ROWS),
        trunk_px=np.full(ROWS, 100.0),
        pose=np.arange(ROWS),
    )


def laid(count: int) -> Columns:
    columns = Columns()
    for first in range(0, count, ROWS):
        columns.lay(rows_from(first))
    columns.count = count
    return columns


def test_half_an_hour_of_every_angle_takes_little_memory() -> None:
    tracemalloc.start()
    try:
        columns = laid(HALF_HOUR)
        series = columns.series(None)
        size, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert size < 15 * MEGABYTE
    assert peak - size < MEGABYTE
    assert len(series.t) == HALF_HOUR


def test_writing_a_long_series_takes_no_more_than_writing_a_short_one(tmp_path: Path) -> None:
    def peak(count: int) -> int:
        series = laid(count).series(None)
        tracemalloc.start()
        try:
            write_series(series, tmp_path / f"{count}.csv")
            return tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()

    peak(ROWS)  # what is made once and stays
    assert peak(6000) < 1.2 * peak(2000)
    assert len((tmp_path / "6000.csv").read_text().splitlines()) == 6001


def test_an_angle_comes_back_to_a_ten_thousandth_of_a_degree() -> None:
    columns, expected = laid(2 * ROWS), np.concatenate([rows_from(i).values for i in (0, ROWS)])
    for i, name in enumerate(NAMES):
        assert columns.angle(name) == pytest.approx(expected[:, i], abs=1e-4)
        assert columns.angle(name).dtype == np.float64


def test_a_series_keeps_what_it_was_made_of() -> None:
    """A live session goes on after somebody has looked at it."""
    columns = laid(ROWS)
    before = columns.series(None)
    value = before.traces["trunk_pitch"].value
    columns.lay(rows_from(ROWS))
    columns.count = 2 * ROWS
    assert np.array_equal(before.traces["trunk_pitch"].value, value, equal_nan=True)
    assert len(columns.series(None).traces["trunk_pitch"].value) == 2 * ROWS


@pytest.mark.parametrize("first", [0, 1, 1023, 1024, 1025, 1999])
@pytest.mark.parametrize("count", [0, 1, 2, 1023, 1024, 1025, 1999])
def test_any_span_comes_back_as_it_was_laid(first: int, count: int) -> None:
    columns, last = laid(4 * ROWS), min(first + count, 4 * ROWS) - 1
    expected = np.arange(first, last + 1) / 300.0 + 2
    assert columns.angle(NAMES[2], first, last) == pytest.approx(expected, abs=1e-4)
    assert len(columns.codes(NAMES[2], first, last)) == len(columns.ready(first, last))
    assert columns.time(first) == columns.times()[first]


def test_nothing_laid_is_nothing() -> None:
    columns = Columns()
    assert not len(columns.times())
    assert not len(columns.found())
    assert np.isnan(columns.median("yaw"))
    assert not len(columns.series(None).traces["trunk_pitch"].se)


def test_parts_of_a_series_are_the_series() -> None:
    series = laid(2 * ROWS).series(np.arange(len(NAMES), dtype=np.float64))
    parts = list(series.parts(300))
    assert [len(part.t) for part in parts] == [300, 300, 300, 100]
    for name, trace in series.traces.items():
        for field in ("value", "se", "status"):
            joined = np.concatenate([getattr(part.traces[name], field) for part in parts])
            assert np.array_equal(joined, getattr(trace, field), equal_nan=field != "status")
