"""Processes that write into a store: many at once, or killed in the middle of it.

They are forked from a server that has the store imported already, so that one more costs little.
"""

from __future__ import annotations

import multiprocessing
import os
import random
import sqlite3
import time
from contextlib import closing
from datetime import timedelta
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from pathlib import Path

from store_case import EVENING, document

from midback.history.store import Store, open_store

FORKS = multiprocessing.get_context("forkserver")
FORKS.set_forkserver_preload(["store_writers", "alembic.command", "psycopg"])


def write_until_killed(where: str, round_: int, told: Path, steps: Connection) -> None:
    """Store one set after the other; the name of each goes into `told` once it is acknowledged."""
    with open_store(where) as store, told.open("ab", buffering=0) as acknowledged:
        steps.send(True)
        for number in range(1000):
            name = f"{round_}-{number}"
            when = EVENING + timedelta(minutes=number)
            store.add_set(f"person {round_ % 5}", document(name), when)
            acknowledged.write(f"{name}\n".encode())
            steps.send(True)


def write_many(where: str, who: int, sets: int) -> None:
    """Store a person's sets, one session a day."""
    with open_store(where) as store:
        for number in range(sets):
            when = EVENING + timedelta(days=number)
            store.add_set(f"person {who}", document(f"{who}-{number}"), when)


def kill_writers(where: str, rounds: int, told: Path, rng: random.Random) -> set[str]:
    """Start and kill a writer so many times; the recordings that were acknowledged, by name."""
    for round_ in range(rounds):
        listening, steps = FORKS.Pipe(duplex=False)
        writer = FORKS.Process(target=write_until_killed, args=(where, round_, told, steps))
        writer.start()
        steps.close()
        for _ in range(rng.randrange(4)):  # none: killed while it opens the store
            listening.recv()
        time.sleep(rng.uniform(0.0, 0.04))  # about what a set takes
        writer.kill()  # SIGKILL
        writer.join()
        writer.close()
        listening.close()
    return set(told.read_text().splitlines()) if told.exists() else set()


def all_at_once(where: str, processes: int, sets: int) -> float:
    """Start so many writers together; seconds until the last one has finished."""
    begin = time.monotonic()
    writers: list[BaseProcess] = [
        FORKS.Process(target=write_many, args=(where, who, sets)) for who in range(processes)
    ]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    assert [writer.exitcode for writer in writers] == [os.EX_OK] * processes
    return time.monotonic() - begin


def recordings(names: set[str]) -> set[str]:
    return {document(name)["source"]["sha256"] for name in names}


def check_whole(store: Store) -> set[str]:
    """Every stored recording; asserts that none is there twice or lacks a part."""
    sets = [found for name in store.people() for found in store.sets(name)]
    stored = {found.recording for found in sets}
    assert len(stored) == len(sets)
    assert all(len(found.reps) == 10 and len(found.angles) == 2 for found in sets)
    assert all(found.stop is not None and found.block == 1 for found in sets)
    assert sum(len(store.scorings(name)) for name in store.people()) == len(sets)
    if store.place.file is not None:
        with closing(sqlite3.connect(store.place.file)) as connection:
            assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
            assert connection.execute("PRAGMA foreign_key_check").fetchall() == []
    return stored
