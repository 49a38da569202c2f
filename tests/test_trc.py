"""A .trc table is read the same with and without pyarrow, and the same mistakes are told."""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import pytest

from midback.errors import InputError
from midback.landmarks.trc import read_trc
from midback.vision.pose import Array

HEAD = (
    "PathFileType\t4\t(X/Y/Z)\twalk.trc\nDataRate\tNumMarkers\tUnits\n30\t1\tmm\n"
    "Frame#\tTime\tHip\t\t\n\t\tX1\tY1\tZ1\n"
)
TABLES = {
    "plain": "1\t0\t1.5\t-2\t3e-3\n2\t0.1\t2\t3\t4\n3\t0.2\t3\t4\t5\n",
    "Windows": "1\t0\t1\t2\t3\r\n2\t.1\t2\t3\t4\r\n3\t.2\t3\t4\t5\r\n",
    "old Macintosh": "1\t0\t1\t2\t3\r2\t.1\t2\t3\t4\r3\t.2\t3\t4\t5\r",
    "empty cells": "1\t0\t\t\t\n2\t.1\t2\t3\t4\n3\t.2\t3\t4\t5\n",
    "a tab more": "1\t0\t1\t2\t3\t\n2\t.1\t2\t3\t4\t\n3\t.2\t3\t4\t5\t\n",
    "a tab more in some rows": "1\t0\t1\t2\t3\t\n2\t.1\t2\t3\t4\n3\t.2\t3\t4\t5\t\n",
    "empty lines": "\n1\t0\t1\t2\t3\n\n2\t.1\t2\t3\t4\n3\t.2\t3\t4\t5\n\t\t\t\t\n \n",
    "spaces": " 1\t0 \t1\t 2\t3\n2\t.1\t2\t3\t  \n3\t.2\t3\t4\t5\n",
    "spaces between": "1 0 1 2 3\n2 .1 2 3 4\n3 .2 3 4 5\n",
    "not a number": "1\t0\tnan\tNaN\tnan\n2\t.1\t2\t3\t4\n3\t.2\t3\t4\t5\n",
    "a word": "1\t0\tx\t2\t3\n2\t.1\t2\t3\t4\n",
    "a comma": "1\t0\t1,5\t2\t3\n2\t.1\t2\t3\t4\n",
    "cut short": "1\t0\t1\t2\t3\n2\t.1\t2\n",
    "a column too many": "1\t0\t1\t2\t3\t4\n2\t.1\t2\t3\t4\t5\n",
    "no rows": "",
}


def read(path: Path) -> Array | str:
    try:
        markers = read_trc(path)
    except InputError as error:
        return str(error)
    return np.column_stack([markers.t, markers.xyz.reshape(-1, 3)])


@pytest.mark.parametrize("kind", TABLES)
def test_the_same_at_once_and_row_by_row(
    kind: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    newline = {"Windows": "\r\n", "old Macintosh": "\r"}.get(kind, "\n")
    path = tmp_path / "walk.trc"
    path.write_bytes((HEAD.replace("\n", newline) + TABLES[kind]).encode())
    at_once = read(path)
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    row_by_row = read(path)
    if isinstance(row_by_row, str):
        assert at_once == row_by_row
    else:
        np.testing.assert_array_equal(at_once, row_by_row)


def test_a_long_table_to_the_last_bit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    drawn = np.random.default_rng(7).normal(0, 1000, (20_000, 3))
    rows = [
        f"{i}\t{i / 30!r}\t" + "\t".join(map(repr, row)) for i, row in enumerate(drawn.tolist())
    ]
    path = tmp_path / "walk.trc"
    path.write_text(HEAD + "\n".join(rows), encoding="ascii")  # more than one of pyarrow's blocks
    at_once = read(path)
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    np.testing.assert_array_equal(at_once, read(path))
    assert len(at_once) == 20_000
