"""How a dose grows or shrinks: one variable, one small step (science G, micro-loading).

The caps are a design choice that waits for a clinician's signature; a clinician may go beyond
them by an override.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields, replace

from midback.errors import InputError
from midback.exercises import Exercise
from midback.history.records import Dose, Variable

MOST_REPS = 12
LONGEST_HOLD_S = 60.0
LONGEST_PAUSE_S = 10.0
SLOWEST_S = 4.0
MOST_LOAD_KG = 5.0
FEWEST_REPS = 5
"""Form is judged from the fifth repetition on (science E2); below it the variant gets easier."""
SHORTEST_HOLD_S = 15.0
"""A hold's own level takes its first twelve seconds (science E5)."""

_LIMITS = {"reps": (1, 100), "hold_s": (1, 600), "target_deg": (1, 180), "lowering_s": (0.5, 30),
           "load_kg": (0, 200)}  # fmt: skip

Step = tuple[Variable, Dose]


def check_dose(dose: Dose, exercise: Exercise) -> Dose:
    """Return the dose unchanged; InputError where nobody could do it."""
    for name, (low, high) in _LIMITS.items():
        value = getattr(dose, name)
        if value is not None and not low <= value <= high:
            raise InputError(f"{exercise.name}: {name} must be {low:g} to {high:g}, is {value:g}")
    needed = "hold_s" if exercise.kind == "hold" else "reps"
    if getattr(dose, needed) is None:
        raise InputError(f"{exercise.name}: how much? {needed} is missing")
    variants = (*exercise.easier, *exercise.harder)
    if dose.variant and dose.variant not in variants:
        raise InputError(
            f"{exercise.name}: unknown variant '{dose.variant}'; "
            f"see: midback exercises show {exercise.name}"
        )
    return dose


def amount(dose: Dose, exercise: Exercise) -> float:
    """Repetitions asked, or seconds of a hold."""
    return float((dose.hold_s if exercise.kind == "hold" else dose.reps) or 0)


def changed(before: Dose, after: Dose) -> tuple[Variable, ...]:
    """Names of the variables in which two doses differ."""
    names: tuple[Variable, ...] = (
        "reps", "hold_s", "target_deg", "lowering_s", "load_kg", "variant",
    )  # fmt: skip
    assert len(names) == len(fields(Dose))
    return tuple(name for name in names if getattr(before, name) != getattr(after, name))


def is_less(before: Dose, after: Dose, exercise: Exercise) -> bool:
    """Whether `after` asks less in some variable, and more in none."""
    pairs = [(getattr(after, n), getattr(before, n)) for n in changed(before, after)
             if n != "variant"]  # fmt: skip
    numbers_fall = all((b or 0) < (a or 0) for b, a in pairs)
    rungs = _rung(before.variant, exercise) - _rung(after.variant, exercise)
    return numbers_fall and rungs >= 0 and bool(pairs or rungs)


def harder(dose: Dose, exercise: Exercise, reached_deg: float | None = None) -> Step | None:
    """The next step up: the first of the ladder that applies; None at its top.

    Out of an easier variant first, with all else as it is; then repetitions, slower lowering, the
    pause, the target, the load. reached_deg: range that the fresh repetitions had; the target
    grows only where it was reached. A harder variant is never taken by itself: the next phase or
    a clinician brings it.
    """
    steps = (rung(dose, exercise, reached_deg) for rung in _LADDER)
    return next((step for step in steps if step is not None), None)


def easier(dose: Dose, exercise: Exercise) -> Step | None:
    """The step back: 20 % less or a little more, or an easier variant; None at the bottom.

    The variant gets easier where the lower volume would be too little to judge form by.
    """
    fewer = _fewer(dose, exercise)
    enough = SHORTEST_HOLD_S if exercise.kind == "hold" else FEWEST_REPS
    if fewer is not None and amount(fewer[1], exercise) >= enough:
        return fewer
    return _easier_variant(dose, exercise) or fewer


def _fewer(dose: Dose, exercise: Exercise) -> Step | None:
    if exercise.kind == "hold":
        seconds = float((dose.hold_s or 0) * 4 // 5)
        return ("hold_s", replace(dose, hold_s=seconds)) if seconds >= 5 else None
    reps = (dose.reps or 0) * 4 // 5
    return ("reps", replace(dose, reps=reps)) if reps >= 1 else None


def _rung(variant: str, exercise: Exercise) -> int:
    return -1 if variant in exercise.easier else int(variant in exercise.harder)


def _easier_variant(dose: Dose, exercise: Exercise) -> Step | None:
    if dose.variant in exercise.harder:
        return "variant", replace(dose, variant="")
    if not dose.variant and exercise.easier:
        return "variant", replace(dose, variant=exercise.easier[0])
    return None


def _variant(dose: Dose, exercise: Exercise, _: float | None) -> Step | None:
    if dose.variant in exercise.easier:
        return "variant", replace(dose, variant="")
    return None


def _reps(dose: Dose, exercise: Exercise, _: float | None) -> Step | None:
    """One more, from eight on two; up to twelve."""
    if dose.reps is None or dose.reps >= MOST_REPS:
        return None
    more = 1 if dose.reps < 8 else 2
    return "reps", replace(dose, reps=min(dose.reps + more, MOST_REPS))


def _lowering(dose: Dose, exercise: Exercise, _: float | None) -> Step | None:
    if dose.lowering_s is None or dose.lowering_s >= SLOWEST_S:
        return None
    return "lowering_s", replace(dose, lowering_s=min(dose.lowering_s + 1, SLOWEST_S))


def _hold(dose: Dose, exercise: Exercise, _: float | None) -> Step | None:
    longest = LONGEST_HOLD_S if exercise.kind == "hold" else LONGEST_PAUSE_S
    if dose.hold_s is None or dose.hold_s >= longest:
        return None
    return "hold_s", replace(dose, hold_s=min(dose.hold_s + 5, longest))


def _target(dose: Dose, exercise: Exercise, reached_deg: float | None) -> Step | None:
    """Three degrees, up to the typical range, once the present target is reached."""
    usual = exercise.primary.typical_rom if exercise.primary.unit == "deg" else 0.0
    if dose.target_deg is None or reached_deg is None or dose.target_deg >= usual:
        return None
    if reached_deg < dose.target_deg:
        return None
    return "target_deg", replace(dose, target_deg=min(dose.target_deg + 3, usual))


def _load(dose: Dose, exercise: Exercise, _: float | None) -> Step | None:
    if dose.load_kg is None or dose.load_kg >= MOST_LOAD_KG:
        return None
    return "load_kg", replace(dose, load_kg=min(dose.load_kg + 0.5, MOST_LOAD_KG))


_LADDER: tuple[Callable[[Dose, Exercise, float | None], Step | None], ...] = (
    _variant, _reps, _lowering, _hold, _target, _load,
)  # fmt: skip
