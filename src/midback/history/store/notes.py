"""The pain journal and the plan's decisions in the tables, inside the caller's transaction."""

from __future__ import annotations

from dataclasses import asdict, fields, replace
from typing import Any

from sqlalchemy import Connection, Row, delete, insert, select

from midback.history.records import Decision, Dose, JournalEntry
from midback.history.store.schema import DECISION, JOURNAL, PERSON

_ENTRY = [JOURNAL.c[f.name] for f in fields(JournalEntry)]
_DECISION = [DECISION.c[f.name] for f in fields(Decision)]


def put_entry(connection: Connection, person: int, entry: JournalEntry) -> JournalEntry:
    """Store a day's entry, put together with what the day already has; return the whole."""
    that_day = (JOURNAL.c.person_id == person) & (JOURNAL.c.day == entry.day)
    found = connection.execute(select(*_ENTRY).where(that_day)).one_or_none()
    whole = entry if found is None else together(_entry(found), entry)
    connection.execute(delete(JOURNAL).where(that_day))
    values = asdict(whole) | {"person_id": person, "red_flags": list(whole.red_flags)}
    connection.execute(insert(JOURNAL), values)
    return whole


def together(earlier: JournalEntry, later: JournalEntry) -> JournalEntry:
    """One day's entries as one: what the later one says counts, what it leaves out stays.

    Sharp or radiating pain and red flags, once said, stay for the day.
    """
    said = {name: v for name, v in asdict(later).items() if v not in (None, "") and v is not False}
    said["red_flags"] = tuple(dict.fromkeys((*earlier.red_flags, *later.red_flags)))
    return replace(earlier, **said)


def read_journal(connection: Connection, name: str) -> tuple[JournalEntry, ...]:
    """A person's days, oldest first."""
    joined = JOURNAL.join(PERSON, PERSON.c.id == JOURNAL.c.person_id)
    query = select(*_ENTRY).select_from(joined).where(PERSON.c.name == name)
    return tuple(_entry(row) for row in connection.execute(query.order_by(JOURNAL.c.day)))


def put_decision(connection: Connection, person: int, decision: Decision) -> None:
    """Store a decision unless this very one is the last of its exercise on that day."""
    same = (DECISION.c.person_id == person) & (DECISION.c.day == decision.day)
    same &= DECISION.c.exercise == decision.exercise
    last = select(*_DECISION).where(same).order_by(DECISION.c.id.desc()).limit(1)
    if decision not in map(_decision, connection.execute(last)):
        values = asdict(decision) | {"person_id": person, "because": list(decision.because)}
        connection.execute(insert(DECISION), values)


def read_decisions(connection: Connection, name: str) -> tuple[Decision, ...]:
    """A person's decisions, oldest first, those of a day as they came."""
    joined = DECISION.join(PERSON, PERSON.c.id == DECISION.c.person_id)
    query = select(*_DECISION).select_from(joined).where(PERSON.c.name == name)
    ordered = query.order_by(DECISION.c.day, DECISION.c.id)
    return tuple(_decision(row) for row in connection.execute(ordered))


def _entry(row: Row[Any]) -> JournalEntry:
    values = row._asdict()
    return JournalEntry(**{**values, "red_flags": tuple(values["red_flags"])})


def _decision(row: Row[Any]) -> Decision:
    values = row._asdict()
    doses = {name: Dose(**values[name]) for name in ("before", "after")}
    return Decision(**{**values, **doses, "because": tuple(values["because"])})
