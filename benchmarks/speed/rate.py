"""`--rate auto` beside every frame, on every clip, and how well every frame agrees with itself."""

from __future__ import annotations

import time
from contextlib import closing
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

import numpy as np
from live.clips import Clip, clips, weights

from midback.apps.reading.cuts import Cuts
from midback.apps.reading.glimpses import glimpses
from midback.apps.reading.relay import finished, relay
from midback.apps.reading.settings import Rate
from midback.apps.reading.watch import AT_ONCE
from midback.apps.reading.watcher import Watcher
from midback.exercises import find
from midback.result import Result, Series, Software, Source
from midback.session import Session
from midback.vision.frames import open_frames

DATA = Path(__file__).parents[3] / "shared/data"
_AGAIN_S = 4.0  # the network of the last columns begins anew so often, also in the shortest clips


@dataclass(frozen=True)
class Run:
    result: Result
    series: Series
    looked: int
    took: float


def section(data: Path = DATA) -> str:
    """data: folder of the validation recordings; without it only the rendered clips."""
    lines = [
        "Angles with a range in both: how many, of how many the range is within 1 degree, and the "
        "worst; the median and the 95th percentile of the difference per frame, over all angles. "
        f"*Itself*: every frame twice, the second time with the network begun anew every "
        f"{_AGAIN_S:.0f} s: what differs there is the network's own uncertainty, and no sampling "
        "can agree better.",
        "",
        "| clip | frames per look | video per second, x | reps, stop: all | auto | boundaries, s "
        "| ranges within 1° | worst, ° | median, ° | 95 %, ° "
        "| itself: boundaries | within 1° | worst | median | 95 % |",
        "|---|---|---|---|---|---|---|---|---|---|---|---|---|---|---|",
    ]
    for clip in clips(data):
        lines.append(_row(clip))
        print(lines[-1], flush=True)
    return "\n".join(lines)


def _row(clip: Clip) -> str:
    once = Cuts(float("inf"), 1)
    every, some = _run(clip, "all", once), _run(clip, "auto", once)
    anew = _run(clip, "all", Cuts(_AGAIN_S, 1_000_000))
    return (
        f"| {clip.path.stem} | {every.looked / some.looked:.2f} | {every.took / some.took:.2f} "
        f"| {_told(every.result)} | {_told(some.result)} "
        f"| {_beside(every, some)} | {_beside(every, anew)} |"
    )


def _run(clip: Clip, rate: Rate, cuts: Cuts) -> Run:
    exercise = find(clip.exercise)
    begin, looked = time.process_time(), 0
    session = Session(exercise, *clip.size)
    with open_frames(str(clip.path)) as frames:
        steps = relay(glimpses(frames), cuts, lambda: Watcher(weights(), clip.silhouette, rate))
        with closing(steps):
            while batch := finished(list(islice(steps, AT_ONCE))):
                session.update(*(step.pose for step in batch))
                looked += len(batch)
    session.finish()
    took = time.process_time() - begin
    source = Source("", None, None, 0, 0.0, *clip.size)
    return Run(session.result(source, Software("", "", None)), session.series(), looked, took)


def _told(result: Result) -> str:
    stop = f"rep {result.stop.rep}, {result.stop.region}" if result.stop else "none"
    return f"{len(result.reps)}, {stop}"


def _beside(a: Run, b: Run) -> str:
    ranges, apart = [], [np.empty(0)]
    for name, mine in a.result.angles.items():
        theirs = b.result.angles[name]
        if mine.rom is None or theirs.rom is None or mine.unit != "deg":
            continue
        ranges.append(abs(mine.rom - theirs.rom))
        one, other = a.series.traces[name].value, b.series.traces[name].value
        count = min(len(one), len(other))
        difference = np.abs(one[:count] - other[:count])
        apart.append(difference[np.isfinite(difference)])
    every = np.concatenate(apart)
    if not len(every):
        return f"{_boundaries(a.result, b.result)} | none | | | "
    close = sum(value <= 1.0 for value in ranges)
    return (
        f"{_boundaries(a.result, b.result)} | {close} of {len(ranges)} | {max(ranges):.1f} "
        f"| {np.median(every):.2f} | {np.percentile(every, 95):.1f}"
    )


def _boundaries(a: Result, b: Result) -> str:
    if len(a.reps) != len(b.reps):
        return "OTHER REPS"
    ends = [
        abs(x - y)
        for mine, theirs in zip(a.reps, b.reps, strict=True)
        for x, y in ((mine.start_s, theirs.start_s), (mine.end_s, theirs.end_s))
    ]
    return f"{max(ends, default=0.0):.2f}"
