"""Is the point where form breaks found, when most sets end well before it?"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from midback.history.capacity import LEAST_BROKEN, LEAST_SETS, limits
from midback.history.censored import censored_trend

SEED = 20261207
PEOPLE = 2000
START, UNLIMITED = 8.0, 60.0
SETS = {"10 in 5 weeks": (10, 2), "18 in 6 weeks": (18, 3), "36 in 12 weeks": (36, 3)}
PLANS = {"below": 0.9, "at": 1.0, "above": 1.2}
SLOPES = (0.0, 0.045, 0.09)
SPREADS = (0.15, 0.3)
Array = NDArray[np.float64]


def table() -> str:
    """Bias and coverage of the median repetitions to breakdown on the last day."""
    about = (
        f"{PEOPLE} people a cell, seed {SEED}. Repetitions to breakdown are log-normal about a "
        f"median of {START:g} that grows by the slope (of its logarithm) a week, rounded; sets "
        "end when the plan is done. Plan: .9, 1 or 1.2 times the true median; every fourth set "
        "is a test without a limit. Censored: share of sets that ended well. Bias of the median "
        "on the last day: average over people, and of the middle person in brackets. Moved: told "
        '"moved farther away", P(b > 0) >= .9, which without change is 10 % by its own '
        "definition and always shown with its probability. As if broken: the planned end taken "
        "for the breakdown. Left out: sets that ended well not used. Both by least squares."
    )
    rows = [
        "| sets | slope | spread | plan | censored % | given % | bias % | covered % | moved % | "
        "as if broken: bias % | covered % | left out: bias % | covered % |",
        "|" + "---|" * 13,
    ]
    biases, covers = [], []
    for i, (sets, (n, per_week)) in enumerate(SETS.items()):
        for j, slope in enumerate(SLOPES):
            for k, spread in enumerate(SPREADS):
                for m, (plan, factor) in enumerate(PLANS.items()):
                    rng = np.random.default_rng([SEED, i, j, k, m])
                    cell = _cell(rng, n, per_week, slope, spread, factor)
                    biases.append(cell[2])
                    covers.append(cell[4])
                    figures = [f"{100 * one:.1f}" for one in cell]
                    figures[0], figures[1] = f"{100 * cell[0]:.0f}", f"{100 * cell[1]:.0f}"
                    figures[2:4] = [f"{figures[2]} ({figures[3]})"]
                    rows.append(f"| {sets} | {slope:g} | {spread:g} | {plan} | "
                                + " | ".join(figures) + " |")  # fmt: skip
    summary = (
        f"Bias between {100 * min(biases):.1f} and {100 * max(biases):.1f} % (bar: 5 %), coverage "
        f"between {100 * min(covers):.1f} and {100 * max(covers):.1f} % (bar: 93-97 %; "
        f"{sum(0.93 <= one <= 0.97 for one in covers)} of {len(covers)} cells). A figure needs "
        f"{LEAST_SETS} judged sets, {LEAST_BROKEN} of them until form broke."
    )
    return "\n\n".join([summary, about, "\n".join(rows)])


def _cell(
    rng: np.random.Generator, n: int, per_week: int, slope: float, spread: float, factor: float
) -> list[float]:
    weeks = np.arange(n) / per_week
    median = START * np.exp(slope * weeks)
    whole = np.maximum(np.round(median * np.exp(spread * rng.standard_normal((PEOPLE, n)))), 1.0)
    plan = np.where(np.arange(n) % 4 == 0, UNLIMITED, np.round(factor * median))
    broke = whole <= plan
    done = np.where(broke, whole, plan)
    before = np.broadcast_to(weeks - weeks[-1], done.shape)
    found = censored_trend(before, np.log(np.where(broke, done, done + 0.5)), broke)
    low, middle, high = limits(found)
    given = broke.sum(axis=-1) >= LEAST_BROKEN
    truth = np.log(median[-1])
    ratio = np.exp(middle - truth)[given]
    held = ((low <= truth) & (truth <= high))[given]
    shares = [1 - float(broke.mean()), float(given.mean())]
    bias = [float(ratio.mean()) - 1, float(np.median(ratio)) - 1]
    moved = float((found.rising() >= 0.9)[given].mean())
    rivals = [_plain(before, np.log(done), np.ones_like(broke), truth),
              _plain(before, np.log(done), broke, truth)]  # fmt: skip
    return [*shares, *bias, float(held.mean()), moved, *rivals[0], *rivals[1]]


def _plain(t: Array, y: Array, used: NDArray[np.bool_], truth: float) -> tuple[float, float]:
    """Bias of the level at the end by least squares, and coverage of its normal interval."""
    weight = used * 1.0
    n = weight.sum(-1)
    enough = n >= LEAST_BROKEN + 1
    weight, t, y, n = weight[enough], t[enough], y[enough], n[enough]
    tm, ym = (weight * t).sum(-1) / n, (weight * y).sum(-1) / n
    t0, y0 = t - tm[:, None], y - ym[:, None]
    below = (weight * t0**2).sum(-1)
    slope = (weight * t0 * y0).sum(-1) / below
    level = ym - slope * tm
    s2 = (weight * (y0 - slope[:, None] * t0) ** 2).sum(-1) / (n - 2)
    half = 1.96 * np.sqrt(s2 * (1 / n + tm**2 / below))
    return float(np.exp(level - truth).mean()) - 1, float((np.abs(level - truth) <= half).mean())
