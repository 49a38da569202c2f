"""A made-up session for the report's tests: bird dog, 14 reps, the low back gives way."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from midback.apps.report import ReportInput
from midback.exercises import Exercise, find
from midback.keyframes import Band, KeyFrame, KeyFrames
from midback.result import (
    AngleSummary,
    Deduction,
    Rep,
    Result,
    ScoreSummary,
    Series,
    Software,
    Source,
    Stop,
    View,
)
from midback.vision.pose import LANDMARKS, Pose

PERIOD, HOLD, FIRST = 5.0, 1.4, 2.0
REASON = "turn side-on: shoulders look 60 % as wide as from the front"
BROKEN = 9  # the low back starts to arch in this repetition


def bird_dog() -> Exercise:
    return find("bird_dog")


def session(reps: int = 14, stop: int | None = 10) -> ReportInput:
    """The set as the page gets it, without pictures."""
    result = result_of(reps, stop)
    broke = None if stop is None else keyframe(stop, "lumbar_arch", 16.4)
    best = keyframe(3, "lumbar_arch", 2.1) if reps else None
    last = keyframe(reps, "lumbar_arch", 3.0) if reps else None
    bands = {"lumbar_arch": Band(2.4, 0.0, 4.8), "diagonal_lift": Band(168.0, 163.0, 173.0)}
    return ReportInput(result, series_of(reps), bird_dog(), KeyFrames(best, broke, last), bands, {})


def result_of(reps: int = 14, stop: int | None = 10) -> Result:
    made = tuple(_rep(index) for index in range(1, reps + 1))
    call = None
    if stop is not None:
        call = Stop(
            rep=stop,
            time_s=made[stop - 1].end_s - 1.0,
            kind="breakdown",
            region="core",
            feature="lumbar_arch",
            cue="Draw the navel in, keep the low back still",
            evidence="in reps 9 and 10 the lower back arched 14° more than in your first four",
        )
    duration = FIRST + PERIOD * max(reps, 1) + 2.0
    return Result(
        source=Source(
            "clips/bird_dog_fatigue.mp4", "ab" * 32, 30.0, int(duration * 30), duration, 960, 540
        ),
        exercise="bird_dog",
        view=View("side", 86.0, 6.0, "right"),
        coverage=0.98,
        angles=_angles(),
        reps=made,
        stop=call,
        first_region="core" if stop else None,
        first_probability=0.8 if stop else None,
        story=None,
        judged_reps=max(reps - 4, 0),
        can_judge=True,
        hold=None,
        score=ScoreSummary(88.0, 94.0, 58.0, 36.0, 0.92) if reps else _no_score(),
        warnings=(),
        software=Software("0.1.0", "0.10.31", "cd" * 32),
    )


def series_of(reps: int = 14, rate: float = 30.0) -> Series:
    t = np.arange(0.0, FIRST + PERIOD * max(reps, 1) + 2.0, 1 / rate)
    rng = np.random.default_rng(2)
    lift = np.zeros_like(t)
    arch = np.full_like(t, 1.0)
    for index in range(1, reps + 1):
        rise = _rise(t - (FIRST + PERIOD * (index - 1)))
        lift += 168.0 * rise
        arch += rise * (1.5 + (13.0 if index > BROKEN else 6.0 if index == BROKEN else 0.0))
    thoracic = 5.0 * lift / 168.0 + rng.normal(0, 0.4, t.size)
    thoracic[(t > 20.0) & (t < 23.5)] = np.nan
    return Series(
        t,
        {
            "diagonal_lift": _trace(lift + rng.normal(0, 1.0, t.size), 5.0),
            "thoracic_extension": _trace(thoracic, 3.5),
            "lumbar_arch": _trace(arch + rng.normal(0, 0.5, t.size), 2.5),
            "hip_shift": _trace(lift / 100 + rng.normal(0, 0.3, t.size), 1.5, "% trunk"),
            "trunk_sag": _trace(arch / 4, 1.0, "% back"),
            "head": _trace(np.full_like(t, np.nan), 4.0),
        },
    )


def keyframe(rep: int, angle: str | None, value: float | None) -> KeyFrame:
    t = FIRST + PERIOD * (rep - 1) + 2.0
    hollow = 0.03 * (value or 0.0) / 16.0
    return KeyFrame(t, rep, pose(t), angle, value, "deg", contour(hollow))


def pose(t: float = 0.0) -> Pose:
    """On all fours facing right, arm and leg out, in a picture of 960 x 540."""
    points = np.zeros((LANDMARKS, 3), dtype=np.float32)
    places = {
        (0, 7, 8): (700, -225),
        (11,): (620, -240),
        (12,): (625, -232),
        (13,): (720, -228),
        (15,): (805, -220),
        (14,): (628, -330),
        (16,): (632, -420),
        (23,): (420, -262),
        (24,): (425, -255),
        (25,): (430, -400),
        (27,): (320, -415),
        (26,): (310, -250),
        (28,): (205, -245),
    }
    visibility = np.zeros(LANDMARKS, dtype=np.float32)
    for indices, at in places.items():
        for index in indices:
            points[index, :2] = at
            visibility[index] = 0.97
    return Pose(t, points, points / 300.0, visibility)


def contour(hollow: float = 0.0) -> NDArray[np.float64]:
    """The back's edge over that pose; hollow: depth of the lumbar hollow in trunk lengths."""
    hips, shoulders = np.array([422.5, -258.5]), np.array([622.5, -236.0])
    along = np.linspace(-0.1, 1.1, 60)[:, None]
    trunk = shoulders - hips
    normal = np.array([-trunk[1], trunk[0]])
    depth = 0.16 + 0.04 * np.sin(np.pi * np.clip((along - 0.35) / 0.7, 0, 1))
    depth = depth - hollow * np.exp(-(((along - 0.28) / 0.16) ** 2))
    return np.asarray(hips + along * trunk + depth * normal)


def _rise(since: NDArray[np.float64]) -> NDArray[np.float64]:
    up = np.clip(since / 1.3, 0, 1)
    down = np.clip((1.3 + HOLD + 1.3 - since) / 1.3, 0, 1)
    ramp = np.minimum(up, down)
    return np.asarray(0.5 - 0.5 * np.cos(np.pi * ramp))


def _rep(index: int) -> Rep:
    start = FIRST + PERIOD * (index - 1)
    taken: tuple[Deduction, ...] = ()
    if index >= BROKEN:
        points = 9.0 if index == BROKEN else 22.0
        taken = (
            Deduction("core", "lumbar_arch", 8.0 if index == BROKEN else 15.6, "deg", points,
                      "Draw the navel in"),
            Deduction("control", "lowering", -34.0, "%", 4.0, "Lower slowly, count to three"),
        )  # fmt: skip
    score = 95.0 - index / 3 - sum(d.points for d in taken)
    return Rep(
        index=index,
        side="left" if index % 2 else "right",
        start_s=start,
        peak_s=start + 2.0,
        end_s=start + 4.0,
        complete=True,
        hold_s=HOLD,
        concentric_s=1.3,
        eccentric_s=1.3,
        rom_deg=166.0,
        score=score,
        score_se=3.1,
        deductions=taken,
    )


def _angles() -> dict[str, AngleSummary]:
    return {
        "diagonal_lift": AngleSummary("deg", "measured", None, 168.0, 5.0, -2.0, 171.0),
        "thoracic_extension": AngleSummary(
            "deg", "measured", "an arm hid the back", 6.0, 3.5, -1.0, 5.6
        ),
        "lumbar_arch": AngleSummary("deg", "measured", None, 16.0, 2.5, 0.0, 16.4),
        "hip_shift": AngleSummary("% trunk", "measured", None, 2.0, 1.5, -1.0, 2.4),
        "trunk_sag": AngleSummary("% back", "proxy", "from the contour alone", 4.0, 1.0, 0.0, 4.1),
        "head": AngleSummary("deg", "not_measurable", "the face is hidden", None, None, None, None),
        "knee_valgus": AngleSummary("deg", "not_measurable", REASON, None, None, None, None),
    }


@dataclass(frozen=True)
class ArrayTrace:
    """A midback.result.Trace of arrays."""

    unit: str
    value: NDArray[np.float64]
    se: NDArray[np.float64]
    status: NDArray[np.uint8]

    def part(self, rows: slice) -> ArrayTrace:
        return ArrayTrace(self.unit, self.value[rows], self.se[rows], self.status[rows])


def _trace(value: NDArray[np.float64], se: float, unit: str = "deg") -> ArrayTrace:
    finite = np.isfinite(value)
    errors = np.where(finite, se, np.nan)
    return ArrayTrace(unit, value, errors, np.where(finite, 0, 2).astype(np.uint8))


def _no_score() -> ScoreSummary:
    return ScoreSummary(None, None, None, None, 0.0)
