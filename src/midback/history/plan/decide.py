"""One decision a day for one exercise: by the rules, or by a clinician with a name."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from midback.errors import InputError
from midback.exercises import Exercise
from midback.history.plan.dose import changed, check_dose, easier, harder, is_less
from midback.history.plan.evidence import CLEARED, Evidence, gather, named
from midback.history.plan.facts import reached_deg
from midback.history.plan.rules import deciding
from midback.history.records import Decision, Dose, JournalEntry, SetRecord, Step, Variable

CLINICIAN = "clinician"
EASIEST = "this is the easiest there is: leave it out for now, and ask who treats you"


def decide(
    today: date,
    exercise: Exercise,
    sets: Sequence[SetRecord],
    journal: Sequence[JournalEntry],
    decisions: Sequence[Decision],
    dose: Dose,
) -> Decision:
    """The plan's next step for one exercise, from all that is stored of a person.

    dose: what is asked now, see `current_dose`. Sets and decisions of other exercises may be
    among those given. The order of what is given does not matter. Raises InputError for a dose
    that nobody could do.
    """
    check_dose(dose, exercise)
    evidence = gather(today, exercise, sets, journal, decisions, dose)
    rule, because = deciding(evidence)
    change = _change(rule.step, evidence)
    if rule.step == "regress" and change is None:
        because = (*because, EASIEST)
    variable, after = change or (None, dose)
    return Decision(today, exercise.name, rule.step, variable, dose, after, rule.key, because)


def override(
    today: date, exercise: Exercise, before: Dose, after: Dose, by: str, why: str
) -> Decision:
    """A clinician's own dose, in at most one variable. Evidence for a step counts anew from it.

    Raises InputError without a name or a reason, for a dose that nobody could do and for a change
    of two variables at once. Later red flags and pain still speak.
    """
    check_dose(after, exercise)
    found = changed(before, after)
    if len(found) > 1:
        raise InputError(
            f"{exercise.name}: one variable at a time, not {' and '.join(found)}; "
            "enter the second on another day"
        )
    step: Step = "hold"
    if found:
        step = "regress" if is_less(before, after, exercise) else "progress"
    variable = found[0] if found else None
    name, reason = _signed(by, why)
    return Decision(today, exercise.name, step, variable, before, after, CLINICIAN, (reason,), name)


def clear(
    today: date,
    exercise: Exercise,
    dose: Dose,
    by: str,
    why: str,
    flags: Sequence[tuple[date, str]],
) -> Decision:
    """A clinician has looked at these red flags of days before today: the plan may go on.

    Raises InputError without a name or a reason.
    """
    name, reason = _signed(by, why)
    because = (reason, *(named(day, flag) for day, flag in flags))
    return Decision(today, exercise.name, "hold", None, dose, dose, CLEARED, because, name)


def current_dose(exercise: str, decisions: Sequence[Decision], start: Dose, today: date) -> Dose:
    """What the latest decision up to today left, in the order given within a day; else `start`."""
    mine = [d for d in decisions if d.exercise == exercise and d.day <= today]
    return max(enumerate(mine), key=lambda pair: (pair[1].day, pair[0]))[1].after if mine else start


def _change(step: Step, evidence: Evidence) -> tuple[Variable, Dose] | None:
    if step == "progress":
        return harder(evidence.dose, evidence.exercise, reached_deg(evidence.window))
    return easier(evidence.dose, evidence.exercise) if step == "regress" else None


def _signed(by: str, why: str) -> tuple[str, str]:
    """Name and reason on one line each, without control characters."""
    name, reason = (" ".join("".join(filter(_shown, text)).split()) for text in (by, why))
    if not name or len(name) > 100:
        raise InputError("an override needs the name of who answers for it, up to 100 letters")
    if not reason:
        raise InputError("an override needs its reason in a few words")
    return name, reason


def _shown(character: str) -> bool:
    return character.isprintable() or character.isspace()
