"""What may go into the store: names, days, journal entries. InputError says what may not."""

from __future__ import annotations

import math
import unicodedata
from datetime import date, datetime

from midback.errors import InputError
from midback.history.records import JournalEntry

MOST_NAME = 100
MOST_TEXT = 2000
YEARS = range(2000, 2200)
"""Outside lies a camera whose clock was never set, or a slip of the finger."""

_RANGES = {
    "before": (0, 10),
    "worst": (0, 10),
    "after": (0, 10),
    "next_morning": (0, 10),
    "stress": (0, 10),
    "sleep_h": (0, 24),
}


def clean_name(name: str) -> str:
    """The name as it is kept: composed characters, single spaces. Quotes are as good as letters."""
    kept = " ".join(unicodedata.normalize("NFC", name).split())
    if not kept:
        raise InputError("a person needs a name: --person NAME")
    if len(kept) > MOST_NAME:
        raise InputError(f"the name has {len(kept)} characters: at most {MOST_NAME} are kept")
    if not clean_text(kept):
        raise InputError("the name holds characters that are no text: write it anew")
    return kept


def clean_text(text: str) -> bool:
    """Whether text can be kept: no control characters but line breaks and tabs, no broken half."""
    return all(unicodedata.category(c) not in ("Cc", "Cs") or c in "\n\t" for c in text)


def check_text(what: str, text: str) -> None:
    """Raise InputError for a text that is too long or holds what is no text."""
    if len(text) > MOST_TEXT:
        raise InputError(f"{what}: has {len(text)} characters: at most {MOST_TEXT} are kept")
    if not clean_text(text):
        raise InputError(f"{what}: holds characters that are no text: write it anew")


def check_day(day: date) -> None:
    """Raise InputError for a year in which nobody trained with midback."""
    if day.year not in YEARS:
        raise InputError(f"{day.isoformat()[:10]}: a date from {YEARS[0]} to {YEARS[-1]} is needed")


def check_time(performed: datetime) -> None:
    """Raise InputError for an impossible day, and for a time that names a zone."""
    check_day(performed)
    if performed.tzinfo is not None:
        raise InputError(f"{performed}: give the local time, without a zone")


def check_planned(planned: float | None) -> None:
    """Raise InputError where the plan asked for nothing, less than nothing or no number."""
    if planned is not None and not 0 < planned <= 10_000:
        raise InputError(f"planned {planned:g}: repetitions or seconds from 1 to 10000 are needed")


def check_entry(entry: JournalEntry) -> None:
    """Raise InputError for pain beyond 0 to 10 and what else no day can hold."""
    check_day(entry.day)
    for name, (least, most) in _RANGES.items():
        value: float | None = getattr(entry, name)
        if value is not None and not (math.isfinite(value) and least <= value <= most):
            what = name.replace("_", " ")
            raise InputError(f"{what} {value:g}: from {least} to {most} is possible")
    for name in ("where", "load", "note"):
        check_text(name, getattr(entry, name))
    for flag in entry.red_flags:
        check_text("red flag", flag)
