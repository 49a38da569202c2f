"""How long `midback progress` takes to know, of one person among 100,000 stored sessions.

The sessions go in through the store's own tables; one of the people has 150 of them, and a
journal. Measured: reading the person's sets, journal and decisions, and the model.
"""

from __future__ import annotations

import statistics
import tempfile
import time
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
from sqlalchemy import Connection, insert

from midback.history.progress import Progress, progress
from midback.history.records import JournalEntry
from midback.history.store import Store, open_store
from midback.history.store.facts import Facts, read_facts
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
from weeks.made_up import document

SESSIONS, LONGEST, EACH = 100_000, 150, 50
RUNS, LIMIT_MS = 15, 150.0
WHO = "Anna Berg"
_BEGIN = date(2023, 1, 2)
_PEOPLE_AT_ONCE = 100

Row = dict[str, Any]


def section() -> str:
    """The figures as markdown."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "many.db"
        begun = time.perf_counter()
        people = build(file)
        built = time.perf_counter() - begun
        size = file.stat().st_size / 1e6
        with open_store(file, create=False) as store:
            found = [once(store) for _ in range(RUNS + 1)][1:]
    read = statistics.median(one[0] for one in found)
    model = statistics.median(one[1] for one in found)
    both = statistics.median(one[0] + one[1] for one in found)
    told = "met" if both <= LIMIT_MS else "MISSED"
    return "\n".join(
        (
            f"{SESSIONS:,} sessions of {people:,} people, SQLite, {size:.0f} MB, put in within "
            f"{built:.0f} s. `progress` for the one with {LONGEST} sessions, median of {RUNS} "
            "after a first run:",
            "",
            "| | ms |",
            "|---|---|",
            f"| reading sets, journal and decisions | {read:.0f} |",
            f"| gains, capacity, regions, pain, plan, headline | {model:.0f} |",
            f"| together (asked: {LIMIT_MS:.0f} at most; {told}) | {both:.0f} |",
            f"| the slowest of the {RUNS} | {max(a + b for a, b in found):.0f} |",
        )
    )


def once(store: Store) -> tuple[float, float]:
    """Milliseconds of reading and of the model."""
    begun = time.perf_counter()
    known = store.sets(WHO), store.journal(WHO), store.decisions(WHO)
    read = time.perf_counter()
    told: Progress = progress(*known, _BEGIN + timedelta(days=2 * LONGEST + 1))
    done = time.perf_counter()
    assert len(told.training) == LONGEST
    assert told.exercises[0].capacities[0].capacity.curve
    return 1e3 * (read - begun), 1e3 * (done - read)


def build(file: Path) -> int:
    """Make the store; how many people are in it."""
    rng = np.random.default_rng(1)
    kinds = [_facts(rng, n) for n in range(24)]
    sizes = [LONGEST] + [EACH] * ((SESSIONS - LONGEST) // EACH)
    with open_store(file) as store:
        key = 0
        for first in range(0, len(sizes), _PEOPLE_AT_ONCE):
            with store.writing() as connection:
                rows: dict[str, list[Row]] = {}
                for person, count in enumerate(sizes[first : first + _PEOPLE_AT_ONCE], first + 1):
                    key = _person(rows, person, count, key, kinds)
                _put(connection, rows)
        for n in range(LONGEST):
            day = _BEGIN + timedelta(days=2 * n)
            store.add_journal(WHO, JournalEntry(day, 1, 2, 1, 1, where="between the shoulders"))
    return len(sizes)


def _facts(rng: np.random.Generator, n: int) -> Facts:
    """One set of ten bird dogs; every other one broke."""
    roms = [float(rng.normal(130 + n / 4, 3)) for _ in range(10)]
    stop = 8 + n // 6 if n % 2 else None
    return read_facts(document("bird_dog", f"kind {n}", roms, stop=stop))


def _person(
    rows: dict[str, list[Row]], person: int, count: int, key: int, kinds: list[Facts]
) -> int:
    def add(table: str, **values: Any) -> None:
        rows.setdefault(table, []).append(values)

    add("person", id=person, name=WHO if person == 1 else f"person {person}")
    seen = {name: kinds[0].scoring[name] for name in
            ("view", "yaw_deg", "trunk_px", "height_px", "fps", "model")}  # fmt: skip
    add("block", id=person, person_id=person, exercise="bird_dog", number=1, **seen)
    for n in range(count):
        key += 1
        facts = kinds[min(n * len(kinds) // count, len(kinds) - 1)]
        when = datetime.combine(_BEGIN, datetime.min.time()) + timedelta(days=2 * n, hours=18)
        add("session", id=key, person_id=person, day=when.date())
        add("exercise_set", id=key, person_id=person, session_id=key, block_id=person,
            recording=f"{key:064x}", exercise="bird_dog", performed=when, planned=10.0,
            variant="", repeat=False)  # fmt: skip
        add("scoring", id=key, exercise_set_id=key, document_sha256=facts.sha256, stored=when,
            current=True, **facts.scoring)  # fmt: skip
        add("document", scoring_id=key, body=facts.body)
        rows.setdefault("rep", []).extend({"scoring_id": key, **rep} for rep in facts.reps)
        rows.setdefault("angle", []).extend({"scoring_id": key, **one} for one in facts.angles)
        if facts.stop is not None:
            add("stop", scoring_id=key, **facts.stop)
    return key


def _put(connection: Connection, rows: dict[str, list[Row]]) -> None:
    for table in (PERSON, BLOCK, SESSION, SET, SCORING, DOCUMENT, REP, ANGLE, STOP):
        if rows.get(table.name):
            connection.execute(insert(table), rows[table.name])
