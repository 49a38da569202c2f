"""Results of earlier sets, read back for what they tell of the person."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from midback.apps.explain import explain_os_error
from midback.errors import InputError
from midback.exercises import Exercise
from midback.form.earlier import GoodRep, history_from
from midback.form.history import History
from midback.result import SCHEMA


def read_earlier(paths: Sequence[Path], exercise: Exercise) -> History:
    """What results written with --json tell, oldest first; InputError where one cannot serve."""
    return history_from(exercise, [_good_reps(path, exercise) for path in paths])


def _good_reps(path: Path, exercise: Exercise) -> list[GoodRep]:
    """Complete repetitions before the stop."""
    document = _document(path)
    if document.get("exercise") != exercise.name:
        raise InputError(
            f"{path}: is a set of {document.get('exercise')}, not of {exercise.name}; "
            "an earlier set must be of the same exercise"
        )
    try:
        stop = document["stop"]
        end = float("inf") if stop is None else float(stop["rep"])
        return [
            (rep["side"], {name: _number(value) for name, value in rep["values"].items()})
            for rep in document["reps"]
            if rep["complete"] and rep["index"] < end
        ]
    except (KeyError, TypeError, ValueError, AttributeError):
        raise InputError(
            f"{path}: its repetitions have no values; score that set again with --json"
        ) from None


def _number(value: Any) -> float | None:
    return None if value is None else float(value)


def _document(path: Path) -> dict[str, Any]:
    try:
        document = json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise InputError(explain_os_error(error)) from None
    except (ValueError, RecursionError):
        document = None
    if not isinstance(document, dict) or document.get("schema") != SCHEMA:
        raise InputError(f"{path}: is no result of midback; write one with `midback score --json`")
    return document
