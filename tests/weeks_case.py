"""Stored sets as the tests of gains, capacity and regions need them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

from midback.history.records import Fingerprint, RepRecord, SetRecord, StopRecord
from midback.history.values import SessionValue

START = date(2026, 3, 2)
CAMERA = Fingerprint("side", 90.0, 300.0, 720, 30.0, None)


def rep(index: int, rom: float | None = 40.0, **changes: Any) -> RepRecord:
    return replace(RepRecord(index, None, True, rom, 90.0), **changes)


def stop(at: int, kind: str = "breakdown", region: str = "core") -> StopRecord:
    return StopRecord(at, 3.0 * at, kind, region, None)


def a_set(day: int = 0, hour: int = 18, **changes: Any) -> SetRecord:
    """Eight good repetitions of 40 deg, `day` days after START."""
    performed = datetime(START.year, START.month, START.day, hour) + timedelta(days=day)
    plain = SetRecord(
        recording=f"{day}-{hour}", performed=performed, order=1, block=1, exercise="bird_dog",
        variant="", planned=8, reps=tuple(rep(i) for i in range(1, 9)), stop=None, fresh=90.0,
        last=88.0, score=89.0, score_se=2.0, coverage=1.0, judged=4, can_judge=True,
        first_region=None, good_s=None, total_s=None, angles={}, fingerprint=CAMERA, version="1",
    )  # fmt: skip
    return replace(plain, **changes)


def values_of(
    figures: Sequence[float | None], every: int = 2, blocks: Sequence[int] | None = None
) -> list[SessionValue]:
    """One session value every `every` days; None where it could not be measured."""
    return [
        SessionValue(
            day=START + timedelta(days=every * i),
            block=blocks[i] if blocks is not None else 1,
            value=figure,
            sd=None if figure is None else 2.0,
            reps=0 if figure is None else 3,
            reason="hidden" if figure is None else None,
            recording=str(i),
        )
        for i, figure in enumerate(figures)
    ]
