"""Scoring a recording that holds exactly one repetition, as data sets of cut repetitions do."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from midback.exercises import Exercise
from midback.form.features import Rep, feature_value
from midback.form.score import RepScore, score_rep
from midback.form.segmentation import Span
from midback.kinematics.measurability import NAMES, measured
from midback.kinematics.rows import AngleRows
from midback.kinematics.smoothing import RATE
from midback.kinematics.stream import AngleStream
from midback.vision.pose import Array, Pose

STILL_S = 0.7
_TOP = 0.9


def rows(exercise: Exercise, poses: Sequence[Pose], size: tuple[int, int]) -> AngleRows:
    """The repetition's rows, led in by its first pose held still for STILL_S."""
    stream = AngleStream(exercise.posture, size, metric=True)
    begin = poses[0].t
    lead = [replace(poses[0], t=begin - STILL_S + i / RATE) for i in range(int(STILL_S * RATE))]
    return AngleRows.joined([stream.update([*lead, *poses]), stream.flush()])


def score(exercise: Exercise, seen: AngleRows) -> tuple[Rep, RepScore]:
    """Features and score of the one repetition in the rows; neutral is the still lead."""
    values, codes = seen.values, seen.codes
    lead = int(STILL_S * RATE)
    still = values[lead // 2 : lead]
    known = np.isfinite(still).any(axis=0)
    neutral = np.full(still.shape[1], np.nan)
    neutral[known] = np.nanmedian(still[:, known], axis=0)
    effort = values[lead:, NAMES.index(exercise.primary.angle)]
    span = whole_span(effort, lead, -1 if exercise.primary.direction == "decrease" else 1)
    found: dict[str, float | None] = {}
    for feature in exercise.features:
        column = NAMES.index(feature.angle)
        trace, ok = values[lead:, column], measured(codes[lead:, column])
        value = feature_value(feature, span, trace, ok & np.isfinite(trace), float(neutral[column]))
        found[feature.name] = value if value is not None and np.isfinite(value) else None
    rep = Rep(1, None, span, found)
    return rep, score_rep(exercise, rep, {})


def whole_span(signal: Array, first: int, sign: int) -> Span:
    """A repetition that fills the whole signal; its hold is not looked for."""
    known = signal[np.isfinite(signal)]
    effort = sign * np.where(np.isfinite(signal), signal, np.median(known) if len(known) else 0.0)
    base = float(min(effort[0], effort[-1]))
    top = int(np.argmax(effort))
    rom = float(effort[top]) - base
    high = np.flatnonzero(effort >= base + _TOP * rom)
    out, back = float(high[0]) / RATE, float(len(effort) - 1 - high[-1]) / RATE
    last = first + len(effort) - 1
    return Span(first, first + top, last, True, 0.0, out, back, rom, sign * base, sign)
