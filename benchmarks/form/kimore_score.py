"""Our untrained set score beside the clinicians' scores of KIMORE.

The score is that of `midback score` with the exercise files es1 .. es5: no weight and no limit
was fitted to the clinicians' scores; they were chosen by reasoning, and looked at only on half of
the people. People are never split: a fold, a bootstrap draw and a half take all of a person's
recordings or none.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from scipy.optimize import isotonic_regression
from scipy.stats import spearmanr

from form import kimore
from form.intervals import DRAWS, SEED
from form.spans import described
from midback.form.features import Rep
from midback.form.score import score_rep
from midback.kinematics.measurability import NAMES
from midback.result import Software, Source
from midback.session import Session
from midback.vision.pose import Array

FOLDS, SEEDS = 5, (0, 1, 2)
SCORES = ("total", "primary", "control")


@dataclass(frozen=True)
class Judged:
    """One recording. ours: the set score, None where there is none; marked: the same from the
    repetitions marked by hand. features: medians over the repetitions, NaN where not measurable."""

    key: str
    subject: str
    group: str
    exercise: str
    held_out: bool
    scores: kimore.Scores
    ours: float | None
    coverage: float
    reps: int
    features: Array
    seconds: float
    path: float


def judge(recording: kimore.Recording) -> Judged | None:
    """Score one recording; None where the clinicians gave no score."""
    if recording.scores is None:
        return None
    session = recording.session()
    count = len(recording.xyz)
    source = Source(recording.key, None, kimore.RATE, count, count / kimore.RATE, 1, 1)
    result = session.result(source, Software("", "", None))
    names = [f.name for f in session.exercise.features]
    values = session.feature_table()
    features = np.array([_median([v[name] for v in values]) for name in names])
    steps = np.linalg.norm(np.diff(recording.xyz, axis=0), axis=-1)
    return Judged(
        recording.key,
        recording.subject,
        recording.group,
        recording.exercise,
        recording.held_out,
        recording.scores,
        result.score.set,
        result.score.coverage,
        len(result.reps),
        features,
        count / kimore.RATE,
        float(steps.sum()),
    )
