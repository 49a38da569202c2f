"""midback on the same landmarks, in a process of its own like the others.

`python -m peers.ours FOLDER OUT trc|poses`, or `VIDEO OUT video WEIGHTS FRAMES EXERCISE RATE`.
"""

from __future__ import annotations

import sys
from pathlib import Path

import pyarrow.csv  # noqa: F401  what a table is read with; imports are in nobody's time

from midback.apps.run import Scored, score_source
from peers.foreign.job import FOLDER, Found, report


def analyse() -> Scored:
    """Angles, filter, repetitions, features, stop and score."""
    if sys.argv[3] == "video":
        weights, frames, exercise, rate = sys.argv[4:]
        seconds = (int(frames) - 0.5) / float(rate)
        return score_source(str(FOLDER), exercise, model=Path(weights), seconds=seconds)
    exercise = (FOLDER / "exercise.txt").read_text(encoding="utf-8")
    if sys.argv[3] == "trc":
        mapping = str(FOLDER / "mapping.toml")
        return score_source(str(FOLDER / "landmarks_px.trc"), exercise, mapping=mapping)
    return score_source(str(FOLDER / "poses.npz"), exercise)


def tell(scored: Scored) -> Found:
    """The angles, and what the result says besides."""
    result, series = scored.result, scored.series
    said = {
        "reps": len(result.reps),
        "stop": None if result.stop is None else [result.stop.rep, result.stop.region],
        "score": result.score.set,
        "frames": result.source.frames,
        "status": {name: angle.status for name, angle in result.angles.items()},
    }
    angles = {name: trace.value for name, trace in series.traces.items()}
    level = 0.0 if scored.exercise.posture in ("standing", "seated", "kneeling") else 90.0
    return {"time": series.t, "lean": level + angles["trunk_inclination"], **angles}, said


if __name__ == "__main__":
    report(analyse, tell, ("midback",))
