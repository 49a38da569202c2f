"""What the person of a case wants to do with trunk, shoulders and knees at any time."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from midback.phantom.cases import Case
from midback.phantom.motions import minimum_jerk, wander
from midback.phantom.poses import Spine

LUMBAR_TURN = 0.15  # share of an axial rotation that the lumbar joints do
GIRDLE_TURN = (0.05, 0.2)  # girdle turning on the thorax per degree of rotation, people differ
DRIFT_SD = 0.5


@dataclass(frozen=True)
class Intent:
    """Changes from the neutral posture: angles in degrees with the signs of Case, hike in cm.

    twist: thorax on pelvis; girdle: shoulder girdle on thorax; squat: 0 upright, 1 half squat;
    valgus: inward turn of the bent knees about the line from hip to ankle; sway: of the pelvis
    about its right axis, backward +.
    """

    lumbar: float = 0.0
    thoracic: float = 0.0
    neck: float = 0.0
    head: float = 0.0
    twist: float = 0.0
    roll: float = 0.0
    bend: float = 0.0
    hike: float = 0.0
    girdle: float = 0.0
    squat: float = 0.0
    valgus: float = 0.0
    sway: float = 0.0

    @property
    def spine(self) -> Spine:
        """The part that the spine does."""
        return Spine(
            lumbar=self.lumbar,
            thoracic=self.thoracic,
            neck=self.neck,
            head=self.head,
            roll=self.roll,
            turn=(1 - LUMBAR_TURN) * self.twist + self.roll,
            lumbar_turn=LUMBAR_TURN * self.twist,
            bend=self.bend,
        )

    def plus(self, more: Intent) -> Intent:
        """Return both together."""
        return Intent(**{key: value + getattr(more, key) for key, value in vars(self).items()})


def share(case: Case, t: float) -> float:
    """Signed share of the amplitude that the script is at, -1..1."""
    total = 0.0
    for index, (start, top, leave, end) in enumerate(case.times):
        up = minimum_jerk((t - start) / (top - start))
        sign = -1.0 if case.alternate and index % 2 else 1.0
        total += sign * (up - minimum_jerk((t - leave) / (end - leave)))
    return total


def planned(case: Case, drive: float, p: float) -> Intent:
    """Scripted intent at a share p of the amplitude; drive: what the top of it asks for."""
    a, other = p * drive, p * case.other
    loose = np.random.default_rng([case.seed, 1]).uniform(*GIRDLE_TURN)
    plans = {
        "still": Intent(),
        "thoracic_extension": Intent(
            thoracic=a, lumbar=other, neck=-0.3 * a, head=-0.15 * a, sway=-0.5 * other
        ),
        "lumbar_arch": Intent(lumbar=a, thoracic=other, neck=-0.2 * a, sway=-0.5 * a),
        "rotation": Intent(twist=a, roll=other, girdle=float(loose) * a),
        "side_bend": Intent(bend=a),
        "shoulder_hike": Intent(hike=a),
        "knee_valgus": Intent(squat=abs(p), valgus=a),
        "pelvic_roll": Intent(roll=a, twist=-a),
        "head": Intent(neck=0.6 * a, head=0.4 * a),
    }
    return plans[case.movement]


def drift(case: Case, t: float) -> Intent:
    """Slow physiological drift of everything, also while neutral."""
    rng = np.random.default_rng([case.seed, 2])
    names = ("lumbar", "thoracic", "neck", "head", "twist", "bend", "roll", "sway", "girdle")
    factors = (1.0, 1.0, 1.4, 1.0, 1.0, 0.6, 0.5, 0.6, 0.6)
    values = [wander(t, rng, DRIFT_SD * f) for f in factors]
    return Intent(**dict(zip(names, values, strict=True)))
