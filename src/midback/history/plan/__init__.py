"""The next small step, or a step back, with its reasons. No clock: the day is an argument."""

from midback.history.plan.decide import clear, current_dose, decide, override
from midback.history.plan.week import Day, Task, week
from midback.history.plan.words import explain, plan_lines, why_lines

__all__ = [
    "Day",
    "Task",
    "clear",
    "current_dose",
    "decide",
    "explain",
    "override",
    "plan_lines",
    "week",
    "why_lines",
]
