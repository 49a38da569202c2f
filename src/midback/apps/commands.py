"""The typer app: what each command takes, and which module does its work. For one set."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

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

Model = Annotated[
    Path | None, typer.Option("--model", help="Another pose landmarker .task file (lite, heavy).")
]

Person = Annotated[
    str | None, typer.Option(help="Store the set for this person, see `midback store`.")
]
Caution = Annotated[
    Literal["cautious", "normal", "stable"],
    typer.Option(
        help="When to end the set: cautious = better stop early, stable = only when sure."
    ),
]
Sets = Annotated[
    Path, typer.Option(help="Sets that you save go into folders of their own below this one.")
]
Side = Annotated[
    Literal["left", "right"] | None,
    typer.Option(help="Of an exercise that is done on one side: planked, lifted or turned to."),
]


@app.command()
def demo(
    out: Annotated[Path, typer.Option(help="Folder for the report.")] = Path("midback-demo"),
    model: Model = None,
) -> None:
    """Score a sample clip and write its report into ./midback-demo."""
    from midback.apps.demo import run_demo

    run_demo(out, model)


@app.command()
def score(
    source: Annotated[
        str,
        typer.Argument(
            help="Video, folder of recordings or of pictures, camera[:N], saved poses (.npz), or, "
            "with --mapping, markers: .trc, .c3d, .npy, .npz, a folder of OpenPose JSON."
        ),
    ],
    exercise: Annotated[
        str | None,
        typer.Option(
            "--exercise",
            "-e",
            help="Name, the path of your own .toml file, or auto. For a folder of recordings: of "
            "those whose name or folder tells none.",
        ),
    ] = None,
    json: Annotated[
        str | None, typer.Option(help="Write the result as JSON here; - is standard output.")
    ] = None,
    series: Annotated[
        Path | None, typer.Option(help="Write every angle of every frame here, as CSV.")
    ] = None,
    out: Annotated[
        Path | None, typer.Option(help="Write the HTML report into this folder.")
    ] = None,
    save_poses: Annotated[
        Path | None, typer.Option(help="Keep the poses here (.npz), to be scored again at once.")
    ] = None,
    seconds: Annotated[
        float | None, typer.Option(min=0.1, help="Stop reading after so many seconds.")
    ] = None,
    mapping: Annotated[
        str | None,
        typer.Option(
            help="Which marker is which: kinect_v2, openpose_body_25, plug_in_gait or a .toml file."
        ),
    ] = None,
    side: Side = None,
    caution: Caution = "normal",
    earlier: Annotated[
        list[Path] | None,
        typer.Option(
            help="Result (--json) of an earlier set of the same person, oldest first; may be "
            "given several times. The stop call is surer with it. With --person it is known."
        ),
    ] = None,
    person: Person = None,
    performed: Annotated[
        str | None,
        typer.Option(help="When the set was done: '2026-11-20 18:30'. Else the file's date."),
    ] = None,
    planned: Annotated[
        float | None, typer.Option(help="Repetitions, or seconds of a hold, that were planned.")
    ] = None,
    variant: Annotated[
        str | None, typer.Option(help="How it was made easier or harder, in your words.")
    ] = None,
    repeat: Annotated[
        bool | None,
        typer.Option(
            "--repeat",
            help="The camera was put up anew for the same again: tells your measurement error.",
        ),
    ] = None,
    listed: Annotated[
        Path | None,
        typer.Option("--list", help="Of a folder: a CSV with the columns file, exercise, side."),
    ] = None,
    resume: Annotated[
        bool, typer.Option("--resume", help="Of a folder: what is done already is not done again.")
    ] = False,
    cluster: Annotated[
        str | None,
        typer.Option(help="Of a folder: address of a Dask scheduler; its workers score."),
    ] = None,
    where: Where = None,
    workers: Annotated[
        int | None,
        typer.Option(
            min=1,
            help="Processes that read a folder's recordings, or a long one together; else one on "
            "each core. The results are the same.",
        ),
    ] = None,
    rate: Annotated[
        Literal["all", "auto"],
        typer.Option(help="Frames to look at: all, or no more than the movement needs."),
    ] = "all",
    model: Model = None,
) -> None:
    """Score a video, a folder of recordings, an image folder, a camera or saved poses."""
    from midback.apps.batch.choice import is_folder_of_recordings, refuse

    of_person: dict[str, object] = {"--performed": performed, "--planned": planned}
    of_person |= {"--variant": variant, "--repeat": repeat}
    if is_folder_of_recordings(source, mapping):
        alone: dict[str, object] = {"--json": json, "--series": series, "--save-poses": save_poses}
        alone |= {"--seconds": seconds, "--earlier": earlier, **of_person}
        refuse(source, alone, "one recording, and this is a folder of them")
        from midback.apps.batch.run import Wanted as Batch
        from midback.apps.batch.run import run_batch

        folder, results = Path(source), out or Path("midback-batch")
        if cluster is not None:
            refuse(source, {"--workers": workers}, "this machine; a cluster has its own")
        told = exercise or "auto", listed, side, caution, mapping, model
        batch = Batch(folder, results, *told, workers, resume, cluster, person, where)
        raise typer.Exit(run_batch(batch))
    several = {"--list": listed, "--resume": resume, "--cluster": cluster}
    refuse(source, several, "a folder of recordings, and this is none")
    if exercise is None:
        raise InputError("Missing option '--exercise' / '-e'; see: midback score --help")
    from midback.apps.score import Wanted, run_score

    wanted = Wanted(json, series, out, save_poses)
    keeping = None
    if person is not None:
        from midback.apps.keeping import Keeping

        keeping = Keeping(person, performed, planned, variant, repeat, where)
    elif any(given is not None for given in (*of_person.values(), where)):
        raise InputError("a set is stored for somebody: add --person NAME")
    run_score(
        source,
        exercise,
        wanted,
        model,
        seconds,
        mapping,
        caution,
        earlier or (),
        side,
        keeping,
        workers,
        rate,
    )


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
