"""Form that is already below the person's usual when the set begins (science E2, start guard)."""

from __future__ import annotations

import numpy as np

from midback.form.baseline import Belief, Level, standard_score
from midback.form.evidence import combine
from midback.vision.pose import Array

BELOW_USUAL = 2.1
"""Evidence against earlier sets that counts, in at least two of the first four repetitions."""


def usual(before: Belief, apart: Array | float) -> Level:
    """Level of earlier sets alone, what a set is judged by whose own start is not adopted.

    apart: by how much the same movement may read differently on another day, with the camera put
    up anew; standard deviation in the feature's unit.
    """
    ones, sd = np.ones(np.shape(before.mean)), np.hypot(before.sd, apart)
    return Level(before.mean, sd, np.maximum(before.weight, 1.0) * ones, before.dof * ones)


def below_usual(fresh: Array, before: Belief, apart: Array | float) -> Array:
    """Regions in which at least two fresh repetitions are below the usual.

    fresh: (..., R, F, n) changes, NaN where not measured or nothing is known from earlier sets.
    apart: see `usual`. Returns (..., R).
    """
    at = usual(before, apart)
    z = [standard_score(fresh[..., i], at) for i in range(fresh.shape[-1])]
    found = combine(np.stack(z, axis=-2))  # (..., R, n)
    return np.asarray((np.nan_to_num(found, nan=-9.0) >= BELOW_USUAL).sum(-1) >= 2)
