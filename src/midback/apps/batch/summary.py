"""The table of a batch: one row per recording, as CSV and, where pyarrow is, as Parquet."""

from __future__ import annotations

import csv
import os
import tempfile
from collections.abc import Sequence
from pathlib import Path

from midback.apps.batch.job import Done
from midback.apps.batch.results import RESULT
from midback.apps.outputs import refusals, replacing
from midback.apps.report.page import FILE_NAME

Cell = str | int | float | None

CSV, PARQUET = "summary.csv", "summary.parquet"


def row_of(done: Done) -> dict[str, Cell]:
    """One recording; seconds, degrees or the angle's own unit, scores of 100."""
    place = done.place
    return {
        "file": done.name,
        "status": done.status,
        "reason": done.reason,
        "exercise": done.exercise,
        "side": done.side,
        "reps": done.reps,
        "hold_s": _rounded(done.hold_s, 2),
        "stop_rep": done.stop_rep,
        "stop_s": _rounded(done.stop_s, 2),
        "stop_kind": done.stop_kind,
        "stop_region": done.stop_region,
        "score": _rounded(done.score, 2),
        "score_se": _rounded(done.score_se, 2),
        "score_fresh": _rounded(done.fresh, 2),
        "score_last": _rounded(done.last, 2),
        "score_fade": _rounded(done.fade, 2),
        "main_angle": done.main,
        "main_status": done.main_status,
        "rom": _rounded(done.rom, 2),
        "rom_se": _rounded(done.rom_se, 2),
        "rom_unit": done.unit,
        "view": done.view,
        "coverage": _rounded(done.coverage, 4),
        "frames": done.frames,
        "duration_s": _rounded(done.duration_s, 3),
        "warnings": "; ".join(done.warnings) or None,
        "report": f"{place}/{FILE_NAME}" if place else None,
        "result": f"{place}/{RESULT}" if place else None,
        "sha256": done.content,
    }


def write_summary(lines: Sequence[Done], out: Path) -> list[Path]:
    """Write the table into `out`, sorted by name; each file is whole or the older one."""
    ordered = sorted(lines, key=lambda done: done.name)
    rows = [{k: _safe(v) for k, v in row_of(done).items()} for done in ordered]
    written = [out / CSV]
    with replacing(out / CSV) as file:
        table = csv.DictWriter(file, list(row_of(Done.failed("", ""))), lineterminator="\n")
        table.writeheader()
        table.writerows(rows)
    if _write_parquet(rows, out / PARQUET):
        written.append(out / PARQUET)
    return written


def _write_parquet(rows: list[dict[str, Cell]], path: Path) -> bool:
    """False where pyarrow is missing."""
    try:
        import pyarrow
        from pyarrow import parquet
    except ImportError:
        return False
    kinds = {
        name: pyarrow.int64()
        if name in _COUNTS
        else pyarrow.float64()
        if name in _NUMBERS
        else pyarrow.string()
        for name in row_of(Done.failed("", ""))
    }
    table = pyarrow.Table.from_pylist(rows, schema=pyarrow.schema(list(kinds.items())))
    with refusals(path):
        handle, name = tempfile.mkstemp(prefix=f".{path.name}.", suffix=".part", dir=path.parent)
        os.close(handle)
        try:
            parquet.write_table(table, name)
            Path(name).chmod(0o644)
            Path(name).replace(path)
        finally:
            Path(name).unlink(missing_ok=True)
    return True


_COUNTS = frozenset(["reps", "stop_rep", "frames"])
_SECONDS = frozenset(["hold_s", "stop_s", "duration_s"])
_FIGURES = frozenset(["score", "score_se", "score_fresh", "score_last", "score_fade"])
_NUMBERS = _SECONDS | _FIGURES | {"rom", "rom_se", "coverage"}


def _rounded(value: float | None, digits: int) -> float | None:
    return None if value is None else round(value, digits)


def _safe(cell: Cell) -> Cell:
    """What is no UTF-8 in a file's name is shown as ?."""
    return cell.encode("utf-8", "replace").decode() if isinstance(cell, str) else cell
