"""Do the intervals hold, is "real change" ever wrong, and how many weeks until it is said?"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

import numpy as np
from numpy.typing import NDArray

from midback.history.gains import MILESTONE, likely_gain
from midback.history.trend import REAL, detectable, trend, verdict
from weeks.people import (
    CONDITIONS,
    ERRORS,
    LENGTHS,
    MORE,
    PEOPLE,
    SLOPES,
    People,
    simulate,
)
from weeks.rivals import STEP, first_against_last, personal_best, regression

SEED = 20261206
FIRST_LOOK, LAST_LOOK = 2, 12
RULES = ("midback", "midback without the odds", "personal best", "first against last",
         "plain regression")  # fmt: skip
MILESTONES = ("milestone", "milestone by P alone")
Flags = NDArray[np.bool_]


def _people(condition: str, slope: float, error: float, length: str) -> People:
    where = (list(CONDITIONS).index(condition), SLOPES.index(slope), ERRORS.index(error))
    rng = np.random.default_rng([SEED, *where, LENGTHS[length]])
    people = PEOPLE * MORE.get((length, condition), 1)
    return simulate(rng, condition, slope, error, LENGTHS[length], people)


def coverage_table() -> str:
    """Coverage of the 95 % interval in every cell, and wrong real changes on one look."""
    about = (
        f"{PEOPLE} people a cell (3 and 20 times as many for 8 sessions missed and everything, "
        f"where few have a figure at all), seed {SEED}, "
        "three sessions a week, looked at once at the end. "
        "SEM is the SD of one session's value, all errors of it together; a person's own SEM is "
        "learned from three set-ups put up anew and a usual 3 deg. Given: share of people with a "
        "figure at all. Covered: 95 % intervals that hold the true gain, by true slope. A cell's "
        'own sampling error is .5 %. Wrong: "real change" said '
        "without any (slope 0), in either direction. Right: said where there is one."
    )
    rows = [
        "| sessions | condition | SEM | given % | covered % at 0 | .5 | 1 | 2 deg a week | "
        "wrong % | right % at .5 | 1 | 2 | plain regression covers % at 1 |",
        "|" + "---|" * 13,
    ]
    covers, wrongs = [], []
    for length in LENGTHS:
        for condition in CONDITIONS:
            for error in ERRORS:
                cells = [_at_end(condition, slope, error, length) for slope in SLOPES]
                covers += [cell[1] for cell in cells]
                wrongs.append(cells[0][2])
                figures = (
                    f"{100 * cells[0][0]:.0f}",
                    *(f"{100 * cell[1]:.1f}" for cell in cells),
                    *(f"{100 * cell[2]:.1f}" for cell in cells),
                    f"{100 * cells[2][3]:.0f}",
                )
                rows.append(f"| {length} | {condition} | {error:g} | " + " | ".join(figures) + " |")
    met = sum(0.93 <= one <= 0.97 for one in covers)
    summary = (
        f"Coverage lies between {100 * min(covers):.1f} and {100 * max(covers):.1f} % "
        f'({met} of {len(covers)} cells within 93-97 %); wrong "real change" in at most '
        f"{100 * max(wrongs):.1f} % (bar: 5 %)."
    )
    conditions = "\n".join(f"- {name}: {said}" for name, said in CONDITIONS.items())
    return "\n\n".join([summary, about, conditions, "\n".join(rows)])


def _at_end(
    condition: str, slope: float, error: float, length: str
) -> tuple[float, float, float, float]:
    """Shares: with a figure, covered among them, told of a real change, covered by regression."""
    people = _people(condition, slope, error, length)
    weeks = np.broadcast_to(people.weeks, people.values.shape)
    found = trend(weeks, people.values, people.blocks)
    given = np.isfinite(found.gain)
    truth = slope * found.weeks
    held = ((found.low <= truth) & (truth <= found.high))[given]
    real = verdict(found, people.sem) == REAL
    plain, half, span = regression(people.weeks, people.values)
    return (
        float(given.mean()),
        float(held.mean()),
        float(real.mean()),
        float((np.abs(plain - slope * span) <= half).mean()),
    )


@cache
def _first_said(condition: str, slope: float, error: float) -> dict[str, NDArray[np.float64]]:
    """Week of the first look at which each rule speaks of progress, per person; inf for never."""
    people = _people(condition, slope, error, "12 weeks")
    said = {rule: np.full(PEOPLE, np.inf) for rule in (*RULES, *MILESTONES)}
    for week, flags in _looks(people):
        for rule, flag in flags.items():
            said[rule] = np.where(flag & np.isinf(said[rule]), week, said[rule])
    return said


def _looks(people: People) -> Iterator[tuple[int, dict[str, Flags]]]:
    """Every week's look at the sessions so far."""
    before = likely_before = np.zeros(PEOPLE, dtype=bool)
    for week in range(FIRST_LOOK, LAST_LOOK + 1):
        n = 3 * week
        weeks, values = people.weeks[:n], people.values[:, :n]
        found = trend(np.broadcast_to(weeks, values.shape), values, people.blocks[:, :n])
        plain, half, _ = regression(weeks, values)
        sized = np.abs(np.nan_to_num(found.gain)) >= np.nan_to_num(detectable(found, people.sem))
        likely = np.nan_to_num(found.above(MILESTONE)) >= 0.8
        reached = likely_gain(found, people.sem, MILESTONE)
        flags = {
            "midback": verdict(found, people.sem) == REAL,
            "midback without the odds": sized & (np.sign(found.low) == np.sign(found.high)),
            "personal best": personal_best(values),
            "first against last": first_against_last(values),
            "plain regression": np.abs(plain) > half,
            "milestone": reached & before,
            "milestone by P alone": likely & likely_before,
        }
        yield week, flags
        before, likely_before = reached, likely


def wrong_table() -> str:
    """Who without any change is told of one, at some look within twelve weeks."""
    about = (
        f"The same people without any change, 12 weeks, looked at every week from week "
        f"{FIRST_LOOK}: per cent who are told of progress (or loss) at least once. Personal best "
        f"and first against last: {STEP:g} deg more than the first session. Plain regression: "
        "p < .05. Without the odds: 95 % interval without 0 and at least the MDC, but not the odds "
        f"of 20 to 1. Milestone: {MILESTONE:g} deg with a probability of .8 at two looks running, "
        "change real; by P alone: without the change having to be real."
    )
    rows = [
        "| condition | SEM | " + " | ".join((*RULES, *MILESTONES)) + " |",
        "|" + "---|" * (len(RULES) + 4),
    ]
    ours = []
    for condition in CONDITIONS:
        for error in ERRORS:
            said = _first_said(condition, 0.0, error)
            ours.append(float(np.isfinite(said["midback"]).mean()))
            shares = " | ".join(f"{100 * np.isfinite(one).mean():.1f}" for one in said.values())
            rows.append(f"| {condition} | {error:g} | {shares} |")
    summary = f"midback: at most {100 * max(ours):.1f} % (bar, however often one looks: 5 %)."
    return "\n\n".join([summary, about, "\n".join(rows)])


def weeks_table() -> str:
    """Median week at which each rule speaks, by true slope."""
    about = (
        "Median week at which it is said for the first time, people who never hear it counted as "
        "later; in brackets the per cent who have heard it by week 12. The rules that speak "
        "sooner are the ones that also speak to those without change, in the table above."
    )
    rules = [rule for rule in RULES if "without" not in rule]
    rows = [
        "| condition | SEM | deg a week | " + " | ".join(rules) + " |",
        "|" + "---|" * (len(rules) + 3),
    ]
    for condition in CONDITIONS:
        for error in ERRORS:
            for slope in SLOPES[1:]:
                said = _first_said(condition, slope, error)
                cells = " | ".join(_week(said[rule]) for rule in rules)
                rows.append(f"| {condition} | {error:g} | {slope:g} | {cells} |")
    return "\n\n".join([about, "\n".join(rows)])


def _week(said: NDArray[np.float64]) -> str:
    middle = float(np.median(said))
    known = f"{middle:.0f}" if np.isfinite(middle) else "> 12"
    return f"{known} ({100 * np.isfinite(said).mean():.0f})"
