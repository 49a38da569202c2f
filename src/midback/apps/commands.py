"""The typer app: what each command takes, and which module does its work. For one set."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from midback.apps.options import Caution, Model, Person, Sets, Side
from midback.apps.score_command import score
from midback.apps.weeks_commands import Where, journal, override, plan, progress, store
from midback.errors import InputError

if TYPE_CHECKING:
    from midback.apps.live.saving import Keep

app = typer.Typer(no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False)
exercises = typer.Typer(no_args_is_help=True, help="The exercises midback knows.")
model = typer.Typer(no_args_is_help=True, help="The pose model's weights.")
app.add_typer(exercises, name="exercises")
app.add_typer(model, name="model")
app.add_typer(store, name="store")
app.add_typer(journal, name="journal")


@app.command()
def demo(
    out: Annotated[Path, typer.Option(help="Folder for the report.")] = Path("midback-demo"),
    model: Model = None,
) -> None:
    """Score a sample clip and write its report into ./midback-demo."""
    from midback.apps.demo import run_demo

    run_demo(out, model)


app.command()(score)


@app.command()
def export(
    source: Annotated[
        str,
        typer.Argument(help="Video, folder of pictures, saved poses (.npz), or markers."),
    ],
    outputs: Annotated[
        list[Path],
        typer.Argument(
            help="Files to write: .trc landmarks, .mot angles, .c3d both, .csv all angles in "
            "columns, .long.csv in rows, .mp4 video with what was measured drawn on it."
        ),
    ],
    exercise: Annotated[
        str,
        typer.Option("--exercise", "-e", help="Name, the path of your own .toml file, or auto."),
    ],
    mapping: Annotated[
        str | None, typer.Option(help="Which marker is which, see `midback score`.")
    ] = None,
    side: Side = None,
    caution: Caution = "normal",
    model: Model = None,
) -> None:
    """Write for other tools: OpenSim (.trc .mot), .c3d, CSV, annotated video."""
    from midback.apps.export.run import Wanted, run_export

    run_export(Wanted(source, exercise, outputs, mapping, side, caution, model))


@app.command()
def live(
    exercise: Annotated[str, typer.Argument(help="Name, or the path of your own .toml file.")],
    source: Annotated[
        str,
        typer.Option(help="camera, camera:1 or camera:NAME, or a video, played as it was."),
    ] = "camera",
    side: Side = None,
    caution: Caution = "normal",
    out: Sets = Path("midback-live"),
    resume: Annotated[
        bool, typer.Option("--resume", help="Go on with the last set that was cut off.")
    ] = False,
    person: Person = None,
    where: Where = None,
    model: Model = None,
) -> None:
    """Coach a set as it happens, before the camera, in a window."""
    from midback.apps.live.window import Wanted, run_live

    keep = _keeping(person, where)
    run_live(exercise, Wanted(source, side, caution, out, resume, model, keep))


@app.command()
def serve(
    port: Annotated[int, typer.Option(min=0, max=65535, help="Port to listen on.")] = 8765,
    host: Annotated[
        str, typer.Option(help="Address to listen on; beyond this machine a token is asked for.")
    ] = "127.0.0.1",
    token: Annotated[
        str | None, typer.Option(help="Ask every browser for this token, in the address.")
    ] = None,
    caution: Caution = "normal",
    out: Sets = Path("midback-live"),
    person: Person = None,
    where: Where = None,
    model: Model = None,
) -> None:
    """Coach a set as it happens, in any browser on this machine."""
    from midback.apps.live.web.server import run_serve

    keep = None if person is None else _keeping(person, where)
    run_serve(port, host, token, caution, out, model, where, keep)


def _keeping(person: str | None, where: str | None) -> Keep | None:
    """Stores each saved set for the person, and what they say of their pain."""
    if person is None:
        if where is not None:
            raise InputError("a set is stored for somebody: add --person NAME")
        return None
    from midback.apps.keeping import Keeping

    keeping = Keeping(person, store=where)
    keeping.check()
    return keeping.keep_live


@app.command()
def where(
    exercise: Annotated[str, typer.Argument(help="Name, or the path of your own .toml file.")],
    picture: Annotated[
        Path | None,
        typer.Option(help="Write the picture here (.png) instead of ./where-EXERCISE.png."),
    ] = None,
) -> None:
    """Say where to put the camera, and which error to expect there."""
    from midback.apps.where import show_where

    show_where(exercise, picture)


@exercises.command("list")
def exercises_list() -> None:
    """List the exercises that ship with midback."""
    from midback.apps.exercises import list_exercises

    list_exercises()


@exercises.command("show")
def exercises_show(
    name: Annotated[str, typer.Argument(help="Name, or the path of your own .toml file.")],
) -> None:
    """Show what an exercise watches, its limits and its cues."""
    from midback.apps.exercises import show_exercise

    show_exercise(name)


@exercises.command("check")
def exercises_check(
    files: Annotated[list[Path], typer.Argument(help="Exercise files (.toml).")],
) -> None:
    """Check your own exercise files: file, line and field of every mistake."""
    from midback.apps.exercises import check_exercises

    raise typer.Exit(check_exercises(files))


@model.command("fetch")
def model_fetch() -> None:
    """Fetch the weights now, so that no command needs the network later."""
    from midback.apps.model import fetch_model

    fetch_model()


@model.command("show")
def model_show(model: Model = None) -> None:
    """Show which weights are in use, where they come from and under which licence."""
    from midback.apps.model import show_model

    show_model(model)


@app.command()
def doctor(model: Model = None) -> None:
    """Say in words what is wrong with this machine."""
    from midback.apps.doctor import run_doctor

    raise typer.Exit(run_doctor(model))


for command in (progress, plan, override):
    app.command()(command)
