"""Our few lines for a few numbers are numpy's, to the last bit."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from midback.form.quick import median, percentiles, slope

_NUMBERS = st.lists(st.floats(-1e6, 1e6) | st.integers(-3, 3).map(float), min_size=1, max_size=200)


@given(_NUMBERS)
def test_the_median_is_numpys(values: list[float]) -> None:
    assert median(values) == median(np.array(values)) == np.median(values)


@given(_NUMBERS, st.sampled_from([1.0, 2.0, 10.0, 50.0, 90.0, 98.0, 99.0]) | st.floats(0, 100))
def test_percentiles_are_numpys(values: list[float], share: float) -> None:
    found = percentiles(np.array(values), share, 98.0)
    assert found == np.percentile(values, [share, 98.0]).tolist()


@given(_NUMBERS.filter(lambda values: len(values) > 1))
def test_the_slope_is_numpys_gradient(values: list[float]) -> None:
    assert slope(np.array(values)).tolist() == np.gradient(np.array(values)).tolist()
