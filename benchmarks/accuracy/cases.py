"""The rendered clips of the accuracy study: who does what before which camera."""

from __future__ import annotations

from dataclasses import replace

from midback.phantom.cases import Case

SIDE_ON, FRONT, BACK, OBLIQUE = 0.0, -90.0, 90.0, -45.0
"""Headings of the person: facing image-right, facing the camera, away from it, half turned."""

_ASKEW = (0.0, 8.0, -15.0, 15.0, -8.0, 4.0, -4.0)
_SAGITTAL = (
    Case("seated-extension", "", "seated", "thoracic_extension", 15.0),
    Case("seated-flexion", "", "seated", "thoracic_extension", -12.0, light=0.6),
    Case("seated-arch", "", "seated", "lumbar_arch", 10.0),
    Case("standing-extension", "", "standing", "thoracic_extension", 12.0, clutter=True),
    Case("standing-arch", "", "standing", "lumbar_arch", 10.0, arms="forward"),
    Case("all-fours-extension", "", "all_fours", "thoracic_extension", 14.0),
    Case("all-fours-arch", "", "all_fours", "lumbar_arch", 10.0, blur=True),
    Case("prone-extension", "", "prone", "thoracic_extension", 12.0, other=4.0),
    Case("seated-both", "", "seated", "thoracic_extension", 12.0, other=10.0, clutter=True),
    Case("seated-loose", "", "seated", "thoracic_extension", 15.0, loose=True),
)
_ROTATION = (
    Case("seated-rotation", "", "seated", "rotation", 38.0, alternate=True, heading=FRONT),
    Case("standing-rotation", "", "standing", "rotation", 38.0, alternate=True, heading=FRONT),
)
_FRONTAL = (
    Case("side-bend", "", "seated", "side_bend", 25.0, alternate=True, heading=FRONT),
    Case("shoulder-hike", "", "standing", "shoulder_hike", 4.0, arms="hanging", heading=FRONT),
    Case("knee-valgus", "", "standing", "knee_valgus", 12.0, arms="forward", heading=FRONT),
    Case("pelvic-drop", "", "all_fours", "pelvic_roll", 10.0, alternate=True, heading=BACK),
    Case("head", "", "seated", "head", 20.0, heading=SIDE_ON),
)
_WRONG = (
    Case("oblique-seated", "", "seated", "thoracic_extension", 15.0, heading=OBLIQUE),
    Case("front-seated", "", "seated", "thoracic_extension", 15.0, heading=FRONT),
    Case("oblique-all-fours", "", "all_fours", "thoracic_extension", 14.0, heading=40.0),
    Case("side-rotation", "", "seated", "rotation", 38.0, heading=SIDE_ON),
    Case("back-rotation", "", "seated", "rotation", 38.0, heading=BACK),
    Case("oblique-rotation", "", "seated", "rotation", 38.0, heading=FRONT + 35.0),
    Case("side-all-fours-rotation", "", "all_fours", "rotation", 35.0, heading=SIDE_ON),
)


def side_on(bodies: tuple[str, ...], seed: int) -> list[Case]:
    """Sagittal movements seen side-on, up to 15 degrees askew, facing right or left."""
    cases = []
    for person, body in enumerate(bodies):
        for number, plain in enumerate(_SAGITTAL):
            index = person + number
            heading = (180.0 if index % 2 else 0.0) + _ASKEW[index % len(_ASKEW)]
            cases.append(_dressed(plain, body, seed + 100 * person + number, heading))
    return cases


def varied(bodies: tuple[str, ...], seed: int) -> list[Case]:
    """Five of the sagittal movements for each of many bodies."""
    return [
        case
        for person, body in enumerate(bodies)
        for number, case in enumerate(side_on((body,), seed + 100 * person))
        if number in ((0, 2, 3, 5, 7) if person % 2 else (1, 2, 3, 6, 7))
    ]


def turned(bodies: tuple[str, ...], seed: int) -> list[Case]:
    """Rotations to both sides, seen from the front."""
    return _each(bodies, _ROTATION, seed)


def frontal(bodies: tuple[str, ...], seed: int) -> list[Case]:
    """The other angles, each from where it can be seen."""
    return _each(bodies, _FRONTAL, seed)


def wrong_views(bodies: tuple[str, ...], seed: int) -> list[Case]:
    """Movements from where they cannot be measured, one repetition each."""
    return [replace(case, reps=1) for case in _each(bodies, _WRONG, seed)]


def _each(bodies: tuple[str, ...], plain: tuple[Case, ...], seed: int) -> list[Case]:
    return [
        _dressed(case, body, seed + 100 * person + number, case.heading)
        for person, body in enumerate(bodies)
        for number, case in enumerate(plain)
    ]


def _dressed(case: Case, body: str, seed: int, heading: float) -> Case:
    name = f"{body}-{case.name}"
    return replace(
        case, name=name, body=body, seed=seed, heading=heading, reps=2, rep_s=2.2, neutral_s=1.8
    )
