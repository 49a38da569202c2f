"""What a page needs to let a person choose: the exercises, and where the camera goes."""

from __future__ import annotations

from functools import cache
from importlib import resources
from typing import Any

from midback.apps.live.figures import figure_of
from midback.apps.where import Place, advice, place_of
from midback.exercises import find, names

_GROUPS: dict[str, str] = {
    "all_fours": "On hands and knees",
    "prone": "Lying on the belly",
    "supine": "Lying on the back",
    "side_lying": "Lying on the side",
    "plank": "On straight arms",
    "kneeling": "Kneeling",
    "seated": "Sitting",
    "standing": "Standing",
}
_SIDES = {"side": "beside you", "front": "in front of you", "back": "behind you"}


@cache
def menu() -> list[dict[str, Any]]:
    """The shipped exercises in the order of their postures."""
    order = list(_GROUPS)
    exercises = sorted(map(find, names()), key=lambda e: (order.index(e.posture), e.title))
    rows = []
    for exercise in exercises:
        place, drawn = place_of(exercise)
        rows.append(
            {
                "name": exercise.name,
                "title": exercise.title,
                "group": _GROUPS[exercise.posture],
                "what": exercise.description,
                "short": _short(place),
                "where": advice(place),
                "camera": exercise.camera,
                "one_sided": exercise.primary.sides == "chosen",
                "figure": f"/ghost/{figure_of(exercise)}.svg",
                "picture": f"/where/{drawn}.png" if drawn else None,
            }
        )
    return rows


def _short(place: Place) -> str:
    lengthwise = place.posture == "side_lying"
    side = "in front of or behind you" if lengthwise else _SIDES[place.view]
    return f"Camera {place.distance_m:g} m {side}, {100 * place.height_m:.0f} cm high"


def where_picture(name: str) -> bytes | None:
    """The drawing of where the camera goes, by the name of a shipped exercise."""
    if name not in names():
        return None
    file = resources.files("midback.exercises").joinpath("where", f"{name}.png")
    return file.read_bytes() if file.is_file() else None
