"""Decisions, doses and days as lines of text."""

from __future__ import annotations

from collections.abc import Sequence

from midback.exercises import find, names
from midback.history.plan.rules import RULES, Rule
from midback.history.plan.week import Day, Task
from midback.history.records import Decision, Dose
from midback.history.red_flags import SEEK_CARE

_RULES: dict[str, Rule] = {rule.key: rule for rule in RULES}
_STEPS = {
    "progress": "one small step up",
    "hold": "stay",
    "regress": "one step back",
    "seek_care": "seek care now",
}
_KINDS = {
    "mobility": "gentle range",
    "strength": "strength",
    "test": "test set",
    "rest": "rest",
    "done": "done",
    "seek_care": "seek care now",
}


def dose_words(dose: Dose) -> str:
    """`8 repetitions, lowered in 3 s, 5 s pause (Hands behind the head)`."""
    said = [
        template.format(value)
        for value, template in (
            (dose.reps, "{} repetitions"),
            (dose.hold_s, "{:g} s pause" if dose.reps else "{:g} s hold"),
            (dose.lowering_s, "lowered in {:g} s"),
            (dose.target_deg, "to {:g}°"),
            (dose.load_kg, "{:g} kg"),
        )
        if value is not None
    ]
    return ", ".join(said) + (f" ({dose.variant})" if dose.variant else "")


def why_lines(decision: Decision) -> list[str]:
    """The step, each fact that made it, and the rule with its source."""
    if decision.step == "seek_care":
        return [SEEK_CARE, *(f"  - {fact}" for fact in decision.because)]
    before, after = dose_words(decision.before), dose_words(decision.after)
    dose = after if decision.before == decision.after else f"{before} -> {after}"
    rule = _RULES.get(decision.rule)
    said = f"by {decision.by}" if rule is None else f"{rule.says} [{rule.key}; {rule.source}]"
    return [
        f"{decision.day} {title(decision.exercise)}: {_STEPS[decision.step]}: {dose}",
        *(f"  - {fact}" for fact in decision.because),
        f"  Rule: {said}",
    ]


def explain(decision: Decision) -> str:
    """`why_lines` as one text."""
    return "\n".join(why_lines(decision))


def plan_lines(days: Sequence[Day]) -> list[str]:
    """A calendar: day, what kind of day, what to do, and why it is that kind of day."""
    lines: list[str] = []
    for day in days:
        lines.append(f"{day.day:%a} {day.day}  {_KINDS[day.kind]}: {day.why}")
        if day.not_before is not None:
            lines.append(f"    not before {day.not_before:%H:%M}")
        lines += [f"    {_task(task)}" for task in day.tasks]
    active = next((day for day in days if day.tasks), None)
    if active is not None:
        lines.append(f"Before each: {' '.join(active.warm_up)}")
        lines.append(f"After each: {' '.join(active.cool_down)}")
    return lines


def title(exercise: str) -> str:
    """`Bird dog`; the name itself of an exercise that does not ship with midback."""
    return find(exercise).title if exercise in names() else exercise


def _task(task: Task) -> str:
    if task.test:
        as_far = "as many" if task.dose.reps else "as long"
        now = dose_words(task.dose)
        return f"{title(task.exercise)}: test: {as_far} as form allows (so far {now})"
    return f"{title(task.exercise)}: {dose_words(task.dose)}"
