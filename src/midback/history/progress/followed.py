"""What is followed over the weeks of an exercise: which range, in which unit, on which sides."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from midback import words
from midback.exercises import Exercise, find, names
from midback.history.records import SetRecord
from midback.history.values import Quantity, Side
from midback.kinematics import ANGLES

LARGEST_SE = max(spec.se for spec in ANGLES.values() if spec.unit == "deg")
"""Taken for an exercise that does not ship with midback: which angle it counts is not stored."""


@dataclass(frozen=True, slots=True)
class Followed:
    """A range of movement. angle: None where it is not known. quantity: name in the store, see
    Quantity. usual: standard error of one session in `unit`, before the person's own is known.
    """

    angle: str | None
    title: str
    quantity: str
    unit: str
    usual: float


@dataclass(frozen=True, slots=True)
class Strand:
    """The sets in which one side can be followed. side: None where there are no sides."""

    side: Side | None
    sets: tuple[SetRecord, ...]

    def of(self, followed: Followed) -> Quantity:
        """The quantity of this side."""
        return Quantity(followed.quantity, self.side)


def followed(exercise: str) -> Followed | None:
    """The range that an exercise is counted by; None of one that is held."""
    known = _known(exercise)
    if known is None:
        return Followed(None, "Range of the movement", "rom_deg", "deg", LARGEST_SE)
    if known.kind == "hold":
        return None
    primary = known.primary
    spec, title = ANGLES[primary.angle], words.wording(primary.angle).name
    if primary.unit == "deg":
        return Followed(primary.angle, title, "rom_deg", "deg", spec.se)
    reading = (f.name for f in known.features if (f.angle, f.statistic) == (primary.angle, "rom"))
    name = next(reading, None)
    return None if name is None else Followed(primary.angle, title, name, primary.unit, spec.se)


def strands(sets: Sequence[SetRecord]) -> tuple[Strand, ...]:
    """One per side where repetitions alternate; sets of one exercise and variant are expected."""
    return (
        tuple(Strand(side, tuple(sets)) for side in _sides(sets))
        if _mixed(sets)
        else one_sided(sets)
    )


def one_sided(sets: Sequence[SetRecord]) -> tuple[Strand, ...]:
    """One per side of sets that are done on one side; otherwise all of them together."""
    if _mixed(sets) or not _sides(sets)[0]:
        return (Strand(None, tuple(sets)),) if sets else ()
    return tuple(
        Strand(side, tuple(one for one in sets if any(rep.side == side for rep in one.reps)))
        for side in _sides(sets)
    )


def held(exercise: str) -> bool:
    """Whether seconds count, not repetitions."""
    known = _known(exercise)
    return known is not None and known.kind == "hold"


def _known(exercise: str) -> Exercise | None:
    return find(exercise) if exercise in names() else None


def _mixed(sets: Sequence[SetRecord]) -> bool:
    """Whether both sides occur within one set."""
    return any({"left", "right"} <= {rep.side for rep in one.reps} for one in sets)


def _sides(sets: Sequence[SetRecord]) -> tuple[Side | None, ...]:
    found = {rep.side for one in sets for rep in one.reps}
    sides: tuple[Side, ...] = ("left", "right")
    told = tuple(side for side in sides if side in found)
    return told or (None,)
