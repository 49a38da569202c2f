"""Every figure about weeks. Prints them and writes weeks.md.

make bench-weeks
"""

from __future__ import annotations

import os
import platform
import time
from collections.abc import Callable
from pathlib import Path

os.environ.setdefault("OMP_NUM_THREADS", "1")

from weeks import capacity, gains, query, store, story, stress

HERE = Path(__file__).parents[1]

SECTIONS: list[tuple[str, Callable[[], str]]] = [
    ("1a Gains: intervals and one look at the end", gains.coverage_table),
    ("1b Gains: people without change who look every week", gains.wrong_table),
    ("1c Gains: weeks until it is said", gains.weeks_table),
    ("1d Gains: where the assumptions fail", stress.table),
    ("2 Capacity: repetitions until form breaks", capacity.table),
    ("4 Six weeks of one rendered person", story.table),
    ("5 The store: killed writers, many writers, many sessions", store.table),
    ("6 One person among 100,000 sessions", query.section),
]


def main() -> None:
    """Run every section in turn."""
    parts = [
        "# Weeks: gains, capacity, store",
        f"`make bench-weeks`, simulated people and one rendered person, {platform.machine()}, "
        f"Python {platform.python_version()}.",
    ]
    for title, section in SECTIONS:
        begun = time.perf_counter()
        parts += [f"## {title}", section()]
        print(f"{title}: {time.perf_counter() - begun:.0f} s", flush=True)
    text = "\n\n".join(parts) + "\n"
    print(text)
    (HERE / "weeks.md").write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
