"""Slow and obvious versions of the figures over weeks: one session, one number at a time."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from scipy import integrate, optimize, stats

CUT = 1.345


def huber_slope(
    x: Sequence[float], y: Sequence[float], block: Sequence[int], weight: Sequence[float]
) -> tuple[float, float, float]:
    """Slope, its error and the scale by Huber's Proposal 2, levels as columns of a matrix."""
    names = sorted(set(block))
    design = np.array(
        [[a, *(float(b == name) for name in names)] for a, b in zip(x, block, strict=True)]
    )
    root = np.sqrt(np.array(weight))
    rows, target = design * root[:, None], np.array(y) * root
    n, p = rows.shape
    kept = integrate.quad(lambda z: min(z * z, CUT * CUT) * stats.norm.pdf(z), -12, 12, limit=200)[
        0
    ]
    beta = np.linalg.lstsq(rows, target, rcond=None)[0]
    scale = math.sqrt(float(np.sum((target - rows @ beta) ** 2)) / (n - p))
    for _ in range(3000):
        residual = target - rows @ beta
        squares = sum(min(abs(r) / scale, CUT) ** 2 for r in residual)
        scale *= math.sqrt(squares / (n - p) / kept)
        pull = np.array([min(1.0, CUT * scale / max(abs(r), 1e-15)) for r in residual])
        beta = np.linalg.solve(rows.T @ (pull[:, None] * rows), rows.T @ (pull * target))
    residual = target - rows @ beta
    free = sum(abs(r) <= CUT * scale for r in residual) / n
    correction = 1 + p / n * (1 - free) / free
    spread = np.linalg.inv(rows.T @ rows)[0, 0]
    return float(beta[0]), correction * scale * math.sqrt(kept) / free * math.sqrt(spread), scale


def bayes_factor(x: Sequence[float], y: Sequence[float], spread_of_slope: float) -> float:
    """Of a slope ~ N(0, (spread_of_slope sigma)^2) against none: both likelihoods integrated over
    level (flat) and sigma (1 / sigma) without a formula for either.
    """
    t, v = np.array(x), np.array(y)
    n = len(t)

    def marginal(slope_sd: float) -> float:
        covariance = np.eye(n) + slope_sd**2 * np.outer(t, t)
        inverse = np.linalg.inv(covariance)
        ones = np.ones(n)
        precision = ones @ inverse @ ones
        level = ones @ inverse @ v / precision
        rest = (v - level) @ inverse @ (v - level)
        root = math.sqrt(np.linalg.det(covariance) * precision)

        def of(log_sigma: float) -> float:
            return math.exp(-(n - 1) * log_sigma - rest / 2 * math.exp(-2 * log_sigma)) / root

        middle = math.log(math.sqrt(rest / (n - 1)))
        return float(integrate.quad(of, middle - 4, middle + 8, limit=400, epsabs=0)[0])

    return marginal(spread_of_slope) / marginal(0.0)


def censored_fit(
    weeks: Sequence[float], amount: Sequence[float], broke: Sequence[bool]
) -> tuple[float, float, float]:
    """Level at week 0, slope and scale of log amount: censored maximum likelihood."""

    def loss(theta: np.ndarray) -> float:
        level, slope, log_scale = theta
        scale = math.exp(log_scale)
        total = 0.0
        for t, a, ended in zip(weeks, amount, broke, strict=True):
            z = (math.log(a) - level - slope * t) / scale
            total += stats.norm.logpdf(z) - log_scale if ended else stats.norm.logsf(z)
        return -float(total)

    start = np.array([float(np.mean(np.log(amount))), 0.0, math.log(0.3)])
    found = optimize.minimize(loss, start, method="Nelder-Mead",
                              options={"maxiter": 6000, "xatol": 1e-8, "fatol": 1e-10})  # fmt: skip
    level, slope, log_scale = (float(one) for one in found.x)
    return level, slope, math.exp(log_scale)
