"""The sets of a batch into the store, each for the person it belongs to, as they finish."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from pathlib import Path

from midback.apps.batch.job import Done
from midback.apps.batch.results import RESULT
from midback.apps.batch.rules import Rules
from midback.apps.keeping import Keeping
from midback.errors import InputError
from midback.result import Source


@dataclass(slots=True)
class Storing:
    """Stores what is scored. store: where, see open_store.

    A set is scored by itself, never with the help of stored ones: those of the same batch would
    make the results depend on their order. refused: why a set was not stored, by file.
    """

    folder: Path
    out: Path
    rules: Rules
    store: str | None
    refused: dict[str, str] = field(default_factory=dict)

    def check(self) -> None:
        """Raise InputError where somebody's sets could not be stored, before the long work."""
        people = self.rules.people()
        if self.store is not None and not people:
            raise InputError("a set is stored for somebody: add --person NAME, or a --list of them")
        for person, performed in people:
            Keeping(person, performed, store=self.store).check()

    def take(self, done: Done, before: bool) -> None:
        """Store a line's set, if it belongs to somebody. before: it was scored earlier."""
        person, performed = self.rules.person_of(done.name)
        if person is None or done.status == "failed":
            return
        try:
            self._keep(done, Keeping(person, performed, store=self.store), before)
        except (InputError, OSError, ValueError) as error:
            self.refused[done.name] = f"scored, but not stored: {error}"

    def _keep(self, done: Done, keeping: Keeping, before: bool) -> None:
        text = (self.out / str(done.place) / RESULT).read_text(encoding="utf-8")
        document = json.loads(text)
        recording = Source(**document["source"])
        if not (before and keeping.holds(recording)):
            keeping.keep_document(document, recording, str(self.folder / done.name))
