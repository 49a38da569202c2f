"""`python -m midback.phantom.sets EXERCISE... [--out DIR] [--onset ONSET] [--seed N]`."""

from __future__ import annotations

import argparse
from pathlib import Path

from midback.phantom.sets.film import write_set
from midback.phantom.sets.movements import MOVEMENTS
from midback.phantom.sets.plan import ONSETS


def main(arguments: list[str] | None = None) -> None:
    """Write a clean set of each exercise and one with its typical breakdown, with their truth."""
    parser = argparse.ArgumentParser(
        prog="python -m midback.phantom.sets",
        description="Render sets with known truth: a clean one, and one that breaks down.",
    )
    parser.add_argument("names", nargs="*", metavar="EXERCISE", help=f"of {', '.join(MOVEMENTS)}")
    parser.add_argument("--out", type=Path, default=Path())
    parser.add_argument("--onset", choices=ONSETS, default="ramp", help="how form goes")
    parser.add_argument("--failing", type=int, default=0, help="which typical breakdown, from 0")
    parser.add_argument("--seed", type=int, default=0, help="another person and camera")
    wanted = parser.parse_args(arguments)
    unknown = sorted(set(wanted.names) - set(MOVEMENTS))
    if unknown:
        parser.error(f"unknown exercise {', '.join(unknown)}; known: {', '.join(MOVEMENTS)}")
    wanted.out.mkdir(parents=True, exist_ok=True)
    for name in wanted.names or MOVEMENTS:
        if wanted.failing >= len(MOVEMENTS[name].failings):
            parser.error(f"{name} has {len(MOVEMENTS[name].failings)} typical breakdowns")
        for onset in (None, wanted.onset):
            video, _ = write_set(name, wanted.out, wanted.seed, onset, wanted.failing)
            print(video, flush=True)


if __name__ == "__main__":
    main()
