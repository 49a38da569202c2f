"""Where a store is: a file of SQLite in the person's data folder, another file, or PostgreSQL."""

from __future__ import annotations

import os
import sqlite3
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Connection, Engine, NullPool, create_engine, event, make_url
from sqlalchemy.exc import ArgumentError

from midback.errors import InputError

VARIABLE = "MIDBACK_STORE"
PATIENCE_S = 30
"""How long a writer waits for another one."""


@dataclass(frozen=True, slots=True)
class Place:
    """One store. name: as a person is told, without a password. file: None for a server."""

    url: URL
    file: Path | None
    name: str


def find_place(where: str | Path | None = None) -> Place:
    """The place of `where`: a path or a URL; None: of MIDBACK_STORE, or the usual file.

    Raises InputError for the URL of another kind of database.
    """
    told = str(where or os.environ.get(VARIABLE) or _usual_file())
    if "://" not in told:
        file = Path(told).expanduser()
        return Place(URL.create("sqlite", database=str(file)), file, str(file))
    try:
        url = make_url(told)
    except (ArgumentError, ValueError):  # without the text: it may hold a password
        raise InputError(_NO_URL) from None
    if url.drivername in ("postgresql", "postgres", "postgresql+psycopg"):
        shown = url.set(drivername="postgresql").render_as_string(hide_password=True)
        return Place(url.set(drivername="postgresql+psycopg"), None, shown)
    if url.drivername == "sqlite" and url.database:
        return Place(url, Path(url.database), url.database)
    raise InputError(_NO_URL)


_NO_URL = (
    "the address of the store cannot be understood: name a file, or postgresql://USER@HOST/DATABASE"
)


def engine_of(place: Place) -> Engine:
    """Return the engine of SQLAlchemy; nothing is opened yet. Raises InputError without psycopg."""
    return _sqlite(place.url) if place.file else _postgresql(place.url)


def _usual_file() -> Path:
    import platformdirs

    return platformdirs.user_data_path("midback", appauthor=False) / "midback.db"


def _sqlite(url: URL) -> Engine:
    engine = create_engine(url, poolclass=NullPool, connect_args={"timeout": PATIENCE_S})
    event.listen(engine, "connect", _careful)
    event.listen(engine, "begin", _begin)
    return engine


_SETTINGS = ("foreign_keys=ON", "synchronous=EXTRA", "secure_delete=ON", "temp_store=MEMORY")


def _careful(connection: sqlite3.Connection, _: Any) -> None:
    """Durable, and erased means overwritten. One file, no -wal beside it: it can be copied."""
    connection.isolation_level = None  # transactions are ours, tables included
    for setting in _SETTINGS:
        connection.execute(f"PRAGMA {setting}")


def _begin(connection: Connection) -> None:
    """A writer takes its turn at the beginning: two that read first would block each other."""
    kind = "IMMEDIATE" if connection.get_execution_options().get("writing") else "DEFERRED"
    connection.exec_driver_sql(f"BEGIN {kind}")


def _postgresql(url: URL) -> Engine:
    try:
        engine = create_engine(url, connect_args={"connect_timeout": 10}, pool_pre_ping=True)
    except ModuleNotFoundError:
        raise InputError(
            "a store in PostgreSQL needs the package psycopg: pip install 'midback[postgres]'"
        ) from None
    event.listen(engine, "connect", _patient)
    return engine


def _patient(connection: Any, _: Any) -> None:
    connection.execute(f"SET lock_timeout = '{PATIENCE_S}s'")
    connection.commit()
