"""How many cores and how much memory a night's recordings need, from measured rates.

    PYTHONPATH=benchmarks python -m speed.sizing FRAMES_PER_SECOND GIGABYTES [WITH_RATE_AUTO]

The frames a second are of one core, the gigabytes of all that one core's work takes.
"""

from __future__ import annotations

import math
import sys

NIGHT_S = 8 * 3600
MINUTES, FRAMES_PER_SECOND = 5, 30
NIGHTS = (100, 1_000, 10_000, 100_000)


def cores(recordings: int, frames_per_second: float) -> int:
    """For recordings of five minutes at 30 frames a second, in eight hours.

    frames_per_second: of one core, over the recording's own frames. No core is kept in reserve.
    """
    frames = recordings * MINUTES * 60 * FRAMES_PER_SECOND
    return math.ceil(frames / (NIGHT_S * frames_per_second))


def table(frames_per_second: float, gigabytes: float, auto: float | None = None) -> str:
    """Markdown. gigabytes: for each core. auto: frames a second of a core with --rate auto."""
    rates = {"all": frames_per_second} | ({"auto": auto} if auto else {})
    rows = [
        "| recordings a night | " + " | ".join(f"`--rate {name}`" for name in rates) + " |",
        "|---|" + "---|" * len(rates),
    ]
    for recordings in NIGHTS:
        cells = []
        for rate in rates.values():
            number = cores(recordings, rate)
            plural = "core" if number == 1 else "cores"
            cells.append(f"{number:,} {plural}, {math.ceil(number * gigabytes):,} GB")
        rows.append(f"| {recordings:,} | " + " | ".join(cells) + " |")
    told = ", ".join(f"{rate:.0f} frames/s (`--rate {name}`)" for name, rate in rates.items())
    about = (
        f"Recordings of {MINUTES} minutes at {FRAMES_PER_SECOND} frames/s, done in "
        f"{NIGHT_S // 3600} hours; one core does {told} and needs {gigabytes:.2f} GB. "
        "No core is in reserve."
    )
    return "\n".join([about, "", *rows])


if __name__ == "__main__":
    print(table(*map(float, sys.argv[1:])))
