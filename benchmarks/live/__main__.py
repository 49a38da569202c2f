"""Every figure about live feedback: prints them and writes live.md.

    make bench-live

`--minutes 30` lets the endurance run go on for half an hour. Run it on a machine that does nothing
else: the network takes a core and the first table is in single milliseconds.
"""

from __future__ import annotations

import argparse
import os
import platform
from collections.abc import Callable
from pathlib import Path

from live import agreement, endurance, kills, latency

HERE = Path(__file__).parents[1]


def main() -> None:
    """Run one section after the other: they measure time."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--minutes", type=float, default=2.0, help="of the endurance run")
    parser.add_argument("--data", type=Path, default=HERE.parents[1] / "shared/data")
    chosen = parser.parse_args()
    minutes, data = chosen.minutes, chosen.data
    parts = [
        "# Live feedback",
        f"`make bench-live`, {platform.machine()}, {os.cpu_count()} cores{_load()}, "
        f"Python {platform.python_version()}. Rendered clips of sample_videos, see "
        "sample_videos/README.md, and recordings of real people.",
    ]
    sections: dict[str, Callable[[], str]] = {
        "From the frame to the feedback": latency.table,
        "Live equals batch": lambda: agreement.table(data),
        "When the network's process dies": kills.table,
        "Set after set": lambda: endurance.table(minutes),
    }
    for title, table in sections.items():
        parts += [f"## {title}", table()]
        print("\n\n".join(parts[-2:]), flush=True)
    (HERE / "live.md").write_text("\n\n".join(parts) + "\n", encoding="utf-8")


def _load() -> str:
    """What the machine did besides at the beginning."""
    if not hasattr(os, "getloadavg"):
        return ""
    return f" with a load of {os.getloadavg()[0]:.1f} before the run"


if __name__ == "__main__":
    main()
