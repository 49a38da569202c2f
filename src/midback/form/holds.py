"""Holds judged by the second (science E5): side plank, prone hold.

Two seconds make an epoch. The first five epochs after settling are the person's own baseline;
two epochs in a row clearly worse in one region end the hold, and so does a red limit that is
crossed for one and a half seconds.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from midback.exercises import Exercise, Feature
from midback.exercises.schema import DURATIONS
from midback.form.baseline import belief, level, standard_score
from midback.form.evidence import Caution, combine
from midback.kinematics.measurability import NAMES, OK, PROXY
from midback.kinematics.smoothing import RATE
from midback.vision.pose import Array

EPOCH_S, SETTLE_S, LIMIT_S = 2.0, 2.0, 1.5
BASELINE_EPOCHS = 5

THRESHOLDS: dict[Caution, float] = {"cautious": 2.24, "normal": 2.59, "stable": 3.03}
"""Evidence needed twice in a row where one region is watched: 10, 5, 2 % false stops in 60 s."""

_PER_DOUBLING = 0.26  # every doubling of the regions has more chances to be wrong
_REFERENCE, _GUARD, _CLIP = 10, 2, 2.0
_INDEPENDENT = 0.25  # share of epochs that count: (1 - phi) / (1 + phi), phi = .6
_ENOUGH = 0.6
_SPREADS = ("rom", "sway")  # how much an angle moves within an epoch; all others are its level
_AWAY_S = 0.5


@dataclass(frozen=True, slots=True)
class HoldStop:
    """The call to end a hold. time_s: when it is made; good_until_s: end of the good form.

    Both in seconds of signal since the first frame. change: for the worse, in the feature's unit.
    """

    kind: Literal["breakdown", "limit"]
    time_s: float
    good_until_s: float
    region: str
    feature: Feature
    change: float


def needed(caution: Caution, regions: int) -> float:
    """Evidence needed twice in a row, by the number of regions watched."""
    return THRESHOLDS[caution] + _PER_DOUBLING * float(np.log2(max(regions, 1)))


def evidence(values: Array, sd: Array, se: Array, regions: NDArray[np.int_]) -> Array:
    """Evidence of every region in the latest epoch.

    The level comes from the first five epochs, sharpened by later ones but the latest two, ten
    in all, clipped to two spreads. Neighbouring epochs resemble each other, so that it is worth
    a quarter of their number.

    values: (..., F, n) worsening per epoch, NaN where not measured. sd, se: (F,). regions: (F,)
    number of each feature's region. Returns (..., R), NaN where nothing can be said.
    """
    before = belief(np.broadcast_to(sd, values.shape[:-1]))
    own = values[..., :BASELINE_EPOCHS]
    fresh = level(own, before, se)
    reach, middle = (_CLIP * fresh.sd)[..., None], fresh.mean[..., None]
    later = values[..., BASELINE_EPOCHS : max(BASELINE_EPOCHS, _later(values.shape[-1]))]
    later = np.clip(later, middle - reach, middle + reach)
    at = level(np.concatenate([own, later], axis=-1), before, se)
    at = replace(at, weight=_INDEPENDENT * at.weight)
    known = np.isfinite(own).sum(-1) >= BASELINE_EPOCHS - 1
    z = np.where(known, standard_score(values[..., -1], at), np.nan)
    return np.stack([combine(z[..., regions == r]) for r in range(int(regions.max()) + 1)], -1)


def _later(epochs: int) -> int:
    return min(_REFERENCE, epochs - 1 - _GUARD)


class HoldRule:
    """Watches one hold, frame by frame of the 30 Hz grid.

    Features counted in per cent or in seconds belong to repetitions and are not watched here.
    total_s: seconds in position. good_s: seconds of them before form broke, all while it has not.
    """

    def __init__(self, exercise: Exercise, caution: Caution = "normal") -> None:
        self._features = [
            f for f in exercise.features if f.statistic not in DURATIONS and f.unit != "%"
        ]
        names = list(dict.fromkeys(f.region for f in self._features))
        self._names, self._needed = names, needed(caution, len(names))
        self._regions = np.array([names.index(f.region) for f in self._features])
        self._columns = [NAMES.index(f.angle) for f in self._features]
        self._sign = np.array([1.0 if f.worse == "increase" else -1.0 for f in self._features])
        self._sd = np.array([f.sd for f in self._features])
        self._se = np.array([f.se for f in self._features])
        self._spread = [f.statistic in _SPREADS for f in self._features]
        self._held, self._away = 0, 0
        self._epoch: list[Array] = []
        self._began = 0
        self._epochs: list[Array] = []
        self._before = np.full(len(names), np.nan)
        self._before_began = np.zeros(len(names))
        self._over = [0] * len(self._features)
        self.stop: HoldStop | None = None

    def credit(self, seconds: float) -> None:
        """Count seconds in position that had passed before it was known to be one."""
        self._held += round(seconds * RATE)

    @property
    def epochs(self) -> int:
        """How many epochs are complete; the first five are the baseline."""
        return len(self._epochs)

    @property
    def total_s(self) -> float:
        """Seconds in position so far."""
        return self._held / RATE

    @property
    def good_s(self) -> float:
        """Seconds in position before form broke."""
        return self.total_s if self.stop is None else min(self.stop.good_until_s, self.total_s)

    @property
    def can_judge(self) -> bool:
        """False once more than a third of at least three epochs had nothing measured."""
        empty = sum(bool(np.isnan(epoch).all()) for epoch in self._epochs)
        return len(self._epochs) < 3 or 3 * empty <= len(self._epochs)

    def update(
        self, values: Array, codes: NDArray[np.uint8], neutral: Array | None, held: bool
    ) -> HoldStop | None:
        """Take the next frame; return the call when this frame makes it.

        values, codes: (A,) in the order of ANGLES. neutral: the person's own, where it is known.
        held: whether the person is in the hold; after half a second out of it a new hold begins
        to settle, but the seconds held and the baseline stay.
        """
        if not held:
            self._away += 1
            if self._away > _AWAY_S * RATE:
                self._epoch, self._over = [], [0] * len(self._features)
                self._before = np.full(len(self._names), np.nan)
            return None
        self._away = 0
        self._held += 1
        if self._held <= SETTLE_S * RATE:
            return None
        row = self._row(values, codes, neutral)
        call = self._watch_limits(row)
        if not self._epoch:
            self._began = self._held - 1
        self._epoch.append(row)
        if len(self._epoch) >= EPOCH_S * RATE:
            call = self._close_epoch() or call
        if call is None or self.stop is not None:
            return None
        self.stop = call
        return call

    def _row(self, values: Array, codes: NDArray[np.uint8], neutral: Array | None) -> Array:
        """Worsening of every feature in this frame; NaN where not measured."""
        row = values[self._columns].astype(float)
        for i, (feature, column) in enumerate(zip(self._features, self._columns, strict=True)):
            if codes[column] not in (OK, PROXY):
                row[i] = np.nan
            elif feature.reference == "neutral":
                row[i] = np.nan if neutral is None else row[i] - neutral[column]
        return np.asarray(self._sign * row)

    def _watch_limits(self, row: Array) -> HoldStop | None:
        for i, feature in enumerate(self._features):
            if self._spread[i]:
                continue
            change = self._from_reference(i, float(row[i]))
            over = change is not None and feature.red is not None and change >= feature.red
            self._over[i] = self._over[i] + 1 if over else 0
            if self._over[i] >= LIMIT_S * RATE and change is not None:
                since = (self._held - self._over[i]) / RATE
                return HoldStop("limit", self._held / RATE, since, feature.region, feature, change)
        return None

    def _from_reference(self, i: int, worse: float) -> float | None:
        """Change by the feature's own reference; None where it is not known yet."""
        feature = self._features[i]
        if not np.isfinite(worse) or feature.unit == "%":
            return None
        if feature.reference != "fresh":
            return worse
        if len(self._epochs) < BASELINE_EPOCHS:
            return None
        mean = self._fresh_mean()[i]
        return float(worse - mean) if np.isfinite(mean) else None

    def _fresh_mean(self) -> Array:
        rows = np.stack(self._epochs[:BASELINE_EPOCHS])
        known = np.isfinite(rows)
        total = np.where(known, rows, 0.0).sum(0)
        return np.where(known.any(0), total / np.maximum(known.sum(0), 1), np.nan)

    def _read(self, i: int, values: Array) -> float:
        """What an epoch says of a feature: its level, or how far it strays from a straight course.

        values: the worsening in the epoch's measured frames.
        """
        if not self._spread[i]:
            return float(np.median(values))
        t = np.arange(len(values))
        low, high = np.percentile(values - np.polyval(np.polyfit(t, values, 1), t), [2, 98])
        return float(self._sign[i] * (high - low))

    def _close_epoch(self) -> HoldStop | None:
        rows, began = np.stack(self._epoch), self._began
        known = np.isfinite(rows)
        enough = known.mean(0) >= _ENOUGH
        middle = np.array(
            [
                self._read(i, rows[known[:, i], i]) if enough[i] else np.nan
                for i in range(len(enough))
            ]
        )
        self._epoch = []
        self._epochs.append(middle)
        if len(self._epochs) <= BASELINE_EPOCHS or np.isnan(middle).all():
            return None
        now = evidence(np.stack(self._epochs, axis=-1), self._sd, self._se, self._regions)
        both = np.fmin(now, self._before)
        both[np.isnan(now) | np.isnan(self._before)] = -np.inf
        worst = int(both.argmax())
        started = float(self._before_began[worst]) / RATE
        kept = np.isfinite(now)
        self._before = np.where(kept, now, self._before)
        self._before_began = np.where(kept, began, self._before_began)
        if both[worst] < self._needed:
            return None
        change = middle - self._fresh_mean()
        mine = [i for i in np.flatnonzero(self._regions == worst) if np.isfinite(change[i])]
        top = max(mine, key=lambda i: change[i] / self._features[i].floor)
        if change[top] < self._features[top].floor:
            return None
        feature = self._features[top]
        return HoldStop(
            "breakdown", self._held / RATE, started, feature.region, feature, float(change[top])
        )
