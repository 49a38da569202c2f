"""How a session stands at this moment: what the live faces draw between the events."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from midback.columns import Columns
from midback.exercises import Exercise
from midback.form.holds import HoldRule
from midback.form.segmentation import RepSegmenter
from midback.kinematics import ANGLES
from midback.kinematics.measurability import NAMES, measured, reason
from midback.kinematics.rows import AngleRow
from midback.kinematics.smoothing import RATE
from midback.vision.pose import Array

_REST_S = 2.0


@dataclass(frozen=True, slots=True)
class Now:
    """The latest row. t: seconds of the source's clock.

    effort: of the main angle from its rest, positive on the way out, in its unit; None where it
    may not be used, with `why` in words. moving: whether a repetition is under way; share: of its
    own way out so far; rep_s: since it began. unseen: angle -> reason, of the watched ones that
    cannot be measured now. held_s, good_s: of a hold, else None. dorsal: the side the back is on.
    """

    t: float
    found: bool
    ready: bool
    effort: float | None
    why: str
    moving: bool
    share: float
    rep_s: float
    unseen: dict[str, str]
    held_s: float | None
    good_s: float | None
    dorsal: int


def now(
    exercise: Exercise,
    row: AngleRow,
    columns: Columns,
    segmenter: RepSegmenter,
    neutral: Array | None,
    hold: HoldRule | None,
) -> Now:
    """Return how things stand; pure, and cheap enough for every frame."""
    primary = exercise.primary.angle
    watched = dict.fromkeys((primary, *(f.angle for f in exercise.features)))
    ok = measured(row.codes)
    unseen = {
        name: reason(int(row.codes[NAMES.index(name)]), ANGLES[name], row.yaw)
        for name in watched
        if not ok[NAMES.index(name)]
    }
    start = segmenter.start
    return Now(
        t=row.t,
        found=row.found,
        ready=row.ready,
        effort=None if primary in unseen else _effort(primary, row, columns, segmenter, neutral),
        why=unseen.get(primary, ""),
        moving=start is not None,
        share=segmenter.share or 0.0,
        rep_s=0.0 if start is None else (columns.count - 1 - start) / RATE,
        unseen=unseen,
        held_s=None if hold is None else hold.total_s,
        good_s=None if hold is None else hold.good_s,
        dorsal=row.dorsal,
    )


def _effort(
    primary: str, row: AngleRow, columns: Columns, segmenter: RepSegmenter, neutral: Array | None
) -> float | None:
    index = NAMES.index(primary)
    if neutral is not None and np.isfinite(neutral[index]):
        rest = float(neutral[index])
    else:
        recent = columns.angle(primary, max(0, columns.count - int(_REST_S * RATE)))
        recent = recent[np.isfinite(recent)]
        rest = float(np.median(recent)) if len(recent) else np.nan
    effort = (segmenter.sign or 1) * (float(row.values[index]) - rest)
    return effort if np.isfinite(effort) else None
