"""Markers from and into a .trc file, the tab table of OpenSim and of many other systems."""

from __future__ import annotations

from contextlib import suppress
from io import BytesIO, TextIOWrapper
from itertools import islice
from math import isnan
from pathlib import Path
from typing import TextIO, cast

import numpy as np

from midback.errors import InputError
from midback.landmarks.markers import METRES, Markers, Units, mean_rate, measured
from midback.vision.pose import Array

_HEAD = 5  # lines
_LEAD = 2  # the columns Frame# and Time


def read_trc(path: Path) -> Markers:
    """Read the markers. An empty cell or 0 0 0 is a marker that was not seen.

    Raises InputError with the line where the table is cut short or is no such table.
    """
    try:
        raw = path.read_bytes()
    except OSError as error:
        raise InputError(f"{path} cannot be read: {error.strerror or error}") from error
    lines = _first_lines(raw)
    if len(lines) < _HEAD or not lines[3].lower().startswith("frame#"):
        raise InputError(f"{path}: is no .trc table (line 4 must begin with Frame#): export again")
    header = dict(zip(_cells(lines[1]), _cells(lines[2]), strict=False))
    names = tuple(name for name in _cells(lines[3])[_LEAD:] if name)
    if not names:
        raise InputError(f"{path}:4: names no markers: export it again")
    columns = lines[_HEAD].count("\t") + 1 if len(lines) > _HEAD else 0
    table = _table(path, raw, columns, _LEAD + 3 * len(names))
    _check_count(path, header.get("NumFrames", ""), len(table))
    units = header.get("Units", "").lower()
    if units not in METRES:
        raise InputError(f"{path}:3: has the units '{units}'; there are m, cm and mm")
    xyz = table[:, _LEAD:].reshape(len(table), len(names), 3)
    return measured(table[:, 1], names, xyz, cast(Units, units))


def _first_lines(raw: bytes) -> list[str]:
    """The head, and the first row where there is one."""
    with TextIOWrapper(BytesIO(raw), "utf-8-sig", "replace") as text:
        return [line.rstrip("\n") for line in islice(text, _HEAD + 1)]


def _table(path: Path, raw: bytes, columns: int, width: int) -> Array:
    """The rows as numbers: at once where pyarrow is and takes them, else row by row.

    columns: of the first row.
    """
    with suppress(ImportError, ValueError):
        return _at_once(raw, columns, width)
    rows = [
        _row(f"{path}:{number}", line.decode("utf-8", "replace"), width)
        for number, line in enumerate(raw.splitlines()[_HEAD:], _HEAD + 1)
        if line.strip()
    ]
    return np.array(rows).reshape(len(rows), width)


def _at_once(raw: bytes, columns: int, width: int) -> Array:
    """Raises ValueError where it is no such table, or none so simple.

    columns: of the first row; those behind `width` must be empty.
    """
    import pyarrow
    from pyarrow import csv

    names = [str(i) for i in range(max(width, columns))]
    kinds = [pyarrow.float64()] * width + [pyarrow.null()] * (len(names) - width)
    found = csv.read_csv(
        pyarrow.BufferReader(raw),
        csv.ReadOptions(use_threads=False, skip_rows=_HEAD, column_names=names),
        csv.ParseOptions(delimiter="\t", quote_char=False),
        csv.ConvertOptions(column_types=dict(zip(names, kinds, strict=True)), null_values=[""]),
    )
    table = np.stack([column.to_numpy() for column in found.columns[:width]], axis=1)
    if np.isnan(table[:, :_LEAD]).any():
        raise ValueError("a row of nothing but tabs")
    return table


def write_trc(markers: Markers, name: str, file: TextIO) -> None:
    """Write the table: a row for each frame, at its own time, to the microsecond.

    name: of the file, as its first line repeats it. Coordinates as they are, six decimals of the
    unit; the cells of a marker that was not seen are empty, and so is one more at the end of each
    row: without it OpenSim miscounts the columns where the last marker was not seen. The rate is
    the mean one, also of a recording whose frames do not come evenly.
    """
    count, rate = len(markers.t), f"{mean_rate(markers.t):.6g}"
    head = {
        "DataRate": rate,
        "CameraRate": rate,
        "NumFrames": count,
        "NumMarkers": len(markers.names),
        "Units": markers.units,
        "OrigDataRate": rate,
        "OrigDataStartFrame": 1,
        "OrigNumFrames": count,
    }
    rows = [
        ["PathFileType", "4", "(X/Y/Z)", name],
        list(head),
        [str(value) for value in head.values()],
        ["Frame#", "Time", *(cell for marker in markers.names for cell in (marker, "", ""))],
        ["", "", *(f"{axis}{i + 1}" for i in range(len(markers.names)) for axis in "XYZ"), ""],
        [],
    ]
    file.writelines("\t".join(row) + "\n" for row in rows)
    flat = markers.xyz.reshape(count, -1)
    for frame, (t, row) in enumerate(zip(markers.t.tolist(), flat.tolist(), strict=True), 1):
        cells = "\t".join("" if isnan(value) else f"{value:.6f}" for value in row)
        file.write(f"{frame}\t{t:.6f}\t{cells}\t\n")


def _cells(line: str) -> list[str]:
    return [cell.strip() for cell in (line.split("\t") if "\t" in line else line.split())]


def _row(where: str, line: str, width: int) -> list[float]:
    cells = _cells(line)
    while len(cells) > width and not cells[-1]:
        cells.pop()
    if len(cells) != width:
        raise InputError(
            f"{where}: has {len(cells)} columns, the markers of line 4 need {width}: "
            "the file is cut short or damaged; export it again"
        )
    try:
        return [float(cell) if cell else np.nan for cell in cells]
    except ValueError as error:
        raise InputError(f"{where}: {error}: export it again") from None


def _check_count(path: Path, promised: str, rows: int) -> None:
    """A file that was cut between two lines only tells it by its header."""
    if promised.isdecimal() and rows < int(promised):
        raise InputError(f"{path}: ends after {rows} of {promised} frames: copy it again")
