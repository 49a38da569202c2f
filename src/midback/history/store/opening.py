"""Opening a store: made where there is none, brought to the schema of today, or refused."""

from __future__ import annotations

import os
from pathlib import Path

from sqlalchemy import Connection, Engine, inspect, text

from midback.errors import InputError
from midback.history.store.place import Place, engine_of
from midback.history.store.refusals import refusals

REVISIONS = ("0001", "0002")
"""Every schema that was released, oldest first; the tests hold it to the migrations."""

VERSION_TABLE = "midback_version"
_LOCK = 0x6D696462  # of PostgreSQL, while the schema changes


def open_engine(place: Place, *, create: bool) -> Engine:
    """Return the engine of a store whose schema is today's.

    create: make the file and its folder where there is none. Raises InputError where the store is
    missing, cannot be opened, belongs to another program or to a newer midback.
    """
    if place.file is not None:
        _check_file(place.file, create=create)
    engine = engine_of(place)
    try:
        with refusals(place.name):
            _prepare(engine, place, create=create)
    except BaseException:
        engine.dispose()
        raise
    return engine


def _prepare(engine: Engine, place: Place, *, create: bool) -> None:
    with engine.connect() as connection, connection.begin():
        found = _revision(connection, place)
    if found == REVISIONS[-1]:
        return
    if found is None and not create:
        raise InputError(f"{place.name}: there is no store yet")
    with engine.execution_options(writing=True).begin() as connection:
        _migrate(connection, place)


def upgrade(connection: Connection, revision: str = "head") -> None:
    """Run alembic's migrations up to `revision` inside the connection's transaction."""
    from alembic.command import upgrade as run
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", "midback.history.store:migrations")
    config.attributes["connection"] = connection
    run(config, revision)


def _migrate(connection: Connection, place: Place) -> None:
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _LOCK})
    if _revision(connection, place) != REVISIONS[-1]:  # nobody else was quicker
        upgrade(connection)


def _revision(connection: Connection, place: Place) -> str | None:
    """The schema found; None for an empty database. InputError where it is not for us."""
    tables = set(inspect(connection).get_table_names())
    if not tables:
        return None
    if VERSION_TABLE not in tables:
        raise InputError(
            f"{place.name}: is the database of another program: name an empty or a new one"
        )
    told = text(f"SELECT version_num FROM {VERSION_TABLE}")
    found = connection.execute(told).scalar_one_or_none()
    if found not in REVISIONS:
        raise InputError(
            f"{place.name}: was written by a newer midback (schema {found}): update midback"
        )
    return str(found)


def _check_file(file: Path, *, create: bool) -> None:
    """Make a missing file, readable by its owner only: pain is nobody else's business."""
    if file.is_dir():
        raise InputError(f"{file}: is a folder: name a file")
    if file.exists():
        return
    if not create:
        raise InputError(
            f"{file}: there is no store yet: `midback score ... --person NAME` makes one"
        )
    try:
        file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        os.close(os.open(file, os.O_CREAT | os.O_RDWR, 0o600))
    except OSError as error:
        raise InputError(f"{file}: cannot be made: {error.strerror or error}") from None
