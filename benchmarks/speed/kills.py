"""A batch killed at random moments and gone on with, again and again: is the end the same?"""

from __future__ import annotations

import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

import psutil
from batch_case import bird_dogs, contents, results

from midback.apps.batch.results import MARK
from speed.damage import clips

KILLS = 50
SEED = 7
GONE_S = 2.0
POSES = 10
_LONGEST = 25
"""Kills of one batch: a slow machine must be let through as well."""


@dataclass
class _Count:
    """What was seen over all batches. rounds: batches that came to their end."""

    group: int = 0
    parent: int = 0
    rounds: int = 0
    stored: int = 0
    anew: int = 0
    orphans: int = 0
    leftovers: int = 0
    differing: set[str] = field(default_factory=set)
    gone_s: float = 0.0
    moments: list[float] = field(default_factory=list)

    @property
    def kills(self) -> int:
        return self.group + self.parent


def section(kills: int = KILLS) -> str:
    """Markdown: the table and what was compared."""
    count, chance = _Count(), random.Random(SEED)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        _recordings(folder / "in")
        (folder / "tmp").mkdir()
        began = time.monotonic()
        _run(folder, "whole").wait()
        span = time.monotonic() - began
        whole = _told(folder / "whole")
        while count.kills < kills:
            _batch(folder, whole, span, chance, count, kills)
    return _markdown(count, span, len(whole))


def _recordings(folder: Path) -> None:
    """Saved poses of different lengths and two short videos."""
    for number in range(POSES):
        bird_dogs(
            folder / f"{number % 3}/bird_dog {number}.npz", 1 + number, 2 if number > 6 else None
        )
    images = clips.pictures()
    for name, first in (("mp4", 0), ("avi", 10)):
        kind = clips.KINDS[name]
        clips.write(folder / f"bird_dog.{kind.suffix}", kind, images[first:])


def _batch(
    folder: Path,
    whole: dict[str, bytes],
    span: float,
    chance: random.Random,
    count: _Count,
    kills: int,
) -> None:
    """One batch from nothing to its end, killed on the way."""
    out = folder / "out"
    shutil.rmtree(out, ignore_errors=True)
    seen: dict[str, int] = {}
    for _ in range(_LONGEST):
        if count.kills == kills:
            break
        process = _run(folder, "out")
        moment = chance.uniform(0.0, span)
        with suppress(subprocess.TimeoutExpired):
            process.wait(moment)
            break
        count.moments.append(moment)
        _kill(process, chance.random() < 0.5, count)
        seen = _compare_stored(seen, results(out), count)
    else:
        _run(folder, "out").wait()
    if count.kills == kills:
        _run(folder, "out").wait()
    _compare_stored(seen, results(out), count)
    count.rounds += 1
    count.stored += len(results(out))
    end = _told(out)
    count.differing |= {name for name in {*end, *whole} if end.get(name) != whole.get(name)}
    count.leftovers += sum(p.name.startswith(".") and p.name != MARK for p in out.rglob("*"))
    count.leftovers += sum(1 for _ in (folder / "tmp").iterdir())


def _run(folder: Path, out: str) -> subprocess.Popen[bytes]:
    """`midback score` in a session of its own."""
    words = ["score", str(folder / "in"), "--out", str(folder / out), "--resume", "--workers", "2"]
    return subprocess.Popen(
        [sys.executable, "-m", "midback", *words],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
        env={**os.environ, "TMPDIR": str(folder / "tmp")},
    )


def _kill(process: subprocess.Popen[bytes], group: bool, count: _Count) -> None:
    """SIGKILL to the whole group or to the parent only; then wait for the others to go."""
    if group:
        count.group += 1
        os.killpg(process.pid, signal.SIGKILL)
    else:
        count.parent += 1
        process.kill()
    process.wait()
    killed = time.monotonic()
    while (left := _session(process.pid)) and time.monotonic() - killed < GONE_S:
        time.sleep(0.02)
    count.gone_s = max(count.gone_s, time.monotonic() - killed)
    count.orphans += len(left)
    for one in left:
        one.kill()


def _session(leader: int) -> list[psutil.Process]:
    """Processes of this session that are alive."""
    found = []
    for one in psutil.process_iter():
        with suppress(psutil.Error, OSError):
            if os.getsid(one.pid) == leader and one.status() != psutil.STATUS_ZOMBIE:
                found.append(one)
    return found


def _compare_stored(before: dict[str, int], now: dict[str, int], count: _Count) -> dict[str, int]:
    """Results that were there must be the same files as before."""
    count.anew += sum(now.get(name) != changed for name, changed in before.items())
    return now


def _told(out: Path) -> dict[str, bytes]:
    """Every file of the results; the lock is empty."""
    return {name: data for name, data in contents(out).items() if name != MARK}


def _markdown(count: _Count, span: float, files: int) -> str:
    same = "yes" if not count.differing else f"NO: {', '.join(sorted(count.differing)[:5])}"
    return "\n".join(
        [
            f"{POSES} files of saved poses and 2 short videos, two workers; undisturbed "
            f"{span:.1f} s. SIGKILL at a moment drawn from that span (seed {SEED}), to the whole "
            "process group or to the parent only, then the same command with `--resume`, until it "
            f"comes to its end; then from nothing again, until {count.kills} kills. Compared with "
            f"the undisturbed run: all {files} files (result.json, record.json, report.html, "
            "summary.csv, summary.parquet, index.html) byte for byte. None of them holds a time of "
            "the clock, so nothing was left out.",
            "",
            "| kills | of the group | of the parent only | batches brought to their end | "
            "files identical | stored results written anew | processes left after "
            f"{GONE_S:.0f} s | longest until all were gone | temporary files left |",
            "|---|---|---|---|---|---|---|---|---|",
            f"| {count.kills} | {count.group} | {count.parent} | {count.rounds} | {same} | "
            f"{count.anew} of {count.stored} | {count.orphans} | {count.gone_s:.2f} s | "
            f"{count.leftovers} |",
        ]
    )


if __name__ == "__main__":
    print(section(int(sys.argv[1]) if len(sys.argv) > 1 else KILLS))
