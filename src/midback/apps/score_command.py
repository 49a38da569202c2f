"""`midback score`: what it takes, of one recording and of a folder of them."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

import typer

from midback.apps.options import Caution, Model, Person, Side
from midback.apps.weeks_commands import Where
from midback.errors import InputError


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
        told = exercise or "auto", listed, side, caution, rate, mapping, model
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
