"""`midback store`: what is kept of people, saved, brought back, put together, taken out."""

from __future__ import annotations

from pathlib import Path

from midback.errors import InputError
from midback.history.store import open_store
from midback.history.store.export import Format
from midback.history.store.export import export as write_export


def show_place(where: str | None) -> None:
    """Print where the store is and how much is in it."""
    with open_store(where, create=False) as store:
        people = store.people()
        print(store.place.name)
        for name in people:
            sets = store.sets(name)
            last = f", the last on {sets[-1].performed:%Y-%m-%d}" if sets else ""
            days = len(store.journal(name))
            print(f"  {name}: {_count(len(sets), 'set')}{last}; {_count(days, 'day')} of journal")
        if not people:
            print("  nobody yet")


def backup(path: Path, where: str | None) -> None:
    """Write the whole store into the new file `path`."""
    with open_store(where, create=False) as store:
        store.backup(path)
        print(f"backup of {_count(len(store.people()), 'person', 'people')} in {path}")


def restore(path: Path, where: str | None, *, replace: bool) -> None:
    """Put a backup in the place of what is stored; what would be lost needs `replace`."""
    _check(path)
    with open_store(where) as store:
        people = len(store.people())
        if people and not replace:
            raise InputError(
                f"{store.place.name}: holds {_count(people, 'person', 'people')}, who would be "
                "replaced: add the backup with `midback store merge`, or say --replace"
            )
        store.restore(path)
        found = _count(len(store.people()), "person", "people")
        print(f"{store.place.name}: now holds the backup's {found}")


def merge(path: Path, where: str | None) -> None:
    """Add another store's file to the store."""
    _check(path)
    with open_store(where) as store:
        new = store.merge(path)
        print(f"{_count(new, 'new set')} from {path} in {store.place.name}")


def erase(person: str, where: str | None, *, sure: bool) -> None:
    """Remove a person for good; without `sure` only say what would go."""
    with open_store(where, create=False) as store:
        name = store.known(person)
        much = f"{_count(len(store.sets(name)), 'set')} and the journal of {name}"
        if not sure:
            raise InputError(f"{much} would be gone for good: say --yes")
        store.erase(name)
        print(
            f"{much} are gone from {store.place.name}; "
            "recordings, reports and backups that you keep elsewhere are not touched"
        )


def export(path: Path, form: Format, person: str | None, where: str | None) -> None:
    """Write what is stored, of one person or of all, to a new file or folder."""
    with open_store(where, create=False) as store:
        people = store.people() if person is None else (store.known(person),)
        if not people:
            raise InputError(f"{store.place.name}: holds nobody yet")
        write_export(store, people, form, path)
        print(f"wrote {path}")


def _check(path: Path) -> None:
    """Raise InputError for a file that is not there, before a store is made for it."""
    if not path.is_file():
        raise InputError(f"{path}: no such file")


def _count(number: int, one: str, many: str | None = None) -> str:
    return f"{number} {one if number == 1 else many or f'{one}s'}"
