"""The store as the rest of midback sees it: every method is one transaction, all or nothing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from sqlalchemy import Connection, Engine, delete, select

from midback.errors import InputError
from midback.history.records import Decision, JournalEntry, SetRecord
from midback.history.store import merging, notes, reading, whole, writing
from midback.history.store.checks import (
    check_day,
    check_entry,
    check_planned,
    check_text,
    check_time,
    clean_name,
)
from midback.history.store.facts import read_facts
from midback.history.store.opening import open_engine
from midback.history.store.place import Place, find_place
from midback.history.store.refusals import refusals
from midback.history.store.schema import PERSON, SET


def open_store(where: str | Path | None = None, *, create: bool = True) -> Store:
    """Open the store at `where`: a path or a URL; None: of MIDBACK_STORE, or the usual file.

    create: make it where there is none; otherwise that is an InputError. Raises InputError as
    well for what is no store, one of a newer midback, and a server that does not answer.
    """
    place = find_place(where)
    return Store(place, open_engine(place, create=create))


class Store:
    """What midback keeps of people. Every method raises InputError where the database refuses.

    What was answered is on the disk: a crash after it loses nothing, one before it changes nothing.
    """

    def __init__(self, place: Place, engine: Engine) -> None:
        self.place = place
        self.engine = engine

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        at: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the file or the server."""
        self.engine.dispose()

    def add_set(
        self,
        person: str,
        document: Mapping[str, Any],
        performed: datetime,
        *,
        planned: float | None = None,
        variant: str | None = None,
        repeat: bool | None = None,
    ) -> SetRecord:
        """Store a result's document (midback.session/1) as a set of a person; return the set.

        The same recording again is the same set: another scoring is kept beside the earlier ones,
        and the newest version's latest counts. performed: local time. planned, variant, repeat:
        see SetRecord; None keeps what is stored. Raises InputError where something is impossible.
        """
        name = clean_name(person)
        check_time(performed)
        check_planned(planned)
        check_text("variant", variant or "")
        facts = read_facts(document)
        about = writing.About(performed, planned, variant, repeat)
        with self.writing() as connection:
            key = writing.person_id(connection, name)
            touched = writing.put_set(connection, key, facts, about, datetime.now())
            for exercise in set(touched):
                writing.assign_blocks(connection, key, exercise)
            day = reading.of_day(name, touched[0], performed.date())
            found = reading.read_sets(connection, day)
        return next(record for record in found if record.recording == facts.recording)

    def sets(self, person: str, exercise: str | None = None) -> tuple[SetRecord, ...]:
        """A person's sets, of one exercise or all, by their current scoring; oldest first."""
        with self.reading() as connection:
            wanted = reading.of_person(clean_name(person), exercise)
            return reading.read_sets(connection, wanted)

    def scorings(self, person: str, exercise: str | None = None) -> tuple[dict[str, Any], ...]:
        """Every document that was stored of a person's sets, those replaced by newer ones too."""
        with self.reading() as connection:
            wanted = reading.of_person(clean_name(person), exercise)
            return reading.read_scorings(connection, wanted)

    def performed(self, person: str, recording: str) -> datetime | None:
        """When a recording that is stored was made; None where it is not. recording: sha256."""
        joined = SET.join(PERSON, PERSON.c.id == SET.c.person_id)
        of_it = (PERSON.c.name == clean_name(person)) & (SET.c.recording == recording)
        with self.reading() as connection:
            query = select(SET.c.performed).select_from(joined).where(of_it)
            return connection.execute(query).scalar_one_or_none()

    def people(self) -> tuple[str, ...]:
        """Everyone's name, sorted."""
        with self.reading() as connection:
            return tuple(sorted(connection.execute(select(PERSON.c.name)).scalars()))

    def add_journal(self, person: str, entry: JournalEntry) -> JournalEntry:
        """Store a day's entry and return the day's whole: see notes.together."""
        check_entry(entry)
        name = clean_name(person)
        with self.writing() as connection:
            return notes.put_entry(connection, writing.person_id(connection, name), entry)

    def journal(self, person: str) -> tuple[JournalEntry, ...]:
        """A person's days, oldest first."""
        with self.reading() as connection:
            return notes.read_journal(connection, clean_name(person))

    def add_decision(self, person: str, decision: Decision) -> None:
        """Store a step of the plan; the very same one twice is kept once."""
        check_day(decision.day)
        name = clean_name(person)
        with self.writing() as connection:
            notes.put_decision(connection, writing.person_id(connection, name), decision)

    def decisions(self, person: str) -> tuple[Decision, ...]:
        """A person's decisions, oldest first."""
        with self.reading() as connection:
            return notes.read_decisions(connection, clean_name(person))

    def erase(self, person: str) -> None:
        """Remove a person and all that belongs to them, so that no byte of it stays in the file.

        Raises InputError where nobody is called so.
        """
        name = self.known(person)
        with self.writing() as connection:
            connection.execute(delete(PERSON).where(PERSON.c.name == name))
        whole.clean(self.engine, self.place)

    def backup(self, path: Path) -> None:
        """Write the whole store into the new file `path`, which is whole or not there at all."""
        with whole.new_file(path) as partial:
            if self.place.file is not None:
                whole.copy_file(self.place.file, partial, self.place.name)
                return
            with open_store(partial) as target, self.reading() as read, target.writing() as write:
                whole.copy_rows(read, write)

    def restore(self, path: Path) -> None:
        """Put the backup `path` in the place of all that is stored now."""
        with whole.opened_copy(path) as source, source.connect() as read, self.writing() as write:
            whole.replace_rows(read, write)

    def merge(self, path: Path) -> int:
        """Add what the store's file `path` has and this one lacks; how many sets were new."""
        with whole.opened_copy(path) as source, source.connect() as read, self.writing() as write:
            return merging.merge(read, write)

    def known(self, person: str) -> str:
        """Return the person's name as it is stored; InputError where nobody is called so."""
        name = clean_name(person)
        if name not in self.people():
            raise InputError(f"{name}: nobody of this name is in {self.place.name}")
        return name

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """A transaction that sees one moment of the store."""
        engine = self.engine
        if self.place.file is None:
            engine = engine.execution_options(isolation_level="REPEATABLE READ")
        with refusals(self.place.name), engine.connect() as connection, connection.begin():
            yield connection

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """A transaction that writes; undone whole where anything fails inside."""
        engine = self.engine.execution_options(writing=True)
        with refusals(self.place.name), engine.begin() as connection:
            yield connection
