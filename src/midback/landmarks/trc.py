"""Markers from and into a .trc file, the tab table of OpenSim and of many other systems."""

from __future__ import annotations

from contextlib import suppress
from math import isnan
from pathlib import Path
from typing import TextIO, cast

import numpy as np

from midback.errors import InputError
from midback.landmarks.markers import METRES, Markers, Units, mean_rate, measured
from midback.vision.pose import Array

_LEAD = 2  # the columns Frame# and Time


def read_trc(path: Path) -> Markers:
    """Read the markers. An empty cell or 0 0 0 is a marker that was not seen.

    Raises InputError with the line where the table is cut short or is no such table.
    """
    try:
        lines = path.read_text(encoding="utf-8-sig", errors="replace").splitlines()
    except OSError as error:
        raise InputError(f"{path} cannot be read: {error.strerror or error}") from error
    if len(lines) < 5 or not lines[3].lower().startswith("frame#"):
        raise InputError(f"{path}: is no .trc table (line 4 must begin with Frame#): export again")
    header = dict(zip(_cells(lines[1]), _cells(lines[2]), strict=False))
    names = tuple(name for name in _cells(lines[3])[_LEAD:] if name)
    if not names:
        raise InputError(f"{path}:4: names no markers: export it again")
    table = _table(path, lines[5:], _LEAD + 3 * len(names))
    _check_count(path, header.get("NumFrames", ""), len(table))
    units = header.get("Units", "").lower()
    if units not in METRES:
        raise InputError(f"{path}:3: has the units '{units}'; there are m, cm and mm")
    xyz = table[:, _LEAD:].reshape(len(table), len(names), 3)
    return measured(table[:, 1], names, xyz, cast(Units, units))


def _table(path: Path, lines: list[str], width: int) -> Array:
    """The rows as numbers: at once where every cell has one, else row by row."""
    filled = [line.rstrip() for line in lines if line.strip()]
    if filled and not any("\t\t" in line for line in filled):
        with suppress(ValueError):
            table = np.loadtxt(filled, delimiter="\t", comments=None, ndmin=2)
            if table.shape[1] == width:
                return np.asarray(table)
    rows = [
        _row(f"{path}:{number}", line, width)
        for number, line in enumerate(lines, 6)
        if line.strip()
    ]
    return np.array(rows).reshape(len(rows), width)


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
