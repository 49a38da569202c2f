"""The whole store at once: into a backup, back from one, together with another, or one out of it.

A backup is always one SQLite file, whatever the store is, so that it opens anywhere.
"""

from __future__ import annotations

import os
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path

from sqlalchemy import Connection, Engine, delete, func, insert, select, text

from midback.errors import InputError
from midback.history.store.opening import open_engine
from midback.history.store.place import PATIENCE_S, Place, find_place
from midback.history.store.refusals import refusals
from midback.history.store.schema import METADATA, PERSON

CHUNK = 500  # rows that are copied at a time


@contextmanager
def new_file(path: Path) -> Iterator[Path]:
    """A file beside `path` that gets this name when it is whole, and goes when anything failed.

    Raises InputError where `path` exists, which is never overwritten, or the disk refuses.
    """
    if path.exists():
        raise InputError(f"{path}: exists already: name a new file")
    with ExitStack() as cleanup:
        try:
            handle, name = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
        except OSError as error:
            raise InputError(f"{path}: cannot be made: {error.strerror or error}") from None
        os.close(handle)
        partial = Path(name)
        cleanup.callback(partial.unlink, missing_ok=True)
        yield partial
        with partial.open("rb") as written:
            os.fsync(written.fileno())
        partial.replace(path)


def copy_file(source: Path, target: Path, name: str) -> None:
    """Copy a SQLite file that others may be writing, whole. InputError where it is damaged."""
    with refusals(name):
        with closing(_raw(source)) as read, closing(_raw(target)) as write:
            read.backup(write)
            (found,) = write.execute("PRAGMA integrity_check(1)").fetchone()
        if found != "ok":
            raise InputError(f"{name}: is damaged: {found}")


@contextmanager
def opened_copy(path: Path) -> Iterator[Engine]:
    """A store's file as it is now, in the schema of today; the file itself is left as it is."""
    if not path.is_file():
        raise InputError(f"{path}: no such file")
    with tempfile.TemporaryDirectory(prefix="midback-") as folder:
        copy = Path(folder) / "store.db"
        copy_file(path, copy, str(path))
        engine = open_engine(Place(find_place(copy).url, copy, str(path)), create=False)
        try:
            yield engine
        finally:
            engine.dispose()


def copy_rows(source: Connection, target: Connection) -> None:
    """Put every row of one store into another, which must be empty."""
    for table in METADATA.sorted_tables:
        rows = source.execute(select(table), execution_options={"yield_per": CHUNK})
        for part in rows.mappings().partitions():
            target.execute(insert(table), [dict(row) for row in part])
        if target.dialect.name == "postgresql" and "id" in table.c:  # where its counting goes on
            last = target.execute(select(func.max(table.c.id))).scalar_one()
            if last is not None:
                sequence = func.pg_get_serial_sequence(table.name, "id")
                target.execute(select(func.setval(sequence, last)))


def replace_rows(source: Connection, target: Connection) -> None:
    """Empty a store and put every row of another one in."""
    if target.dialect.name == "postgresql":
        target.execute(text("LOCK TABLE person IN EXCLUSIVE MODE"))
    target.execute(delete(PERSON))  # and all that belongs to them
    copy_rows(source, target)


def clean(engine: Engine, place: Place) -> None:
    """Overwrite what was erased: the file is written anew, the server's tables as well."""
    if place.file is not None:
        with refusals(place.name), closing(_raw(place.file)) as connection:
            connection.execute("VACUUM")
        return
    with refusals(place.name), engine.connect() as connection:
        alone = connection.execution_options(isolation_level="AUTOCOMMIT")
        for table in METADATA.sorted_tables:
            alone.execute(text(f"VACUUM FULL {table.name}"))


def _raw(file: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(file, timeout=PATIENCE_S, isolation_level=None)
    connection.execute("PRAGMA secure_delete=ON")
    connection.execute("PRAGMA temp_store=MEMORY")
    return connection
