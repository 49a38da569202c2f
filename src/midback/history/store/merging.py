"""Two stores as one: the same recording is one set, whichever store it came from."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, Row, select

from midback.history.store import notes, writing
from midback.history.store.facts import read_body, read_facts
from midback.history.store.schema import DOCUMENT, PERSON, SCORING, SET


def merge(source: Connection, target: Connection) -> int:
    """Put what `source` has and `target` lacks into `target`; how many sets were new.

    Where both tell something of the same set or day, the target's word stands.
    """
    names = source.execute(select(PERSON.c.name).order_by(PERSON.c.id)).scalars().all()
    return sum(_merge_person(source, target, name) for name in names)


def _merge_person(source: Connection, target: Connection, name: str) -> int:
    person = writing.person_id(target, name)
    ours = {row.recording: row for row in _sets(target, name)}
    before = len(ours)
    exercises: set[str] = set()
    for theirs in _sets(source, name):
        about = _about(theirs, ours.get(theirs.recording))
        kept = select(SCORING.c.stored, DOCUMENT.c.body).join(
            DOCUMENT, DOCUMENT.c.scoring_id == SCORING.c.id
        )
        of_it = kept.where(SCORING.c.exercise_set_id == theirs.id).order_by(SCORING.c.id)
        for stored, body in source.execute(of_it).all():
            facts = read_facts(read_body(body))
            exercises |= {*writing.put_set(target, person, facts, about, stored)}
    for exercise in exercises:
        writing.assign_blocks(target, person, exercise)
    days = {entry.day: entry for entry in notes.read_journal(target, name)}
    for entry in notes.read_journal(source, name):
        notes.put_entry(target, person, entry)
        if entry.day in days:
            notes.put_entry(target, person, days[entry.day])
    decided = {(one.day, one.exercise) for one in notes.read_decisions(target, name)}
    for decision in notes.read_decisions(source, name):
        if (decision.day, decision.exercise) not in decided:
            notes.put_decision(target, person, decision)
    return len(_sets(target, name)) - before


def _sets(connection: Connection, name: str) -> list[Row[Any]]:
    columns = SET.c["id", "recording", "performed", "planned", "variant", "repeat"]
    joined = SET.join(PERSON, PERSON.c.id == SET.c.person_id)
    of_person = select(*columns).select_from(joined).where(PERSON.c.name == name)
    return list(connection.execute(of_person.order_by(SET.c.id)).all())


def _about(theirs: Row[Any], ours: Row[Any] | None) -> writing.About:
    if ours is None:
        return writing.About(theirs.performed, theirs.planned, theirs.variant, theirs.repeat)
    planned = theirs.planned if ours.planned is None else ours.planned
    variant, repeat = ours.variant or theirs.variant, ours.repeat or theirs.repeat
    return writing.About(ours.performed, planned, variant, repeat)
