"""The rays against a slow version that goes along each of them, sample by sample."""

from __future__ import annotations

import math

import numpy as np
import pytest

from midback.vision.pose import RAYS, Array, Array32
from midback.vision.silhouette import ALONG, silhouette

Place = tuple[float, float]
SIZE = (320, 240)


def points(hips: Place, shoulders: Place) -> Array32:
    """Both hips and both shoulders in one place each, X right, Y up."""
    found = np.zeros((33, 3), dtype=np.float32)
    found[[23, 24], :2], found[[11, 12], :2] = hips, shoulders
    return found


def body(wide: int, high: int, seed: int) -> Array32:
    """A mask of the same relative shape at any size: a thick, wavy bar with a soft edge."""
    x, y = (np.arange(wide) + 0.5) / wide, (np.arange(high) + 0.5) / high
    wave = 0.05 * np.sin(9 * x + seed)
    off = np.abs(y[:, None] - 0.5 - wave) - 0.2
    return np.asarray(1 / (1 + np.exp(60 * off)), dtype=np.float32)


def first_fall_along(mask: Array32, hips: Place, shoulders: Place, size: tuple[int, int]) -> Array:
    """Distance along every ray to the mask's fall below one half, NaN where there is none."""
    height, width = mask.shape
    across, down = width / size[0], height / size[1]
    trunk = np.subtract(shoulders, hips)
    length = math.hypot(*trunk)
    step = 2 / (across + down)
    found = np.full((2, RAYS), np.nan)
    for ray, along in enumerate(ALONG):
        for side, sign in enumerate((1, -1)):
            before = None
            for k in range(math.ceil(0.7 * length / step)):
                x = hips[0] + along * trunk[0] - sign * k * step * trunk[1] / length
                y = hips[1] + along * trunk[1] + sign * k * step * trunk[0] / length
                here = between(mask, x * across - 0.5, -y * down - 0.5)
                if math.isnan(here) or (before is None and here < 0.5):
                    break
                if before is not None and here < 0.5:
                    found[side, ray] = (k - 1 + (before - 0.5) / (before - here)) * step
                    break
                before = here
    return found


def between(mask: Array32, column: float, row: float) -> float:
    """Linear between the four pixels around, NaN where one of them is outside the picture."""
    left, top = math.floor(column), math.floor(row)
    if left < 0 or top < 0 or left + 1 >= mask.shape[1] or top + 1 >= mask.shape[0]:
        return math.nan
    x, y = column - left, row - top
    upper = mask[top, left] * (1 - x) + mask[top, left + 1] * x
    lower = mask[top + 1, left] * (1 - x) + mask[top + 1, left + 1] * x
    return float(upper * (1 - y) + lower * y)


@pytest.mark.parametrize("scale", [1.0, 0.5])
@pytest.mark.parametrize(
    ("hips", "shoulders"),
    [
        ((100, -120), (220, -118)),
        ((220, -130), (100, -110)),
        ((20, -120), (140, -100)),  # the lowest rays start outside the picture
        ((200, -60), (310, -200)),  # out of the body, and out of the picture
    ],
)
def test_every_ray_ends_where_the_slow_version_ends(
    hips: Place, shoulders: Place, scale: float
) -> None:
    mask = body(round(SIZE[0] * scale), round(SIZE[1] * scale), 3)
    found = silhouette(mask, points(hips, shoulders), SIZE)
    expected = first_fall_along(mask, hips, shoulders, SIZE)
    np.testing.assert_array_equal(np.isfinite(found), np.isfinite(expected))
    np.testing.assert_allclose(found, expected, atol=0.01)
    assert np.isfinite(found).mean() > 0.2


@pytest.mark.parametrize(
    ("size", "shoulders"),
    [
        (SIZE, (101, -120)),
        (SIZE, (np.nan, -120)),
        ((3000, 1), (5e4, -120)),
        (SIZE, (1e7, -120)),
    ],
)
def test_a_trunk_without_a_length_or_beyond_all_measure_has_no_edge(
    size: tuple[int, int], shoulders: Place
) -> None:
    found = silhouette(body(*SIZE, 1), points((100, -120), shoulders), size)
    assert found.shape == (2, RAYS)
    assert np.isnan(found).all()
