"""The plain facts that the store keeps and that gains, capacity, journal and plan are made of.

Times are the person's local time without a zone: an evening set belongs to that day wherever the
file is read later.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Literal

Unit = Literal["reps", "s"]
"""What a set is counted in: repetitions, or seconds of a hold."""

Step = Literal["progress", "hold", "regress", "seek_care"]
Variable = Literal["reps", "hold_s", "target_deg", "lowering_s", "load_kg", "variant"]


@dataclass(frozen=True, slots=True)
class Fingerprint:
    """The camera's set-up, as far as a result tells: another one starts a new block.

    yaw_deg: of the view, 0 frontal, 90 side-on. trunk_px: length of the trunk in the picture.
    height_px: of the picture. model: sha256 of the weights.
    """

    view: str
    yaw_deg: float | None
    trunk_px: float | None
    height_px: int
    fps: float | None
    model: str | None


@dataclass(frozen=True, slots=True)
class RepRecord:
    """One repetition, see result.Rep. values: of every watched feature by name."""

    index: int
    side: str | None
    complete: bool
    rom_deg: float | None
    score: float | None
    values: Mapping[str, float | None] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class AngleRecord:
    """One angle over a set, see result.AngleSummary. status "not_measurable" has no numbers."""

    unit: str
    status: str
    rom: float | None
    se: float | None


@dataclass(frozen=True, slots=True)
class StopRecord:
    """The call to end the set, see result.Stop."""

    rep: int
    time_s: float
    kind: str
    region: str
    feature: str | None


@dataclass(frozen=True, slots=True)
class SetRecord:
    """One stored set of one person. version: of midback, of the newest scoring of the recording.

    order: of the set within its session, 1 is the first. block: number of the camera set-up of
    this person and exercise, from 1 in order of appearance. variant: how it was made easier or
    harder, "" as described. planned: repetitions, or seconds of a hold, that the plan asked for.
    coverage: share of what the score needs that was measured. judged: repetitions compared with
    the person's own fresh ones; can_judge: see result.Result. good_s, total_s: of a hold.
    repeat: of a set-up put up anew on purpose in the first sessions, to learn the person's error.
    """

    recording: str
    performed: datetime
    order: int
    block: int
    exercise: str
    variant: str
    planned: float | None
    reps: tuple[RepRecord, ...]
    stop: StopRecord | None
    fresh: float | None
    last: float | None
    score: float | None
    score_se: float | None
    coverage: float
    judged: int
    can_judge: bool
    first_region: str | None
    good_s: float | None
    total_s: float | None
    angles: Mapping[str, AngleRecord]
    fingerprint: Fingerprint
    version: str
    repeat: bool = False


@dataclass(frozen=True, slots=True)
class JournalEntry:
    """One day's pain and what may bear on it. Pain is 0 to 10, None where nothing was entered.

    before, worst, after: of that day's exercise; next_morning: of the morning after it. where:
    free text. sharp, radiating: as the person says. sleep_h: hours of the night before. stress: 0
    to 10. load: what else the day asked, free text. red_flags: keys of the signs that need care.
    """

    day: date
    before: float | None = None
    worst: float | None = None
    after: float | None = None
    next_morning: float | None = None
    where: str = ""
    sharp: bool = False
    radiating: bool = False
    sleep_h: float | None = None
    stress: float | None = None
    load: str = ""
    note: str = ""
    red_flags: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Dose:
    """How much of an exercise is asked. None where it does not apply; lowering_s: of a rep."""

    reps: int | None = None
    hold_s: float | None = None
    target_deg: float | None = None
    lowering_s: float | None = None
    load_kg: float | None = None
    variant: str = ""


@dataclass(frozen=True, slots=True)
class Decision:
    """One step of the plan for one exercise, with the rule and the facts that made it.

    variable: the only one that changed, None where nothing did. rule: its key, see plan.rules.
    because: sentences, each one fact from the store. by: a clinician's name where it was theirs.
    """

    day: date
    exercise: str
    step: Step
    variable: Variable | None
    before: Dose
    after: Dose
    rule: str
    because: tuple[str, ...]
    by: str | None = None
