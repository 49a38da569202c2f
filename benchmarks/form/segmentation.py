"""Repetitions found by the Session against hand-marked and against joined recordings.

    PYTHONPATH=benchmarks python -m form.segmentation [--data FOLDER]

KIMORE: intervals marked by hand. UI-PRMD: single repetitions of a person joined to a set, whose
seams are the truth, after a still second. Nothing was fitted to UI-PRMD or to the held-out half
of the people (kimore.held_out). Where two sides meet was reworked once after failures of the
held-out half had been looked at. The naive counters see the whole recording before they count.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

import numpy as np

from form.counting import Counted, Tally, half_range, peaks, tally
from form.kimore import GROUPS, HERE, TITLES, Recording, available, es, recordings
from midback.events import RepFinished
from midback.exercises import Exercise, find, load
from midback.kinematics.stream import AngleStream
from midback.landmarks import find_mapping
from midback.landmarks.camera import look, poses
from midback.landmarks.joints import body
from midback.landmarks.markers import Markers, measured
from midback.session import Session
from midback.vision.pose import Array, Pose

MARKED = ("Es1", "Es2", "Es3", "Es5")
SEED, DRAWS = 20261121, 2000
_HEADER = (
    "| recordings | n | reps | F1 at IoU .5 | precision | recall | count error | within 1 "
    "| boundary s | told after s, median / 99 % |"
)
_SETS = {"m01": "deep squat", "m05": "sit to stand", "m10": "scaption"}
_UI_RATE = 100.0


def watched(
    exercise: Exercise, frames: list[Pose], size: tuple[int, int], true: Array
) -> tuple[Counted, Array]:
    """What the Session counts live, and the signal it counted from: (T,) for the naive ones."""
    session = Session(exercise, *size, metric=True)
    ends, told = [], []
    for pose in [*frames, None]:
        for event in session.finish() if pose is None else session.update(pose):
            if isinstance(event, RepFinished):
                ends.append((event.rep.start_s, event.rep.end_s))
                told.append(np.nan if pose is None else pose.t - event.rep.end_s)
    signal = session.series().traces[exercise.primary.angle].value
    known = np.flatnonzero(np.isfinite(signal))
    if len(known):
        signal = np.interp(np.arange(len(signal)), known, signal[known])
    return Counted(true, np.array(ends).reshape(-1, 2), np.array(told)), signal


def counters(
    exercise: Exercise, frames: list[Pose], size: tuple[int, int], true: Array
) -> dict[str, Counted]:
    """The Session's count and both naive ones."""
    ours, signal = watched(exercise, frames, size, true)
    sign = {"increase": 1, "decrease": -1}.get(exercise.primary.direction, 0)
    signal = signal if np.isfinite(signal).all() else np.zeros(len(signal))
    return {
        "midback": ours,
        "half range": Counted(true, half_range(signal, sign)),
        "peaks": Counted(true, peaks(signal, sign)),
    }


def kimore(data: Path) -> Iterator[tuple[Recording, dict[str, Counted]]]:
    """Every recording whose intervals are its own, counted."""
    for recording in recordings(data, MARKED):
        if recording.aligned:
            frames, size = recording.poses()
            true = recording.intervals / 30.0
            yield recording, counters(es(recording.exercise), frames, size, true)


def ui_prmd(data: Path) -> Iterator[tuple[str, str, str, dict[str, Counted]]]:
    """Movement, correct or incorrect, person, and the counts of the joined set."""
    folder = data / "ui-prmd"
    names = tuple((folder / "vicon_markers.txt").read_text().split())
    for movement, exercise in _ui_exercises().items():
        with np.load(folder / f"vicon_{movement}.npz") as archive:
            for person in sorted({key[4:7] for key in archive.files}):
                for kind, end in (("correct", ""), ("incorrect", "_inc")):
                    parts = [
                        archive[key].astype(np.float64) / 10
                        for key in sorted(archive.files)
                        if key[4:7] == person and key[7:] == f"{key[7:11]}{end}"
                    ]
                    still = np.repeat(parts[0][:1], int(_UI_RATE), axis=0)
                    seams = np.cumsum([len(still), *(len(part) for part in parts)]) / _UI_RATE
                    true = np.column_stack([seams[:-1], seams[1:]])
                    frames, size = _filmed(np.concatenate([still, *parts])[::3], names, exercise)
                    yield movement, kind, person, counters(exercise, frames, size, true)


def _ui_exercises() -> dict[str, Exercise]:
    folder = HERE / "exercises"
    return {
        "m01": find("squat"),
        "m05": load(folder / "sit_to_stand.toml"),
        "m10": load(folder / "scaption.toml"),
    }


def _filmed(
    table: Array, names: tuple[str, ...], exercise: Exercise
) -> tuple[list[Pose], tuple[int, int]]:
    markers: Markers = measured(np.arange(len(table)) * 3 / _UI_RATE, names, table, "mm")
    seen = body(markers, find_mapping("plug_in_gait"), exercise.name)
    picture, size = look(seen, exercise.views[0], exercise.name)
    return list(poses(seen, picture)), size


def cpu_ms(data: Path) -> float:
    """Milliseconds a frame of everything after the angles: the longest of three sessions."""
    worst = 0.0
    for recording in list(recordings(data, ("Es2",), ("NotExpert",)))[:3]:
        frames, size = recording.poses()
        stream = AngleStream("standing", size, metric=True)
        rows = [stream.update([pose]) for pose in frames]
        session = Session(es("Es2"), *size, metric=True)
        began = time.process_time()
        for row in rows:
            session._take(row, ())
        worst = max(worst, 1000 * (time.process_time() - began) / len(rows))
    return worst


def table(data: Path) -> str:
    """The section in Markdown; nothing where the recordings are not there."""
    if not available(data):
        return "Not measured: the recordings are not there.\n"
    found = list(kimore(data))
    lines = [
        f"Seed {SEED}, {DRAWS} draws of people for the 95 % intervals. Counts and F1 between the "
        "first and the last mark: what lies outside was judged by nobody (row `everything`: it "
        "counts against us). Told: signal time from a repetition's end until the event, with the "
        "smoother's lag of .3 s.",
        "",
        _HEADER,
        "|" + "---|" * 10,
    ]

    def row(name: str, keep: Callable[[Recording], bool], who: str = "midback") -> None:
        kept = [(r.subject, c[who].inside()) for r, c in found if keep(r)]
        lines.append(_row(name, kept))

    for exercise in MARKED:
        for held, half in ((False, "developing"), (True, "held out")):
            row(
                f"{TITLES[exercise]}, {half}",
                lambda r, e=exercise, h=held: r.exercise == e and r.held_out == h,  # type: ignore[misc]
            )
    for group in GROUPS:
        row(group, lambda r, g=group: r.group == g)  # type: ignore[misc]
    row("all, held out", lambda r: r.held_out)
    row("all", lambda r: True)
    lines.append(_row("all, everything", [(r.subject, c["midback"]) for r, c in found]))
    for naive in ("half range", "peaks"):
        row(f"naive: {naive}", lambda r: True, naive)
    sets = list(ui_prmd(data))
    for movement, title in _SETS.items():
        for kind in ("correct", "incorrect"):
            some = [(p, c["midback"]) for m, k, p, c in sets if (m, k) == (movement, kind)]
            lines.append(_row(f"UI-PRMD {title}, {kind}", some))
    for naive in ("midback", "half range", "peaks"):
        every = [(p, c[naive]) for _, _, p, c in sets]
        lines.append(_row(f"UI-PRMD {'all' if naive == 'midback' else 'naive: ' + naive}", every))
    lines += ["", f"CPU after the angles: {cpu_ms(data):.3f} ms a frame (bar: .2)."]
    return "\n".join(lines) + "\n"


def _row(name: str, counted: list[tuple[str, Counted]]) -> str:
    whole = tally([c for _, c in counted])
    low, high = _interval(counted)
    return (
        f"| {name} | {whole.recordings} | {whole.true} | {whole.f1:.3f} [{low:.3f}, {high:.3f}] "
        f"| {whole.precision:.3f} | {whole.recall:.3f} | {whole.mae:.3f} | {whole.obo:.3f} "
        f"| {whole.boundary_s:.2f} | {_told(whole)} |"
    )


def _told(whole: Tally) -> str:
    if not np.isfinite(whole.told_s):
        return "looks ahead"
    return f"{whole.told_s:.2f} / {whole.told_worst_s:.2f}"


def _interval(counted: Iterable[tuple[str, Counted]]) -> tuple[float, float]:
    """95 % interval of F1, people drawn with replacement."""
    people: dict[str, list[float]] = {}
    for person, one in counted:
        found = tally([one])
        hits = found.recall * found.true
        sums = people.setdefault(person, [0.0, 0.0])
        sums[0] += 2 * hits
        sums[1] += len(one.true) + len(one.found)
    each = np.array(list(people.values()))
    drawn = np.random.default_rng(SEED).integers(0, len(each), (DRAWS, len(each)))
    totals = each[drawn].sum(axis=1)
    low, high = np.percentile(totals[:, 0] / np.maximum(totals[:, 1], 1), [2.5, 97.5])
    return float(low), float(high)


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--data", type=Path, default=HERE.parents[2] / "shared" / "data")
    print(table(parser.parse_args().data))


if __name__ == "__main__":
    main()
