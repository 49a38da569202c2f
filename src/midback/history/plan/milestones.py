"""When less pain may be called reached, and with which limit; of range see gains.milestone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from midback.history.journal import SESSIONS, since_start
from midback.history.records import JournalEntry


@dataclass(frozen=True, slots=True)
class Milestone:
    """reached: whether it may be told. says: one line for people."""

    reached: bool
    says: str


def less_pain(journal: Sequence[JournalEntry], today: date) -> Milestone | None:
    """Pain that is less by what people notice; None with fewer than six days of pain.

    Science G: 2 of 10 or 30 % less [F31], three days against the first three. Below a drop of
    1.04 it would be within the noise of such means [F32].
    """
    change = since_start(journal, today)
    if change is None:
        return None
    means = f"worst pain {change.before:.1f} in the first {SESSIONS} days, {change.now:.1f} now"
    word = "reached" if change.matters else "not yet"
    return Milestone(change.matters, f"Less pain: {word}; {means} (0 to 10)")
