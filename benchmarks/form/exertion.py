"""Our evidence of fatigue per repetition against perceived exertion, beside a stopwatch.

    PYTHONPATH=benchmarks python -m form.exertion --data ../shared/data

18 gym sets as joint angles with an exertion label of 0 to 10 that only ever rises. So a stopwatch
alone ranks the repetitions almost perfectly, and nothing can beat it here: this table says whether
form carries any of that order, not how good a fatigue meter midback is.
"""

from __future__ import annotations

import argparse
import csv
import gzip
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from scipy.ndimage import median_filter, uniform_filter1d
from scipy.stats import spearmanr

from midback.exercises.schema import Primary, Timing
from midback.form.baseline import FRESH, belief, judge
from midback.form.evidence import combine
from midback.form.segmentation import RepSegmenter, Span
from midback.kinematics.smoothing import RATE
from midback.vision.pose import Array

DATA = Path(__file__).parents[2].parent / "shared" / "data"
_FOLDER = "fatigue-joint-angles"
_LIMBS = ("knee", "hip", "ankle", "shoulder", "elbow")
_TRUNK = ("spine", "hip_torso", "shoulder_torso")
_LEAST_REPS = FRESH + 2

_SD = np.array([4.0, 12.0, 3.0, 3.0, 3.0, 4.0])
_SE = np.array([2.0, 3.0, 2.0, 2.0, 2.0, 2.0])
_REGIONS = np.array([0, 0, 1, 1, 2, 2])
_RELATIVE = 2
"""Range lost and time gained in per cent; then trunk movements and left-right, in degrees."""


@dataclass(frozen=True, slots=True)
class GymSet:
    """One set. angles: name -> (N,) degrees; label: (N,) exertion 0 to 10."""

    name: str
    angles: dict[str, Array]
    label: Array


def load(data: Path) -> list[GymSet]:
    """Every set of the folder; the clock of these files is not the time of the movement."""
    sets = []
    for path in sorted((data / _FOLDER).glob("*.csv.gz")):
        with gzip.open(path, "rt", newline="") as file:
            rows = list(csv.DictReader(file))
        names = [name for name in rows[0] if name not in ("timestamp", "fatigue_label")]
        angles = {name: np.array([float(row[name] or "nan") for row in rows]) for name in names}
        label = np.array([float(row["fatigue_label"]) for row in rows])
        sets.append(GymSet(path.name.removesuffix("_training_data.csv.gz"), angles, label))
    return sets


def smooth(trace: Array) -> Array:
    """Median of 9 frames, then mean of 7: these landmarks jump."""
    known = np.isfinite(trace)
    filled = np.interp(np.arange(len(trace)), np.flatnonzero(known), trace[known])
    return np.asarray(uniform_filter1d(median_filter(filled, 9), 7))


def main_signal(one: GymSet) -> Array:
    """The moving angle, both sides averaged, turned so that effort is positive.

    The limb angle with the largest range between its 5th and 95th percentile; rest is the end
    at which more time is spent.
    """
    best, range_ = np.zeros(1), -1.0
    for limb in _LIMBS:
        trace = smooth((one.angles[f"left_{limb}"] + one.angles[f"right_{limb}"]) / 2.0)
        low, high = np.percentile(trace, [5, 95])
        if high - low > range_:
            best, range_ = trace, float(high - low)
    low, high = np.percentile(best, [5, 95])
    return best if np.median(best) < (low + high) / 2.0 else -best


def segment(signal: Array) -> list[Span]:
    """Repetitions by the product's own segmenter, with the set's range as the usual one."""
    low, high = np.percentile(signal, [5, 95])
    usual = float(high - low)
    primary = Primary(
        angle="elbow_flexion",
        unit="deg",
        direction="increase",
        min_rom=max(0.3 * usual, 1.0),
        typical_rom=max(0.9 * usual, 2.0),
    )
    segmenter = RepSegmenter(primary, Timing(min_s=0.5, max_s=20.0))
    found = [segmenter.update(i, float(value)) for i, value in enumerate(signal)]
    return [span for span in (*found, segmenter.flush()) if span is not None]


def features(one: GymSet, spans: list[Span]) -> Array:
    """Worsening features per repetition, (F, n): see _REGIONS."""
    signal = main_signal(one)
    rows = []
    for span in spans:
        here = slice(span.first, span.last + 1)
        trunk = []
        for part in _TRUNK:
            both = smooth((one.angles[f"left_{part}"] + one.angles[f"right_{part}"]) / 2.0)[here]
            trunk.append(float(np.ptp(np.percentile(both, [5, 95]))))
        left = smooth(one.angles["left_shoulder"])[here]
        right = smooth(one.angles["right_shoulder"])[here]
        uneven = float(np.median(np.abs(left - right)))
        size = float(np.ptp(np.percentile(signal[here], [2, 98])))
        rows.append([-size, (span.last - span.first) / RATE, *trunk, uneven])
    return np.array(rows).T


def scores(values: Array) -> Array:
    """Standard score of every feature and repetition by the product's rule, (F, n)."""
    mean = values[:, :FRESH].mean(1, keepdims=True)
    changes = values - mean
    changes[:_RELATIVE] *= 100.0 / np.abs(mean[:_RELATIVE])
    before = belief(_SD)
    z = [
        judge(changes[:, list(range(max(i, FRESH))) + [i]], before, _SE)[0]
        for i in range(values.shape[1])
    ]
    return np.stack(z, axis=1)


def fatigue_evidence(z: Array) -> Array:
    """Mean evidence of the regions for the worse, of each repetition and the one before, (n,)."""
    found = np.mean([combine(z[np.equal(_REGIONS, r)].T) for r in range(3)], axis=0)
    return np.asarray((found + np.concatenate([found[:1], found[:-1]])) / 2.0)


def any_change(z: Array) -> Array:
    """Root mean square of all scores: how far from the start, whether better or worse, (n,)."""
    return np.asarray(np.sqrt((z**2).mean(0)))


def table(data: Path = DATA) -> str:
    """Return Spearman per set as markdown: stopwatch, ours, repetition time and range alone."""
    out = [
        "## Perceived exertion of gym sets, Spearman over the repetitions",
        "The label only rises with time, so the stopwatch wins by construction. Ours: mean "
        "evidence of three regions (range and tempo; trunk; shoulders and left-right), counted "
        "from the first four repetitions; limits not fitted to these labels.",
        "",
        "| set | repetitions | stopwatch | ours | any change | repetition time | range lost | "
        "ours ahead |",
        "|---|---|---|---|---|---|---|---|",
    ]
    found: list[list[float]] = []
    refused = []
    for one in load(data):
        spans = segment(main_signal(one))
        label = np.array([one.label[s.first : s.last + 1].mean() for s in spans])
        if len(spans) < _LEAST_REPS or np.ptp(label) == 0:
            refused.append(f"{one.name} ({len(spans)})")
            continue
        values = features(one, spans)
        z = scores(values)
        time = np.arange(len(spans))
        signals = (time, fatigue_evidence(z), any_change(z), values[1], values[0])
        rho = [float(spearmanr(signal, label).statistic) for signal in signals]
        found.append(rho)
        ahead = "yes" if rho[1] > rho[0] else "no"
        shown = " | ".join(f"{value:.2f}" for value in rho)
        out.append(f"| {one.name} | {len(spans)} | {shown} | {ahead} |")
    middle = np.median(found, axis=0)
    out.append(f"| median of {len(found)} | | " + " | ".join(f"{v:.2f}" for v in middle) + " | |")
    rhos = np.array(found)
    draws = np.random.default_rng(0).integers(0, len(rhos), (2000, len(rhos)))
    low, high = np.percentile(np.median(rhos[draws, 1], axis=1), [2.5, 97.5])
    wins = int((rhos[:, 1] > rhos[:, 0]).sum())
    out += [
        "",
        f"Ours: median {middle[1]:.2f} ({low:.2f} to {high:.2f}, bootstrap over sets). The "
        f"stopwatch ranks better in {len(rhos) - wins} of {len(rhos)} sets: for exertion, look at "
        "the clock. Form evidence answers another question, whether the movement has changed, "
        "and a set may become hard without that.",
    ]
    if refused:
        out += ["", "Too few repetitions found to judge: " + ", ".join(refused) + "."]
    return "\n".join(out) + "\n"


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--data", type=Path, default=DATA)
    print(table(parser.parse_args().data))
