"""The commands of the weeks: what each takes, and which module does its work."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

import typer

from midback.errors import InputError

store = typer.Typer(no_args_is_help=True, help="What is kept of people.")
journal = typer.Typer(no_args_is_help=True, help="Pain, day by day.")

Where = Annotated[
    str | None,
    typer.Option(
        "--store",
        help="A file, or postgresql://USER@HOST/DATABASE; else MIDBACK_STORE, else the file "
        "in your user folder.",
    ),
]
Person = Annotated[str, typer.Option(help="Whose it is, as in score --person NAME.")]
Pain = Annotated[float | None, typer.Option(help="0 to 10.")]


def progress(
    person: Person,
    exercise: Annotated[str | None, typer.Option("--exercise", "-e", help="Only this one.")] = None,
    out: Annotated[
        Path | None, typer.Option(help="Write the page into this folder: one file, to print.")
    ] = None,
    today: Annotated[
        str | None, typer.Option(help="Look back from this day (YYYY-MM-DD) instead of today.")
    ] = None,
    where: Where = None,
) -> None:
    """Show what the weeks show: range, good form, pain, next step."""
    from midback.apps.progress.run import run_progress

    run_progress(person, exercise, out, where, today)


@journal.command("add")
def journal_add(
    person: Person,
    day: Annotated[str, typer.Option(help="today, yesterday or YYYY-MM-DD.")] = "today",
    before: Pain = None,
    worst: Pain = None,
    after: Pain = None,
    next_morning: Annotated[
        float | None, typer.Option(help="0 to 10, on the morning after that day.")
    ] = None,
    place: Annotated[str, typer.Option(help="Where it hurts.")] = "",
    sharp: Annotated[bool, typer.Option("--sharp")] = False,
    radiating: Annotated[bool, typer.Option("--radiating", help="Into an arm or a leg.")] = False,
    sleep: Annotated[float | None, typer.Option(help="Hours of the night before.")] = None,
    stress: Pain = None,
    load: Annotated[str, typer.Option(help="What else the day asked of you.")] = "",
    note: Annotated[str, typer.Option(help="Anything; 'reach 31 cm' is kept as such.")] = "",
    red_flag: Annotated[
        list[str] | None, typer.Option(help="A sign that needs care: midback journal red-flags.")
    ] = None,
    where: Where = None,
) -> None:
    """Enter a day, or more of it: what was entered before stays."""
    from midback.apps.journal import run_add

    said = {
        "before": before,
        "worst": worst,
        "after": after,
        "next_morning": next_morning,
        "where": place,
        "sharp": sharp,
        "radiating": radiating,
        "sleep_h": sleep,
        "stress": stress,
        "load": load,
        "note": note,
        "red_flags": tuple(red_flag or ()),
    }
    run_add(person, day, said, where)


@journal.command("show")
def journal_show(person: Person, where: Where = None) -> None:
    """Show the days, the trend, and what is still to be entered."""
    from midback.apps.journal import run_show

    run_show(person, where)


@journal.command("red-flags")
def journal_red_flags() -> None:
    """The questions whose yes means: seek care now."""
    from midback.apps.journal import run_red_flags

    run_red_flags()


def plan(
    person: Person,
    why: Annotated[
        bool, typer.Option("--why", help="Each decision with its facts and its rule.")
    ] = False,
    baseline: Annotated[
        bool, typer.Option("--baseline", help="What the first assessment still needs.")
    ] = False,
    where: Where = None,
) -> None:
    """Say what to do this week, and why."""
    from midback.apps.plan import run_plan

    run_plan(person, where, why=why, baseline=baseline)


def override(
    exercise: Annotated[str, typer.Argument(help="Name, see `midback exercises list`.")],
    person: Person,
    by: Annotated[str, typer.Option(help="The name of the clinician who answers for it.")],
    why: Annotated[str, typer.Option(help="The reason, in a few words.")],
    reps: Annotated[int | None, typer.Option(help="Repetitions.")] = None,
    hold: Annotated[float | None, typer.Option(help="Seconds of a hold or a pause.")] = None,
    target: Annotated[float | None, typer.Option(help="Range to aim at, degrees.")] = None,
    lowering: Annotated[float | None, typer.Option(help="Seconds of the way back.")] = None,
    load: Annotated[float | None, typer.Option(help="Kilograms.")] = None,
    variant: Annotated[str | None, typer.Option(help="In the exercise's own words.")] = None,
    clear_red_flags: Annotated[
        bool, typer.Option("--clear-red-flags", help="They were looked at: the plan may go on.")
    ] = False,
    where: Where = None,
) -> None:
    """A clinician's own dose, or word on red flags, with a name."""
    from midback.apps.override import run_clear, run_override

    asked = {
        "reps": reps,
        "hold_s": hold,
        "target_deg": target,
        "lowering_s": lowering,
        "load_kg": load,
        "variant": variant,
    }
    changes = {name: value for name, value in asked.items() if value is not None}
    if clear_red_flags and changes:
        raise InputError("clear the red flags first, then change the dose")
    if clear_red_flags:
        run_clear(person, exercise, by, why, where)
    else:
        run_override(person, exercise, by, why, changes, where)


@store.command("where")
def store_where(where: Where = None) -> None:
    """Say where the store is, who is in it and how many sets."""
    from midback.apps.store import show_place

    show_place(where)


@store.command("backup")
def store_backup(
    file: Annotated[Path, typer.Argument(help="A new file; a backup is itself a store.")],
    where: Where = None,
) -> None:
    """Write everything into one new file, while others may go on writing."""
    from midback.apps.store import backup

    backup(file, where)


@store.command("restore")
def store_restore(
    file: Annotated[Path, typer.Argument(help="A backup, or any store's file.")],
    replace: Annotated[
        bool, typer.Option("--replace", help="Even though the store holds people already.")
    ] = False,
    where: Where = None,
) -> None:
    """Put a backup in the place of all that is stored."""
    from midback.apps.store import restore

    restore(file, where, replace=replace)


@store.command("merge")
def store_merge(
    file: Annotated[Path, typer.Argument(help="The other store's file; it is only read.")],
    where: Where = None,
) -> None:
    """Add another store: the same recording stays one set."""
    from midback.apps.store import merge

    merge(file, where)


@store.command("erase")
def store_erase(
    person: Annotated[str, typer.Argument(help="Name, as `midback store where` tells it.")],
    yes: Annotated[bool, typer.Option("--yes", help="Really, and for good.")] = False,
    where: Where = None,
) -> None:
    """Remove a person and all that belongs to them, for good."""
    from midback.apps.store import erase

    erase(person, where, sure=yes)


@store.command("export")
def store_export(
    out: Annotated[Path, typer.Argument(help="A new file; for csv and parquet a new folder.")],
    form: Annotated[
        Literal["csv", "parquet", "json", "fhir"],
        typer.Option("--format", help="fhir is a Bundle of R4 Observations, in JSON."),
    ] = "csv",
    person: Annotated[str | None, typer.Option(help="Only this person.")] = None,
    where: Where = None,
) -> None:
    """Write everything for other programs."""
    from midback.apps.store import export

    export(out, form, person, where)
