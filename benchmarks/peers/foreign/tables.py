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
    """Times (T,), names and points (T, N, 3), with pandas, which is how one reads such a table."""
    import pandas as pd

    names = path.read_text(encoding="utf-8").splitlines()[3].split("\t")[2:]
    kept = [name for name in names if name]
    table = pd.read_csv(path, sep="\t", skiprows=5, header=None).to_numpy(dtype=np.float64)
    points = table[:, 2 : 2 + 3 * len(kept)]
    return table[:, 1], kept, points.reshape(len(table), len(kept), 3)
