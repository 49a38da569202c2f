"""Who does which set, when every repetition happens, and how far form has gone in it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

import numpy as np

from midback.phantom.motions import minimum_jerk, onset_share
from midback.phantom.skeleton import Side

Onset = Literal["step", "ramp", "creep"]
ONSETS: tuple[Onset, ...] = ("step", "ramp", "creep")

NEUTRAL_S, TAIL_S = 2.2, 1.2
BREAKDOWN_SD = 2.5
"""A region has broken down when it is worse by so many of the person's own SD, and the floor."""

AFTER = 3  # repetitions after the true breakdown
CLEAN_REPS = 12
_LIFT_S, _HOLD_S, _LOWER_S, _REST_S = 0.95, 0.35, 1.0, 0.5
_TEMPO_SD, _PEOPLE_SD = 0.06, 0.3
_SIZES: dict[Onset, tuple[float, float]] = {
    "step": (3.5, 5.0),
    "ramp": (1.2, 1.8),
    "creep": (0.5, 0.7),
}
_MOST_SD = 6.0


@dataclass(frozen=True)
class Rep:
    """One planned repetition; times in seconds.

    values: channel -> what is asked of the body at the top. shift: noise-free change for the
    worse of the failing feature, in its unit; 0 while form holds.
    """

    index: int
    begin: float
    lift_s: float
    hold_s: float
    lower_s: float
    side: Side | None
    values: dict[str, float] = field(default_factory=dict, hash=False)
    shift: float = 0.0

    @property
    def end(self) -> float:
        """When the body is back, seconds."""
        return self.begin + self.lift_s + self.hold_s + self.lower_s

    def share(self, t: float) -> float:
        """Share 0..1 of the way to the top: minimum jerk up, hold, minimum jerk down."""
        up = minimum_jerk((t - self.begin) / self.lift_s)
        return up - minimum_jerk((t - self.end + self.lower_s) / self.lower_s)

    @property
    def visible_span(self) -> tuple[float, float]:
        """Start and end of the visible movement: 2 % away from rest, seconds."""
        u = onset_share()
        return self.begin + u * self.lift_s, self.end - u * self.lower_s


@dataclass(frozen=True)
class Spread:
    """How a feature varies in fresh repetitions, in its unit: rows of science E6.

    sd: between a person's repetitions as measured. se: the part that is the measurement's.
    floor: the least change that matters. Kept apart from the exercise files, so that a clip does
    not change when a limit there does.
    """

    sd: float
    se: float
    floor: float


def person_sd(feature: Spread, rng: np.random.Generator) -> float:
    """Spread of this person's fresh repetitions: science E6, differing by 30 % between people."""
    return feature.sd * float(np.exp(_PEOPLE_SD * np.clip(rng.normal(), -1.5, 1.5)))


def own_spread(feature: Spread, sd: float) -> float:
    """The part of a spread that is the person's, not the measurement's; half of it at least."""
    return float(np.sqrt(max(sd**2 - feature.se**2, (0.5 * sd) ** 2)))


def shifts(onset: Onset, count: int, first: int, rng: np.random.Generator) -> list[float]:
    """Noise-free shift of each repetition in person SDs, 0 before repetition `first`.

    step: at once as far as it goes. ramp: more by over one SD every time. creep: by about half.
    """
    low, high = _SIZES[onset]
    size = float(rng.uniform(low, high))
    gone = [max(0, index - first + 1) for index in range(1, count + 1)]
    if onset == "step":
        return [size if g else 0.0 for g in gone]
    return [min(size * g, _MOST_SD) for g in gone]


def breakdown_rep(sizes: list[float], sd: float, floor: float) -> int | None:
    """First repetition whose noise-free shift is 2.5 person SD and the floor, from 1; E7's tau.

    sizes, sd, floor: in the feature's unit.
    """
    least = max(BREAKDOWN_SD * sd, floor)
    return next((i for i, size in enumerate(sizes, 1) if size >= least - 1e-9), None)


def paced(
    count: int,
    rng: np.random.Generator,
    *,
    alternate: bool,
    lowering: list[float],
    values: list[dict[str, float]],
    shift: list[float],
) -> tuple[Rep, ...]:
    """Repetitions one after the other; lowering: factor on the time of the way back."""
    reps: list[Rep] = []
    begin = NEUTRAL_S
    for i in range(count):
        tempo = 1.0 + _TEMPO_SD * float(np.clip(rng.normal(), -2, 2))
        side: Side | None = ("left" if i % 2 == 0 else "right") if alternate else None
        hold = _HOLD_S + 0.06 * float(rng.uniform(-1, 1))
        down = _LOWER_S * max(lowering[i], 0.25)
        rep = Rep(i + 1, begin, _LIFT_S * tempo, hold, down, side, values[i], shift[i])
        reps.append(rep)
        begin = rep.end + _REST_S + float(rng.uniform(0.0, 0.2))
    return tuple(reps)
