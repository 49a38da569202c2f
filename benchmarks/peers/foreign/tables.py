"""The files that several of the tools read or write, as plain arrays."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

Array = np.ndarray[Any, np.dtype[np.float64]]


def read_mot(path: Path) -> dict[str, Array]:
    """Columns of a .mot by name."""
    lines = path.read_text(encoding="utf-8").splitlines()
    start = lines.index("endheader") + 1
    table = np.genfromtxt(lines[start + 1 :], delimiter="\t")
    return dict(zip(lines[start].split("\t"), table.T, strict=True))


def read_trc(path: Path) -> tuple[Array, list[str], Array]:
    """Times (T,), names and points (T, N, 3)."""
    lines = path.read_text(encoding="utf-8").splitlines()
    names = [name for name in lines[3].split("\t")[2:] if name]
    table = np.genfromtxt(lines[5:], delimiter="\t")
    return table[:, 1], names, table[:, 2:].reshape(len(table), len(names), 3)
