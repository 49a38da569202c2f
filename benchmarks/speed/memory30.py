"""Resident memory of every process while half an hour is scored: its peak and its growth."""

from __future__ import annotations

import subprocess
import sys
import tempfile
import time
from itertools import dropwhile
from pathlib import Path
from statistics import median

from speed.recordings import RATE, joined, write

MINUTES = 30.0
_LOOK_S = 0.2
_WORKING = 100.0  # MiB: below that a process has not begun
_READERS = 2


def section(minutes: float = MINUTES) -> str:
    """Score a recording of so many minutes with `--rate auto` and watch from outside."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "long.mp4"
        write(path, joined(["bird_dog_clean"], round(60 * minutes * RATE)), (848, 480))
        seen = watched(path, Path(folder))
    lines = [
        f"{minutes:g} minutes, 848 x 480, 30 frames a second, `midback score --rate auto --json "
        f"--series --workers {_READERS}`; resident MiB of every process, looked at five times a "
        "second. A reader's first minute is the first of those that it looks at; a second before "
        "each cut, every half minute of video, it holds two networks.",
        "",
        "| process | peak | in its first minute of video | later: at most, median | growth |",
        "|---|---|---|---|---|",
    ]
    for number, sizes in enumerate(seen.values()):
        name = "the command" if number == 0 else f"reader {number}"
        at_work = list(dropwhile(lambda size: size < _WORKING, sizes))
        settled = max(1, round(len(at_work) / minutes * (_READERS if number else 1)))
        early, late = at_work[:settled], at_work[settled:]
        growth = max(late) - max(early)
        cells = f"{max(sizes):.0f} | {max(early):.0f} | {max(late):.0f}, {median(late):.0f}"
        lines.append(f"| {name} | {cells} | {growth:+.0f} |")
    return "\n".join(lines)


def watched(path: Path, folder: Path) -> dict[int, list[float]]:
    """Score it in a process of its own; resident MiB over time of it and of all below it."""
    words = ["score", str(path), "-e", "bird_dog", "--rate", "auto"]
    words += [
        "--workers",
        str(_READERS),
        "--json",
        str(folder / "a.json"),
        "--series",
        str(folder / "a.csv"),
    ]
    process = subprocess.Popen([sys.executable, "-m", "midback", *words], stdout=subprocess.DEVNULL)
    seen: dict[int, list[float]] = {process.pid: []}
    while process.poll() is None:
        for pid in [process.pid, *_children(process.pid)]:
            size = _resident(pid)
            if size is not None:
                seen.setdefault(pid, []).append(size)
        time.sleep(_LOOK_S)
    if process.returncode:
        raise RuntimeError(f"scoring ended with {process.returncode}")
    return {pid: sizes for pid, sizes in seen.items() if max(sizes, default=0.0) > 50.0}


def _children(pid: int) -> list[int]:
    try:
        return [int(w) for w in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    except OSError:
        return []


def _resident(pid: int) -> float | None:
    try:
        text = Path(f"/proc/{pid}/status").read_text()
    except OSError:
        return None
    line = next((line for line in text.splitlines() if line.startswith("VmRSS:")), None)
    return None if line is None else int(line.split()[1]) / 1024
