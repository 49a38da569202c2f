"""Bodies drawn at random, for learning from more shapes than anyone would model by hand."""

from __future__ import annotations

import numpy as np

from midback.phantom.body import BODIES, Body, Clothes, Hair, Pattern

COUNT = 8
_HAIR: tuple[Hair, ...] = ("short", "bun", "bald", "bob")
_PATTERNS: tuple[Pattern, ...] = ("stripes", "checks", "blotches", "plain")


def varied(number: int) -> Body:
    """Body drawn by its number: shape, hair and clothes over the range of adults."""
    rng = np.random.default_rng([number, 77])

    def colour() -> tuple[float, float, float]:
        red, green, blue = rng.uniform(0.1, 0.85, 3)
        return float(red), float(green), float(blue)

    tan = float(rng.uniform(0.25, 0.95))
    clothes = Clothes(
        colour(), colour(), _PATTERNS[number % 4], colour(), colour(), colour(),
        hem=BODIES["anna"].clothes.hem,
    )  # fmt: skip
    return Body(
        name=f"varied{number}",
        height=float(rng.uniform(1.52, 1.95)),
        girth=float(rng.uniform(0.86, 1.28)),
        chest_depth=float(rng.uniform(0.9, 1.22)),
        bust=float(rng.choice([0.0, 0.8, 1.0])),
        kyphosis=float(rng.uniform(20.0, 55.0)),
        lordosis=float(rng.uniform(15.0, 50.0)),
        skin=(tan, 0.78 * tan, 0.65 * tan),
        hair=_HAIR[number % len(_HAIR)],
        hair_colour=(0.25, 0.16, 0.1),
        clothes=clothes,
    )


VARIED: dict[str, Body] = {body.name: body for body in (varied(number) for number in range(COUNT))}
