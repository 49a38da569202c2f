"""Five minutes: cut over the cores, in one process, never cut, and beside the bare loop."""

from __future__ import annotations

import tempfile
import time
from pathlib import Path
from statistics import median

from midback.apps.outputs import as_json
from midback.apps.reading import cuts
from midback.apps.reading.settings import cores
from midback.apps.run import score_source
from midback.result import Result
from speed.bare import bare_loop
from speed.recordings import five_minutes

ROUNDS = 1


def section() -> str:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "five_minutes.mp4"
        five_minutes(path)
        return _table(path)


def _table(path: Path) -> str:
    bare: list[float] = []
    ours: list[float] = []
    documents: set[str] = set()
    for _ in range(ROUNDS):  # one after the other, so that both meet the same machine
        frames, took = bare_loop([path])
        bare.append(frames / took)
        took, result = _scored(path, cores())
        documents.add(as_json(result))
        ours.append(frames / took)
    single_s, single = _scored(path, 1)
    uncut_s, uncut = _never_cut(path)
    ratio = median(b / a for a, b in zip(bare, ours, strict=True))
    same = documents == {as_json(single)}
    lines = [
        f"Five minutes, 848 x 480, {frames} frames, sets of rendered bird dogs; {cores()} cores. "
        "The bare loop reads, converts and detects in one process; ours starts its processes, "
        "measures the back's edge and scores besides.",
        "",
        "| | frames/s | reps | stop | score |",
        "|---|---|---|---|---|",
        f"| bare loop | {median(bare):.1f} | | | |",
        f"| cut over {cores()} cores | {median(ours):.1f} | {_told(single if same else result)} |",
        f"| the same cuts in one process | {frames / single_s:.1f} | {_told(single)} |",
        f"| never cut | {frames / uncut_s:.1f} | {_told(uncut)} |",
        "",
        f"**{ratio:.2f}x the bare loop** (median of {ROUNDS} rounds, interleaved). On many cores "
        f"and on one: {'the same document, byte for byte' if same else 'DIFFERENT documents'}. "
        f"{_beside(single, uncut)}",
    ]
    return "\n".join(lines)


def _scored(path: Path, workers: int) -> tuple[float, Result]:
    begin = time.perf_counter()
    result = score_source(str(path), "bird_dog", workers=workers).result
    return time.perf_counter() - begin, result


def _never_cut(path: Path) -> tuple[float, Result]:
    before, cuts.UNCUT_S = cuts.UNCUT_S, float("inf")
    try:
        return _scored(path, 1)
    finally:
        cuts.UNCUT_S = before


def _told(result: Result) -> str:
    stop = "none" if result.stop is None else f"rep {result.stop.rep}, {result.stop.region}"
    score = "none" if result.score.set is None else f"{result.score.set:.1f}"
    return f"{len(result.reps)} | {stop} | {score}"


def _beside(cut: Result, uncut: Result) -> str:
    if len(cut.reps) != len(uncut.reps):
        return "Never cut it counts OTHER repetitions."
    ends = [
        abs(x - y)
        for a, b in zip(cut.reps, uncut.reps, strict=True)
        for x, y in ((a.start_s, b.start_s), (a.end_s, b.end_s))
    ]
    return f"Beside never cut: boundaries within {max(ends, default=0.0):.2f} s."
