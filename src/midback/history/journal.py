"""What a pain journal says: the light of a day, its night, and change that is more than noise."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Literal

from midback.errors import InputError
from midback.history.records import JournalEntry
from midback.history.red_flags import RED_FLAGS

Light = Literal["green", "amber", "red", "open"]

EARLIEST = date(2000, 1, 1)
RECALL_DAYS = 2
"""A morning longer ago than this is not remembered as a number."""

SESSIONS = 3
"""Entries on each side of a comparison (science G)."""

NOISE = 1.8 / math.sqrt(SESSIONS)
"""MDC95 of a pain rating is 1.8 of 10 [F32], so of a mean of three it is 1.04."""

_NEARLY = 1e-9
_BY_HAND = re.compile(r"\b(reach|side bend left|side bend right) (\d+(?:\.\d+)?) ?cm\b")
_PAINS = ("before", "worst", "after", "next_morning")


def check(entry: JournalEntry, today: date) -> JournalEntry:
    """Return the entry unchanged; InputError names the first thing in it that cannot be."""
    if not EARLIEST <= entry.day <= today:
        raise InputError(f"journal: {entry.day} must lie between {EARLIEST} and today, {today}")
    if entry.day == today and entry.next_morning is not None:
        raise InputError(f"journal {entry.day}: the next morning has not been yet; enter it then")
    for name in (*_PAINS, "stress"):
        _within(entry, name, getattr(entry, name), 10)
    _within(entry, "sleep_h", entry.sleep_h, 24)
    for name, centimetres in by_hand_cm(entry).items():
        _within(entry, name, centimetres, 200)
    for flag in entry.red_flags:
        if flag not in RED_FLAGS:
            raise InputError(
                f"journal {entry.day}: unknown red flag '{flag}'; there are {', '.join(RED_FLAGS)}"
            )
    return entry


def day_from(text: str, today: date) -> date:
    """`2026-03-05`, `today` or `yesterday` as a day; InputError where there is no such day."""
    named = {"today": today, "yesterday": today - timedelta(days=1)}
    if text in named:
        return named[text]
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise InputError(f"'{text}' is no day; write it as YYYY-MM-DD") from None


def by_hand_cm(entry: JournalEntry) -> dict[str, float]:
    """What the note says was measured with a tape: `reach 31.5 cm`, `side bend left 18 cm`."""
    return {name: float(value) for name, value in _BY_HAND.findall(entry.note.lower())}


def said_pains(entry: JournalEntry) -> list[str]:
    """What was entered, in words: `before 2`, `next morning 3`."""
    named = {name.replace("_", " "): getattr(entry, name) for name in _PAINS}
    return [f"{word} {value:g}" for word, value in named.items() if value is not None]


def response(entry: JournalEntry) -> float | None:
    """24-hour response: the next morning's pain minus that before the exercise, None if unknown."""
    if entry.next_morning is None or entry.before is None:
        return None
    return entry.next_morning - entry.before


def light(entry: JournalEntry) -> Light:
    """Traffic light of a day (science G, after the tendon model [F34], stricter by design).

    Red: more than 5 at any time, a morning at +2 or more, sharp or radiating pain, or a red flag.
    Amber: more than 3, or a morning at +1 or more. Green: neither, and worst and 24-hour response
    are known. Open: nothing bad so far, but one of these two is missing.
    Where two definitions meet the more careful one holds: a morning at exactly +2 is red, at
    exactly +1 amber, and 3.5 is amber.
    """
    strongest = max((p for p in _pains(entry) if p is not None), default=0.0)
    rise = response(entry)
    worse = -math.inf if rise is None else rise + _NEARLY
    if entry.sharp or entry.radiating or entry.red_flags or strongest > 5 or worse >= 2:
        return "red"
    if strongest > 3 or worse >= 1:
        return "amber"
    return "open" if entry.worst is None or rise is None else "green"


def known_by(journal: Sequence[JournalEntry], today: date) -> tuple[JournalEntry, ...]:
    """What could be known on `today`, oldest first: nothing later, and not tomorrow's morning."""
    known = [entry for entry in journal if entry.day <= today]
    at = [replace(e, next_morning=None) if e.day == today else e for e in known]
    return tuple(sorted(at, key=lambda entry: entry.day))


def missing_mornings(journal: Sequence[JournalEntry], today: date) -> tuple[date, ...]:
    """Days of exercise whose next morning is still to be entered and can be remembered."""
    return tuple(
        entry.day
        for entry in known_by(journal, today)
        if entry.worst is not None
        and entry.next_morning is None
        and 1 <= (today - entry.day).days <= RECALL_DAYS
    )


@dataclass(frozen=True, slots=True)
class Change:
    """Worst pain 0 to 10, mean of three days against mean of three later ones."""

    before: float
    now: float

    @property
    def drop(self) -> float:
        """How much less it is now."""
        return self.before - self.now

    @property
    def word(self) -> Literal["falling", "steady", "rising"]:
        """Steady as long as the change is within what two such means differ by chance."""
        if abs(self.drop) <= NOISE:
            return "steady"
        return "falling" if self.drop > 0 else "rising"

    @property
    def matters(self) -> bool:
        """Pain milestone: 2 points or 30 % less [F31], and more than the noise of the means."""
        enough = self.drop >= 2 - _NEARLY or self.drop >= 0.3 * self.before - _NEARLY
        return enough and self.drop > NOISE


def since_start(journal: Sequence[JournalEntry], today: date) -> Change | None:
    """The first three days with a worst pain against the last three; None with fewer than six."""
    worst = _worst(journal, today)
    if len(worst) < 2 * SESSIONS:
        return None
    return Change(_mean(worst[:SESSIONS]), _mean(worst[-SESSIONS:]))


def lately(journal: Sequence[JournalEntry], today: date) -> Change | None:
    """The last three days with a worst pain against the three before them; None with fewer."""
    worst = _worst(journal, today)
    if len(worst) < 2 * SESSIONS:
        return None
    return Change(_mean(worst[-2 * SESSIONS : -SESSIONS]), _mean(worst[-SESSIONS:]))


def _pains(entry: JournalEntry) -> tuple[float | None, ...]:
    return entry.before, entry.worst, entry.after, entry.next_morning


def _worst(journal: Sequence[JournalEntry], today: date) -> list[float]:
    return [entry.worst for entry in known_by(journal, today) if entry.worst is not None]


def _mean(values: Sequence[float]) -> float:
    return sum(values) / len(values)


def _within(entry: JournalEntry, name: str, value: float | None, top: float) -> None:
    if value is not None and not 0 <= value <= top:
        raise InputError(f"journal {entry.day}: {name} must be 0 to {top:g}, is {value:g}")
