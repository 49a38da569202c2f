"""`midback journal`: enter a day's pain, and read the days."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Protocol

from midback.history.journal import check
from midback.history.journal_lines import entry_line, journal_lines
from midback.history.records import JournalEntry
from midback.history.red_flags import RED_FLAGS, SEEK_CARE


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
    if earlier and entry.note and entry.note not in earlier[0]:
        entry = replace(entry, note=f"{earlier[0]}; {entry.note}")
    whole = store.add_journal(person, entry)
    if whole.red_flags:
        return [SEEK_CARE, *(f"  - yes to: {RED_FLAGS[flag]}" for flag in whole.red_flags)]
    return [entry_line(whole)]


def show_journal(store: Diary, person: str, today: date) -> list[str]:
    """All days, the trend, and what is still to be entered."""
    return journal_lines(store.journal(person), today)
