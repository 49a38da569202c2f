"""From the repetitions of earlier sets to what a new set should know of the person."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from midback.exercises import Exercise
from midback.form.history import History, Prior, prior_from

GoodRep = tuple[str | None, Mapping[str, float | None]]
"""Side of a good repetition, and its features' values by name."""


def history_from(exercise: Exercise, sets: Sequence[Sequence[GoodRep]]) -> History:
    """What earlier sets of an exercise tell, oldest first, one a session.

    sets: the complete repetitions of each before its stop, in order.
    """
    sides = dict.fromkeys(side for one in sets for side, _ in one)
    priors: dict[tuple[str | None, str], Prior] = {}
    for side in sides:
        for feature in exercise.features:
            values = [
                [v for s, found in one if s == side and (v := found.get(feature.name)) is not None]
                for one in sets
            ]
            prior = prior_from(feature, values)
            if prior is not None:
                priors[side, feature.name] = prior
    return History(priors)
