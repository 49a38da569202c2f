"""Colours of skin, hair and textured clothes, per vertex in the binding pose."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from midback.phantom.body import Body, Clothes

Array = NDArray[np.float64]


def ripple(points: Array, wavelength: float, seed: int, waves: int = 12) -> Array:
    """Smooth random field (N,) of about unit variance: a sum of seeded plane waves."""
    rng = np.random.default_rng(seed)
    heading = rng.normal(size=(waves, 3))
    heading /= np.linalg.norm(heading, axis=1, keepdims=True)
    k = heading * (2 * np.pi / wavelength) * rng.uniform(0.6, 1.6, (waves, 1))
    phase = rng.uniform(0, 2 * np.pi, waves)
    field: Array = np.sqrt(2 / waves) * np.sin(points @ k.T + phase).sum(axis=1)
    return field


def print_share(clothes: Clothes, along: Array, points: Array, seed: int) -> Array:
    """Share (N,) of the print colour; along is the distance along trunk or arm, metres."""
    if clothes.pattern == "plain":
        return np.zeros(len(points))
    if clothes.pattern == "stripes":
        return ((along % 0.05) < 0.016).astype(float)
    if clothes.pattern == "checks":
        across = points[:, 2] + 0.3 * points[:, 0]
        lines = ((along % 0.06) < 0.022).astype(float) + ((across % 0.06) < 0.022)
        return 0.45 * lines
    return np.clip(2.5 * ripple(points, 0.09, seed) - 0.8, 0.0, 1.0)


def mix(a: Array, b: Array, share: Array) -> Array:
    """Blend colours: share (N,) of b in a."""
    blended: Array = a + share[:, None] * (b - a)
    return blended


def shirt(clothes: Clothes, along: Array, points: Array, seed: int) -> Array:
    """Shirt colours (N, 3) with print, fold shading and weave."""
    share = print_share(clothes, along, points, seed)
    base = mix(np.array(clothes.shirt), np.array(clothes.print), share)
    shade = 1.0 + 0.10 * ripple(points, 0.11, seed + 1) + 0.04 * ripple(points, 0.02, seed + 2)
    return base * shade[:, None]


def trousers(clothes: Clothes, lateral: Array, points: Array, seed: int) -> Array:
    """Trouser colours (N, 3) with a side seam where |lateral| (metres) is small."""
    seam = (np.abs(lateral) < 0.008).astype(float)
    base = mix(np.array(clothes.trousers), np.array(clothes.seam), seam)
    shade = 1.0 + 0.14 * ripple(points, 0.13, seed + 3) + 0.06 * ripple(points, 0.025, seed + 4)
    return base * shade[:, None]


def shoe(clothes: Clothes, points: Array, seed: int) -> Array:
    """Shoe colours (N, 3)."""
    shade = 1.0 + 0.05 * ripple(points, 0.03, seed + 9)
    return np.array(clothes.shoes) * shade[:, None]


def seed_of(body: Body) -> int:
    """Seed of a body's textures, the same on every run."""
    return sum(map(ord, body.name))


def skin(body: Body, points: Array) -> Array:
    """Skin colours (N, 3)."""
    shade = 1.0 + 0.03 * ripple(points, 0.06, seed_of(body) + 5)
    return np.array(body.skin) * shade[:, None]


def face(body: Body, local: Array) -> Array:
    """Face colours (N, 3) from head-frame positions: lips, brows, cheeks, chin shadow."""
    p = local / body.scale
    colour = skin(body, local)
    front = p[:, 0] > 0.06
    lips = front & (np.hypot((p[:, 1] - 0.016) / 0.009, p[:, 2] / 0.026) < 1)
    slit = front & (np.abs(p[:, 1] - 0.016) < 0.0025) & (np.abs(p[:, 2]) < 0.024)
    brow = front & (np.abs(p[:, 1] - 0.103 + 0.1 * np.abs(p[:, 2])) < 0.005)
    brow &= (np.abs(p[:, 2]) > 0.012) & (np.abs(p[:, 2]) < 0.05)
    nostril = (p[:, 0] > 0.1) & (p[:, 1] < 0.043) & (np.abs(np.abs(p[:, 2]) - 0.007) < 0.005)
    colour[lips] *= np.array([0.88, 0.62, 0.62])
    colour[slit] *= 0.6
    colour[brow] = 0.7 * np.array(body.hair_colour) + 0.15 * np.array(body.skin)
    colour[nostril & (p[:, 1] > 0.03)] *= 0.55
    cheek = np.exp(-(((p[:, 1] - 0.045) / 0.02) ** 2) - ((np.abs(p[:, 2]) - 0.045) / 0.02) ** 2)
    colour *= 1.0 - np.outer(0.12 * cheek * front, [0.0, 1.0, 1.0])
    return colour


def hair(body: Body, local: Array) -> Array:
    """Hair colours (N, 3) with strands running backwards."""
    seed = seed_of(body)
    squeezed = local * np.array([0.25, 0.25, 1.0])
    strands = 1.0 + 0.12 * ripple(squeezed, 0.008, seed + 6) + 0.05 * ripple(local, 0.05, seed + 7)
    return np.array(body.hair_colour) * strands[:, None]


def eye(body: Body, local: Array) -> Array:
    """Eye colours (N, 3): white, dark iris, upper lid."""
    p = local / body.scale
    colour = np.tile([0.93, 0.92, 0.90], (len(p), 1))
    iris = np.hypot(p[:, 1] - 0.078, np.abs(p[:, 2]) - 0.033) < 0.0062
    colour[iris] = [0.14, 0.10, 0.08]
    colour[p[:, 1] > 0.0835] = np.array(body.skin) * 0.7
    return colour
