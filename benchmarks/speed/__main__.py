"""Print one section: python -m speed NAME."""

from __future__ import annotations

import sys
from collections.abc import Callable

from speed import cluster, folder, long, memory30, rate, share

SECTIONS: dict[str, Callable[[], str]] = {
    "folder": folder.section,
    "long": long.section,
    "rate": rate.section,
    "share": share.section,
    "memory30": memory30.section,
    "cluster": cluster.section,
}


def main() -> None:
    """Print the sections that are named, all of them where none is."""
    for name in sys.argv[1:] or SECTIONS:
        print(SECTIONS[name](), flush=True)


if __name__ == "__main__":
    main()
