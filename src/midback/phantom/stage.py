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
class Box:
    """A box of one colour (sRGB 0..1) with its sides along the room's axes, metres."""

    centre: tuple[float, float, float]
    size: tuple[float, float, float]
    colour: tuple[float, float, float]


@dataclass(frozen=True)
class Stage:
    """Room and light, all drawn from the seed. stool: (x, height) of a stool, or None.

    boxes: further things in the room.
    mat: (centre x, half length, half width) on the floor, or None.
    """

    seed: int = 0
    mat: tuple[float, float, float] | None = (0.0, 1.0, 0.36)
    stool: tuple[float, float] | None = None
    wall_z: float = -1.9
    boxes: tuple[Box, ...] = ()


def furniture(seed: int, wall_z: float) -> tuple[Box, ...]:
    """Shelf, cupboard, crates and posters along the wall, none further than 0.6 m from it."""
    rng = np.random.default_rng([seed, 7])
    boxes: list[Box] = []

    def add(x: float, low: float, size: tuple[float, float, float], away: float = 0.0) -> None:
        colour = rng.uniform(0.12, 0.85, 3)
        centre = (x, low + size[1] / 2, wall_z + away + size[2] / 2 + 0.005)
        boxes.append(Box(centre, size, (float(colour[0]), float(colour[1]), float(colour[2]))))

    slots = rng.permutation(np.linspace(-1.8, 1.8, 7)) + rng.uniform(-0.1, 0.1, 7)
    for x in slots[:3]:  # posters
        add(float(x), float(rng.uniform(1.0, 1.5)), (0.45, 0.6, 0.01))
        add(float(x), boxes[-1].centre[1] - 0.1, (0.3, 0.2, 0.02))
    add(float(slots[3]), 0.0, (0.6, float(rng.uniform(0.7, 1.7)), 0.35))
    for level in (0.4, 0.8, 1.2):
        add(float(slots[4]), level, (0.8, 0.03, 0.28))
        for k in range(3):
            add(float(slots[4]) - 0.25 + 0.2 * k, level + 0.03, (0.12, 0.2, 0.15), 0.05)
    for x in slots[5:]:
        side = float(rng.uniform(0.3, 0.5))
        add(float(x), 0.0, (side, float(rng.uniform(0.3, 0.6)), 0.4), 0.1)
    return tuple(boxes)


def pillow(scale: float, heading: float) -> Box:
    """Pillow under the head of someone lying on a side with the hips at the origin."""
    a = np.radians(heading)
    x, z = 0.74 * scale * np.cos(a), -0.74 * scale * np.sin(a)
    along, across = (0.24, 0.36) if abs(np.cos(a)) > 0.7 else (0.36, 0.24)
    tall = 0.085 * scale
    return Box((float(x), tall / 2, float(z)), (along, tall, across), (0.86, 0.84, 0.8))


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
