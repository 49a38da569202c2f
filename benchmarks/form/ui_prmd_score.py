"""Correct against deliberately incorrect repetitions by the untrained score (UI-PRMD).

Ten repetitions of each kind from each person, each cut into a recording of its own, optical
markers. Seen by the virtual camera from the front, with the depth that the markers have. Every
repetition gets the score of the exercise file m01, m05 or m10 beside this module; nothing is
fitted, and no person is compared with another's baseline.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from ui_prmd import MOVEMENTS, recordings

from form.intervals import auroc, by_people
from form.single import rows, score
from midback.exercises import Exercise, load
from midback.landmarks import find_mapping
from midback.landmarks.camera import look, poses
from midback.landmarks.joints import body
from midback.landmarks.markers import Markers

HERE = Path(__file__).parent
_THIN = 3  # of 100 rows a second
_HALF = 3
"""The first half of the people, by number: figures of the others were looked at last."""


@dataclass(frozen=True, slots=True)
class Scored:
    """One repetition. score: None where less than 60 % of its weights could be measured."""

    key: str
    person: str
    bad: bool
    score: float | None
    seconds: float
    path: float
    deductions: dict[str, float]
    values: dict[str, float | None]


def judged(exercise: Exercise, key: str, markers: Markers) -> Scored:
    """Score one repetition, and take its length in seconds and in metres of the wrists' path."""
    thin = Markers(
        markers.t[::_THIN], markers.names, markers.xyz[::_THIN], markers.confidence[::_THIN], "mm"
    )
    seen = body(thin, find_mapping("plug_in_gait"), key)
    picture, size = look(seen, "front", key)
    rep, found = score(exercise, rows(exercise, list(poses(seen, picture)), size))
    steps = np.linalg.norm(np.diff(seen.points, axis=0), axis=-1)
    return Scored(
        key,
        key[4:7],
        key.endswith("_inc"),
        found.score,
        float(thin.t[-1] - thin.t[0]),
        float(np.nansum(steps)),
        {item.feature: item.points for item in found.deductions},
        rep.values,
    )


def scored(data: Path, movement: str) -> list[Scored]:
    """Every repetition of a movement."""
    exercise = load(HERE / "exercises" / f"{movement}.toml")
    return [judged(exercise, *pair) for pair in recordings(data / "ui-prmd", movement)]


def table(data: Path) -> str:
    """Line 5a: AUROC per movement, people drawn."""
    lines = [
        "| movement | reps | no score | AUROC of our score [95 %, people drawn] | per person, "
        "median (least) | first half of the people | other half | seconds alone | path alone |",
        "|---|---|---|---|---|---|---|---|---|",
    ]
    for movement, title in MOVEMENTS.items():
        every = scored(data, movement)
        known = [s for s in every if s.score is not None]
        values = np.array([s.score for s in known], dtype=np.float64)
        bad = np.array([s.bad for s in known])
        people = [s.person for s in known]
        names = sorted(set(people))
        low, high = by_people(people, lambda i, v=values, b=bad: _safe(v[i], b[i]))
        own = [_safe(values[at], bad[at]) for n in names for at in [np.array(people) == n]]
        halves = [
            _safe(values[at], bad[at])
            for group in (names[:_HALF], names[_HALF:])
            for at in [np.isin(people, group)]
        ]
        alone = [
            _safe(-np.array(column), bad)
            for column in ([s.seconds for s in known], [s.path for s in known])
        ]
        lines.append(
            f"| {movement} {title} | {len(every)} | {len(every) - len(known)} | "
            f"**{auroc(values, bad):.3f}** [{low:.3f}, {high:.3f}] | {np.median(own):.2f} "
            f"({min(own):.2f}) | {halves[0]:.3f} | {halves[1]:.3f} | {alone[0]:.3f} | "
            f"{alone[1]:.3f} |"
        )
    return "\n".join(
        [
            *lines,
            "",
            "Published: the same deep squats by a rule-based pipeline .571 [.42, .754]; networks "
            "trained across people, best of nine, balanced accuracy .778 deep squat, .824 sit to "
            "stand, .750 scaption. Seconds and path alone: longer counts as worse.",
        ]
    )


def _safe(scores: np.ndarray, bad: np.ndarray) -> float:
    return auroc(scores, bad) if 0 < bad.sum() < len(bad) else float("nan")
