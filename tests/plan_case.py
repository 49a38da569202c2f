"""Sets, days of the journal and histories to decide about, in as few words as possible."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from typing import Any

from midback.exercises import find
from midback.history.plan import decide
from midback.history.records import (
    Decision,
    Dose,
    Fingerprint,
    JournalEntry,
    RepRecord,
    SetRecord,
    StopRecord,
)
from midback.result import StopKind

TODAY = date(2026, 3, 20)
BIRD_DOG = find("bird_dog")
SIDE_PLANK = find("side_plank")
DOSE = Dose(reps=8)
SEEN_BY = Fingerprint("side", 88.0, 210.0, 720, 30.0, "abc")


def ago(days: int) -> date:
    return TODAY - timedelta(days=days)


def a_set(
    day: date,
    *,
    reps: int = 8,
    stopped: int | None = None,
    kind: StopKind = "breakdown",
    good_s: float | None = None,
    **changes: Any,
) -> SetRecord:
    """A set of bird dogs of 8 planned, in good form, at 18:00. stopped: rep of the stop call."""
    stop = None if stopped is None else StopRecord(stopped, 60.0, kind, "core", "lumbar_arch")
    values: dict[str, Any] = {
        "recording": f"{day} {changes.get('order', 1)}",
        "performed": datetime.combine(day, time(18)),
        "order": 1,
        "block": 1,
        "exercise": "bird_dog",
        "variant": "",
        "planned": 8.0,
        "reps": tuple(
            RepRecord(n, ("left", "right")[n % 2], True, 140.0, 90.0) for n in range(1, reps + 1)
        ),
        "stop": stop,
        "fresh": 88.0,
        "last": 84.0,
        "score": 86.0,
        "score_se": 3.0,
        "coverage": 0.95,
        "judged": max(reps - 4, 0),
        "can_judge": True,
        "first_region": None if stop is None else "core",
        "good_s": good_s,
        "total_s": good_s,
        "angles": {},
        "fingerprint": SEEN_BY,
        "version": "0.6",
    }
    return SetRecord(**{**values, **changes})


def a_day(day: date, **changes: Any) -> JournalEntry:
    """A green day, its next morning entered."""
    values: dict[str, Any] = {"before": 1, "worst": 2, "after": 1, "next_morning": 1}
    return JournalEntry(day, **{**values, **changes})


DAYS = (ago(9), ago(5), ago(2))
SETS = tuple(map(a_set, DAYS))
JOURNAL = tuple(map(a_day, DAYS))
"""Three sessions over seven days in which everything is as it should be."""


def decided(
    sets: Sequence[SetRecord] = SETS,
    journal: Sequence[JournalEntry] = JOURNAL,
    decisions: Sequence[Decision] = (),
    dose: Dose = DOSE,
) -> Decision:
    return decide(TODAY, BIRD_DOG, sets, journal, decisions, dose)


def step(day: date, **changes: Any) -> Decision:
    """A step up in bird dogs, by the rules."""
    values: dict[str, Any] = {
        "exercise": "bird_dog",
        "step": "progress",
        "variable": "reps",
        "before": Dose(reps=7),
        "after": DOSE,
        "rule": "ready",
        "because": ("three sessions",),
    }
    return Decision(day, **{**values, **changes})
