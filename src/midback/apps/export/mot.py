"""Angles as OpenSim's motion file (.mot)."""

from __future__ import annotations

from typing import TextIO

import numpy as np

from midback.apps.export.degrees import degree_columns, without_gaps
from midback.result import Series

_SAID = (
    "Angles of midback by their own names; no model has coordinates of these names.",
    "_proxy: an estimate, not a measurement. A time without a row was not measurable.",
)


def write_mot(series: Series, main: str, name: str, file: TextIO) -> list[str]:
    """Write time and the angles that are counted in degrees; return the angles left out.

    There is no cell without a number. OpenSim's tables read NaN, but its Storage, with which the
    application opens a motion, takes it for 0 and drops the rest without a word. So a row that
    lacks an angle is left out, and so is an angle that would cost too many rows: see
    `without_gaps`. Rows are those of the 30 Hz grid. main: the exercise's own angle.
    Raises InputError where no angle was measured.
    """
    columns = degree_columns(series, name)
    rows, kept = without_gaps(columns, main)
    head = (
        name,
        "version=1",
        f"nRows={rows.sum()}",
        f"nColumns={1 + len(kept)}",
        "inDegrees=yes",
        "",
        *_SAID,
        "",
        "endheader",
        "\t".join(["time", *(column.title for column in kept)]),
    )
    file.writelines(f"{line}\n" for line in head)
    table = np.column_stack([series.t, *(column.value for column in kept)])[rows]
    file.writelines("\t".join(f"{cell:.9f}" for cell in row) + "\n" for row in table.tolist())
    return [column.name for column in columns if column not in kept]
