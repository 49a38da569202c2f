"""Which exercises come when, and with how much they begin.

Five phases; an exercise begins in one of them and stays available in later ones. All start doses
and goals are a design choice that waits for a clinician's signature.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

from midback.history.plan.decide import current_dose
from midback.history.records import Decision, Dose

Kind = Literal["mobility", "strength"]


@dataclass(frozen=True, slots=True)
class Item:
    """One exercise, the dose it begins with and the reps or seconds that end its phase."""

    exercise: str
    kind: Kind
    start: Dose
    goal: float

    def at_goal(self, dose: Dose) -> bool:
        """Whether the dose is no easier a variant than the start's, and has reached the goal."""
        had = dose.reps if dose.reps is not None else dose.hold_s
        return dose.variant in ("", self.start.variant) and (had or 0) >= self.goal


@dataclass(frozen=True, slots=True)
class Phase:
    """title and aim: for people. items: what begins in it."""

    key: str
    title: str
    aim: str
    items: tuple[Item, ...]


def _mobility(name: str, dose: Dose) -> Item:
    return Item(name, "mobility", dose, 8)


def _strength(name: str, dose: Dose, goal: float = 8) -> Item:
    return Item(name, "strength", dose, goal)


PHASES: tuple[Phase, ...] = (
    Phase("breath", "Breath and gentle range", "Breathe into the ribs, find easy movement.", (
        _mobility("cat_cow", Dose(reps=6)),
        _mobility("seated_rotation", Dose(reps=6)),
        _mobility("seated_thoracic_extension", Dose(reps=6)),
    )),
    Phase("control", "Control", "Move arms and legs while the back stays quiet.", (
        _strength("bird_dog", Dose(reps=6, lowering_s=2)),
        _strength("segmental_bridge", Dose(reps=6, lowering_s=2)),
        _mobility("quadruped_rotation", Dose(reps=6)),
        _mobility("wall_slide", Dose(reps=6)),
    )),
    Phase("light_load", "Light load", "Hold and lift against the body's own weight.", (
        _strength("prone_extension", Dose(reps=6, lowering_s=2)),
        _strength("side_plank", Dose(hold_s=20), goal=30),
        _strength("side_lying_leg_lift", Dose(reps=6, lowering_s=2)),
        _mobility("kneeling_thoracic_extension", Dose(reps=6)),
    )),
    Phase("complex", "Complex", "Whole movements of everyday life, and a little load.", (
        _strength("squat", Dose(reps=6, lowering_s=2)),
        _strength("standing_row", Dose(reps=6, load_kg=0.5)),
        _strength("push_up", Dose(reps=5, lowering_s=2, variant="Hands on a table or a bench")),
    )),
    Phase("maintenance", "Maintenance", "Keep what you have, twice to three times a week.", ()),
)  # fmt: skip

WARM_UP = (
    "Lie on your back, knees bent: eight slow breaths into the sides of the ribs.",
    "Walk on the spot for a minute.",
    "Each first movement half as far.",
)
COOL_DOWN = (
    "Five slow breaths lying down.",
    "Round and open the back twice, small and easy.",
    "Enter pain at worst and now; tomorrow morning once more.",
)


def doses(decisions: Sequence[Decision], today: date) -> dict[str, Dose]:
    """What is asked now of every exercise, by name."""
    items = [item for phase in PHASES for item in phase.items]
    return {i.exercise: current_dose(i.exercise, decisions, i.start, today) for i in items}


def phase_at(decisions: Sequence[Decision], today: date) -> int:
    """Index into PHASES: the first of which fewer than two exercises stand at their goal.

    A step back may lead back to an earlier phase. Nothing is stored for it: it follows from the
    doses, and they grow only by the rules.
    """
    now = doses(decisions, today)
    for index, phase in enumerate(PHASES[:-1]):
        if sum(item.at_goal(now[item.exercise]) for item in phase.items) < 2:
            return index
    return len(PHASES) - 1


def items_for(index: int, kind: Kind) -> tuple[Item, ...]:
    """The newest three exercises of that kind up to that phase, the newest phase's first."""
    found = [
        item for phase in reversed(PHASES[: index + 1]) for item in phase.items if item.kind == kind
    ]
    return tuple(found[:3])
