"""`midback exercises`: list, show, check."""

from __future__ import annotations

import sys
from pathlib import Path

from rich.console import Console
from rich.table import Table

from midback.errors import InputError
from midback.exercises import Exercise, ExerciseError, find, load, names


def list_exercises() -> None:
    """Print one row per shipped exercise."""
    table = Table(box=None, pad_edge=False)
    for column in ("name", "exercise", "camera"):
        table.add_column(column, no_wrap=True)
    for name in names():
        exercise = find(name)
        table.add_row(f"[bold]{name}[/]", exercise.title, _stands(exercise))
    Console().print(table)


def _stands(exercise: Exercise) -> str:
    """Where the camera stands; who lies on one side is seen lengthwise from the front."""
    if exercise.posture == "side_lying":
        return "in front"
    return " or ".join(exercise.views)


def show_exercise(name: str) -> None:
    """Print one exercise: what to do, where the camera stands, and what is watched."""
    exercise = find(name)
    console = Console()
    console.print(f"[bold]{exercise.title}[/] ({exercise.name})", highlight=False)
    for label, text in (
        ("Do", exercise.description),
        ("Camera", exercise.camera),
        ("Held" if exercise.kind == "hold" else "Counted", _counted(exercise)),
        ("Easier", "; ".join(exercise.easier)),
        ("Harder", "; ".join(exercise.harder)),
        ("Source", exercise.source),
    ):
        if text:
            console.print(f"[dim]{label:8}[/] {text}", highlight=False)
    console.print(_features(exercise))


def check_exercises(files: list[Path]) -> int:
    """Print every mistake of every file on standard error; return the exit code."""
    mistakes: list[str] = []
    for file in files:
        try:
            exercise = load(file)
        except ExerciseError as error:
            mistakes += error.mistakes
        except InputError as error:
            mistakes.append(str(error))
        else:
            print(f"{file}: {exercise.title}, {len(exercise.features)} features, no mistakes")
    for mistake in mistakes:
        print(mistake, file=sys.stderr)
    return 2 if mistakes else 0


def _counted(exercise: Exercise) -> str:
    primary = exercise.primary
    if exercise.kind == "hold":
        return (
            f"from a change of {primary.min_rom:g} {primary.unit} in {_plain(primary.angle)}, "
            f"usually about {primary.typical_rom:g}; judged by the second"
        )
    return (
        f"{_plain(primary.angle)}, at least {primary.min_rom:g} {primary.unit}, usually about "
        f"{primary.typical_rom:g}; {exercise.timing.min_s:g} to {exercise.timing.max_s:g} s each"
    )


def _features(exercise: Exercise) -> Table:
    table = Table(box=None, pad_edge=False, title="Watched", title_justify="left")
    hold = exercise.kind == "hold"
    points = [] if hold else ["points"]
    for column in ("feature", "region", "against", "amber", "red", *points, "cue"):
        table.add_column(
            column, justify="right" if column in ("amber", "red", "points") else "left"
        )
    for feature in exercise.features:
        sign = "+" if feature.worse == "increase" else "-"
        first = "own first seconds" if hold else "own first reps"
        against = {"neutral": "own rest", "fresh": first, "absolute": "zero"}
        if feature.expected is not None:
            against["expected"] = f"{feature.expected:g} {feature.unit}".replace(" %", "")
        table.add_row(
            _plain(feature.name),
            feature.region,
            against[feature.reference],
            f"{sign}{feature.amber:g} {feature.unit}",
            f"{sign}{feature.red:g} {feature.unit}" if feature.red else "",
            *([] if hold else [f"{feature.weight:g}"]),
            feature.cue,
        )
    return table


def _plain(name: str) -> str:
    return name.replace("_", " ")
