"""Resident memory of every process while half an hour is scored: its peak and its growth."""

from __future__ import annotations

import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
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
        f"--series --workers {_READERS}`; MiB of every process. Peaks are the kernel's own "
        "(VmHWM), so that none falls between two looks; the median is of what is resident, looked "
        "at five times a second. A reader's first minute is the first of those that it looks at; "
        "a second before each cut, every 45 s of video, it holds two networks.",
        "",
        "| process | peak of its first minute of video | peak of all | growth | median after the "
        "first minute |",
        "|---|---|---|---|---|",
    ]
    for number, looks in enumerate(seen.values()):
        name = "the command" if number == 0 else f"reader {number}"
        at_work = list(dropwhile(lambda look: look.resident < _WORKING, looks))
        settled = max(1, round(len(at_work) / minutes * (_READERS if number else 1)))
        first, last = at_work[settled - 1].peak, at_work[-1].peak
        middle = median(look.resident for look in at_work[settled:])
        lines.append(f"| {name} | {first:.0f} | {last:.0f} | {last - first:+.0f} | {middle:.0f} |")
    return "\n".join(lines)


@dataclass(frozen=True, slots=True)
class Look:
    """MiB that are resident now, and the most that ever were."""

    resident: float
    peak: float


def watched(path: Path, folder: Path) -> dict[int, list[Look]]:
    """Score it in a process of its own; looks over time at it and at all below it."""
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
    seen: dict[int, list[Look]] = {process.pid: []}
    while process.poll() is None:
        for pid in [process.pid, *_children(process.pid)]:
            look = _look(pid)
            if look is not None:
                seen.setdefault(pid, []).append(look)
        time.sleep(_LOOK_S)
    if process.returncode:
        raise RuntimeError(f"scoring ended with {process.returncode}")
    return {pid: looks for pid, looks in seen.items() if looks and looks[-1].peak > _WORKING}


def _children(pid: int) -> list[int]:
    try:
        return [int(w) for w in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    except OSError:
        return []


def _look(pid: int) -> Look | None:
    try:
        text = Path(f"/proc/{pid}/status").read_text()
    except OSError:
        return None
    said = dict(line.split(":", 1) for line in text.splitlines())
    if "VmRSS" not in said:
        return None
    return Look(*(int(said[name].split()[0]) / 1024 for name in ("VmRSS", "VmHWM")))
