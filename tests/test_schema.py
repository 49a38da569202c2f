from __future__ import annotations

import copy
import dataclasses
import json
from importlib import resources
from typing import Any

import jsonschema
import pytest
from report_case import result_of

from midback.apps.outputs import as_json
from midback.result import Result

SCHEMA: dict[str, Any] = json.loads(
    resources.files("midback").joinpath("session.schema.json").read_text(encoding="utf-8")
)
VALIDATOR = jsonschema.Draft202012Validator(SCHEMA)


def document(**changes: Any) -> dict[str, Any]:
    loaded = json.loads(as_json(dataclasses.replace(result_of(), **changes)))
    assert isinstance(loaded, dict)
    return loaded


def test_the_schema_itself_is_valid() -> None:
    jsonschema.Draft202012Validator.check_schema(SCHEMA)


@pytest.mark.parametrize("case", [result_of(), result_of(reps=0, stop=None), result_of(stop=None)])
def test_a_result_validates(case: Result) -> None:
    VALIDATOR.validate(json.loads(as_json(case)))


def test_schema_comes_first() -> None:
    assert next(iter(document())) == "schema"


def test_every_key_of_a_result_is_described() -> None:
    assert list(undescribed(document(), SCHEMA)) == []


def undescribed(value: Any, schema: Any, path: str = "$") -> list[str]:
    """Paths in the document that the schema says nothing about."""
    for branch in schema.get("anyOf", []):
        if branch.get("type") != "null":
            schema = branch
    if "$ref" in schema:
        schema = SCHEMA["$defs"][schema["$ref"].rpartition("/")[2]]
    found: list[str] = []
    if isinstance(value, dict):
        known, other = schema.get("properties", {}), schema.get("additionalProperties")
        for key, below in value.items():
            if key in known or other:
                found += undescribed(below, known.get(key, other), f"{path}.{key}")
            else:
                found.append(f"{path}.{key}")
    elif isinstance(value, list):
        for below in value:
            found += undescribed(below, schema.get("items", {}), f"{path}[]")
    return found


def test_keys_may_be_added() -> None:
    grown = document()
    grown["later"] = {"any": "thing"}
    grown["reps"][0]["later"] = 1
    VALIDATOR.validate(grown)


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (("schema",), "midback.session/2"),
        (("coverage",), 1.2),
        (("source", "sha256"), "abc"),
        (("source", "frames"), 1.5),
        (("view", "name"), "top"),
        (("reps", 0, "index"), 0),
        (("reps", 0, "score"), 101.0),
        (("reps", 0, "side"), "both"),
        (("stop", "kind"), "tired"),
        (("stop", "region"), "elbow"),
        (("first_region",), "elbow"),
        (("score", "set"), -1),
        (("angles", "lumbar_arch", "status"), "guessed"),
    ],
)
def test_what_breaks_the_contract_is_refused(path: tuple[str | int, ...], value: Any) -> None:
    broken = copy.deepcopy(document())
    place: Any = broken
    for key in path[:-1]:
        place = place[key]
    place[path[-1]] = value
    assert not VALIDATOR.is_valid(broken)


@pytest.mark.parametrize("missing", SCHEMA["required"])
def test_no_key_may_go(missing: str) -> None:
    broken = document()
    del broken[missing]
    assert not VALIDATOR.is_valid(broken)


def test_an_angle_that_cannot_be_measured_has_a_reason_and_no_number() -> None:
    hidden = document()
    angle = hidden["angles"]["lumbar_arch"]
    angle.update(status="not_measurable", reason="the back is hidden", rom=None, se=None)
    angle.update(min=None, max=None)
    VALIDATOR.validate(hidden)
    for change in ({"rom": 3.0}, {"reason": None}, {"max": 0.0}):
        assert not VALIDATOR.is_valid({**hidden, "angles": {"lumbar_arch": {**angle, **change}}})


def test_numbers_that_json_does_not_know_are_refused() -> None:
    with pytest.raises(ValueError, match="not JSON compliant"):
        as_json(dataclasses.replace(result_of(), coverage=float("nan")))
