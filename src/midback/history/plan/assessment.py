"""The guided baseline: what to measure in which order, and what is still missing.

In the first three sessions every camera measurement is done twice, the second time with the
camera put up anew: how the two differ is the person's own measurement error (science G).
Side bend and functional reach are measured by hand and entered in the journal's note as
`reach 31.5 cm`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

from midback.history.journal import by_hand_cm
from midback.history.plan.evidence import LEAST_COVERAGE
from midback.history.records import JournalEntry, SetRecord

SESSIONS = 3


@dataclass(frozen=True, slots=True)
class Item:
    """One measurement. exercise, view, side: of the camera's; by_hand: its name in the
    journal's note, see journal.by_hand_cm; with neither it is pain. say: to the person.
    """

    key: str
    title: str
    say: str
    exercise: str | None = None
    view: Literal["side", "front"] | None = None
    side: Literal["left", "right"] | None = None
    by_hand: str | None = None


ITEMS: tuple[Item, ...] = (
    Item("extension", "Extension of the upper back",
         "Camera side-on. Sit upright and forward on the chair; lift the breastbone and bend the "
         "upper back backwards, five times, slowly.",
         "seated_thoracic_extension", "side"),
    Item("rotation_left", "Rotation to the left",
         "Face the camera, arms crossed. Turn to the left and come back, in turn with the right, "
         "five times each.",
         "seated_rotation", "front", "left"),
    Item("rotation_right", "Rotation to the right",
         "In the same set: turn to the right and come back, five times.",
         "seated_rotation", "front", "right"),
    Item("side_bend_left", "Side bend to the left",
         "Side bend: measured by hand. Back and heels against a wall, slide the left hand down "
         "the thigh; note how far the fingertip went: side bend left 18 cm.",
         by_hand="side bend left"),
    Item("side_bend_right", "Side bend to the right",
         "The same to the right: side bend right 18 cm.", by_hand="side bend right"),
    Item("reach", "Functional reach",
         "Reach: measured by hand. Stand beside a wall, arm level; reach forward with the heels "
         "down; note how far the fingertips went: reach 31 cm.", by_hand="reach"),
    Item("pain", "Pain", "Enter pain before, at worst and after, 0 to 10; tomorrow morning once "
         "more."),
)  # fmt: skip
"""In the order in which they are done."""


@dataclass(frozen=True, slots=True)
class Step:
    """One thing still to be done today. again: with the camera put up anew (`repeat`)."""

    item: Item
    again: bool = False


def missing(
    today: date, sets: Sequence[SetRecord], journal: Sequence[JournalEntry]
) -> tuple[Step, ...]:
    """What today's assessment still needs, in order; nothing once three sessions are complete.

    A session is a day with the camera's measurements, both set-ups. What was measured by hand
    once stays; pain is asked in every session.
    """
    known = [one for one in sets if one.performed.date() <= today]
    days = {one.performed.date() for one in known}
    if sum(_complete(known, day) for day in days - {today}) >= SESSIONS:
        return ()
    entries = [entry for entry in journal if entry.day <= today]
    steps: list[Step] = []
    for again in (False, True):
        steps += [
            Step(item, again)
            for item in ITEMS
            if item.exercise and not _measured(item, known, today, again)
        ]
    return (*steps, *(Step(i) for i in ITEMS if not i.exercise and not _entered(i, entries, today)))


def lines(steps: Sequence[Step]) -> list[str]:
    """One line for each thing to do, numbered; the set-up anew is announced once."""
    told: list[str] = []
    for number, step in enumerate(steps, 1):
        if step.again and not any(earlier.again for earlier in steps[: number - 1]):
            told.append("Walk away, take the camera down and put it up anew; then once more:")
        told.append(f"{number}. {step.item.title}: {step.item.say}")
    return told


def _complete(sets: Sequence[SetRecord], day: date) -> bool:
    camera = [item for item in ITEMS if item.exercise]
    return all(_measured(item, sets, day, again) for item in camera for again in (False, True))


def _measured(item: Item, sets: Sequence[SetRecord], day: date, again: bool) -> bool:
    """Whether a set of that day, in that set-up, shows it well enough to be kept."""
    return any(
        one.exercise == item.exercise
        and one.performed.date() == day
        and one.repeat == again
        and one.coverage >= LEAST_COVERAGE
        and one.can_judge
        and any(r.complete and (item.side is None or r.side == item.side) for r in one.reps)
        for one in sets
    )


def _entered(item: Item, journal: Sequence[JournalEntry], today: date) -> bool:
    if item.by_hand is not None:
        return any(item.by_hand in by_hand_cm(entry) for entry in journal)
    return any(entry.day == today and entry.worst is not None for entry in journal)
