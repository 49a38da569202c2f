"""Histories of one person, in as few words as possible: ranges by day, pain, decisions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import numpy as np
from plan_case import TODAY, a_day, a_set

from midback.history.records import JournalEntry, RepRecord, SetRecord

EXTENSION = "seated_thoracic_extension"


def days(sessions: int, every: int = 3, last: date = TODAY - timedelta(days=1)) -> list[date]:
    """Days of sessions, the last of them yesterday."""
    return [last - timedelta(days=every * n) for n in reversed(range(sessions))]


def ranged(day: date, degrees: float | None, **changes: Any) -> SetRecord:
    """A set of six repetitions that all have this range, without sides."""
    reps = tuple(RepRecord(n, None, True, degrees, 90.0) for n in range(1, 7))
    return replace(a_set(day, **{"exercise": EXTENSION, **changes}), reps=reps)


def growing(
    sessions: int = 16, per_week: float = 2.0, noise: float = 0.4, seed: int = 1, **changes: Any
) -> list[SetRecord]:
    """Sessions every third day whose range grows from 20 degrees."""
    rng = np.random.default_rng(seed)
    when = days(sessions)
    return [
        ranged(day, 20 + per_week * (day - when[0]).days / 7 + noise * rng.standard_normal(),
               **changes)
        for day in when
    ]  # fmt: skip


def breaking(
    sessions: int = 18, start: float = 7.0, end: float = 12.0, broke: int = 2, seed: int = 1
) -> list[SetRecord]:
    """Bird dogs whose form breaks ever later; every `broke`-th set goes on until it does."""
    rng = np.random.default_rng(seed)
    found = []
    for n, day in enumerate(days(sessions, every=2)):
        at = round((start + (end - start) * n / (sessions - 1)) * np.exp(0.08 * rng.normal()))
        stopped = int(at) if n % broke == 0 else None
        found.append(a_set(day, reps=int(at) if stopped else 6, stopped=stopped))
    return found


def pains(worst: Sequence[float], **changes: Any) -> list[JournalEntry]:
    """Days of the journal every other day up to yesterday, with this worst pain."""
    when = days(len(worst), every=2)
    return [
        a_day(
            day, worst=w, **dict.fromkeys(("before", "after", "next_morning"), min(w, 1)) | changes
        )
        for day, w in zip(when, worst, strict=True)
    ]
