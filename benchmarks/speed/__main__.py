"""Every figure about speed, isolation and scale. Prints them and writes speed.md.

    make bench-speed
    PYTHONPATH=benchmarks:tests python -m speed share poses   prints some of them

Nothing else should run: it takes about an hour and a half on two cores. What other tools take on
the same landmarks is `make bench-peers`.
"""

from __future__ import annotations

import os
import platform
import sys
import time
from collections.abc import Callable
from pathlib import Path

os.environ.setdefault("OMP_NUM_THREADS", "1")

from speed import cluster, damaged, export, folder, kills, long, memory30, poses, rate, share

HERE = Path(__file__).parents[1]

SECTIONS: dict[str, tuple[str, Callable[[], str]]] = {
    "folder": ("1a A folder of eight clips", folder.section),
    "long": ("1b One recording of five minutes", long.section),
    "rate": ("1c Fewer frames: `--rate auto`", rate.section),
    "share": ("2a Beside inference and decoding", share.section),
    "poses": ("2b From stored poses", poses.section),
    "memory30": ("4 Half an hour", memory30.section),
    "cluster": ("5 A cluster on loopback", cluster.section),
    "damaged": ("6 Damaged recordings", damaged.section),
    "kills": ("7 Killed and resumed", kills.section),
    "export": ("8 Out to other tools", export.section),
}


def main() -> None:
    """Run the sections that are named, or all of them: then they are also written down."""
    named = sys.argv[1:]
    parts = [
        "# Speed, isolation, scale",
        f"`make bench-speed`, {platform.machine()}, {os.cpu_count()} cores, "
        f"Python {platform.python_version()}.",
    ]
    for name in named or SECTIONS:
        title, section = SECTIONS[name]
        begun = time.perf_counter()
        parts += [f"## {title}", section()]
        print("\n\n".join(parts[-2:]), f"\n\n({time.perf_counter() - begun:.0f} s)", flush=True)
        if not named:  # piece by piece: an hour is too long to lose
            (HERE / "speed.md").write_text("\n\n".join(parts) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
