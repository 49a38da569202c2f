"""Resident memory of every process while half an hour is scored: its peak and its growth."""

from __future__ import annotations

import subprocess
import sys
import tempfile
import time
from contextlib import suppress
from dataclasses import dataclass
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
        path = Path(folder).resolve() / "long.mp4"
        write(path, joined(["bird_dog_clean"], round(60 * minutes * RATE)), (848, 480))
        seen = watched(path, Path(folder))
    lines = [
        f"{minutes:g} minutes, 848 x 480, 30 frames a second, `midback score --rate auto --json "
        f"--series --workers {_READERS}`; MiB of every process. Peaks are the kernel's own "
        "(VmHWM), so that none falls between two looks; the median is of what is resident, looked "
        "at five times a second. A reader's minutes are of the video that is its own, told by how "
        "far it is in the file: a second before each cut, every 45 s of video, it holds two "
        "networks. The command's first minute ends with that of the first reader.",
        "",
        "| process | peak of its first 10 s | of its first minute | of its first half | of all | "
        "growth after the first minute | median after it |",
        "|---|---|---|---|---|---|---|",
    ]
    command, *readers = seen.values()
    share = 1 / _READERS
    lines.append(_row("the command", command, 0.0, share, 1 / minutes))
    for number, looks in enumerate(readers):
        lines.append(_row(f"reader {number + 1}", looks, number * share, share, 1 / minutes))
    return "\n".join(lines)


def _row(name: str, looks: list[Look], begin: float, share: float, minute: float) -> str:
    """Peaks up to some places in the file; begin, share and minute are shares of it."""
    places = [begin + minute / 6, begin + minute, begin + share / 2]
    peaks = [max(look.peak for look in looks if look.place < place) for place in places]
    last = looks[-1].peak
    middle = median(look.resident for look in looks if look.place >= begin + minute)
    cells = [f"{peak:.0f}" for peak in (*peaks, last)]
    return f"| {name} | {' | '.join(cells)} | {last - peaks[1]:+.0f} | {middle:.0f} |"


@dataclass(frozen=True, slots=True)
class Look:
    """MiB that are resident now, and the most that ever were; how far it is in the file, 0 to 1."""

    resident: float
    peak: float
    place: float


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
        readers = _children(process.pid)
        for pid in (process.pid, *readers):
            before = seen.setdefault(pid, [])
            place = _place(readers if pid == process.pid else [pid], path)
            if place is None:
                place = before[-1].place if before else 0.0
            look = _look(pid, place)
            if look is not None:
                before.append(look)
        time.sleep(_LOOK_S)
    if process.returncode:
        raise RuntimeError(f"scoring ended with {process.returncode}")
    return {pid: looks for pid, looks in seen.items() if looks and looks[-1].peak > _WORKING}


def _children(pid: int) -> list[int]:
    try:
        return [int(w) for w in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    except OSError:
        return []


def _place(pids: list[int], path: Path) -> float | None:
    """How far the first of the processes is in the file; None where it does not have it open."""
    for pid in pids:
        for opened in Path(f"/proc/{pid}/fd").glob("*"):
            with suppress(OSError):  # closed meanwhile
                if opened.readlink() == path:
                    said = Path(f"/proc/{pid}/fdinfo/{opened.name}").read_text()
                    return int(said.split()[1]) / path.stat().st_size
    return None


def _look(pid: int, place: float) -> Look | None:
    try:
        text = Path(f"/proc/{pid}/status").read_text()
    except OSError:
        return None
    said = dict(line.split(":", 1) for line in text.splitlines())
    if "VmRSS" not in said:
        return None
    resident, peak = (int(said[name].split()[0]) / 1024 for name in ("VmRSS", "VmHWM"))
    return Look(resident, peak, place)
