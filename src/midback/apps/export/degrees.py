"""The angles in degrees as columns of numbers, for files that have no room for a status."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from midback.errors import InputError
from midback.result import STATUSES, Series
from midback.vision.pose import Array

_LEAST_KEPT = 0.9  # of the rows of the main angle


@dataclass(frozen=True, slots=True)
class Column:
    """One angle. title: its name, with `_proxy` where any of its values is an estimate only.

    value, se: (N,) degrees, NaN where it was not measurable.
    """

    name: str
    title: str
    value: Array
    se: Array

    @property
    def known(self) -> NDArray[np.bool_]:
        """(N,) where there is a number."""
        return np.isfinite(self.value)


def degree_columns(series: Series, where: str) -> list[Column]:
    """Every angle that is counted in degrees and was measured at least once.

    Raises InputError where there is none.
    """
    proxy = STATUSES.index("proxy")
    columns = [
        Column(
            name, f"{name}_proxy" if (trace.status == proxy).any() else name, trace.value, trace.se
        )
        for name, trace in series.traces.items()
        if trace.unit == "deg" and np.isfinite(trace.value).any()
    ]
    if not columns:
        raise InputError(
            f"{where}: no angle could be measured in degrees; `midback score` says why"
        )
    return columns


def without_gaps(columns: Sequence[Column], main: str) -> tuple[NDArray[np.bool_], list[Column]]:
    """Rows and columns in which every cell is a number: (N,) mask, and the columns that stay.

    The rows are those of the exercise's main angle, or, where that is none of the columns, of the
    angle that was measured most. The others join one by one, the fullest first, as long as nine
    tenths of these rows stay.
    """
    fullest = sorted(columns, key=lambda column: (column.name != main, -column.known.sum()))
    rows = fullest[0].known
    least = _LEAST_KEPT * rows.sum()
    kept = []
    for column in fullest:
        both = rows & column.known
        if both.sum() >= least:
            rows = both
            kept.append(column.name)
    return rows, [column for column in columns if column.name in kept]
