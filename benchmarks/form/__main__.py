"""Every figure about repetitions, stop and score: prints them, writes form.md and a plot.

    make bench-form

Real recordings come from the folder beside the checkout, or from --data. The first run renders
the sets, about a quarter of an hour on two cores; later ones read the kept poses.
"""

from __future__ import annotations

import argparse
import os
import platform
import re
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from pathlib import Path

os.environ.setdefault("LP_NUM_THREADS", "1")  # one rendering thread per process
os.environ.setdefault("OMP_NUM_THREADS", "1")

from form import (
    exertion,
    holds,
    keraal_errors,
    kimore_score,
    rendered,
    segmentation,
    simulated,
    ui_prmd_score,
)

HERE = Path(__file__).parents[1]
Table = Callable[[], str]
_RENDERED = "3 and 7 Rendered sets with known truth, and people who do not exercise"


def sections(data: Path) -> dict[str, list[Table]]:
    """Title and tables of every section that needs no rendering."""
    return {
        "1 Repetitions against marks made by hand": [partial(segmentation.table, data)],
        "4 The score beside clinicians' scores (KIMORE)": [partial(kimore_score.table, data)],
        "2 When simulated sets are stopped": [simulated.table, holds.table],
        "5 Wrong movements told from right ones": [
            partial(ui_prmd_score.table, data),
            partial(keraal_errors.table, data),
        ],
        "6 Fatigue evidence beside a stopwatch": [partial(exertion.table, data)],
    }


def main() -> None:
    """Run every section, two at a time; the slow ones first."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--data", type=Path, default=HERE.parent.parent / "shared" / "data")
    wanted = sections(parser.parse_args().data)
    bodies = {_RENDERED: [rendered.table()]}
    with ProcessPoolExecutor(max_workers=2) as pool:
        running = {title: [pool.submit(table) for table in some] for title, some in wanted.items()}
        curve = pool.submit(simulated.plot, HERE / "form_operating_curve.png")
        bodies |= {title: [one.result() for one in some] for title, some in running.items()}
        curve.result()
    parts = [
        "# Repetitions, stop and score",
        f"`make bench-form`, {platform.machine()}, Python {platform.python_version()}. Intervals "
        "are 95 %. The whole operating curve: form_operating_curve.png.",
    ]
    for title in sorted(bodies):
        parts += [f"## {title}", *(_under(body) for body in bodies[title])]
    text = "\n\n".join(parts) + "\n"
    print(text)
    (HERE / "form.md").write_text(text, encoding="utf-8")


def _under(body: str) -> str:
    """A section's own headings, all one level below its title or deeper."""
    return re.sub(r"^#{2,3} ", "### ", body.strip(), flags=re.MULTILINE)


if __name__ == "__main__":
    main()
