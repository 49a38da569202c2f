"""Who is filmed: body shapes, hair and clothes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Colour = tuple[float, float, float]
Pattern = Literal["stripes", "checks", "blotches"]
Hair = Literal["short", "bun", "bob"]


@dataclass(frozen=True)
class Clothes:
    """Colours are sRGB in 0..1; the shirt's pattern mixes its two colours."""

    shirt: Colour
    print: Colour
    pattern: Pattern
    trousers: Colour
    seam: Colour
    shoes: Colour


@dataclass(frozen=True)
class Body:
    """A person's shape and looks.

    height: metres. girth and chest_depth: factors on an average adult's widths and chest depth.
    kyphosis, lordosis: degrees between end tangents of the neutral thoracic and lumbar spine.
    """

    name: str
    height: float
    girth: float
    chest_depth: float
    bust: float
    kyphosis: float
    lordosis: float
    skin: Colour
    hair: Hair
    hair_colour: Colour
    clothes: Clothes

    @property
    def scale(self) -> float:
        """Size relative to an adult of 1.75 m."""
        return self.height / 1.75


ANNA = Body(
    name="anna",
    height=1.66,
    girth=0.94,
    chest_depth=0.96,
    bust=0.8,
    kyphosis=36.0,
    lordosis=36.0,
    skin=(0.86, 0.67, 0.56),
    hair="bun",
    hair_colour=(0.26, 0.15, 0.09),
    clothes=Clothes(
        shirt=(0.16, 0.42, 0.52),
        print=(0.86, 0.88, 0.83),
        pattern="stripes",
        trousers=(0.17, 0.17, 0.22),
        seam=(0.42, 0.42, 0.50),
        shoes=(0.88, 0.88, 0.86),
    ),
)
BEN = Body(
    name="ben",
    height=1.80,
    girth=1.0,
    chest_depth=1.02,
    bust=0.0,
    kyphosis=40.0,
    lordosis=30.0,
    skin=(0.78, 0.58, 0.46),
    hair="short",
    hair_colour=(0.17, 0.11, 0.07),
    clothes=Clothes(
        shirt=(0.66, 0.18, 0.17),
        print=(0.24, 0.10, 0.14),
        pattern="checks",
        trousers=(0.25, 0.29, 0.37),
        seam=(0.48, 0.50, 0.56),
        shoes=(0.16, 0.16, 0.18),
    ),
)
CARO = Body(
    name="caro",
    height=1.70,
    girth=1.10,
    chest_depth=1.08,
    bust=1.0,
    kyphosis=44.0,
    lordosis=34.0,
    skin=(0.48, 0.32, 0.24),
    hair="bob",
    hair_colour=(0.07, 0.05, 0.05),
    clothes=Clothes(
        shirt=(0.80, 0.66, 0.26),
        print=(0.42, 0.24, 0.42),
        pattern="blotches",
        trousers=(0.20, 0.25, 0.22),
        seam=(0.45, 0.50, 0.46),
        shoes=(0.55, 0.30, 0.32),
    ),
)
DAVID = Body(
    name="david",
    height=1.74,
    girth=1.06,
    chest_depth=1.10,
    bust=0.0,
    kyphosis=46.0,
    lordosis=28.0,
    skin=(0.70, 0.51, 0.39),
    hair="short",
    hair_colour=(0.45, 0.43, 0.42),
    clothes=Clothes(
        shirt=(0.28, 0.50, 0.30),
        print=(0.82, 0.84, 0.74),
        pattern="blotches",
        trousers=(0.36, 0.31, 0.26),
        seam=(0.58, 0.53, 0.46),
        shoes=(0.22, 0.24, 0.30),
    ),
)
BODIES: dict[str, Body] = {body.name: body for body in (ANNA, BEN, CARO, DAVID)}
