"""Options that several commands take."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

import typer

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
