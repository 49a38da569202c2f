"""Simulated people whose true gain is known: sessions of a programme, one value each."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

PEOPLE = 2000
SLOPES = (0.0, 0.5, 1.0, 2.0)
ERRORS = (2.0, 3.0, 5.0)
CONDITIONS = {
    "clean": "Normal errors, every session done, one set-up.",
    "missed": "A quarter of the sessions missed.",
    "moved camera": "At a random session between 35 and 70 % of the way everything from then on "
    "reads 8 deg higher or lower.",
    "outliers": "8 % of the sessions wrong by another 3 to 6 SEM, up or down.",
    "heavy tails": "Errors of Student's t with 3 degrees of freedom, of the same SD.",
    "everything": "All of these (heavy tails and outliers together), and the first two sessions "
    "1.5 and .75 SEM too low, while the exercise is learned.",
}
MORE = {("8 sessions", "missed"): 3, ("8 sessions", "everything"): 20}
"""Times as many people where a third or a fifth has a figure, so that well over 2,000 have one."""

LENGTHS = {"8 sessions": 8, "6 weeks": 18, "12 weeks": 36}
_PRIOR, _USUAL, _REPEATS = 6, 3.0, 3


@dataclass(frozen=True, slots=True)
class People:
    """weeks (n,), values (P, n) with NaN, blocks (P, n), sem (P,) as the person's own set-ups put
    up anew three times say, shrunk to a usual 3 deg.
    """

    weeks: Array
    values: Array
    blocks: NDArray[np.int64]
    sem: Array


def simulate(
    rng: np.random.Generator,
    condition: str,
    slope: float,
    error: float,
    sessions: int,
    people: int = PEOPLE,
) -> People:
    """Monday, Wednesday, Friday from the first day on; 40 deg at the start."""
    everything = condition == "everything"
    shape = (people, sessions)
    k = np.arange(sessions)
    weeks = k // 3 + np.array([0, 2, 4])[k % 3] / 7
    noise = rng.standard_normal(shape)
    if everything or condition == "heavy tails":
        noise = rng.standard_t(3, shape) / np.sqrt(3)
    if everything or condition == "outliers":
        wrong = rng.choice([-1.0, 1.0], shape) * rng.uniform(3.0, 6.0, shape)
        noise += np.where(rng.random(shape) < 0.08, wrong, 0.0)
    if everything:
        noise[:, :2] -= [1.5, 0.75]
    values = 40.0 + slope * weeks + error * noise
    blocks = np.ones(shape, dtype=np.int64)
    if everything or condition == "moved camera":
        at = rng.integers(int(0.35 * sessions), int(0.7 * sessions) + 1, people)
        blocks += k >= at[:, None]
        values += rng.choice([-8.0, 8.0], people)[:, None] * (blocks - 1)
    if everything or condition == "missed":
        values[rng.random(shape) < 0.25] = np.nan
    own = error**2 * rng.chisquare(_REPEATS, people) / _REPEATS
    sem = np.sqrt((_PRIOR * _USUAL**2 + _REPEATS * own) / (_PRIOR + _REPEATS))
    return People(weeks, values, blocks, sem)
