"""The stop rule on simulated sets with a known breakdown (science E3, E7).

    PYTHONPATH=benchmarks python -m form.simulated

Thresholds are set on seeds of their own, so that 5 % of healthy sets of 20 repetitions are
stopped. A breakdown is caught in time when the stop comes after the change began and no later
than one repetition after the true breakdown; a stop before anything changed is never a success.
"""

from __future__ import annotations

import argparse
from dataclasses import replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from form.detectors import DETECTORS, Detector, judge, ours, started_below, velocity_loss
from form.generator import GROSS, HEALTHY, NEVER, ONSETS, Kind, Protocol, Sets, generate
from midback.form.evidence import CHOICES, FALSE_STOPS, THRESHOLDS, needed
from midback.form.first import first_to_fail, without_gaps
from midback.vision.pose import Array

N = 6000
CALIBRATION = 24_000
_CALIBRATION_SEED, _SEED = 9000, 100
_PLAIN = Protocol()
_GROSS = replace(_PLAIN, size=(GROSS, 6.0))
_DEFAULT = "2 in a row (the default of E3)"
_GOALS = {"step": 0.85, "ramp": 0.78, "creep": 0.72}


def wilson(hits: int, n: int, z: float = 1.96) -> tuple[float, float]:
    """95 % interval of a share."""
    if n == 0:
        return 0.0, 1.0
    share, square = hits / n, z * z
    middle = (share + square / (2 * n)) / (1 + square / n)
    half = z * np.sqrt(share * (1 - share) / n + square / (4 * n * n)) / (1 + square / n)
    return float(middle - half), float(middle + half)


def stop_rep(statistic: Array, threshold: float) -> NDArray[np.int_]:
    """Repetition, counted from 0, that ends each set; past NEVER where none does."""
    over = statistic >= threshold
    return np.where(over.any(1), over.argmax(1), NEVER + 10)


def in_time(sets: Sets, stopped: NDArray[np.int_]) -> NDArray[np.bool_]:
    """Caught in time, of the sets whose breakdown leaves one repetition to react."""
    counts = sets.breakdown + 1 < sets.values.shape[1]
    return np.asarray(((stopped >= sets.onset) & (stopped <= sets.breakdown + 1))[counts])


def healthy(n: int, seed: int, protocol: Protocol = _PLAIN, kind: Kind = "none") -> Sets:
    return generate(n, kind, seed, protocol)


def breaking(
    n: int, seed: int, protocol: Protocol = _PLAIN, broken: float = 2.5
) -> dict[str, Sets]:
    return {
        kind: generate(n, kind, seed + i, protocol, broken)
        for i, kind in enumerate(ONSETS, start=1)
    }


def calibrated(detector: Detector, history: bool, sets: Sets, share: float = 0.05) -> float:
    """Threshold that stops this share of healthy sets."""
    return float(np.quantile(detector(sets, history).max(1), 1.0 - share))


def table(n: int = N) -> str:
    """Return every figure of the stop rule as markdown."""
    calm = healthy(CALIBRATION, _CALIBRATION_SEED)
    parts = [
        "## The stop rule on simulated sets",
        f"{n} sets a cell of 20 repetitions, seeds from {_SEED}; thresholds from {CALIBRATION} "
        f"other healthy sets (seed {_CALIBRATION_SEED}); 95 % Wilson intervals. 4 regions of 2 "
        "features, t5 noise, autocorrelation .2, a worse first repetition, 2 % slips of +4 SD, "
        "people's spreads differ by 30 %; breakdown: shift of 2.5 own SD and above the floor, "
        "growing to 2.5-5.5 at once, over 3 or over 6 repetitions. In time: after the change "
        "began and by one repetition after breakdown.",
        *_compared(n, calm),
        *_settings(n),
        *_details(n),
        *_sensitivity(n),
        *_first_regions(min(n, 600)),
    ]
    return "\n".join(parts) + "\n"


def _share(hits: NDArray[np.bool_]) -> str:
    low, high = wilson(int(hits.sum()), len(hits))
    return f"{hits.mean():.3f} ({low:.3f}-{high:.3f})"


def _short(hits: NDArray[np.bool_]) -> str:
    return f"{hits.mean():.2f}"


def _row(cells: list[str]) -> str:
    return "| " + " | ".join(cells) + " |"


def _head(cells: list[str]) -> list[str]:
    return ["", _row(cells), "|" + "---|" * len(cells)]


def _compared(n: int, calm: Sets) -> list[str]:
    test, broken = healthy(n, _SEED), breaking(n, _SEED)
    gross = breaking(n, _SEED + 10, _GROSS, GROSS)
    out = ["", "### All detectors at 5 % false stops a set"]
    out += _head(
        ["detector", "earlier sets", "false stops", *ONSETS, *(f"gross {k}" for k in ONSETS)]
    )
    cells: dict[str, float] = {}
    for name, detector in DETECTORS.items():
        for history in (False, True) if detector is not velocity_loss else (False,):
            threshold = calibrated(detector, history, calm)
            shown = [name, "yes" if history else "no"]
            shown.append(_share(stop_rep(detector(test, history), threshold) < NEVER))
            for sets in (*broken.values(), *gross.values()):
                hits = in_time(sets, stop_rep(detector(sets, history), threshold))
                shown.append(_share(hits) if name.startswith(("ours", "2 in")) else _short(hits))
                if detector is ours and history:
                    cells[f"{len(cells)}"] = float(hits.mean())
            out.append(_row(shown))
    shown = ["velocity loss of 20 %, as published", "no"]
    shown.append(_share(stop_rep(velocity_loss(test, False), 0.2) < NEVER))
    for sets in (*broken.values(), *gross.values()):
        shown.append(_short(in_time(sets, stop_rep(velocity_loss(sets, False), 0.2))))
    out.append(_row(shown))
    reached = [f"{k} {v:.3f}" for k, v in zip(ONSETS, cells.values(), strict=False)]
    worst = min(list(cells.values())[len(ONSETS) :])
    goals = ", ".join(f"{k} {v:.2f}" for k, v in _GOALS.items())
    out += [
        "",
        f"Ours with earlier sets: {', '.join(reached)}, gross {worst:.3f} at the least; "
        f"goals {goals}, gross .96.",
    ]
    return out


def _settings(n: int) -> list[str]:
    out = ["", "### The three settings, with the constants that ship"]
    out += _head(["setting", "a person says", "earlier sets", "meant", "false stops", *ONSETS])
    test, broken = healthy(n, _SEED + 20), breaking(n, _SEED + 20)
    for caution, pair in THRESHOLDS.items():
        for history in (False, True):
            shown = [caution, CHOICES[caution], "yes" if history else "no"]
            shown.append(f"{FALSE_STOPS[caution]:.2f}")
            shown.append(_share(stop_rep(ours(test, history), pair[history]) < NEVER))
            shown += [
                _share(in_time(sets, stop_rep(ours(sets, history), pair[history])))
                for sets in broken.values()
            ]
            out.append(_row(shown))
    return out


def _details(n: int) -> list[str]:
    out = ["", "### When it stops, and where (normal, earlier sets known)"]
    out += _head(
        ["onset", "before any change", "while it grows", "at breakdown", "1 late", "2 late",
         "later or never", "right region, of the stops after onset"]
    )  # fmt: skip
    for kind, sets in breaking(n, _SEED + 30).items():
        found = judge(sets, True).amounts
        stopped = stop_rep(found.max(-1), THRESHOLDS["normal"][1])
        late = stopped - sets.breakdown
        before = stopped < sets.onset
        ended = ~before & (stopped < NEVER)
        at = np.minimum(stopped, found.shape[1] - 1)
        named = found[np.arange(len(found)), at].argmax(-1)
        shares = [before, ~before & (late < 0), *(~before & (late == k) for k in (0, 1, 2))]
        shares.append(late > 2)
        out.append(_row([kind, *map(_short, shares), _share((named == sets.region)[ended])]))
    guard = np.asarray(started_below(healthy(n, _SEED + 40), True).any(1))
    out += ["", f"Start guard: called for nothing in {_share(guard)} of healthy sets."]
    return out


def _sensitivity(n: int) -> list[str]:
    cases: dict[str, Protocol] = {"as above": _PLAIN}
    cases |= {f"slips {100 * x:.0f} %": replace(_PLAIN, slips=x) for x in (0.0, 0.05)}
    cases |= {f"autocorrelation {x:g}": replace(_PLAIN, phi=x) for x in (0.0, 0.4, 0.6)}
    cases |= {"normal tails": replace(_PLAIN, noise_df=None)}
    cases |= {"t3 tails": replace(_PLAIN, noise_df=3.0)}
    cases |= {f"spreads differ {100 * x:.0f} %": replace(_PLAIN, spread=x) for x in (0.0, 0.5)}
    cases |= {f"first repetition {x:+g} SD": replace(_PLAIN, warm_up=x) for x in (0.0, 2.0)}
    cases |= {f"session drift {x:g} SD": replace(_PLAIN, drift=x) for x in (0.0, 2.0)}
    cases |= {"20 % of values missing": replace(_PLAIN, missing=0.2)}
    cases |= {f"{x} repetitions": replace(_PLAIN, reps=x) for x in (5, 10, 15, 30)}
    cases |= {f"{x} features a region": replace(_PLAIN, features=x) for x in (1, 3, 4)}
    cases |= {"2 features, 1 of them moves": replace(_PLAIN, moving=1)}
    cases |= {f"{x} regions": replace(_PLAIN, regions=x) for x in (1, 2, 3, 5)}
    cases |= {"ramp 6, creep 10": replace(_PLAIN, ramp=6, creep=10, reps=24)}
    out = ["", "### When the world is different (normal setting, constants unchanged)"]
    out += _head(["world", "false stops, no history", "false stops", *ONSETS])
    for i, (name, protocol) in enumerate(cases.items()):
        seed = _SEED + 100 + 10 * i
        calm = healthy(n, seed, protocol)
        shown = [name]
        for history in (False, True):
            limit = needed("normal", known=history, regions=protocol.regions)
            shown.append(_share(stop_rep(ours(calm, history), limit) < NEVER))
        for sets in breaking(n, seed, protocol).values() if protocol.reps >= 10 else ():
            limit = needed("normal", known=True, regions=protocol.regions)
            shown.append(_short(in_time(sets, stop_rep(ours(sets, True), limit))))
        out.append(_row([*shown, *["-"] * (6 - len(shown))]))
    for kind in HEALTHY[1:]:
        calm = healthy(n, _SEED + 900, kind=kind)
        shares = [
            _share(stop_rep(ours(calm, h), THRESHOLDS["normal"][h]) < NEVER) for h in (False, True)
        ]
        out.append(_row([f"healthy, {kind} only", *shares, "-", "-", "-"]))
    return out


def _first_regions(n: int) -> list[str]:
    out = ["", "### First region to fail, and the probability given with it"]
    out += _head(["the next region follows", "named first is right", "mean probability given",
                  "two named together", "right one among those named"])  # fmt: skip
    for follow in (None, 4, 2, 1):
        right, among, given, both = [], [], [], []
        sets = generate(n, "ramp", _SEED + 50, replace(_PLAIN, follow=follow))
        found = judge(sets, True)
        stopped = stop_rep(found.amounts.max(-1), THRESHOLDS["normal"][1])
        for i in np.flatnonzero((stopped >= sets.onset) & (stopped < NEVER)):
            seen = without_gaps(found.evidence[i, 4 : stopped[i] + 1])
            first = first_to_fail(tuple("0123"), seen)
            right.append(int(first.regions[0]) == sets.region[i])
            among.append(str(sets.region[i]) in first.regions)
            given.append(first.probability)
            both.append(len(first.regions) > 1)
        name = "never" if follow is None else f"{follow} later"
        out.append(_row([name, _share(np.array(right)), f"{np.mean(given):.2f}",
                         f"{np.mean(both):.2f}", _share(np.array(among))]))  # fmt: skip
    return out


def plot(path: Path, n: int = N) -> None:
    """Draw the whole operating curve, 1 to 20 % false stops a set, with earlier sets."""
    from form.operating_curve import draw

    shares = np.geomspace(0.01, 0.2, 12)
    calm = healthy(CALIBRATION, _CALIBRATION_SEED)
    broken = breaking(n, _SEED)
    curves: dict[str, dict[str, list[float]]] = {}
    picked = (
        "ours: sharpened level, last 2-4",
        _DEFAULT,
        "GLR, 4 repetitions",
        "CUSUM k 1",
        "EWMA .4",
    )
    for name in (*picked, "velocity loss, calibrated"):
        detector = DETECTORS[name]
        quiet = detector(calm, True).max(1)
        for kind, sets in broken.items():
            found = detector(sets, True)
            curves.setdefault(kind, {})[name] = [
                float(in_time(sets, stop_rep(found, float(np.quantile(quiet, 1 - s)))).mean())
                for s in shares
            ]
    draw(shares, curves, path)


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--sets", type=int, default=N)
    parser.add_argument("--plot", type=Path)
    given = parser.parse_args()
    print(table(given.sets))
    if given.plot is not None:
        plot(given.plot, given.sets)
