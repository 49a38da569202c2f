"""Which exercise a recording shows: by a list, by names of files and folders, or by default."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from midback.apps.batch.job import AUTO
from midback.apps.batch.listing import Listed, as_words
from midback.exercises import find, names
from midback.sides import Side


@dataclass(frozen=True, slots=True)
class Rules:
    """The list (by name relative to the folder), then names, then the default.

    side, person: of all recordings of which the list does not tell another.
    """

    listed: Mapping[str, Listed]
    default: str
    side: Side | None
    folder: str
    person: str | None = None

    def of(self, name: str) -> tuple[str, Side | None]:
        """Exercise and side of a recording. Raises InputError where the list names no exercise.

        The side that all have is for those exercises only that are done on one side.
        """
        line = self.listed.get(name)
        exercise = (line and line.exercise) or _by_name(name, self.folder) or self.default
        if line is not None and line.side is not None:
            return exercise, line.side
        if self.side is None or exercise == AUTO or find(exercise).primary.sides != "chosen":
            return exercise, None
        return exercise, self.side

    def person_of(self, name: str) -> tuple[str | None, str | None]:
        """For whom a recording's set is stored, and when it was done, as typed."""
        line = self.listed.get(name, Listed(""))
        return line.person or self.person, line.performed

    def people(self) -> set[tuple[str, str | None]]:
        """Everybody with their dates."""
        told = {self.person_of(name) for name in self.listed} | {(self.person, None)}
        return {(person, performed) for person, performed in told if person is not None}


def _by_name(name: str, folder: str) -> str | None:
    """The exercise that the file's name, or the nearest folder's, contains; never two."""
    parts = [folder, *name.split("/")]
    parts[-1] = Path(parts[-1]).stem
    for part in reversed(parts):
        found = {one for one in names() if re.search(rf"(?<![a-z]){one}(?![a-z])", as_words(part))}
        if len(found) == 1:
            return found.pop()
    return None
