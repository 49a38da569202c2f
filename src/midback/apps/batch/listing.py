"""A list of recordings with what their names do not tell, as spreadsheets write it (CSV)."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import cast

from midback.apps.batch.job import AUTO
from midback.apps.explain import explain_os_error
from midback.errors import InputError
from midback.exercises import names
from midback.sides import Side

NEEDED = ("file", "exercise")

Cells = dict[str, str]


@dataclass(frozen=True, slots=True)
class Listed:
    """A line of the list. exercise: empty where the list leaves it to the other rules.

    person: for whom the set is stored. performed: when it was done, as typed.
    """

    exercise: str
    side: Side | None = None
    person: str | None = None
    performed: str | None = None


def read_list(path: Path, folder: Path) -> dict[str, Listed]:
    """Read a CSV with the columns file, exercise and, if wanted, side, person and performed.

    `;` separates as well. Files are named relative to the folder, or in full. Returns the lines by
    the file's name relative to the folder. Raises InputError where the list cannot be used.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
        found = dict(_lines(path, text, folder))
    except OSError as error:
        raise InputError(explain_os_error(error)) from None
    except (UnicodeDecodeError, csv.Error) as error:
        raise InputError(f"{path}: is no list in CSV, UTF-8: {error}") from None
    return found


def spelled(exercise: str) -> str:
    """`Bird dog` is bird_dog; the path of a file stays as it is."""
    found = as_words(exercise)
    return found if found in (*names(), AUTO) else exercise


def as_words(text: str) -> str:
    """In small letters, with _ for hyphens and blanks."""
    return re.sub(r"[-\s]+", "_", text.strip().lower())


def _lines(path: Path, text: str, folder: Path) -> Iterator[tuple[str, Listed]]:
    head = text.partition("\n")[0]
    separator = ";" if head.count(";") > head.count(",") else ","
    rows = csv.reader(text.splitlines(), delimiter=separator, skipinitialspace=True)
    columns = [name.strip().lower() for name in next(rows, [])]
    if not set(NEEDED) <= set(columns):
        raise InputError(f"{path}: needs the columns file and exercise in its first line")
    for cells in rows:
        row = dict(zip(columns, (cell.strip() for cell in cells), strict=False))
        if row.get("file"):
            yield _relative(row["file"], folder), _listed(row, path, rows.line_num)


def _listed(row: Cells, path: Path, line: int) -> Listed:
    """An own exercise's file lies where the list lies, if its path is not a full one."""
    side = row.get("side", "").lower()
    if side not in ("", "left", "right"):
        raise InputError(f"{path}, line {line}: side is '{side}'; write left, right or nothing")
    exercise = spelled(row.get("exercise", ""))
    if exercise.endswith(".toml"):
        exercise = str((path.parent / exercise).absolute())
    return Listed(
        exercise,
        cast(Side, side) if side else None,
        row.get("person") or None,
        row.get("performed") or None,
    )


def _relative(name: str, folder: Path) -> str:
    path = Path(name.replace("\\", "/"))
    if path.is_absolute() and path.is_relative_to(folder.absolute()):
        path = path.relative_to(folder.absolute())
    return path.as_posix()
