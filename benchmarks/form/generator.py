"""Simulated sets with a known breakdown (science E7), thousands at once.

Every value is a worsening in units of the exercise file's spread of fresh repetitions, so that
sd = 1, and the floor is 1.6 as in science E6 (4 deg for a spread of 2.5).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from midback.form.history import USUAL_DOF
from midback.vision.pose import Array

Kind = Literal["none", "improving", "tempo", "step", "ramp", "creep"]
HEALTHY: tuple[Kind, ...] = ("none", "improving", "tempo")
ONSETS: tuple[Kind, ...] = ("step", "ramp", "creep")

SD, SE, FLOOR = 1.0, 0.5, 1.6
BROKEN, GROSS = 2.5, 4.0
FIRST_ONSET = 5
NEVER = 10_000


@dataclass(frozen=True, slots=True)
class Protocol:
    """What the sets are like.

    slips: chance per repetition that one region is worse by 4 of the person's spreads, once.
    spread: how much people's spreads differ (SD of the logarithm). warm_up: how much worse the
    first repetition is. drift: SD of the change from session to session. size: range of the
    final shift, in the person's spreads. follow: repetitions after which the next region goes the
    same way. ramp, creep: repetitions from onset to full size. moving: how many features of the
    region shift; None for all.
    noise_df: degrees of freedom of the t noise; None is normal. phi: autocorrelation.
    """

    reps: int = 20
    regions: int = 4
    features: int = 2
    phi: float = 0.2
    noise_df: float | None = 5.0
    slips: float = 0.02
    spread: float = 0.3
    warm_up: float = 1.0
    drift: float = 1.0
    missing: float = 0.0
    size: tuple[float, float] = (BROKEN, 5.5)
    ramp: int = 3
    creep: int = 6
    correlation: float = 0.4
    sessions: int = 5
    earlier_reps: int = 10
    follow: int | None = None
    moving: int | None = None


@dataclass(frozen=True, slots=True)
class Sets:
    """n sets. values: (n, T, R, F), NaN where not measured. speed: (n, T), 1 when fresh.

    onset, breakdown: (n,) repetition counted from 0 in which the shift begins and reaches what
    counts as broken; NEVER in healthy sets. region: (n,) the one that breaks.
    known_mean, known_sd: (n, R, F) from the person's earlier sets.
    """

    values: Array
    speed: Array
    onset: NDArray[np.int_]
    breakdown: NDArray[np.int_]
    region: NDArray[np.int_]
    known_mean: Array
    known_sd: Array


def generate(n: int, kind: Kind, seed: int, protocol: Protocol, broken: float = BROKEN) -> Sets:
    """Draw n sets; broken: shift in the person's spreads that counts as breakdown."""
    p, rng = protocol, np.random.default_rng(seed)
    own = np.exp(p.spread * rng.standard_normal((n, p.regions, p.features)))
    values = _noise(rng, n, p.reps, p)
    values[:, 0] += p.warm_up
    slipped = rng.random((n, p.reps)) < p.slips
    where = rng.integers(0, p.regions, (n, p.reps))
    slip = slipped[..., None] & (where[..., None] == np.arange(p.regions))
    values += 4.0 * slip[..., None]
    region = rng.integers(0, p.regions, n)
    onset, shift = _shift(rng, n, kind, p)
    mine = np.arange(p.regions) == region[:, None]
    shifting = np.arange(p.features) < (p.features if p.moving is None else p.moving)
    values += shift[:, :, None, None] * (mine[..., None] & shifting)[:, None]
    if p.follow is not None:
        late = np.concatenate([np.zeros((n, p.follow)), shift], axis=1)[:, : p.reps]
        values += late[:, :, None, None] * np.roll(mine, 1, axis=1)[:, None, :, None]
    if kind == "improving":
        values -= 1.5 * np.clip(np.arange(p.reps) / 6.0, 0.0, 1.0)[:, None, None]
    mean_own = own[np.arange(n), region].mean(-1)
    over = (shift >= broken - 1e-9) & (shift * mean_own[:, None] >= FLOOR)
    breakdown = np.where(over.any(1), over.argmax(1), NEVER)
    values = values * own[:, None]
    if p.missing:
        values = np.where(rng.random(values.shape) < p.missing, np.nan, values)
    known_mean, known_sd = _earlier(rng, n, own, p)
    lost = rng.uniform(0.0, 0.08, (n, 1)) * shift  # nobody knows: form may break at full speed
    slow = np.clip(np.arange(p.reps) - FIRST_ONSET, 0, 5) * 0.06 if kind == "tempo" else lost
    speed = 1.0 - slow + 0.1 * _smooth(rng.standard_normal((n, p.reps, 1, 1)), p.phi)[..., 0, 0]
    return Sets(values, speed, onset, breakdown, region, known_mean, known_sd)


def _smooth(noise: Array, phi: float) -> Array:
    """First-order autoregressive noise along axis 1, same variance."""
    out = noise.copy()
    for i in range(1, noise.shape[1]):
        out[:, i] = phi * out[:, i - 1] + np.sqrt(1.0 - phi**2) * noise[:, i]
    return out


def _noise(rng: np.random.Generator, n: int, reps: int, p: Protocol) -> Array:
    """(n, reps, R, F) of variance 1: features of a region correlate, and share their outliers."""
    shape = (n, reps, p.regions)
    shared = rng.standard_normal((*shape, 1))
    each = rng.standard_normal((*shape, p.features))
    noise = np.sqrt(p.correlation) * shared + np.sqrt(1.0 - p.correlation) * each
    if p.noise_df is not None:
        scale = rng.chisquare(p.noise_df, (*shape, 1)) / p.noise_df
        noise = noise / np.sqrt(scale) * np.sqrt((p.noise_df - 2.0) / p.noise_df)
    return _smooth(noise, p.phi)


def _shift(
    rng: np.random.Generator, n: int, kind: Kind, p: Protocol
) -> tuple[NDArray[np.int_], Array]:
    """Onset (n,) and shift of the broken region (n, T), in the person's spreads."""
    if kind in HEALTHY:
        return np.full(n, NEVER), np.zeros((n, p.reps))
    length = {"step": 1, "ramp": p.ramp, "creep": p.creep}[kind]
    last = max(FIRST_ONSET + 1, p.reps - 6)
    onset = rng.integers(FIRST_ONSET, last, n)
    size = rng.uniform(*p.size, n)
    since = np.arange(p.reps) - onset[:, None] + 1
    return onset, size[:, None] * np.clip(since / length, 0.0, 1.0)


def _earlier(rng: np.random.Generator, n: int, own: Array, p: Protocol) -> tuple[Array, Array]:
    """Median of earlier fresh means and pooled spread, as `prior_from` has them."""
    means, squares = [np.zeros_like(own)][: p.sessions == 0], np.zeros_like(own)
    for _ in range(p.sessions):
        earlier = _noise(rng, n, p.earlier_reps, p)
        earlier[:, 0] += p.warm_up
        away = p.drift * rng.standard_normal(own.shape)
        means.append((earlier[:, :4].mean(1) + away) * own)
        squares += earlier.var(1, ddof=1) * own**2 * (p.earlier_reps - 1)
    variance = (USUAL_DOF + squares) / (USUAL_DOF + p.sessions * (p.earlier_reps - 1))
    return np.median(means, axis=0), np.maximum(np.sqrt(variance), SE)
