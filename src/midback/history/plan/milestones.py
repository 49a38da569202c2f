"""What may be called reached: never a personal best, always with its probability or its limit."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from midback.history.journal import SESSIONS, since_start
from midback.history.records import JournalEntry

SURE = 0.8
DEGREES = 5.0


@dataclass(frozen=True, slots=True)
class Milestone:
    """key: five_degrees or pain. reached: whether it may be told. says: one line for people."""

    key: str
    reached: bool
    says: str


def five_degrees(probabilities: Sequence[float], of: str) -> Milestone | None:
    """Five degrees more range, of the angle called `of`; None before there are two sessions.

    probabilities: after each session, oldest first, that the true gain is 5 degrees or more, see
    gains. Reached if it is .8 or more in the last two sessions running (science G).
    """
    if len(probabilities) < 2:
        return None
    told = " and ".join(f"{100 * value:.0f} %" for value in probabilities[-2:])
    reached = min(probabilities[-2:]) >= SURE
    word = "reached" if reached else "not yet"
    needed = f"after the last two sessions, {100 * SURE:.0f} % is asked"
    says = f"{DEGREES:g}° more {of}: {word}; probability {told} {needed}"
    return Milestone("five_degrees", reached, says)


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
    return Milestone("pain", change.matters, f"Less pain: {word}; {means} (0 to 10)")
