"""The weeks in a terminal: headline, next step, one table per exercise, pain, calendar.

Nothing is told by colour alone: every coloured cell also has a word or a sign.
"""

from __future__ import annotations

from rich.console import Console, Group
from rich.panel import Panel
from rich.table import Table
from rich.text import Text

from midback import words
from midback.apps.progress import telling
from midback.history.journal_lines import entry_line
from midback.history.progress import ExerciseProgress, PainProgress, Progress

_STYLES = {
    "stop": "bold white on red",
    "caution": "bold black on yellow",
    "good": "bold green",
    "plain": "bold",
}
_SIGNS = {"stop": "■", "caution": "▲", "good": "✓", "plain": "·"}
_LIGHTS = {"green": "green", "amber": "yellow", "red": "bold white on red", "open": "dim"}
_LATEST_DAYS = 5


def show(name: str, told: Progress, console: Console) -> None:
    """Print everything; with a red flag only the way to care."""
    console.print(_headline(told))
    if told.care:
        return
    heading = " · ".join(filter(None, [telling.one_line(name), telling.period(told)]))
    console.print(Text(heading, style="dim"))
    for step in map(telling.step, told.steps):
        console.print(Text(f"Next  {step.what}", style="bold"))
        for fact in step.facts:
            console.print(Text(f"      - {telling.one_line(fact)}"))
    for exercise in told.exercises:
        console.print(_table(exercise))
    for reached, says in telling.milestones(told):
        console.print(Text(f"{'✓' if reached else '○'} {says}"))
    if told.pain is not None:
        _pain(told.pain, console)
    if told.calendar:
        console.print(_calendar(told))
        console.print(Text(f"Number of sets; {telling.CALENDAR_LEGEND}.", style="dim"))
    console.print(Text("Each interval holds the truth 95 times in 100. No medical device: a good "
                       "figure never overrides pain.", style="dim"))  # fmt: skip


def _headline(told: Progress) -> Panel:
    head = told.headline
    style = _STYLES[head.tone]
    lines = [Text(f"{_SIGNS[head.tone]}  {head.text}", style=style), Text(head.detail)]
    lines += [Text(f"- {telling.one_line(fact)}") for fact in told.care]
    return Panel(Group(*lines), border_style=style.replace("bold ", ""), padding=(0, 2))


def _table(exercise: ExerciseProgress) -> Table:
    name = telling.one_line(exercise.name)
    table = Table(title=f"{name}, {words.plural(exercise.days, 'day')}", title_justify="left")
    for column in ("", "so far, 95 % interval", "said", ""):
        table.add_column(column)
    for row in telling.rows(exercise):
        table.add_row(row.title, row.figure, row.said, Text(row.more, style="dim"))
    return table


def _pain(pain: PainProgress, console: Console) -> None:
    console.print(Text(telling.pain_sentence(pain), style="bold"))
    for day in pain.days[-_LATEST_DAYS:]:
        console.print(Text(f"  {entry_line(day.entry)}"))
    for line in telling.reminders(pain):
        console.print(Text(f"! {line}", style="yellow"))


def _calendar(told: Progress) -> Table:
    table = Table(
        title="Calendar",
        title_justify="left",
        box=None,
        pad_edge=False,
    )
    for column in ("week of", "Mo", "Tu", "We", "Th", "Fr", "Sa", "Su"):
        table.add_column(column)
    for week in telling.weeks(told.calendar, told.today):
        cells = [
            Text(telling.cell(visit) or "-", style=_LIGHTS.get(visit.light or "", "") if visit else
                 "dim")
            for _, visit in week
        ]  # fmt: skip
        table.add_row(f"{week[0][0]}", *cells)
    return table
