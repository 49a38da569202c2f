"""What a database that refuses means, in one sentence with a way out."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.exc import DBAPIError, SQLAlchemyError

from midback.errors import InputError

_SQLITE = {
    "SQLITE_READONLY": "may only be read: allow writing, or name another file with --store",
    "SQLITE_BUSY": "is in use by another program: end that one, or try again later",
    "SQLITE_LOCKED": "is in use by another program: end that one, or try again later",
    "SQLITE_NOTADB": "is no store of midback: name another file with --store",
    "SQLITE_CORRUPT": "is damaged: move it away, then `midback store restore` a backup",
    "SQLITE_FULL": "the disk is full: free some space",
    "SQLITE_CANTOPEN": "cannot be opened: look at its folder and who may read and write there",
    "SQLITE_PERM": "may not be opened: look at who may read and write it",
    "SQLITE_IOERR": "the disk fails: look at the drive and the rights of the folder",
}


@contextmanager
def refusals(place: str) -> Iterator[None]:
    """Turn what the database refuses into an InputError that names `place`."""
    try:
        yield
    except SQLAlchemyError as error:
        raise InputError(explain(place, error)) from None
    except sqlite3.Error as error:
        raise InputError(f"{place}: {_sqlite(error)}") from None


def explain(place: str, error: SQLAlchemyError) -> str:
    """One sentence that names the store and what to do."""
    cause = error.orig if isinstance(error, DBAPIError) else None
    if isinstance(cause, sqlite3.Error):
        return f"{place}: {_sqlite(cause)}"
    said = " ".join(str(cause or error).split())
    if cause is not None and getattr(cause, "sqlstate", None) is None:
        return f"{place}: the server cannot be reached: {said}"
    return f"{place}: the server refuses: {said}"


def _sqlite(error: sqlite3.Error) -> str:
    name = getattr(error, "sqlite_errorname", "")
    known = (text for code, text in _SQLITE.items() if name.startswith(code))
    return next(known, f"SQLite refuses: {error}")
