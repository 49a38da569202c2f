"""Kinect skeletons of KIMORE as midback sees them: poses, sessions, marked intervals, scores.

78 people with five exercises each, standing and facing the camera; repetitions marked by hand,
quality scored by clinicians. Everything comes in by the shipped mapping kinect_v2 and runs
through the very Session of `midback score`.
"""

from __future__ import annotations

import csv
import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from midback.exercises import Exercise, load
from midback.landmarks import find_mapping
from midback.landmarks.camera import look, poses
from midback.landmarks.joints import body
from midback.landmarks.markers import measured
from midback.session import Session
from midback.vision.pose import Array, Pose

HERE = Path(__file__).parent
GROUPS = ("Expert", "NotExpert", "BackPain", "Parkinson", "Stroke")
EXERCISES = ("Es1", "Es2", "Es3", "Es4", "Es5")
TITLES = {
    "Es1": "arm lift",
    "Es2": "side bend",
    "Es3": "trunk rotation",
    "Es4": "pelvis circles",
    "Es5": "squat",
}
RATE = 30.0
_TICKS = 5000.0  # a metre


@dataclass(frozen=True, slots=True)
class Scores:
    """Clinicians' mean scores: total 0..50 = primary outcome 0..15 + control factor 0..35."""

    total: float
    primary: float
    control: float


@dataclass(frozen=True)
class Recording:
    """One person doing one exercise once.

    xyz: (T, 25, 3) metres, x to the person's right, y up, z away from the camera. state: (T, 25)
    0 not tracked, 1 inferred, 2 tracked. intervals: (N, 2) first and last frame of each marked
    repetition, a half for Es2 and Es3; none where they were marked on another take (not
    `aligned`). flags: (N,) marked direction, -1 where there is none. scores: None without one.
    """

    key: str
    subject: str
    group: str
    exercise: str
    xyz: Array = field(repr=False)
    state: NDArray[np.uint8] = field(repr=False)
    intervals: NDArray[np.int64] = field(repr=False)
    flags: NDArray[np.int64] = field(repr=False)
    aligned: bool
    scores: Scores | None

    def poses(self) -> tuple[list[Pose], tuple[int, int]]:
        """Poses seen from the front, one per frame, and the size of their picture."""
        mapping = find_mapping("kinect_v2")
        t = np.arange(len(self.xyz)) / RATE
        seen = body(measured(t, mapping.markers, self.xyz, "m"), mapping, self.key)
        picture, size = look(seen, "front", self.key)
        return list(poses(seen, picture)), size

    def session(self, exercise: Exercise | None = None) -> Session:
        """The finished session of the whole recording."""
        frames, size = self.poses()
        session = Session(exercise or es(self.exercise), *size, metric=True)
        session.update(*frames)
        session.finish()
        return session

    @property
    def held_out(self) -> bool:
        """Whether the person belongs to the half that nothing was developed on."""
        return held_out(self.subject)


def held_out(subject: str) -> bool:
    """A half of the people, by a hash of the name: nothing is chosen by looking at them."""
    return hashlib.sha256(subject.encode()).digest()[0] % 2 == 1


@cache
def es(name: str) -> Exercise:
    """The exercise file of Es1 .. Es5."""
    return load(HERE / "exercises" / f"{name.lower()}.toml")


def available(data: Path) -> bool:
    """Whether the recordings are there; data: the folder that holds `kimore`."""
    return (data / "kimore" / "rep_intervals.csv").is_file()


def recordings(
    data: Path, exercises: tuple[str, ...] = EXERCISES, groups: tuple[str, ...] = GROUPS
) -> Iterator[Recording]:
    """Every recording of these exercises and groups, in the order of the archives."""
    folder = data / "kimore"
    marked, scored = _intervals(folder), _scores(folder)
    for group in groups:
        with np.load(folder / f"kimore_{group}.npz") as archive:
            for name in archive.files:
                key, _, kind = name.partition("__")
                subject, _, exercise = key.rpartition("_")
                if kind == "pos" and exercise in exercises:
                    rows = [row for row in marked.get(key, []) if row["aligned"] == "1"]
                    yield Recording(
                        key,
                        subject,
                        group,
                        exercise,
                        archive[name].astype(np.float64) / _TICKS,
                        archive[f"{key}__state"],
                        np.array(
                            [[int(r["start_frame0"]), int(r["end_frame0"])] for r in rows],
                            dtype=np.int64,
                        ).reshape(-1, 2),
                        np.array([int(r["direction_flag"] or -1) for r in rows], dtype=np.int64),
                        bool(rows),
                        scored.get((subject, exercise)),
                    )


def _intervals(folder: Path) -> dict[str, list[dict[str, Any]]]:
    found: dict[str, list[dict[str, Any]]] = {}
    with (folder / "rep_intervals.csv").open(newline="") as file:
        for row in csv.DictReader(file):
            found.setdefault(row["key"], []).append(row)
    return found


def _scores(folder: Path) -> dict[tuple[str, str], Scores]:
    with (folder / "labels.csv").open(newline="") as file:
        return {
            (row["subject"], row["exercise"]): Scores(
                float(row["TS"]), float(row["PO"]), float(row["CF"])
            )
            for row in csv.DictReader(file)
            if row["TS"]
        }
