"""A person's plan of one day: the decisions that stand, and the phase they lead to."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from midback.exercises import find
from midback.history.plan.decide import current_dose, decide
from midback.history.plan.phases import PHASES
from midback.history.records import Decision, JournalEntry, SetRecord, Step

_CARE: dict[Step, int] = {"progress": 0, "hold": 0, "regress": 1, "seek_care": 2}


def review(
    today: date,
    sets: Sequence[SetRecord],
    journal: Sequence[JournalEntry],
    decisions: Sequence[Decision],
) -> tuple[Decision, ...]:
    """What stands today for every exercise that was ever done, in the order of the phases.

    One decision a day and exercise: that of the morning stands, unless what was entered since
    asks for more care. Those that are not among `decisions` are new, and to be stored.
    """
    known = list(decisions)
    done = {one.exercise for one in sets if one.performed.date() <= today}
    standing: list[Decision] = []
    for item in (item for phase in PHASES for item in phase.items if item.exercise in done):
        dose = current_dose(item.exercise, known, item.start, today)
        made = decide(today, find(item.exercise), sets, journal, known, dose)
        earlier = [d for d in known if (d.day, d.exercise) == (today, item.exercise)]
        if earlier and _CARE[made.step] <= _CARE[earlier[-1].step]:
            made = earlier[-1]
        else:
            known.append(made)
        standing.append(made)
    return tuple(standing)
