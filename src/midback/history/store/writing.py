"""One scoring into the tables, inside the caller's transaction."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from packaging.version import InvalidVersion, Version
from sqlalchemy import Connection, Table, delete, exists, insert, select, text, update

from midback.history.records import Fingerprint
from midback.history.store.blocks import block_numbers
from midback.history.store.facts import Facts, Row
from midback.history.store.schema import (
    ANGLE,
    BLOCK,
    DOCUMENT,
    PERSON,
    REP,
    SCORING,
    SESSION,
    SET,
    STOP,
)

FINGERPRINT = ("view", "yaw_deg", "trunk_px", "height_px", "fps", "model")


@dataclass(frozen=True, slots=True)
class About:
    """What the recording itself does not tell. None leaves what is stored, see Store.add_set."""

    performed: datetime
    planned: float | None = None
    variant: str | None = None
    repeat: bool | None = None


def person_id(connection: Connection, name: str) -> int:
    """The person's key, made where there is none. Their row is locked: one writer at a time."""
    made = text("INSERT INTO person (name) VALUES (:name) ON CONFLICT (name) DO NOTHING")
    connection.execute(made, {"name": name})
    found = select(PERSON.c.id).where(PERSON.c.name == name).with_for_update()
    return int(connection.execute(found).scalar_one())


def put_set(
    connection: Connection, person: int, facts: Facts, about: About, stored: datetime
) -> tuple[str, str]:
    """Store a scoring, and its set where the recording is new.

    Returns the set's exercise and the one it was before: `assign_blocks` must follow for both.
    stored: when this scoring came into a store; with its version it tells the current one.
    """
    key, earlier = _put_recording(connection, person, facts, about)
    _put_scoring(connection, key, facts, stored)
    exercise = _choose_current(connection, key)
    if exercise != earlier:
        moved = {"exercise": exercise, "block_id": None}
        connection.execute(update(SET).where(SET.c.id == key).values(moved))
    return exercise, earlier


def _put_recording(
    connection: Connection, person: int, facts: Facts, about: About
) -> tuple[int, str]:
    """Key of the set, and the exercise it was so far."""
    session = _session_id(connection, person, about.performed.date())
    told: Row = {"planned": about.planned, "variant": about.variant, "repeat": about.repeat}
    values = {name: value for name, value in told.items() if value is not None}
    values |= {"performed": about.performed, "session_id": session}
    known = select(SET.c.id, SET.c.exercise).where(
        SET.c.person_id == person, SET.c.recording == facts.recording
    )
    found = connection.execute(known).one_or_none()
    if found is None:
        values |= {"person_id": person, "recording": facts.recording, "exercise": facts.exercise}
        return _insert(connection, SET, values), facts.exercise
    connection.execute(update(SET).where(SET.c.id == found.id).values(values))
    empty = ~exists().where(SET.c.session_id == SESSION.c.id)
    connection.execute(delete(SESSION).where(SESSION.c.person_id == person, empty))
    return int(found.id), str(found.exercise)


def _session_id(connection: Connection, person: int, day: date) -> int:
    found = select(SESSION.c.id).where(SESSION.c.person_id == person, SESSION.c.day == day)
    key = connection.execute(found).scalar_one_or_none()
    return int(key or _insert(connection, SESSION, {"person_id": person, "day": day}))


def _put_scoring(connection: Connection, key: int, facts: Facts, stored: datetime) -> None:
    """Keep the scoring beside the others, unless this very one is there."""
    same = (SCORING.c.exercise_set_id == key) & (SCORING.c.document_sha256 == facts.sha256)
    if connection.execute(select(SCORING.c.id).where(same)).first():
        return
    values = facts.scoring | {"exercise_set_id": key, "document_sha256": facts.sha256}
    scoring = _insert(connection, SCORING, values | {"stored": stored, "current": False})
    below = {"scoring_id": scoring}
    connection.execute(insert(DOCUMENT), below | {"body": facts.body})
    for table, rows in ((REP, facts.reps), (ANGLE, facts.angles)):
        if rows:
            connection.execute(insert(table), [below | row for row in rows])
    if facts.stop is not None:
        connection.execute(insert(STOP), below | facts.stop)


def _choose_current(connection: Connection, key: int) -> str:
    """Make the newest version's latest scoring the current one; return its exercise."""
    columns = SCORING.c.id, SCORING.c.version, SCORING.c.stored, SCORING.c.exercise
    found = connection.execute(select(*columns).where(SCORING.c.exercise_set_id == key)).all()
    newest = max(found, key=lambda row: (_version(row.version), row.stored, row.id))
    whole = update(SCORING).where(SCORING.c.exercise_set_id == key)
    connection.execute(whole.values(current=SCORING.c.id == newest.id))
    return str(newest.exercise)


def _version(said: str) -> Version:
    try:
        return Version(said)
    except InvalidVersion:
        return Version("0")


def assign_blocks(connection: Connection, person: int, exercise: str) -> None:
    """Number the camera set-ups of an exercise anew: as if all came in the order performed."""
    of_it = (SET.c.person_id == person) & (SET.c.exercise == exercise)
    columns = [SCORING.c[name] for name in FINGERPRINT]
    ordered = (
        select(SET.c.id, SET.c.block_id, *columns)
        .join(SCORING, (SCORING.c.exercise_set_id == SET.c.id) & SCORING.c.current)
        .where(of_it)
        .order_by(SET.c.performed, SET.c.recording)
    )
    sets = connection.execute(ordered).all()
    numbers = block_numbers([Fingerprint(*row[2:]) for row in sets])
    first = {number: sets[numbers.index(number)] for number in set(numbers)}
    keys = _put_blocks(connection, person, exercise, {n: row[2:] for n, row in first.items()})
    for row, number in zip(sets, numbers, strict=True):
        if row.block_id != keys[number]:
            connection.execute(update(SET).where(SET.c.id == row.id).values(block_id=keys[number]))
    unused = (BLOCK.c.person_id == person) & (BLOCK.c.exercise == exercise)
    connection.execute(delete(BLOCK).where(unused & (BLOCK.c.number > len(keys))))


def _put_blocks(
    connection: Connection, person: int, exercise: str, wanted: dict[int, Any]
) -> dict[int, int]:
    """Make the blocks what they should be; their keys by number."""
    whose = {"person_id": person, "exercise": exercise}
    of_it = (BLOCK.c.person_id == person) & (BLOCK.c.exercise == exercise)
    columns = [BLOCK.c[name] for name in FINGERPRINT]
    found = connection.execute(select(BLOCK.c.id, BLOCK.c.number, *columns).where(of_it)).all()
    known = {row.number: row for row in found}
    keys = {}
    for number, fingerprint in wanted.items():
        values = dict(zip(FINGERPRINT, fingerprint, strict=True))
        if number not in known:
            keys[number] = _insert(connection, BLOCK, whose | {"number": number} | values)
            continue
        keys[number] = int(known[number].id)
        if known[number][2:] != fingerprint:
            connection.execute(update(BLOCK).where(BLOCK.c.id == keys[number]).values(values))
    return keys


def _insert(connection: Connection, table: Table, values: Row) -> int:
    """Insert one row and return its key."""
    return int(connection.execute(insert(table).values(values).returning(table.c.id)).scalar_one())
