"""Sums whose last bit does not depend on how many frames are computed at once.

Live sees one frame, a recording all of them, and both must come to the same numbers. Arrays here
have the frames on their last axis; numpy would add up one frame in another order than many, and
so would the matrix products of its libraries.
"""

from __future__ import annotations

from itertools import pairwise
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

_Float = TypeVar("_Float", bound=np.floating)
_NARROW = 64  # values; below it, numpy's own slow accumulate is quicker than as many calls


def total(values: NDArray[_Float]) -> NDArray[_Float]:
    """Sum over the first axis, one value after the other: (N, ..., T) to (..., T)."""
    values = np.ascontiguousarray(values)
    one = values.size == len(values)
    added: NDArray[_Float] = np.add.accumulate(values)[-1] if one else np.add.reduce(values)
    return added


def running(operation: np.ufunc, values: NDArray[np.generic]) -> None:
    """Replace every value by the operation over it and all before it on the first axis."""
    if values[0].size < _NARROW:
        operation.accumulate(values, axis=0, out=values)
        return
    for before, now in pairwise(values):
        operation(before, now, out=now)
