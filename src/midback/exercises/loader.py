"""Read an exercise file; name the file, line and field of every mistake in it."""

from __future__ import annotations

import difflib
import tomllib
from collections.abc import Iterator
from importlib import resources
from pathlib import Path
from typing import Any

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from midback.errors import InputError
from midback.exercises.lines import Location, line_numbers, line_of
from midback.exercises.schema import Exercise, Feature, Primary, Standing, Timing


class ExerciseError(InputError):
    """An exercise file with mistakes. mistakes: one line each, `FILE:LINE: field: what`."""

    def __init__(self, path: Path, mistakes: tuple[str, ...]) -> None:
        self.mistakes = mistakes
        more = len(mistakes) - 1
        tail = f" (and {more} more: midback exercises check {path})" if more else ""
        super().__init__(mistakes[0] + tail)


def names() -> tuple[str, ...]:
    """Names of the exercises that ship with midback, in alphabetical order."""
    files = resources.files("midback.exercises").iterdir()
    return tuple(sorted(f.name.removesuffix(".toml") for f in files if f.name.endswith(".toml")))


def find(name_or_path: str) -> Exercise:
    """Return a shipped exercise by name, or read the user's own file by path.

    Raises InputError for an unknown name, with the nearest ones, and for an unreadable file.
    """
    if name_or_path in names():
        with resources.as_file(resources.files("midback.exercises")) as folder:
            return load(folder / f"{name_or_path}.toml")
    path = Path(name_or_path)
    if path.suffix == ".toml" or path.is_file() or len(path.parts) > 1:
        return load(path)
    near = difflib.get_close_matches(_spelled(name_or_path), names(), n=3, cutoff=0.6)
    hint = f"did you mean {' or '.join(near)}?" if near else f"there are {', '.join(names())}."
    raise InputError(f"unknown exercise '{name_or_path}': {hint} See: midback exercises list")


def load(path: Path) -> Exercise:
    """Read one exercise file.

    Raises InputError where the file cannot be read, ExerciseError (an InputError) where it
    says something it may not; its `mistakes` are all of them, in the order of the file.
    """
    text = _read(path)
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise ExerciseError(path, (_syntax(path, text, error),)) from None
    found = list(_repeated_names(data))
    exercise = None
    try:
        exercise = Exercise.model_validate(data)
    except ValidationError as error:
        found += [(tuple(e["loc"]), _words(e)) for e in _causes(error)]
    if exercise is None or found:
        raise ExerciseError(path, _in_file_order(path, text, found))
    return exercise


def _spelled(name: str) -> str:
    return name.strip().lower().replace("-", "_").replace(" ", "_")


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8-sig")  # Windows Notepad begins with a mark
    except UnicodeDecodeError:
        raise InputError(f"{path}: is no exercise file (not UTF-8 text)") from None
    except OSError as error:
        raise InputError(f"{path}: cannot read the exercise file: {error.strerror}") from None


def _syntax(path: Path, text: str, error: tomllib.TOMLDecodeError) -> str:
    """Python before 3.14 tells the place only in the message: `... (at line 3, column 7)`."""
    message, _, place = str(error).partition(" (at ")
    digits = "".join(c for c in place.partition(",")[0] if c.isdigit())
    line = int(digits) if digits else len(text.splitlines()) or 1
    lines = text.splitlines()
    field = lines[line - 1].partition("=")[0].strip() if line <= len(lines) else ""
    return f"{path}:{line}: {field or 'file'}: not valid TOML: {message[:1].lower()}{message[1:]}"


def _causes(error: ValidationError) -> list[ErrorDetails]:
    """Leave out that a list is too short where that is only because of what is in it."""
    errors = error.errors(include_url=False)
    parents = {e["loc"][:n] for e in errors for n in range(len(e["loc"]))}
    return [e for e in errors if e["type"] != "too_short" or e["loc"] not in parents]


def _repeated_names(data: dict[str, Any]) -> Iterator[tuple[Location, str]]:
    features = data.get("features")
    seen: set[str] = set()
    for index, feature in enumerate(features if isinstance(features, list) else []):
        name = feature.get("name") if isinstance(feature, dict) else None
        if isinstance(name, str) and name in seen:
            yield ("features", index, "name"), f"'{name}' is used by a feature above; rename it"
        elif isinstance(name, str):
            seen.add(name)


def _in_file_order(path: Path, text: str, found: list[tuple[Location, str]]) -> tuple[str, ...]:
    numbers = line_numbers(text)
    placed = sorted((line_of(numbers, location), location, words) for location, words in found)
    return tuple(f"{path}:{line}: {_dotted(where)}: {words}" for line, where, words in placed)


def _dotted(location: Location) -> str:
    """`features[2].amber`, counted from 1 as a person does."""
    parts = "".join(f"[{p + 1}]" if isinstance(p, int) else f".{p}" for p in location)
    return parts.lstrip(".") or "file"


def _words(error: ErrorDetails) -> str:
    """Pydantic's finding as one sentence of ours."""
    given = error["input"]
    match error["type"]:
        case "missing":
            return "is missing"
        case "extra_forbidden":
            return f"is no field here{_near(tuple(error['loc']))}"
        case "literal_error":
            return f"must be {error['ctx']['expected']}, is {given!r}"
        case "string_pattern_mismatch":
            return f"must be lower-case letters, digits and _, is {given!r}"
        case "value_error":
            return str(error["ctx"]["error"])
        case _:
            message = error["msg"].removeprefix("Input ")
            return f"{message}, is {given!r}" if not isinstance(given, dict | list) else message


def _near(location: Location) -> str:
    """Offer the field that was probably meant."""
    match location:
        case ("primary", _):
            fields = set(Primary.model_fields)
        case ("timing", _):
            fields = set(Timing.model_fields)
        case ("place", _):
            fields = set(Standing.model_fields)
        case ("features", *_, _):
            fields = set(Feature.model_fields)
        case _:
            fields = set(Exercise.model_fields)
    near = difflib.get_close_matches(str(location[-1]), fields, n=1)
    return f"; did you mean {near[0]}?" if near else f"; there are {', '.join(sorted(fields))}"
