"""The levels one side of a person is judged by, all watched features at once."""

from __future__ import annotations

import numpy as np

from midback.exercises import Exercise, Feature
from midback.form.baseline import (
    FRESH,
    GUARD,
    LEAST_FRESH,
    REFERENCE,
    Baseline,
    Belief,
    Level,
    belief,
    level,
    own_level,
    standard_score,
)
from midback.form.features import Rep
from midback.form.guard import below_usual, usual
from midback.form.history import History, Prior
from midback.kinematics.registry import ANGLES
from midback.vision.pose import Array

_ANGLES = ("rom", "p90", "p10", "p90_abs", "median", "at_peak")
"""Statistics that carry the angle's own error from one set-up of the camera to the next."""


class SideLevels:
    """Values of the complete repetitions of one side, and what they say of the latest.

    Frozen after the first four: the mean that every change is counted from. `below`: regions
    that begin below the person's usual; they are judged by the earlier sets instead.
    """

    def __init__(self, exercise: Exercise, side: str | None, earlier: History) -> None:
        self._features = exercise.features
        priors = [earlier.prior(side, feature.name) for feature in self._features]
        self._known = np.array([prior is not None for prior in priors])
        self._prior_mean = np.array([np.nan if p is None else p.mean for p in priors])
        self._prior_sd = np.array([np.nan if p is None else p.sd for p in priors])
        self._se = np.array([feature.se for feature in self._features])
        self._sd = np.array([feature.sd for feature in self._features])
        self._sign = np.array([1.0 if f.worse == "increase" else -1.0 for f in self._features])
        self._percent = np.array([feature.unit == "%" for feature in self._features])
        self._apart = np.array(
            [_between_days(f, p) for f, p in zip(self._features, priors, strict=True)]
        )
        self._rows: list[Array] = []
        self._mean = np.full(len(self._features), np.nan)
        self._usual = np.zeros(len(self._features), dtype=np.bool_)
        self._baselines: tuple[Baseline | None, ...] = ()
        self.below: tuple[str, ...] = ()
        self._own: tuple[Level, Array] | None = None

    @property
    def complete(self) -> bool:
        """Whether the fresh repetitions are in."""
        return len(self._rows) >= FRESH

    def add(self, rep: Rep) -> None:
        """Take a complete repetition; the fourth one freezes the baseline."""
        values = [rep.values.get(feature.name) for feature in self._features]
        self._rows.append(np.array([np.nan if value is None else value for value in values]))
        if len(self._rows) == FRESH:
            self._freeze()
            self._baselines = self._frozen()

    def changes(self) -> Array:
        """Worsening of the latest repetition from the fresh mean, (F,), in each feature's unit."""
        return self._worsening(self._rows[-1])

    def z(self) -> tuple[Array, float]:
        """Standard score of the latest repetition, (F,), NaN where nothing can be said.

        Also how much repetitions resemble each other, see `own_level`.
        """
        latest = self.changes()
        if self._own is None or len(self._rows) <= REFERENCE + GUARD + 1:
            moved = self._worsening(np.stack(self._rows[: REFERENCE + GUARD + 1])).T
            self._own = own_level(moved, self._before(), self._se)
        at, alike = self._own
        own = standard_score(latest, at)
        if self._usual.any():
            past = standard_score(latest, usual(self._before(), self._apart))
            own = np.where(self._usual, past, own)
        return own, float(alike)

    def baseline(self, index: int) -> Baseline | None:
        """Frozen baseline of the feature with that index; None where there is none."""
        return self._baselines[index] if self._baselines else None

    def _frozen(self) -> tuple[Baseline | None, ...]:
        moved = np.stack([self._worsening(row) for row in self._rows], axis=-1)
        own, past = level(moved, self._before(), self._se), usual(self._before(), self._apart)
        at = [np.where(self._usual, p, o) for p, o in _pairs(past, own)]
        count = np.isfinite(moved).sum(-1)
        return tuple(
            Baseline(float(fresh), float(sd), int(n), float(dof), float(mean), float(weight))
            if np.isfinite(fresh)
            else None
            for fresh, n, mean, sd, weight, dof in zip(self._mean, count, *at, strict=True)
        )

    def _freeze(self) -> None:
        fresh = np.stack(self._rows, axis=-1)
        known = np.isfinite(fresh)
        total = np.where(known, fresh, 0.0).sum(-1)
        self._mean = np.where(
            known.sum(-1) >= LEAST_FRESH, total / np.maximum(known.sum(-1), 1), np.nan
        )
        if not self._known.any():
            return
        moved = np.stack([self._worsening(row) for row in self._rows], axis=-1)
        moved[~self._known] = np.nan
        regions = sorted({feature.region for feature in self._features})
        of = np.array([regions.index(feature.region) for feature in self._features])
        for i, region in enumerate(regions):
            here = of == i
            before = self._before()
            mine = Belief(before.mean[here], before.sd[here], 1.0, 10.0)
            if below_usual(moved[here], mine, self._apart[here]):
                self.below = (*self.below, region)
                self._usual |= here & self._known
        self._mean = np.where(self._usual, self._prior_mean, self._mean)

    def _before(self) -> Belief:
        plain = belief(self._sd)
        if not self._known.any():
            return plain
        at = self._worsening(self._prior_mean)
        past = belief(self._sd, (at, self._prior_sd))
        return Belief(
            *(np.where(self._known, p, o) for p, o in _pairs(past, plain)),
        )

    def _worsening(self, values: Array) -> Array:
        small = np.abs(self._mean) <= 1e-6
        scale = np.where(self._percent, 100.0 / np.where(small, np.nan, self._mean), 1.0)
        moved = np.where(self._percent & small, 0.0, (values - self._mean) * scale)
        return self._sign * moved


def _between_days(feature: Feature, prior: Prior | None) -> float:
    """How differently the same movement may read on two days, in the feature's unit."""
    spec = ANGLES[feature.angle]
    if prior is None or feature.statistic not in _ANGLES:
        return 0.0
    error = np.sqrt(2.0) * spec.se
    if feature.unit != "%":
        return float(error)
    return float(100.0 * error / max(abs(prior.mean), 1e-6))


def _pairs(past: Level | Belief, own: Level | Belief) -> list[tuple[Array | float, Array | float]]:
    return [(getattr(past, name), getattr(own, name)) for name in ("mean", "sd", "weight", "dof")]
