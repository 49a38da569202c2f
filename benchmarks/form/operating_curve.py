"""False stops against breakdowns caught in time, as a picture."""

from __future__ import annotations

from pathlib import Path

import matplotlib as mpl
from matplotlib.ticker import PercentFormatter

from midback.vision.pose import Array

mpl.use("Agg")
from matplotlib import pyplot as plt

_STYLES = ("-", "--", "-.", ":", (0, (5, 1)), (0, (1, 3)))


def draw(shares: Array, curves: dict[str, dict[str, list[float]]], path: Path) -> None:
    """One panel per kind of onset. curves: onset -> detector -> share caught, one per share."""
    figure, axes = plt.subplots(1, len(curves), figsize=(4.4 * len(curves), 4.2), sharey=True)
    for axis, (onset, found) in zip(axes, curves.items(), strict=True):
        for (name, caught), style in zip(found.items(), _STYLES, strict=False):
            first = name.startswith("ours")
            axis.plot(shares, caught, linestyle=style, linewidth=2.5 if first else 1.2, label=name)
        axis.axvline(0.05, color="0.7", linewidth=1, zorder=0)
        axis.set(title=onset, xlabel="healthy sets of 20 stopped for nothing", ylim=(0, 1))
        axis.xaxis.set_major_formatter(PercentFormatter(1.0, decimals=0))
        axis.grid(color="0.9")
    axes[0].set_ylabel("breakdowns caught by one repetition after")
    axes[0].yaxis.set_major_formatter(PercentFormatter(1.0, decimals=0))
    axes[-1].legend(fontsize=7, loc="lower right")
    figure.tight_layout()
    figure.savefig(path, dpi=110, metadata={"Software": None})
    plt.close(figure)
