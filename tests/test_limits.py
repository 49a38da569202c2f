"""Red limits watched in blocks, beside going through the rows one by one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import isfinite

import numpy as np
import pytest

from midback.exercises import Exercise, Feature, find, names
from midback.form.limits import HOLD_S, LimitWatch
from midback.form.score import feature_change
from midback.kinematics.measurability import CONTOUR, NAMES, OK, PROXY
from midback.kinematics.smoothing import RATE
from midback.vision.pose import Array


def limited(exercise: Exercise) -> list[Feature]:
    return [
        feature
        for feature in exercise.features
        if feature.red is not None
        and feature.statistic in ("p90", "p10", "at_peak")
        and feature.unit != "%"
        and feature.reference != "expected"
    ]


def one_by_one(
    features: list[Feature],
    values: Array,
    codes: np.ndarray[tuple[int, int], np.dtype[np.uint8]],
    neutral: Array | None,
    fresh: Mapping[str, Sequence[float]],
) -> list[tuple[str, float] | None]:
    """What is said at each row, by the definition."""
    counts, said = dict.fromkeys((f.name for f in features), 0), list[tuple[str, float] | None]()
    for row in range(len(values)):
        found = None
        for feature in features:
            column = NAMES.index(feature.angle)
            zero = 0.0 if feature.reference == "absolute" else None
            if neutral is not None and zero is None:
                zero = float(neutral[column])
            code = codes[row, column]
            allowed = code == OK or (code == PROXY and feature.reference == "fresh")
            change = None
            if zero is not None and allowed and isfinite(values[row, column]):
                away = float(values[row, column]) - zero
                means = fresh.get(feature.name, ()) if feature.reference == "fresh" else (0.0,)
                changes = [feature_change(feature, away, mean) for mean in means]
                change = min((c for c in changes if c is not None), default=None)
            assert feature.red is not None
            past = change is not None and change >= feature.red
            counts[feature.name] = counts[feature.name] + 1 if past else 0
            if found is None and change is not None and counts[feature.name] >= HOLD_S * RATE:
                found = feature.name, change
        said.append(found)
    return said


@pytest.mark.parametrize("name", names())
@pytest.mark.parametrize("with_neutral", [True, False])
def test_blocks_say_what_the_definition_says(name: str, *, with_neutral: bool) -> None:
    exercise, rng = find(name), np.random.default_rng(len(name))
    features = limited(exercise)
    steps = rng.normal(0.0, 4.0, (400, len(NAMES)))
    values = np.cumsum(steps, axis=0)  # wanders past the limits and back
    values[rng.random(values.shape) < 0.01] = np.nan
    codes = rng.choice([OK, PROXY, CONTOUR], values.shape, p=[0.95, 0.03, 0.02]).astype(np.uint8)
    neutral = rng.normal(0.0, 2.0, len(NAMES)) if with_neutral else None
    fresh = {f.name: rng.normal(0.0, 5.0, rng.integers(1, 3)).tolist() for f in features[::2]}
    expected = one_by_one(features, values, codes, neutral, fresh)
    for block in (1, 7, 400):
        watch, said = LimitWatch(exercise), list[tuple[str, float] | None]()
        for first in range(0, 400, block):
            rows = watch.watched(values[first : first + block], codes[first : first + block])
            for index in range(len(rows.values)):
                hit = watch.update(rows, index, neutral, fresh)
                said.append(None if hit is None else (hit[0].name, hit[1]))
        assert said == expected


def test_some_limit_is_crossed_in_what_is_compared() -> None:
    exercise = find("bird_dog")
    values = np.full((20, len(NAMES)), 90.0)
    codes = np.full(values.shape, OK, dtype=np.uint8)
    fresh = {feature.name: [0.0] for feature in limited(exercise)}
    said = one_by_one(limited(exercise), values, codes, np.zeros(len(NAMES)), fresh)
    assert said[13] is None
    assert said[14] is not None
