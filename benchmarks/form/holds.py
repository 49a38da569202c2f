"""Holds on simulated epochs (science E5): 60 s, autocorrelation .6, creep and drop.

    PYTHONPATH=benchmarks python -m form.holds
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from form.generator import FLOOR, NEVER, SD, SE, Protocol, Sets, generate
from form.simulated import in_time, stop_rep, wilson
from midback.form.evidence import CHOICES
from midback.form.holds import BASELINE_EPOCHS, THRESHOLDS, evidence, needed
from midback.vision.pose import Array

N = 4000
EPOCHS = 29
_SEED = 700
_PLAIN = Protocol(reps=EPOCHS, phi=0.6, warm_up=0.0, sessions=0)


def two_epochs(sets: Sets) -> Array:
    """The lesser evidence of two epochs in a row, its change above the floor; (n, epochs)."""
    n, epochs, regions, features = sets.values.shape
    flat = np.moveaxis(sets.values.reshape(n, epochs, -1), 1, -1)
    of = np.repeat(np.arange(regions), features)
    ones = np.ones(len(of))
    mean = flat[..., :BASELINE_EPOCHS].mean(-1)
    out = np.full((n, epochs), -np.inf)
    before = np.full((n, regions), -np.inf)
    for t in range(BASELINE_EPOCHS, epochs):
        now = evidence(flat[..., : t + 1], SD * ones, SE * ones, of)
        far = (flat[..., t] - mean).reshape(n, regions, features).max(-1) >= FLOOR
        out[:, t] = np.where(far, np.minimum(now, before), -np.inf).max(-1)
        before = now
    return out


def table(n: int = N) -> str:
    """Return the figures of holds as markdown."""
    out = [
        "## Holds, simulated",
        f"60 s in epochs of 2 s, {n} holds a cell (seeds from {_SEED}), autocorrelation .6; drop: "
        "at once, creep: over 6 epochs. In time: the call is made at the latest 4 s after the "
        "epoch of the true breakdown began. 95 % Wilson intervals.",
        "",
        "| regions | setting | a person says | false stops in 60 s | drop | creep |",
        "|---|---|---|---|---|---|",
    ]
    for regions, caution in [(2, c) for c in THRESHOLDS] + [(1, "normal"), (4, "normal")]:
        protocol, limit = replace(_PLAIN, regions=regions), needed(caution, regions)
        calm = two_epochs(generate(n, "none", _SEED + regions, protocol))
        shown = [str(regions), caution, CHOICES[caution], _share(stop_rep(calm, limit) < NEVER)]
        for i, kind in enumerate(("step", "creep"), start=1):
            sets = generate(n, kind, _SEED + 10 * i + regions, protocol)
            shown.append(_share(in_time(sets, stop_rep(two_epochs(sets), limit))))
        out.append("| " + " | ".join(shown) + " |")
    return "\n".join(out) + "\n"


def _share(hits: np.ndarray) -> str:
    low, high = wilson(int(hits.sum()), len(hits))
    return f"{hits.mean():.3f} ({low:.3f}-{high:.3f})"


if __name__ == "__main__":
    print(table())
