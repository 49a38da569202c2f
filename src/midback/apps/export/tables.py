"""Every angle with its error and status as CSV, wide or long, units in the header."""

from __future__ import annotations

import csv
from math import isnan
from typing import TextIO

from midback.apps.outputs import ROWS
from midback.result import STATUSES, Series
from midback.vision.pose import Array

_LONG = ("t [s]", "angle", "unit", "value", "se", "status")


def write_wide(series: Series, file: TextIO) -> None:
    """One row for each time; for each angle its value, standard error and status.

    To nine decimals; a cell is empty where nothing was measured.
    """
    header = ["t [s]"]
    for name, trace in series.traces.items():
        header += [f"{name} [{trace.unit}]", f"{name}_se [{trace.unit}]", f"{name}_status"]
    table = csv.writer(file, lineterminator="\n")
    table.writerow(header)
    for part in series.parts(ROWS):
        columns = [_cells(part.t)]
        for trace in part.traces.values():
            columns += [_cells(trace.value), _cells(trace.se), _statuses(trace.status.tolist())]
        table.writerows(zip(*columns, strict=True))


def write_long(series: Series, file: TextIO) -> None:
    """One row for each time and angle, with its unit."""
    table = csv.writer(file, lineterminator="\n")
    table.writerow(_LONG)
    t = _cells(series.t)
    for name, trace in series.traces.items():
        values, errors = _cells(trace.value), _cells(trace.se)
        cells = zip(t, values, errors, _statuses(trace.status.tolist()), strict=True)
        table.writerows((at, name, trace.unit, *measured) for at, *measured in cells)


def _cells(values: Array) -> list[str]:
    return ["" if isnan(value) else f"{value:.9f}" for value in values.tolist()]


def _statuses(codes: list[int]) -> list[str]:
    return [STATUSES[code] for code in codes]
