"""A person's data as flat rows, one table each, as spreadsheets and statistics want them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import asdict, astuple, fields
from datetime import date, datetime
from typing import Any

from midback.history.records import Fingerprint, SetRecord
from midback.history.store.store import Store

_SET = {"person": str, "recording": str}
_FINGERPRINT = {"view": str, "yaw_deg": float, "trunk_px": float, "height_px": int, "fps": float}

COLUMNS: dict[str, dict[str, type]] = {
    "sets": _SET
    | {"performed": datetime, "order": int, "block": int, "exercise": str, "variant": str}
    | {"planned": float, "repeat": bool, "fresh": float, "last": float, "score": float}
    | {"score_se": float, "coverage": float, "judged": int, "can_judge": bool}
    | {"first_region": str, "good_s": float, "total_s": float, "stop_rep": int}
    | {"stop_time_s": float, "stop_kind": str, "stop_region": str, "stop_feature": str}
    | _FINGERPRINT
    | {"model": str, "version": str},
    "reps": _SET | {"index": int, "side": str, "complete": bool, "rom_deg": float, "score": float},
    "values": _SET | {"rep": int, "name": str, "value": float},
    "angles": _SET | {"name": str, "unit": str, "status": str, "rom": float, "se": float},
    "journal": {"person": str, "day": date, "before": float, "worst": float, "after": float}
    | {"next_morning": float, "where": str, "sharp": bool, "radiating": bool, "sleep_h": float}
    | {"stress": float, "load": str, "note": str, "red_flags": str},
    "decisions": {"person": str, "day": date, "exercise": str, "step": str, "variable": str}
    | {"before": str, "after": str, "rule": str, "because": str, "by": str},
}
"""Table, column and type; a cell is None where nothing is known. Lists and doses are JSON text."""

Cells = list[Any]


def rows_of(store: Store, person: str) -> Iterator[tuple[str, Cells]]:
    """Name of the table and one row of it, for everything a person has; cells as in COLUMNS."""
    for found in store.sets(person):
        whose = [person, found.recording]
        yield "sets", whose + _set(found)
        for rep in found.reps:
            yield "reps", [*whose, rep.index, rep.side, rep.complete, rep.rom_deg, rep.score]
            for name, value in rep.values.items():
                yield "values", [*whose, rep.index, name, value]
        for name, angle in found.angles.items():
            yield "angles", [*whose, name, *astuple(angle)]
    for entry in store.journal(person):
        yield "journal", [person, *astuple(entry)[:-1], _json(entry.red_flags)]
    for decision in store.decisions(person):
        cells = asdict(decision)
        texts = {name: _json(cells[name]) for name in ("before", "after", "because")}
        yield "decisions", [person, *(cells | texts).values()]


def _set(found: SetRecord) -> Cells:
    stop = (None,) * 5 if found.stop is None else astuple(found.stop)
    told = {
        **{name: getattr(found, name) for name in COLUMNS["sets"] if hasattr(found, name)},
        **dict(zip(_STOP, stop, strict=True)),
        **{field.name: getattr(found.fingerprint, field.name) for field in fields(Fingerprint)},
    }
    return [told[name] for name in list(COLUMNS["sets"])[2:]]


_STOP = ("stop_rep", "stop_time_s", "stop_kind", "stop_region", "stop_feature")


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)
