"""Measured against true, as pictures."""

from __future__ import annotations

from pathlib import Path

import matplotlib as mpl
import numpy as np

from accuracy.reps import Rep
from accuracy.sections import Z95, shown

mpl.use("Agg")
from matplotlib import pyplot as plt

_MARKERS = "osD^vP*X"


def against_truth(found: dict[str, list[Rep]], path: Path) -> None:
    """One panel per angle; the bars are the printed 95 % intervals, the line is perfection."""
    figure, axes = plt.subplots(1, len(found), figsize=(4.6 * len(found), 4.6), squeeze=False)
    for axis, (title, reps) in zip(axes[0], found.items(), strict=True):
        good = shown(reps)
        reach = max([10.0, *(abs(rep.true) for rep in good), *(abs(rep.measured) for rep in good)])
        axis.plot([-reach, reach], [-reach, reach], color="0.6", linewidth=1, zorder=0)
        for body, marker in zip(sorted({rep.body for rep in good}), _MARKERS, strict=False):
            mine = [rep for rep in good if rep.body == body]
            axis.errorbar(
                [rep.true for rep in mine],
                [rep.measured for rep in mine],
                yerr=[Z95 * rep.se for rep in mine],
                fmt=marker,
                markersize=5,
                elinewidth=0.5,
                alpha=0.8,
                label=body,
            )
        axis.set(xlabel="true change, deg", ylabel="measured change, deg", title=title)
        axis.set_aspect("equal")
        axis.legend(fontsize=7, title="body never fitted", title_fontsize=7)
    figure.tight_layout()
    figure.savefig(path, dpi=110, metadata={"Software": None})
    plt.close(figure)


def errors(found: dict[str, np.ndarray], path: Path) -> None:
    """Absolute error of every repetition by method: the share of repetitions below each error."""
    figure, axis = plt.subplots(figsize=(6, 4))
    for (name, values), style in zip(found.items(), ("-", "--", ":", "-."), strict=False):
        error = np.sort(np.abs(values))
        axis.step(error, 100 * np.arange(1, len(error) + 1) / len(error), style, label=name)
    axis.set(xlabel="absolute error, deg", ylabel="repetitions below it, %", xlim=(0, 20))
    axis.grid(color="0.9")
    axis.legend()
    figure.tight_layout()
    figure.savefig(path, dpi=110, metadata={"Software": None})
    plt.close(figure)
