"""The store under stress: killed writers, many writers, a hundred thousand sessions.

    PYTHONPATH=benchmarks:tests python -m weeks.store

About ten minutes on two slow cores. Everything runs on a file and on a PostgreSQL of its own.
"""

from __future__ import annotations

import random
import statistics
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

from postgres import new_database, running
from sqlalchemy import Table, text
from store_case import EVENING, angle, document
from store_writers import all_at_once, check_whole, kill_writers, recordings

from midback.history.store import open_store
from midback.history.store.schema import (
    ANGLE,
    BLOCK,
    DOCUMENT,
    REP,
    SCORING,
    SESSION,
    SET,
    STOP,
)

KILLS = 200
PROCESSES, SETS = 8, 1000
PEOPLE, SESSIONS = 500, 200
ANGLES = 25
ASKED = 20  # people whose sets are read, each by a store that was just opened


def table() -> str:
    """The section as Markdown."""
    with tempfile.TemporaryDirectory() as folder, running() as server:
        file = Path(folder)
        rows = []
        for kind in ("SQLite", "PostgreSQL"):
            files = (str(file / f"{name}.db") for name in ("kills", "crowd", "large"))
            kills, many, big = files if kind == "SQLite" else (new_database(server) for _ in "123")
            rows.append((kind, *killed(kills, file / f"{kind}.told")))
            rows += [(kind, *crowd(many)), (kind, *large(big))]
    lines = ["| | what | found | seconds |", "|---|---|---|---|"]
    return "\n".join(lines + [f"| {' | '.join(row)} |" for row in rows])


def killed(where: str, told: Path) -> tuple[str, str, str]:
    """Writers killed at random while they write."""
    begin = time.monotonic()
    acknowledged = kill_writers(where, KILLS, told, random.Random(6))
    with open_store(where) as store:
        stored = check_whole(store)
    lost = len(recordings(acknowledged) - stored)
    what = f"{KILLS} writers killed -9"
    found = f"{len(acknowledged)} sets acknowledged, {lost} lost, every stored set whole"
    return what, found, f"{time.monotonic() - begin:.0f}"


def crowd(where: str) -> tuple[str, str, str]:
    """Writers at the same time."""
    seconds = all_at_once(where, PROCESSES, SETS)
    with open_store(where) as store:
        stored = check_whole(store)
    names = {f"{who}-{number}" for who in range(PROCESSES) for number in range(SETS)}
    missing = len(recordings(names) - stored)
    what = f"{PROCESSES} processes, {SETS} sessions each"
    return what, f"{len(stored)} stored, {missing} missing, none twice", f"{seconds:.0f}"


def large(where: str) -> tuple[str, str, str]:
    """One person's sets out of very many."""
    begin = time.monotonic()
    fill(where)
    filled = time.monotonic() - begin
    rng = random.Random(1)
    took: list[float] = []
    for _ in range(ASKED):
        with timed(took), open_store(where) as store:
            found = store.sets(f"person {rng.randint(2, PEOPLE)}", "bird_dog")
        assert len(found) == SESSIONS
        assert all(len(s.reps) == 10 and len(s.angles) == ANGLES for s in found)
    what = f"one person's {SESSIONS} sessions of {PEOPLE * SESSIONS:,}, store opened anew"
    middle, worst = statistics.median(took), max(took)
    return what, f"median {1000 * middle:.0f} ms, worst {1000 * worst:.0f} ms", f"{filled:.0f}"


def fill(where: str) -> None:
    """One person's sets as they are stored, and inside the database the same for everybody else.

    Day by day, as they would have come: no one's sets lie together.
    """
    with open_store(where) as store:
        for day in range(SESSIONS):
            told = document(f"{day}")
            told["angles"] = {f"angle {n}": angle("measured", 40.0 + n, 2.5) for n in range(ANGLES)}
            store.add_set("person 1", told, EVENING - timedelta(days=SESSIONS - day))
        with store.writing() as connection:
            for key in range(2, PEOPLE + 1):
                name = {"id": key, "name": f"person {key}"}
                connection.execute(text("INSERT INTO person VALUES (:id, :name)"), name)
            for copied in COPIED:
                connection.execute(text(for_everybody(copied)), {"people": PEOPLE + 1})
        if store.place.file is None:  # what its autovacuum does within a minute
            with store.writing() as connection:
                connection.execute(text("ANALYZE"))


def for_everybody(table: Table) -> str:
    """SQL that inserts the first person's rows once more for everybody else, with keys to match."""
    shifted = ("id", "session_id", "block_id", "exercise_set_id", "scoring_id")
    told = {name: f"100000 + one.{name} * :people + other.id" for name in shifted}
    told |= {"person_id": "other.id", "recording": "one.recording || '-' || other.id"}
    names = [column.name for column in table.columns]
    values = ", ".join(told.get(name, f'one."{name}"') for name in names)
    columns = ", ".join(f'"{name}"' for name in names)
    order = f"one.{next(name for name in shifted if name in names)}"
    return (
        f"INSERT INTO {table.name} ({columns}) SELECT {values} FROM {table.name} AS one "
        f"CROSS JOIN person AS other WHERE other.id > 1 ORDER BY {order}, other.id"
    )


COPIED = (SESSION, BLOCK, SET, SCORING, DOCUMENT, REP, ANGLE, STOP)


@contextmanager
def timed(took: list[float]) -> Iterator[None]:
    """Add the seconds that pass inside."""
    begin = time.perf_counter()
    yield
    took.append(time.perf_counter() - begin)


if __name__ == "__main__":
    print(table())
