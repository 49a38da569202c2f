"""Who is filmed: body shapes, hair and clothes.

Methods may be tuned on the DEVELOPING bodies; the HELD_OUT ones only judge.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Colour = tuple[float, float, float]
Pattern = Literal["stripes", "checks", "blotches", "plain"]
Hair = Literal["short", "bun", "bob", "long", "bald"]


@dataclass(frozen=True)
class Clothes:
    """Colours are sRGB in 0..1; the shirt's pattern mixes its two colours.

    hem: spine level at which the shirt ends, see anatomy.spine_curve.
    """

    shirt: Colour
    print: Colour
    pattern: Pattern
    trousers: Colour
    seam: Colour
    shoes: Colour
    hem: float = 2.2


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
IRIS = Body(
    "iris",
    height=1.58,
    girth=0.86,
    chest_depth=0.91,
    bust=0.6,
    kyphosis=22.0,
    lordosis=46.0,
    skin=(0.93, 0.76, 0.67),
    hair="long",
    hair_colour=(0.35, 0.21, 0.1),
    clothes=Clothes(
        (0.75, 0.4, 0.45),
        (0.93, 0.9, 0.88),
        "stripes",
        (0.2, 0.22, 0.34),
        (0.45, 0.47, 0.58),
        (0.85, 0.84, 0.86),
    ),
)
JONAS = Body(
    "jonas",
    height=1.86,
    girth=1.28,
    chest_depth=1.22,
    bust=0.0,
    kyphosis=54.0,
    lordosis=17.0,
    skin=(0.34, 0.22, 0.16),
    hair="bald",
    hair_colour=(0.06, 0.05, 0.05),
    clothes=Clothes(
        (0.14, 0.15, 0.19),
        (0.14, 0.15, 0.19),
        "plain",
        (0.33, 0.33, 0.31),
        (0.55, 0.54, 0.5),
        (0.7, 0.7, 0.72),
    ),
)
EVA = Body(
    "eva",
    height=1.54,
    girth=0.88,
    chest_depth=0.92,
    bust=0.5,
    kyphosis=21.0,
    lordosis=24.0,
    skin=(0.27, 0.17, 0.12),
    hair="bun",
    hair_colour=(0.05, 0.04, 0.04),
    clothes=Clothes(
        (0.72, 0.74, 0.76),
        (0.22, 0.3, 0.48),
        "blotches",
        (0.14, 0.14, 0.16),
        (0.4, 0.4, 0.44),
        (0.8, 0.35, 0.3),
    ),
)
FINN = Body(
    "finn",
    height=1.9,
    girth=1.1,
    chest_depth=1.16,
    bust=0.0,
    kyphosis=53.0,
    lordosis=48.0,
    skin=(0.95, 0.8, 0.72),
    hair="short",
    hair_colour=(0.55, 0.27, 0.12),
    clothes=Clothes(
        (0.2, 0.34, 0.62),
        (0.8, 0.82, 0.86),
        "checks",
        (0.3, 0.27, 0.24),
        (0.52, 0.48, 0.44),
        (0.2, 0.2, 0.22),
    ),
)
GINA = Body(
    "gina",
    height=1.63,
    girth=1.24,
    chest_depth=1.12,
    bust=1.0,
    kyphosis=33.0,
    lordosis=50.0,
    skin=(0.82, 0.63, 0.5),
    hair="long",
    hair_colour=(0.8, 0.66, 0.4),
    clothes=Clothes(
        (0.11, 0.11, 0.13),
        (0.11, 0.11, 0.13),
        "plain",
        (0.24, 0.2, 0.3),
        (0.48, 0.44, 0.54),
        (0.9, 0.88, 0.85),
    ),
)
HUGO = Body(
    "hugo",
    height=1.76,
    girth=0.98,
    chest_depth=1.02,
    bust=0.0,
    kyphosis=47.0,
    lordosis=15.0,
    skin=(0.6, 0.42, 0.3),
    hair="bald",
    hair_colour=(0.15, 0.12, 0.1),
    clothes=Clothes(
        (0.78, 0.77, 0.72),
        (0.78, 0.77, 0.72),
        "plain",
        (0.22, 0.26, 0.3),
        (0.46, 0.5, 0.54),
        (0.3, 0.3, 0.32),
    ),
)
KIRA = Body(
    "kira",
    height=1.7,
    girth=0.93,
    chest_depth=0.97,
    bust=0.8,
    kyphosis=37.0,
    lordosis=32.0,
    skin=(0.73, 0.55, 0.4),
    hair="bob",
    hair_colour=(0.1, 0.08, 0.07),
    clothes=Clothes(
        (0.13, 0.24, 0.2),
        (0.55, 0.6, 0.3),
        "stripes",
        (0.42, 0.36, 0.34),
        (0.62, 0.56, 0.52),
        (0.15, 0.15, 0.17),
    ),
)
LARS = Body(
    "lars",
    height=1.95,
    girth=1.3,
    chest_depth=1.25,
    bust=0.0,
    kyphosis=28.0,
    lordosis=40.0,
    skin=(0.89, 0.7, 0.6),
    hair="short",
    hair_colour=(0.78, 0.68, 0.48),
    clothes=Clothes(
        (0.62, 0.3, 0.14),
        (0.25, 0.12, 0.1),
        "blotches",
        (0.16, 0.18, 0.24),
        (0.42, 0.44, 0.5),
        (0.55, 0.5, 0.45),
    ),
)

DEVELOPING = ("anna", "ben", "caro", "david", "iris", "jonas")
HELD_OUT = ("eva", "finn", "gina", "hugo", "kira", "lars")
BODIES: dict[str, Body] = {
    body.name: body
    for body in (ANNA, BEN, CARO, DAVID, IRIS, JONAS, EVA, FINN, GINA, HUGO, KIRA, LARS)
}
