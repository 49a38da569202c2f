"""The index of a batch."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from midback.apps.batch.job import Done

INDEX = "index.html"


def write_index(lines: Sequence[Done], out: Path, title: str, *, unfinished: int) -> Path:
    """Write out/index.html."""
    (out / INDEX).write_text(title, encoding="utf-8")
    return out / INDEX
