"""One made-up person over six weeks, for the picture in the README and for the query benchmark.

PYTHONPATH=benchmarks python -m weeks.made_up STORE   writes Anna into a new store
"""

from __future__ import annotations

import hashlib
import sys
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

import numpy as np

from midback.exercises import find
from midback.history.plan import override
from midback.history.plan.review import review
from midback.history.records import Dose, JournalEntry
from midback.history.store import open_store

BEGIN = date(2026, 2, 2)
SESSIONS = 18
GAIN_DEG, CAPACITY = 8.0, (7.0, 12.0)
FLARE = 9
"""The session after which the pain was red."""
MOVED = 10
"""From this session on the camera stands elsewhere."""

Json = dict[str, Any]


def document(
    exercise: str,
    name: str,
    roms: list[float],
    *,
    stop: int | None = None,
    region: str = "core",
    yaw: float = 86.0,
) -> Json:
    """A result as `midback score --json` writes it; one range per repetition, degrees."""
    reps = [
        {
            "index": n,
            "side": ("left", "right")[n % 2] if exercise == "bird_dog" else None,
            "complete": True,
            "rom_deg": rom,
            "score": 92.0,
            "values": {"range": rom, "lumbar_arch": 1.5, "hip_shift": 2.0, "lowering": 1.7},
        }
        for n, rom in enumerate(roms, 1)
    ]
    broke = {"rep": stop, "time_s": 5.0 * (stop or 0), "kind": "breakdown", "region": region}
    return {
        "schema": "midback.session/1",
        "source": {"path": name, "sha256": hashlib.sha256(name.encode()).hexdigest()}
        | {"fps": 30.0, "width": 848, "height": 480},
        "exercise": exercise,
        "view": {"name": "side", "yaw_deg": yaw, "trunk_px": 220.0},
        "angles": {"thoracic_extension": {"unit": "deg", "status": "measured"}
                   | {"rom": max(roms), "se": 2.9}},
        "reps": reps,
        "stop": None if stop is None else {**broke, "feature": "lumbar_arch"},
        "first_region": None if stop is None else region,
        "judged_reps": max(len(roms) - 4, 0),
        "can_judge": True,
        "hold": None,
        "score": {"set": 91.0, "fresh": 93.0, "last": 88.0, "coverage": 0.97, "se": 2.5},
        "software": {"version": "0.1.0", "model_sha256": "34ccd9658a9c" + "0" * 52},
    }  # fmt: skip


def sets(rng: np.random.Generator) -> Iterator[tuple[Json, datetime, float | None]]:
    """Document, time and plan of every set: extension seated, then bird dogs."""
    for n in range(SESSIONS):
        day = day_of(n)
        yaw = 86.0 if n < MOVED else 68.0
        share = n / (SESSIONS - 1)
        level = 17.0 + GAIN_DEG * share + (0.0 if n < MOVED else 3.0) + rng.normal(0, 1.3)
        roms = [float(level + rng.normal(0, 0.8)) for _ in range(8)]
        told = document("seated_thoracic_extension", f"extension {n}", roms, yaw=yaw)
        yield told, datetime.combine(day, time(18, 30)), 8.0
        amount = CAPACITY[0] + (CAPACITY[1] - CAPACITY[0]) * share
        at = round(float(amount * np.exp(0.1 * rng.normal())))
        tested = n % 2 == 0
        reps = at if tested else min(8, at)
        lifts = [float(138 + rng.normal(0, 3)) for _ in range(reps)]
        region = "core" if rng.random() < 0.7 else "hips"
        stop = at if tested else None
        told = document("bird_dog", f"bird dog {n}", lifts, stop=stop, region=region, yaw=yaw)
        yield told, datetime.combine(day, time(18, 40)), None if tested else 8.0


def pain(rng: np.random.Generator) -> Iterator[JournalEntry]:
    """A slow fall from 3, with one red day; the last morning is still missing."""
    for n in range(SESSIONS):
        worst = float(np.clip(np.round(3.0 - 2.0 * n / SESSIONS + rng.normal(0, 0.25)), 0, 10))
        red = n == FLARE
        morning = None if n == SESSIONS - 1 else max(worst - 1, 0) + 3 * red
        yield JournalEntry(
            day_of(n), max(worst - 1, 0), 6.0 if red else worst, max(worst - 1, 0), morning,
            "between the shoulder blades", note="carried boxes the day before" if red else "",
        )  # fmt: skip


def day_of(session: int) -> date:
    """Three sessions a week."""
    return BEGIN + timedelta(days=7 * (session // 3) + (0, 2, 4)[session % 3])


def tell(where: Path, person: str = "Anna Berg", seed: int = 6) -> date:
    """Write the story into a store; return the day after its last session."""
    rng = np.random.default_rng(seed)
    today = day_of(SESSIONS - 1) + timedelta(days=1)
    with open_store(where) as store:
        for told, when, planned in sets(rng):
            store.add_set(person, told, when, planned=planned)
        for entry in pain(rng):
            store.add_journal(person, entry)
        for name in ("seated_thoracic_extension", "bird_dog"):
            dose = Dose(reps=6), Dose(reps=8)
            said = override(BEGIN, find(name), *dose, "M. Ito, physiotherapist", "moves well")
            store.add_decision(person, said)
        known = store.sets(person), store.journal(person)
        for session in range(SESSIONS):
            for one in review(day_of(session), *known, store.decisions(person)):
                store.add_decision(person, one)
    return today


if __name__ == "__main__":
    print(tell(Path(sys.argv[1])))
