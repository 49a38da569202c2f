"""What is exported is what is stored, in every format, and FHIR is held to the standard."""

from __future__ import annotations

import csv
import json
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest
from fhir.resources.R4B.bundle import Bundle
from store_case import EVENING, document

from midback.errors import InputError
from midback.history.records import Decision, Dose, JournalEntry
from midback.history.store import Store, open_store
from midback.history.store.export import Format, export
from midback.history.store.flat import COLUMNS

pytest_plugins = ("postgres",)

DAY = EVENING.date()
NAME = 'Zoë "Z", <b>O\'Neill</b>'
DOSE = Dose(reps=10)


def fill(store: Store) -> None:
    store.add_set(NAME, document("1"), EVENING, planned=12, variant="knees bent, slow")
    store.add_set(NAME, document("2", stop=None, trunk_px=None, score=None), EVENING)
    store.add_set(NAME, document("2", version="0.2.0", stop=None), EVENING)
    pain = JournalEntry(DAY, 2, 5.5, None, 1, "left\nlow", sharp=True, red_flags=("a", "b"))
    store.add_journal(NAME, pain)
    decision = Decision(DAY, "bird_dog", "hold", None, DOSE, DOSE, "green", ("one", "two"))
    store.add_decision(NAME, decision)
    store.add_set("other", document("1"), EVENING)


@pytest.fixture
def store(where: str) -> Any:
    with open_store(where) as opened:
        fill(opened)
        yield opened


def test_the_tables_of_csv_and_parquet_hold_the_same(store: Store, tmp_path: Path) -> None:
    for form in ("csv", "parquet"):
        export(store, store.people(), form, tmp_path / form)
    for table, columns in COLUMNS.items():
        with (tmp_path / "csv" / f"{table}.csv").open(encoding="utf-8", newline="") as file:
            header, *rows = csv.reader(file)
        found = pq.read_table(tmp_path / "parquet" / f"{table}.parquet")
        assert header == found.column_names == list(columns)
        assert rows == [[said(v) for v in row.values()] for row in found.to_pylist()]


def said(value: object) -> str:
    return "" if value is None else str(value)


def test_every_fact_is_in_its_table(store: Store, tmp_path: Path) -> None:
    export(store, [NAME], "parquet", tmp_path / "out")
    tables = {t: pq.read_table(tmp_path / "out" / f"{t}.parquet").to_pylist() for t in COLUMNS}
    assert {t: len(rows) for t, rows in tables.items()} == {
        "sets": 2,
        "reps": 20,
        "values": 60,
        "angles": 4,
        "journal": 1,
        "decisions": 1,
    }
    assert {row["person"] for rows in tables.values() for row in rows} == {NAME}
    first = next(row for row in tables["sets"] if row["variant"])
    assert (first["performed"], first["planned"], first["stop_rep"]) == (EVENING, 12.0, 9)
    assert isinstance(first["performed"], datetime)
    assert (first["trunk_px"], first["model"], first["repeat"]) == (240.0, "f" * 64, False)
    assert tables["reps"][1]["side"] == "right"
    assert tables["values"][0]["name"] in ("range", "hip_shift", "lowering")
    (pain,) = tables["journal"]
    assert (pain["day"], pain["worst"], pain["after"]) == (DAY, 5.5, None)
    assert (pain["where"], pain["red_flags"]) == ("left\nlow", '["a", "b"]')
    (decision,) = tables["decisions"]
    assert json.loads(decision["before"])["reps"] == 10
    assert json.loads(decision["because"]) == ["one", "two"]


def test_json_holds_every_document(store: Store, tmp_path: Path) -> None:
    export(store, store.people(), "json", tmp_path / "all.json")
    found = json.loads((tmp_path / "all.json").read_text(encoding="utf-8"))
    assert [person["name"] for person in found["people"]] == sorted([NAME, "other"])
    zoe = next(person for person in found["people"] if person["name"] == NAME)
    assert zoe["scorings"] == list(store.scorings(NAME))
    assert len(zoe["scorings"]) == 3
    assert zoe["journal"][0]["day"] == "2026-03-02"
    assert zoe["sets"][0]["performed"] == "2026-03-02T18:30:00"


def test_the_fhir_bundle_is_valid_and_says_what_was_stored(store: Store, tmp_path: Path) -> None:
    export(store, [NAME], "fhir", tmp_path / "bundle.json")
    text = (tmp_path / "bundle.json").read_text(encoding="utf-8")
    bundle: Any = Bundle.model_validate_json(text)
    patient, *observations = [entry.resource for entry in bundle.entry]
    assert patient.name[0].text == NAME
    references = {entry.fullUrl for entry in bundle.entry}
    assert {o.subject.reference for o in observations} == {bundle.entry[0].fullUrl} <= references
    assert len(references) == len(bundle.entry)
    pains = {o.code.text: o for o in observations if o.code.coding[0].code == "72514-3"}
    assert {text: float(o.valueQuantity.value) for text, o in pains.items()} == {
        "pain before the exercises, 0-10": 2.0,
        "pain worst during the exercises, 0-10": 5.5,
        "pain the morning after the exercises, 0-10": 1.0,
    }
    morning = pains["pain the morning after the exercises, 0-10"]
    assert morning.effectiveDateTime == date(2026, 3, 3)
    sets = [o for o in observations if o.component]
    assert [o.code.coding[0].code for o in sets] == ["bird_dog", "bird_dog"]
    told = next(o for o in sets if "slow" in o.code.text)
    values = {c.code.coding[0].code: c.valueQuantity for c in told.component}
    assert (float(values["trunk_lift/range"].value), values["trunk_lift/range"].code) == (
        41.25,
        "deg",
    )
    assert float(values["trunk_lift/range-se"].value) == 2.5
    assert (float(values["score"].value), float(values["stop"].value)) == (81.5, 9)
    assert not [code for code in values if "pelvic_drop" in code]  # not measurable: no number
    assert "18:30" in told.note[0].text


def test_the_validator_refuses_what_is_no_bundle(store: Store, tmp_path: Path) -> None:
    export(store, [NAME], "fhir", tmp_path / "bundle.json")
    told = json.loads((tmp_path / "bundle.json").read_text(encoding="utf-8"))
    del told["entry"][1]["resource"]["code"]
    with pytest.raises(ValueError, match="code"):
        Bundle.model_validate(told)


def test_the_same_data_give_the_same_bundle(store: Store, tmp_path: Path) -> None:
    for name in ("a", "b"):
        export(store, store.people(), "fhir", tmp_path / name)
    assert (tmp_path / "a").read_bytes() == (tmp_path / "b").read_bytes()


@pytest.mark.parametrize("form", ["csv", "parquet", "json", "fhir"])
def test_nothing_is_overwritten_and_nothing_left_half_written(tmp_path: Path, form: Format) -> None:
    there = tmp_path / "there"
    there.write_text("mine")
    with open_store(tmp_path / "store.db") as store:
        store.add_set("Anna", document(), EVENING)
        with pytest.raises(InputError, match="exists already"):
            export(store, ["Anna"], form, there)
        with pytest.raises(InputError, match="cannot be"):
            export(store, ["Anna"], form, tmp_path / "nowhere" / "out")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["store.db", "there"]
    assert there.read_text() == "mine"
