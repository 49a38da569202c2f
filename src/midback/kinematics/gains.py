"""Gains of the fixed-lag smoother: they depend on which rows were missing, never on values."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import groupby

import numpy as np

RATE = 30.0
"""Frames a second of everything behind the resampler."""

LAG = 6
"""Frames by which the smoother looks ahead: .2 s."""

BRIDGE = 6
"""Longest run of missing frames that prediction may fill: .2 s."""

_UNKNOWN = 1e6
_FIRST_VELOCITY_VARIANCE = _UNKNOWN / RATE**2
_SETTLED = 1e-13
_LONGEST_RUN = 3 * BRIDGE  # missing rows after which a channel begins anew


@dataclass(frozen=True, slots=True)
class State:
    """Certainty of one row. a, b, c: variance, covariance, velocity variance, the velocity being a
    row's change. run: of missing.
    """

    a: float
    b: float
    c: float
    run: int


@dataclass(frozen=True, slots=True, eq=False)
class Step:
    """One row's gains. k: on value and velocity, of the innovation. g: (4,) row by row, by which
    the row before is smoothed. fresh: whether the channel begins anew here. steady: whether the
    next row's gains are these again, if it is missing as this one is.
    """

    k: tuple[float, float]
    g: tuple[float, float, float, float]
    fresh: bool
    missing: bool
    after: State
    steady: bool = False


_NO_GAIN = (0.0, 0.0)
_NO_RETURN = (0.0, 0.0, 0.0, 0.0)
_NEW = State(1.0, 0.0, _FIRST_VELOCITY_VARIANCE, 0)
_UNSEEN = State(_UNKNOWN, 0.0, _FIRST_VELOCITY_VARIANCE, 1)
_LOST = State(0.0, 0.0, 0.0, _LONGEST_RUN + 1)
GONE = Step(_NO_GAIN, _NO_RETURN, False, True, _LOST, steady=True)
"""Missing for so long that the channel will begin anew."""


@lru_cache(maxsize=20_000)
def _step(before: State | None, missing: bool, cutoff: float) -> Step:
    """Advance by a row."""
    if before is None:
        return Step(_NO_GAIN, _NO_RETURN, True, missing, _UNSEEN if missing else _NEW)
    if before.run > _LONGEST_RUN:
        return GONE if missing else Step(_NO_GAIN, _NO_RETURN, True, False, _NEW)
    a, b, c = before.a, before.b, before.c
    q = (2 * np.pi * cutoff / RATE) ** 4
    along, across = a + b, b + c
    p0, p1, p2 = along + across + q / 3, across + q / 2, c + q
    det = p0 * p2 - p1**2
    g = (
        (along * p2 - b * p1) / det,
        (b * p0 - along * p1) / det,
        (across * p2 - c * p1) / det,
        (c * p0 - across * p1) / det,
    )
    if missing:
        run = before.run + 1
        after = _LOST if run > _LONGEST_RUN else State(p0, p1, p2, run)
        return Step(_NO_GAIN, g, False, True, after)
    share = 1.0 / (p0 + 1.0)
    after = State(p0 * (1 - share * p0), p1 * (1 - share * p0), p2 - share * p1**2, 0)
    change = max(abs(after.a - a), abs(after.b - b), abs(after.c - c))
    if before.run == 0 and change < _SETTLED * a:
        after = before  # rounding must not keep it from settling
    return Step((p0 * share, p1 * share), g, False, False, after, steady=after is before)


@lru_cache(maxsize=20_000)
def _weights(followers: tuple[Step, ...]) -> tuple[float, ...]:
    """How much of the innovation of each of a row's LAG followers is added to its value: (LAG,).

    What a follower moved its prediction by, value and velocity, comes back through the product of
    the gains between.
    """
    of_value, of_velocity, found = 1.0, 0.0, list[float]()
    for step in followers:
        g = step.g
        of_value, of_velocity = (
            of_value * g[0] + of_velocity * g[2],
            of_value * g[1] + of_velocity * g[3],
        )
        found.append(of_value * step.k[0] + of_velocity * step.k[1])
    return tuple(found)


@dataclass(frozen=True, slots=True)
class Course:
    """What channels of one cutoff, whose rows were missing together, have behind them.

    steps: of the latest LAG rows, oldest first.
    """

    cutoff: float
    steps: tuple[Step, ...] = ()

    def onwards(self, missing: Sequence[bool]) -> list[Step]:
        """The steps of the rows that follow."""
        state = self.steps[-1].after if self.steps else None
        found: list[Step] = []
        for one, run in groupby(missing):
            left = len(list(run))
            while left:
                step = _step(state, one, self.cutoff)
                alike = left if step.steady else 1
                found += [step] * alike
                left -= alike
                state = step.after
        return found


def weights_of(steps: list[Step], count: int) -> list[tuple[float, ...]]:
    """Weights of the innovations that follow each of the first rows, see _weights."""
    if steps.count(steps[0]) == len(steps):
        return [_weights((steps[0],) * LAG)] * count
    found: list[tuple[float, ...]] = []
    settled: Step | None = None
    for row in range(count):
        if steps[row + LAG] is not settled:
            window = tuple(steps[row + 1 : row + 1 + LAG])
            found.append(_weights(window))
            settled = window[0] if window.count(window[0]) == LAG else None
        else:
            found.append(found[-1])
    return found


def lost(steps: list[Step], count: int) -> list[bool]:
    """Which of the first rows lie in a run of missing ones too long to bridge, as far as seen."""
    if steps.count(steps[0]) == len(steps):
        return [steps[0] is GONE] * count
    out, following = [False] * len(steps), 0
    for row in reversed(range(len(steps))):
        step = steps[row]
        out[row] = step.missing and step.after.run + min(following, LAG) > BRIDGE
        following = following + 1 if step.missing else 0
    return out[:count]
