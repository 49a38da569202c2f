"""The room: floor boards, mat, wall and contact shadow, all drawn from a seed."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from midback.phantom.look import ripple

Array = NDArray[np.float64]

FLOOR_HALF = 3.0
FLOOR_CELL = 0.01


@dataclass(frozen=True)
class Stage:
    """Room and light, all drawn from the seed. stool: (x, height) of a stool, or None.

    mat: (centre x, half length, half width) on the floor, or None.
    """

    seed: int = 0
    mat: tuple[float, float, float] | None = (0.0, 1.0, 0.36)
    stool: tuple[float, float] | None = None
    wall_z: float = -1.9


def _floor_grid() -> tuple[Array, Array]:
    axis = np.arange(-FLOOR_HALF, FLOOR_HALF, FLOOR_CELL)
    z, x = np.meshgrid(axis, axis, indexing="ij")
    return x, z


def floor_colours(stage: Stage) -> Array:
    """Floor texture (cells, cells, 3): wooden boards and the mat; rows along z, columns along x."""
    x, z = _floor_grid()
    rng = np.random.default_rng(stage.seed + 1)
    board = np.floor(z / 0.14).astype(int)
    tone = rng.uniform(0.86, 1.08, 200)[board % 200]
    grid = np.stack([x.ravel() * 0.12, z.ravel(), 0 * x.ravel()], axis=1)
    grain: Array = 1.0 + 0.05 * ripple(grid, 0.05, stage.seed + 2).reshape(x.shape)
    wood = np.array([0.62, 0.49, 0.36]) * rng.uniform(0.85, 1.1)
    colour: Array = wood * (tone * grain)[..., None]
    colour[(np.abs(z % 0.14) < 0.008)] *= 0.72
    if stage.mat:
        centre, length, width = stage.mat
        on = (np.abs(x - centre) < length) & (np.abs(z) < width)
        rim = on & ~((np.abs(x - centre) < length - 0.02) & (np.abs(z) < width - 0.02))
        base = np.array([[0.30, 0.34, 0.52], [0.46, 0.30, 0.46], [0.26, 0.42, 0.40]])
        colour[on] = base[rng.integers(3)]
        colour[rim] *= 0.8
    return colour


def wall_colours(stage: Stage) -> Array:
    """Wall texture (300, 800, 3), 1 cm cells: paint, skirting board, a picture and a door."""
    rng = np.random.default_rng(stage.seed + 3)
    rows, columns = np.mgrid[0:300, 0:800]
    paint = np.array([0.80, 0.79, 0.74]) * rng.uniform(0.88, 1.05, 3)
    light = 1.0 - 0.10 * np.abs(columns - rng.uniform(250, 550)) / 400 + 0.0003 * (rows - 150)
    colour: Array = paint * light[..., None]
    colour[rows < 9] = [0.90, 0.89, 0.86]
    colour[(rows >= 8) & (rows < 9)] *= 0.7
    left, low = int(rng.choice([225, 430]) + rng.integers(15)), int(rng.integers(120, 150))
    colour[low : low + 60, left : left + 80] = [0.30, 0.26, 0.22]
    colour[low + 5 : low + 55, left + 5 : left + 75] = rng.uniform(0.35, 0.8, 3)
    colour[low + 5 : low + 30, left + 5 : left + 75] *= 0.8
    door = int(rng.choice([80, 640]))
    colour[:205, door : door + 90] = [0.70, 0.62, 0.52]
    return colour


def contact_shadow(points: Array) -> Array:
    """Brightness (cells, cells) of the floor under points (N, 3): darker the nearer they hang."""
    import cv2

    n = round(2 * FLOOR_HALF / FLOOR_CELL)
    shade = np.zeros((n, n), np.float32)
    for reach, gain, blur in ((0.08, 0.5, 1.5), (0.6, 0.10, 9.0)):
        weight = np.exp(-np.maximum(points[:, 1], 0.0) / reach)
        moved = points + 0.25 * points[:, 1:2] * np.array([0.4, 0.0, -1.0])
        cells = ((moved[:, [2, 0]] + FLOOR_HALF) / FLOOR_CELL).astype(int)
        ok = ((cells >= 0) & (cells < n)).all(axis=1)
        flat = np.bincount(cells[ok, 0] * n + cells[ok, 1], weight[ok], minlength=n * n)
        layer = np.minimum(flat.reshape(n, n), 2.0).astype(np.float32)
        shade += gain * cv2.GaussianBlur(layer, (0, 0), blur)
    dark: Array = 1.0 - 0.62 * (1.0 - np.exp(-shade.astype(float)))
    return dark
