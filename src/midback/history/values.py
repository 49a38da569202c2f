"""The one value of a session: the mean of repetitions 2 to 4 of its first set, never a maximum.

The expected maximum grows with the number of repetitions and the first one is still a trial, so
a fixed, small number of the next ones stands for the day (science G).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from statistics import fmean, stdev
from typing import Literal

from midback.history.records import RepRecord, SetRecord

Side = Literal["left", "right"]

COUNTED = slice(1, 4)
"""Repetitions 2 to 4 of the side."""

LEAST = 2
"""Valid ones that it takes, for a mean and for how much they differ."""


@dataclass(frozen=True, slots=True)
class Quantity:
    """What is followed over the weeks. name: "rom_deg", the range of the primary angle, or the
    name of a watched feature. side: of exercises in which sides alternate, None elsewhere.
    """

    name: str = "rom_deg"
    side: Side | None = None


@dataclass(frozen=True, slots=True)
class SessionValue:
    """value: mean of `reps` valid repetitions, sd: their standard deviation, both in the unit of
    the quantity; None with a reason where it could not be measured. block: of the camera set-up.
    """

    day: date
    block: int
    value: float | None
    sd: float | None
    reps: int
    reason: str | None
    recording: str


def set_value(one: SetRecord, quantity: Quantity) -> SessionValue:
    """The value of one set."""
    found = [rep for rep in one.reps if quantity.side is None or rep.side == quantity.side]
    counted = found[COUNTED]
    numbers = [
        number
        for rep in counted
        if rep.complete and (number := _number(rep, quantity.name)) is not None
    ]
    known = len(numbers) >= LEAST
    return SessionValue(
        day=one.performed.date(),
        block=one.block,
        value=fmean(numbers) if known else None,
        sd=stdev(numbers) if known else None,
        reps=len(numbers),
        reason=None if known else _reason(len(found), len(numbers), quantity.side),
        recording=one.recording,
    )


def session_values(sets: Iterable[SetRecord], quantity: Quantity) -> list[SessionValue]:
    """One value a day, of its first set, by day; sets of one exercise and variant are expected.

    Sets put up anew on purpose (`repeat`) teach the person's error and are no sessions.
    """
    return [set_value(one, quantity) for one in first_sets(sets)]


def first_sets(sets: Iterable[SetRecord]) -> list[SetRecord]:
    """The first set of each day, by day: later ones carry the fatigue of the earlier."""
    days = by_day(one for one in sets if not one.repeat)
    return [of_day[0] for _, of_day in sorted(days.items())]


def by_day(sets: Iterable[SetRecord]) -> dict[date, list[SetRecord]]:
    """Sets of each day in their order."""
    days: dict[date, list[SetRecord]] = defaultdict(list)
    for one in sorted(sets, key=lambda one: (one.performed, one.order, one.recording)):
        days[one.performed.date()].append(one)
    return days


def weeks_since(days: Sequence[date], start: date) -> list[float]:
    """Weeks from `start` to each day."""
    return [(day - start).days / 7 for day in days]


def _number(rep: RepRecord, name: str) -> float | None:
    return rep.rom_deg if name == "rom_deg" else rep.values.get(name)


def _reason(found: int, valid: int, side: Side | None) -> str:
    of_side = f" of the {side} side" if side else ""
    if found < COUNTED.start + LEAST:
        return f"only {found} repetitions{of_side}: repetitions 2 to 4 are what counts"
    return f"only {valid} of repetitions 2 to 4{of_side} were complete and measurable"
