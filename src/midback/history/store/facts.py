"""What the store keeps of a result's document: the whole, and the columns that are asked for."""

from __future__ import annotations

import hashlib
import json
import math
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from midback.errors import InputError
from midback.history.store.checks import clean_text
from midback.result import SCHEMA

Row = dict[str, Any]
"""Values of one row of a table, by column."""


@dataclass(frozen=True, slots=True)
class Facts:
    """One scoring. recording: its sha256, or that of the content where no file was kept.

    sha256: of the document without the recording's path, which says nothing about the set. body:
    the whole document, compressed. The rest are rows of the tables of these names.
    """

    recording: str
    exercise: str
    sha256: str
    body: bytes
    scoring: Row
    reps: list[Row]
    angles: list[Row]
    stop: Row | None


def read_facts(document: Mapping[str, Any]) -> Facts:
    """Take a document midback.session/1 apart. InputError where it is none or holds no numbers."""
    try:
        if document["schema"] != SCHEMA:
            raise ValueError(document["schema"])
        return _facts(document)
    except (KeyError, TypeError, ValueError, AttributeError):
        raise InputError(
            f"this is no result of midback ({SCHEMA}): write one with `midback score --json`"
        ) from None


def read_body(body: bytes) -> dict[str, Any]:
    """Return the document that `Facts.body` holds; InputError where the disk spoiled it."""
    try:
        document: dict[str, Any] = json.loads(zlib.decompress(body))
    except (zlib.error, ValueError):
        raise InputError(
            "a result in the store is damaged: `midback store restore` brings back a backup"
        ) from None
    return document


def _facts(document: Mapping[str, Any]) -> Facts:
    source = document["source"]
    pathless = {**document, "source": {**source, "path": ""}}
    sha256 = hashlib.sha256(_as_json(pathless, sort_keys=True)).hexdigest()
    reps = [_rep(rep) for rep in document["reps"]]
    if len({rep["number"] for rep in reps}) != len(reps):
        raise ValueError("a repetition is told twice")
    return Facts(
        _text(source["sha256"] or f"content-{sha256}"),
        _text(document["exercise"]),
        sha256,
        zlib.compress(_as_json(document)),
        _scoring(document),
        reps,
        [_angle(name, angle) for name, angle in document["angles"].items()],
        None if document["stop"] is None else _stop(document["stop"]),
    )


def _scoring(document: Mapping[str, Any]) -> Row:
    score, view, source = document["score"], document["view"], document["source"]
    hold, software = document.get("hold") or {}, document["software"]
    return {
        "version": _text(software["version"]),
        "exercise": _text(document["exercise"]),
        "fresh": _number(score["fresh"]),
        "last": _number(score["last"]),
        "score": _number(score["set"]),
        "score_se": _number(score.get("se")),
        "coverage": float(_number(score["coverage"]) or 0.0),
        "judged": _count(document.get("judged_reps", 0)),
        "can_judge": bool(document.get("can_judge", True)),
        "first_region": _maybe(document["first_region"]),
        "good_s": _number(hold.get("good_s")),
        "total_s": _number(hold.get("total_s")),
        "view": _text(view["name"]),
        "yaw_deg": _number(view["yaw_deg"]),
        "trunk_px": _number(view.get("trunk_px")),
        "height_px": _count(source["height"]),
        "fps": _number(source["fps"]),
        "model": _maybe(software["model_sha256"]),
    }


def _rep(rep: Mapping[str, Any]) -> Row:
    return {
        "number": _count(rep["index"], least=1),
        "side": _maybe(rep["side"]),
        "complete": bool(rep["complete"]),
        "rom_deg": _number(rep["rom_deg"]),
        "score": _number(rep["score"]),
        "feature_values": {_text(k): _number(v) for k, v in rep.get("values", {}).items()},
    }


def _angle(name: str, angle: Mapping[str, Any]) -> Row:
    return {
        "name": _text(name),
        "unit": _text(angle["unit"]),
        "status": _text(angle["status"]),
        "rom": _number(angle["rom"]),
        "se": _number(angle["se"]),
    }


def _stop(stop: Mapping[str, Any]) -> Row:
    return {
        "rep": _count(stop["rep"], least=1),
        "time_s": float(_number(stop["time_s"]) or 0.0),
        "kind": _text(stop["kind"]),
        "region": _text(stop["region"]),
        "feature": _maybe(stop["feature"]),
    }


def _as_json(document: Mapping[str, Any], *, sort_keys: bool = False) -> bytes:
    return json.dumps(
        document, allow_nan=False, sort_keys=sort_keys, ensure_ascii=False, separators=(",", ":")
    ).encode()


def _text(value: Any) -> str:
    if not isinstance(value, str) or not clean_text(value):
        raise TypeError(value)
    return value


def _maybe(value: Any) -> str | None:
    return None if value is None else _text(value)


def _number(value: Any) -> float | None:
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        raise TypeError(value)
    return float(value)


def _count(value: Any, least: int = 0) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or not least <= value < 2**31:
        raise ValueError(value)
    return value
