"""midback on the same landmarks, in a process of its own like the others.

`python -m peers.ours FOLDER OUT trc|poses`
"""

from __future__ import annotations

import sys

from peers.foreign.job import FOLDER, Found, report

from midback.apps.run import score_source


def analyse() -> Found:
    """Angles, filter, repetitions, features, stop and score."""
    exercise = (FOLDER / "exercise.txt").read_text(encoding="utf-8").strip()
    if sys.argv[3] == "trc":
        source, mapping = "landmarks_px.trc", str(FOLDER / "mapping.toml")
        scored = score_source(str(FOLDER / source), exercise, mapping=mapping)
    else:
        scored = score_source(str(FOLDER / "poses.npz"), exercise)
    result, series = scored.result, scored.series
    stop = result.stop
    said = {
        "reps": len(result.reps),
        "stop": None if stop is None else [stop.rep, stop.region],
        "score": result.score.set,
        "measured": sorted(name for name, a in result.angles.items() if a.status == "measured"),
        "refused": sorted(name for name, a in result.angles.items() if a.status == "not_measurable"),
    }
    return {"time": series.t, **{name: trace.value for name, trace in series.traces.items()}}, said


if __name__ == "__main__":
    report(analyse, ("midback",))
