"""`midback where`: where the camera goes, what is measured from there, and how well."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from functools import partial
from importlib import resources
from pathlib import Path
from typing import Any, Literal

from rich.console import Console
from rich.table import Table

from midback.apps.outputs import check_writable, refusals
from midback.errors import InputError
from midback.exercises import Exercise, find
from midback.kinematics import ANGLES
from midback.words import number, unit_sign, wording

Status = Literal["measured", "stand-in", "not from there"]

PLACEHOLDER = "placeholder"
_FEWEST = 10  # repetitions; fewer say nothing about an error
ALSO_ASKED_FOR = ("thoracic_extension", "lumbar_arch", "thoracic_rotation")
"""Told even by an exercise that does not watch them, where its view cannot see them."""

_LIKE = {"kneeling": "seated", "supine": "prone", "side_lying": "prone"}
"""Postures nobody has drawn, and the drawn one that needs about the same room."""

_LENGTHWISE = "in front of you or behind you, so that it sees you from head to feet"
_STANDS = {
    "side": "to your left or right, exactly side-on",
    "front": "in front of you, and face it",
    "back": "behind you, your back square to it",
}
_NEEDED = {"side": "the side", "frontal": "the front or the back", "turned": "the front"}


@dataclass(frozen=True, slots=True)
class Place:
    """Where the camera stands for a body of average height; made by midback.phantom.placing.

    distance_m: from the middle of the body to the lens, along the floor. height_m: of the lens
    above the floor. level: what is as high as it, `the height of your hips`.
    """

    posture: str
    view: str
    distance_m: float
    height_m: float
    level: str


@dataclass(frozen=True, slots=True)
class Row:
    """Error of one angle on rendered bodies with known truth; made by the accuracy benchmark.

    half_width_95: 1.96 RMSE, in `unit`: most repetitions were nearer to the truth.
    """

    posture: str
    view: str
    angle: str
    unit: str
    rmse: float
    half_width_95: float
    repetitions: int
    bodies: int


def places() -> dict[str, Place]:
    """Where the camera stands, by name of a shipped exercise."""
    return {name: Place(**row) for name, row in _document("places.json")["places"].items()}


def rows() -> tuple[Row, ...] | None:
    """Every error the benchmark knows; None where it has not run yet."""
    document = _document("where.json")
    if document["made_by"] == PLACEHOLDER:
        return None
    return tuple(Row(**row) for row in document["rows"])


def place_of(exercise: Exercise) -> tuple[Place, str | None]:
    """Place of an exercise, and the name of the picture that shows it.

    An exercise that says its place itself has no picture. Another own one gets those of a shipped
    one in the same posture and view; where only the posture is known, there is no picture.
    """
    view, known, posture = exercise.views[0], places(), exercise.posture
    if exercise.place is not None and exercise.name not in known:
        said = exercise.place
        return Place(posture, view, said.distance_m, said.height_m, said.level), None
    if posture in _LIKE:
        near = next(place for place in known.values() if place.posture == _LIKE[posture])
        return replace(near, posture=posture, view=view), None
    alike = [name for name, place in known.items() if place.posture == posture]
    drawn = [name for name in alike if known[name].view == view]
    if not drawn:
        return replace(known[alike[0]], view=view), None
    name = exercise.name if exercise.name in drawn else drawn[0]
    return known[name], name


def status(exercise: Exercise, angle: str) -> Status:
    """Whether an angle is measured in the exercise's first view."""
    spec, side_on = ANGLES[angle], exercise.views[0] == "side"
    if spec.view != "any" and (spec.view == "side") != side_on:
        return "stand-in" if spec.proxy_elsewhere else "not from there"
    prone = exercise.posture == "prone" and spec.contour  # far arm and head join the outline
    return (
        "stand-in"
        if prone or spec.always_proxy or _under_lifted_limb(exercise, angle)
        else "measured"
    )


def error_of(exercise: Exercise, angle: str, known: tuple[Row, ...] | None) -> str:
    """`±5.4° (36 repetitions, 6 bodies)`, or why there is none."""
    if known is None:
        return "error not measured yet"
    wanted = (exercise.posture, exercise.views[0], angle)
    found = [row for row in known if (row.posture, row.view, row.angle) == wanted]
    if not found or _under_lifted_limb(exercise, angle):
        return "not measured on bodies with known truth"
    row, sign = found[0], unit_sign(found[0].unit)
    gap = "" if sign == "°" else " "
    if row.repetitions < _FEWEST:
        return f"too few repetitions with known truth ({row.repetitions})"
    error = f"±{number(row.half_width_95, 1)}{gap}{sign}"
    return f"{error} ({row.repetitions} repetitions, {row.bodies} bodies)"


def show_where(name: str, picture: Path | None) -> None:
    """Print where the camera goes for an exercise and write the picture of it.

    picture: where to; None for `where-NAME.png` in the current folder, which replaces no file
    that holds anything else. Raises InputError for an unknown exercise and a file that cannot be
    written, before anything is printed.
    """
    exercise = find(name)
    place, drawn = place_of(exercise)
    written = _write_picture(drawn, picture, exercise.name) if drawn else "none for this view"
    say = partial(Console().print, highlight=False, markup=False)
    say(exercise.title, style="bold")
    say()
    say(advice(place), style="bold")
    nearer = " Come nearer if you look smaller than in the picture." if drawn else ""
    say(f"Hold a phone sideways.{nearer}")
    say(f"Remember: {exercise.camera}")
    say()
    say(_table(exercise))
    say()
    for line in _notes(exercise):
        say(line)
    say(f"Picture: {written}", soft_wrap=True)


def advice(place: Place) -> str:
    """Where the camera goes, in one sentence."""
    height = 100 * place.height_m
    stands = _LENGTHWISE if place.posture == "side_lying" else _STANDS[place.view]
    return (
        f"Put the camera {place.distance_m:g} m {stands}, with its lens "
        f"{height:.0f} cm above the floor: {place.level}."
    )


def _watched(exercise: Exercise) -> list[str]:
    angles = (exercise.primary.angle, *(feature.angle for feature in exercise.features))
    return list(dict.fromkeys(angles))


def _table(exercise: Exercise) -> Table:
    table = Table(box=None, pad_edge=False)
    for column in ("From there", "", "unit", "error to expect (1.96 RMSE)"):
        table.add_column(column)
    known = rows()
    for angle in _watched(exercise):
        state = status(exercise, angle)
        if state != "not from there":
            unit = unit_sign(ANGLES[angle].unit)
            table.add_row(wording(angle).name, state, unit, error_of(exercise, angle, known))
    return table


def _notes(exercise: Exercise) -> list[str]:
    watched = _watched(exercise)
    notes = []
    if any(status(exercise, angle) == "stand-in" for angle in watched):
        notes.append(
            "A stand-in moves with the real thing but is not it: compare it only with your own."
        )
    for view, words in _NEEDED.items():
        unseen = [
            wording(angle).name
            for angle in dict.fromkeys((*watched, *ALSO_ASKED_FOR))
            if ANGLES[angle].view == view
            and status(exercise, angle) == "not from there"
            and ANGLES[angle].fits(exercise.posture)
        ]
        if unseen:
            notes.append(f"Not from there, but from {words}: {', '.join(unseen)}.")
    return notes


def _under_lifted_limb(exercise: Exercise, angle: str) -> bool:
    """A limb that lifts moves the edge of the back; nobody knows yet how far."""
    return ANGLES[angle].contour and exercise.primary.sides == "diagonal"


def _write_picture(drawn: str, wanted: Path | None, name: str) -> str:
    """Write the shipped picture and return where it is."""
    path = wanted or Path(f"where-{name}.png")
    if path.suffix.lower() != ".png":
        raise InputError(f"{path}: the picture is a PNG: name a file that ends in .png")
    check_writable(path)
    content = _folder().joinpath(f"{drawn}.png").read_bytes()
    with refusals(path):
        there = path.read_bytes() if path.exists() else None
        if there == content:
            return str(path)
        if there is not None and wanted is None:
            raise InputError(f"{path}: is another file already: name one with --picture FILE")
        partial = path.with_name(f".{path.name}.part")
        try:
            partial.write_bytes(content)
            partial.replace(path)
        finally:
            partial.unlink(missing_ok=True)
    return str(path) if there is None else f"{path} (replaced the file that was there)"


def _folder() -> Any:
    return resources.files("midback.exercises").joinpath("where")


def _document(name: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(_folder().joinpath(name).read_text(encoding="utf-8"))
    return found
