"""Measured against true, one row per repetition, through the same pipeline as `midback score`."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from accuracy.clips import Clip
from midback.columns import Columns
from midback.kinematics.angles import middle, plane, turn
from midback.kinematics.measurability import OK, PROXY, measured
from midback.kinematics.skeleton import HIPS, SHOULDERS
from midback.kinematics.stream import AngleStream
from midback.kinematics.view import Posture
from midback.vision.pose import Array

TRUE_NAME = {
    "thoracic_extension": "thoracic_extension",
    "lumbar_arch": "lumbar_arch",
    "trunk_rotation": "rotation",
    "thoracic_rotation": "rotation",
    "side_bend": "side_bend",
    "pelvic_drop": "pelvic_roll",
    "head": "head",
    "knee_valgus": "knee_valgus",
}
"""Our angles beside the name of the phantom's."""

_SHOWN_SHARE = 0.6
_STILL_FROM = 0.35  # s; the filters need it


@dataclass(frozen=True)
class Rep:
    """One repetition's change from the still start, degrees.

    se: as printed. shown: whether a number is shown at the top. proxy: only as a proxy.
    """

    clip: str
    body: str
    posture: str
    movement: str
    angle: str
    measured: float
    true: float
    se: float
    shown: bool
    proxy: bool

    @property
    def error(self) -> float:
        """Measured minus true."""
        return self.measured - self.true


@dataclass(frozen=True)
class Watched:
    """A clip after the pipeline: times (N,), and values, errors and codes per angle."""

    clip: Clip
    columns: Columns
    still: tuple[float, float]


def watch(clip: Clip) -> Watched:
    """Poses of a clip through AngleStream, with the posture of its exercise."""
    case = clip.case
    posture: Posture = "seated" if case.posture == "side_lying" else case.posture
    stream, columns = AngleStream(posture, case.view.size), Columns()
    for rows in (stream.update(clip.poses), stream.flush()):
        columns.lay(rows)
        for _ in rows.t:
            columns.advance()
    return Watched(clip, columns, (_STILL_FROM, case.neutral_s - 0.05))


def reps(seen: Watched, angles: Iterable[str]) -> list[Rep]:
    """Every repetition of a clip for every angle asked for."""
    case, truth, columns = seen.clip.case, seen.clip.truth, seen.columns
    t, found = columns.times(), []
    still = (t > seen.still[0]) & (t < seen.still[1])
    first, last = int(np.flatnonzero(still)[0]), int(np.flatnonzero(still)[-1])
    series = columns.series(columns.neutral(first, last))
    true_still = (truth.t > seen.still[0]) & (truth.t < seen.still[1])
    for _, begin, end, _ in truth.reps:
        top, true_top = (t >= begin) & (t <= end), (truth.t >= begin) & (truth.t <= end)
        for name in angles:
            true = getattr(truth, TRUE_NAME[name])
            codes = columns.codes(name)
            trace = series.traces[name]
            value = trace.value if trace.unit == "deg" else np.full(len(t), np.nan)
            shown = measured(codes[top]) & np.isfinite(value[top])
            enough = bool(shown.mean() >= _SHOWN_SHARE)
            found.append(
                Rep(
                    case.name,
                    case.body,
                    case.posture,
                    case.movement,
                    name,
                    float(np.median(value[top][shown])) if enough else float("nan"),
                    float(np.median(true[true_top]) - np.median(true[true_still])),
                    float(np.median(trace.se[top][shown])) if enough else float("nan"),
                    enough,
                    bool((codes[top] == PROXY).mean() > (codes[top] == OK).mean()),
                )
            )
    return found


def naive(seen: Watched) -> tuple[list[float], list[float]]:
    """Extension per repetition by the shoulder-hip line, in the picture and in 3D landmarks."""
    clip = seen.clip
    side = 1.0 if np.cos(np.radians(clip.case.heading)) > 0 else -1.0
    t = np.array([pose.t for pose in clip.poses])
    still = (t > seen.still[0]) & (t < seen.still[1])
    lines = []
    for points in ([p.points for p in clip.poses], [p.world for p in clip.poses]):
        body = plane(np.stack(points).astype(np.float64))
        trunk = middle(body, SHOULDERS) - middle(body, HIPS)
        back = side * turn(complex(np.median(trunk[still])), trunk)
        lines.append([_at(back, t, begin, end) for _, begin, end, _ in clip.truth.reps])
    return lines[0], lines[1]


def _at(values: Array, t: Array, begin: float, end: float) -> float:
    return float(np.nanmedian(values[(t >= begin) & (t <= end)]))
