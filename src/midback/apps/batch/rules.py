"""Which exercise a recording shows: by a list, by names of files and folders, or by default."""

from __future__ import annotations

import csv
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import cast

from midback.apps.batch.job import AUTO
from midback.apps.explain import explain_os_error
from midback.errors import InputError
from midback.exercises import find, names
from midback.sides import Side

COLUMNS = ("file", "exercise", "side")


@dataclass(frozen=True, slots=True)
class Listed:
    """A line of the list. exercise: empty where the list leaves it to the other rules."""

    exercise: str
    side: Side | None


@dataclass(frozen=True, slots=True)
class Rules:
    """The list (by name relative to the folder), then names, then the default."""

    listed: Mapping[str, Listed]
    default: str
    side: Side | None
    folder: str

    def of(self, name: str) -> tuple[str, Side | None]:
        """Exercise and side of a recording. Raises InputError where the list names no exercise.

        The side that all have is for those exercises only that are done on one side.
        """
        line = self.listed.get(name)
        exercise = (line and line.exercise) or _by_name(name, self.folder) or self.default
        if line is not None and line.side is not None:
            return exercise, line.side
        sided = exercise != AUTO and find(exercise).primary.sides == "chosen"
        return exercise, self.side if sided else None


def read_list(path: Path, folder: Path) -> dict[str, Listed]:
    """Read a CSV with the columns file, exercise and, if wanted, side; `;` separates as well.

    Files are named relative to the folder, or in full. Raises InputError where the list as a whole
    cannot be used, and where a side is none.
    """
    try:
        with path.open(encoding="utf-8-sig", newline="") as stream:
            head = stream.readline()
            stream.seek(0)
            separator = ";" if head.count(";") > head.count(",") else ","
            rows = list(csv.DictReader(stream, delimiter=separator, skipinitialspace=True))
    except OSError as error:
        raise InputError(explain_os_error(error)) from None
    except (UnicodeDecodeError, csv.Error) as error:
        raise InputError(f"{path}: is no list in CSV, UTF-8: {error}") from None
    columns = [
        (name or "").strip().lower() for name in next(csv.reader([head], delimiter=separator), [])
    ]
    for needed in COLUMNS[:2]:
        if needed not in columns:
            raise InputError(f"{path}: needs the columns file and exercise in its first line")
    found: dict[str, Listed] = {}
    for number, row in enumerate(rows, start=2):
        cells = {
            k.strip().lower(): (v or "").strip()
            for k, v in row.items()
            if isinstance(k, str) and not isinstance(v, list)
        }
        name = _relative(cells.get("file", ""), folder)
        if not name:
            continue
        side = cells.get("side", "").lower()
        if side not in ("", "left", "right"):
            raise InputError(
                f"{path}, line {number}: side is '{side}'; write left, right or nothing"
            )
        found[name] = Listed(
            _spelled(cells.get("exercise", "")), cast(Side, side) if side else None
        )
    return found


def _relative(name: str, folder: Path) -> str:
    path = Path(name.replace("\\", "/"))
    if path.is_absolute() and path.is_relative_to(folder.absolute()):
        path = path.relative_to(folder.absolute())
    return path.as_posix() if name else ""


def _spelled(exercise: str) -> str:
    """`Bird dog` is bird_dog; the path of a file stays as it is."""
    spelled = _words(exercise)
    return spelled if spelled in (*names(), AUTO) else exercise


def _by_name(name: str, folder: str) -> str | None:
    """The exercise that the file's name, or the nearest folder's, contains; never two."""
    parts = [folder, *name.split("/")]
    parts[-1] = Path(parts[-1]).stem
    for part in reversed(parts):
        found = {one for one in names() if re.search(rf"(?<![a-z]){one}(?![a-z])", _words(part))}
        if len(found) == 1:
            return found.pop()
    return None


def _words(text: str) -> str:
    return re.sub(r"[-\s]+", "_", text.strip().lower())
