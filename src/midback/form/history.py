"""What is known of a person from earlier sets, handed to a new one (science E2).

Only the arithmetic: where earlier sets are kept is not this package's affair.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from midback.exercises import Feature

SESSIONS = 5
"""Latest sessions that count."""

USUAL_DOF = 8.0
"""What the usual spread of a feature weighs beside the person's own, in degrees of freedom: with
one earlier set 6 % of healthy sets are stopped for nothing instead of 9 (simulated)."""


@dataclass(frozen=True, slots=True)
class Prior:
    """One feature of one side in earlier sets.

    mean: median of the fresh means of the last sessions, in the unit the feature is measured in.
    sd: pooled spread within a set, in the feature's unit ("%": per cent of the set's fresh mean),
    drawn towards the usual one where there are few sets.
    """

    mean: float
    sd: float


@dataclass(frozen=True, slots=True)
class History:
    """Priors by side (None where sides do not alternate) and name of the feature."""

    priors: Mapping[tuple[str | None, str], Prior] = field(default_factory=dict)

    def prior(self, side: str | None, name: str) -> Prior | None:
        """Prior of a feature on a side; None where nothing is known."""
        return self.priors.get((side, name))

    def __bool__(self) -> bool:
        """Whether anything is known."""
        return bool(self.priors)


def prior_from(feature: Feature, sets: Sequence[Sequence[float]], fresh: int = 4) -> Prior | None:
    """Prior from the good repetitions of earlier sets, oldest set first, one set a session.

    sets: values before any stop. fresh: how many of each set's first values make its fresh mean.
    None where no set has two values.
    """
    usable = [np.asarray(one, dtype=float) for one in sets if len(one) >= 2][-SESSIONS:]
    if not usable:
        return None
    means = [float(one[:fresh].mean()) for one in usable]
    squares, dof = 0.0, 0
    for one, mean in zip(usable, means, strict=True):
        scale = 100.0 / mean if feature.unit == "%" and abs(mean) > 1e-6 else 1.0
        squares += float((((one - one.mean()) * scale) ** 2).sum())
        dof += len(one) - 1
    variance = (USUAL_DOF * feature.sd**2 + squares) / (USUAL_DOF + dof)
    return Prior(float(np.median(means)), max(float(np.sqrt(variance)), feature.se))
