"""The pain journal as lines of text, the newest day last."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from midback.history.journal import (
    known_by,
    lately,
    light,
    missing_mornings,
    response,
    said_pains,
)
from midback.history.records import JournalEntry
from midback.history.red_flags import RED_FLAGS, SEEK_CARE

_SIGNS = {"green": "✓ green", "amber": "▲ amber", "red": "■ RED", "open": "· open"}


def journal_lines(journal: Sequence[JournalEntry], today: date) -> list[str]:
    """One line a day, then the trend and what is still to be entered.

    With a red flag today: only the way to care, no numbers.
    """
    entries = known_by(journal, today)
    flags = [flag for entry in entries if entry.day == today for flag in entry.red_flags]
    if flags:
        return [SEEK_CARE, *(f"  - yes to: {RED_FLAGS.get(flag, flag)}" for flag in flags)]
    lines = [entry_line(entry) for entry in entries] or ["The journal is empty."]
    trend = lately(entries, today)
    if trend is not None:
        means = f"{trend.before:.1f} -> {trend.now:.1f} of 10"
        lines.append(f"Worst pain, three days against the three before: {trend.word} ({means})")
    lines += [
        f"Still missing: pain on the morning after {day} (0 to 10)"
        for day in missing_mornings(entries, today)
    ]
    return lines


def entry_line(entry: JournalEntry) -> str:
    """`2026-03-05  ✓ green  before 2, worst 3, after 2, next morning 2 (+0)  blades`."""
    rise = response(entry)
    said = ", ".join(said_pains(entry)) + ("" if rise is None else f" ({rise:+g})")
    marks = [word for word in ("sharp", "radiating") if getattr(entry, word)]
    marks += ["red flag: seek care"] if entry.red_flags else []
    if entry.sleep_h is not None:
        marks.append(f"slept {entry.sleep_h:g} h")
    if entry.stress is not None:
        marks.append(f"stress {entry.stress:g}")
    marks += [plain(text) for text in (entry.where, entry.load, entry.note) if text.strip()]
    parts = [str(entry.day), _SIGNS[light(entry)], said, "; ".join(marks)]
    return "  ".join(part for part in parts if part)


def plain(text: str) -> str:
    """On one line, without characters that would steer a terminal."""
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())
