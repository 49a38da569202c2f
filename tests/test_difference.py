"""Left beside right, and what others measured."""

from __future__ import annotations

import numpy as np
from weeks_case import values_of

from midback.history.context import context
from midback.history.difference import LEFT_MORE, NO_DIFFERENCE, RIGHT_MORE, difference


def test_left_beside_right() -> None:
    rng = np.random.default_rng(12)
    even = (40 + rng.standard_normal(8)).tolist()
    more = (48 + rng.standard_normal(8)).tolist()
    found = difference(values_of(more), values_of(even), 2.0)
    assert (found.sentence, found.sessions) == (LEFT_MORE, 6)
    assert found.low is not None
    assert found.high is not None
    assert found.low < 8 < found.high
    assert difference(values_of(even), values_of(more), 2.0).sentence == RIGHT_MORE
    other = (40 + rng.standard_normal(8)).tolist()
    assert difference(values_of(even), values_of(other), 2.0).sentence == NO_DIFFERENCE


def test_sides_are_compared_on_days_that_have_both() -> None:
    left = values_of([40.0, None, 41, 42, 40, 39])
    right = values_of([38.0, 39, None, 41, 40, 41])
    assert difference(left, right, 2.0).sessions == 4
    few = difference(left[:4], right[:4], 2.0)
    assert few.estimate is None
    assert few.reason == "2 sessions with both sides so far, 2 more are needed"


def test_a_band_names_its_method_and_is_no_mark() -> None:
    band = context("thoracic_extension")
    assert band is not None
    assert (band.low, band.high) == (5.0, 12.4)
    assert "photographs of young adults" in band.caption
    assert "no target" in band.caption
    assert context("head") is None
