"""What a session found: the one document that every face of midback shows."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field
from typing import Any, Literal, Protocol

import numpy as np
from numpy.typing import NDArray

SCHEMA = "midback.session/1"

Status = Literal["measured", "proxy", "not_measurable"]
STATUSES: tuple[Status, ...] = ("measured", "proxy", "not_measurable")
StopKind = Literal["breakdown", "limit", "partial", "pain"]


@dataclass(frozen=True, slots=True)
class View:
    """The camera's view of the person. yaw_deg: 0 = frontal, 90 = exactly side-on.

    yaw_se_deg: its standard error. trunk_px: length of the trunk in the picture, from the middle
    of the hips to that of the shoulders; with the camera put up anew it is another one.
    """

    name: Literal["side", "front", "back", "oblique", "unknown"]
    yaw_deg: float | None
    yaw_se_deg: float | None
    facing: Literal["left", "right", "camera", "away", "unknown"]
    trunk_px: float | None = None


@dataclass(frozen=True, slots=True)
class AngleSummary:
    """One angle over the whole session. Values are None unless status allows a number."""

    unit: str
    status: Status
    reason: str | None
    rom: float | None
    se: float | None
    min: float | None
    max: float | None


@dataclass(frozen=True, slots=True)
class Deduction:
    """Points taken from a repetition, for one feature of one region."""

    region: str
    feature: str
    value: float
    unit: str
    points: float
    cue: str


@dataclass(frozen=True, slots=True)
class Rep:
    """One repetition. side: of the lifted arm where arms and legs alternate, else None.

    rom_deg: range of the primary angle; None where that angle is not measurable in this
    repetition or is not counted in degrees. values: of every watched feature, in the unit its
    angle is measured in, durations in seconds; None where not measured.
    """

    index: int
    side: Literal["left", "right", "unknown"] | None
    start_s: float
    peak_s: float
    end_s: float
    complete: bool
    hold_s: float
    concentric_s: float
    eccentric_s: float
    rom_deg: float | None
    score: float | None
    score_se: float | None
    deductions: tuple[Deduction, ...] = ()
    values: dict[str, float | None] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Stop:
    """The call to end the set: when, where it broke first and why."""

    rep: int
    time_s: float
    kind: StopKind
    region: str
    feature: str | None
    cue: str
    evidence: str


@dataclass(frozen=True, slots=True)
class ScoreSummary:
    """Scores 0-100. fresh: repetitions 1-4; last: the last three; fade: fresh - last.

    se: standard error of `set`.
    """

    set: float | None
    fresh: float | None
    last: float | None
    fade: float | None
    coverage: float
    se: float | None = None


@dataclass(frozen=True, slots=True)
class Hold:
    """A position held. total_s: in it at all; good_s: before form broke, all while it has not."""

    total_s: float
    good_s: float


@dataclass(frozen=True, slots=True)
class Software:
    """What produced the figures."""

    version: str
    mediapipe: str
    model_sha256: str | None


@dataclass(frozen=True, slots=True)
class Source:
    """The recording that was scored."""

    path: str
    sha256: str | None
    fps: float | None
    frames: int
    duration_s: float
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class Result:
    """The whole result; `to_dict` is the JSON document midback.session/1.

    judged_reps: how many repetitions were compared with the person's own fresh ones. 0 means
    that fatigue was not judged at all. can_judge: False where more than a third of the repetitions
    could not be measured. first_probability: that first_region was the first to fail. story: how
    the fatigue went, one sentence. hold: of an exercise that is held, else None.
    """

    source: Source
    exercise: str
    view: View
    coverage: float
    angles: dict[str, AngleSummary]
    reps: tuple[Rep, ...]
    stop: Stop | None
    first_region: str | None
    first_probability: float | None
    story: str | None
    judged_reps: int
    can_judge: bool
    hold: Hold | None
    score: ScoreSummary
    warnings: tuple[str, ...]
    software: Software
    schema: str = field(default=SCHEMA)

    def to_dict(self) -> dict[str, Any]:
        """Plain dicts and lists with the keys of the JSON Schema, `schema` first."""
        document = asdict(self)
        return {"schema": document.pop("schema"), **document}


class Trace(Protocol):
    """One angle over time."""

    @property
    def unit(self) -> str:
        """What it is counted in."""

    @property
    def value(self) -> NDArray[np.float64]:
        """(N,) in `unit`, NaN where not measurable."""

    @property
    def se(self) -> NDArray[np.float64]:
        """(N,) standard errors in `unit`, NaN where not measurable."""

    @property
    def status(self) -> NDArray[np.uint8]:
        """(N,) index into STATUSES."""

    def part(self, rows: slice) -> Trace:
        """The same of some of the frames."""


@dataclass(frozen=True, slots=True)
class Series:
    """Every angle per resampled frame (30 Hz). t: (N,) seconds of the source's clock."""

    t: NDArray[np.float64]
    traces: Mapping[str, Trace]

    def part(self, rows: slice) -> Series:
        """The same of some of the frames."""
        traces = {name: trace.part(rows) for name, trace in self.traces.items()}
        return Series(self.t[rows], traces)

    def parts(self, rows: int) -> Iterator[Series]:
        """The same in pieces of so many frames, the last one shorter."""
        return (self.part(slice(i, i + rows)) for i in range(0, len(self.t), rows))
