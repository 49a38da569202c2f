"""Form that is already below the person's usual when the set begins (science E2, start guard)."""

from __future__ import annotations

import numpy as np

from midback.form.baseline import Belief, Level, standard_score
from midback.form.evidence import combine
from midback.vision.pose import Array

BELOW_USUAL = 2.1
"""Evidence against earlier sets that counts, in at least two of the first four repetitions."""


def usual(before: Belief) -> Level:
    """Level of earlier sets alone, what a set is judged by whose own start is not adopted."""
    weight = np.full(np.shape(before.mean), max(before.weight, 1.0))
    return Level(before.mean, before.sd, weight, np.full(np.shape(before.mean), before.dof))


def below_usual(fresh: Array, before: Belief) -> Array:
    """Regions in which at least two fresh repetitions are below the usual.

    fresh: (..., R, F, n) changes, NaN where not measured or nothing is known from earlier sets.
    Returns (..., R).
    """
    at = usual(before)
    z = [standard_score(fresh[..., i], at) for i in range(fresh.shape[-1])]
    found = combine(np.stack(z, axis=-2))  # (..., R, n)
    return np.asarray((np.nan_to_num(found, nan=-9.0) >= BELOW_USUAL).sum(-1) >= 2)
