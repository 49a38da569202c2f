"""`midback journal`: enter a day's pain, and read the days."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any, Protocol

from midback.errors import InputError
from midback.history.journal import check, day_from
from midback.history.journal_lines import entry_line, journal_lines
from midback.history.records import JournalEntry
from midback.history.red_flags import RED_FLAGS, SEEK_CARE
from midback.history.store import open_store
from midback.history.store.checks import clean_name


class Diary(Protocol):
    """What is asked of the store."""

    def journal(self, person: str) -> tuple[JournalEntry, ...]:
        """Days, oldest first."""

    def add_journal(self, person: str, entry: JournalEntry) -> JournalEntry:
        """Keep a day's entry together with what it has; return the day's whole."""


def add_entry(store: Diary, person: str, entry: JournalEntry, today: date) -> list[str]:
    """Store what is said of a day, and say the day's light, or the way to care.

    A new note is put behind the day's earlier one. Raises InputError for what cannot be; then
    nothing is stored.
    """
    check(entry, today)
    earlier = [day.note for day in store.journal(person) if day.day == entry.day and day.note]
    if earlier and entry.note:
        known = entry.note in earlier[0].split("; ")
        entry = replace(entry, note=earlier[0] if known else f"{earlier[0]}; {entry.note}")
    whole = store.add_journal(person, entry)
    if whole.red_flags:
        return [SEEK_CARE, *(f"  - yes to: {RED_FLAGS[flag]}" for flag in whole.red_flags)]
    return [entry_line(whole)]


def run_add(person: str, day: str, said: dict[str, Any], where: str | None) -> None:
    """Print what was stored. said: fields of JournalEntry by name, as given."""
    today = date.today()
    entry = JournalEntry(day_from(day, today), **said)
    check(entry, today)
    if entry == JournalEntry(entry.day):
        raise InputError(f"journal {entry.day}: nothing is said; give --worst 3, for example")
    with open_store(where) as store:
        new = clean_name(person) not in store.people()
        print("\n".join(add_entry(store, person, entry, today)))
        if new:
            print(f"{clean_name(person)} is new in {store.place.name}")


def run_show(person: str, where: str | None) -> None:
    """Print the journal of a person who is in the store."""
    with open_store(where, create=False) as store:
        print("\n".join(show_journal(store, store.known(person), date.today())))


def run_red_flags() -> None:
    """Print the questions, each with the key that `journal add --red-flag` takes."""
    for key, question in RED_FLAGS.items():
        print(f"{key:16} {question}")
    print(f"Yes to any of them: {SEEK_CARE}")


def show_journal(store: Diary, person: str, today: date) -> list[str]:
    """All days, the trend, and what is still to be entered."""
    return journal_lines(store.journal(person), today)
