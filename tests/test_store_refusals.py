"""Whatever cannot be: one clear line, and nothing changed."""

from __future__ import annotations

import os
import sqlite3
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from needs import needs_postgresql
from postgres import NOBODY
from sqlalchemy import make_url
from store_case import EVENING, document

from midback.errors import InputError
from midback.history.records import Decision, Dose, JournalEntry
from midback.history.store import Store, open_store, place
from midback.history.store.opening import VERSION_TABLE

pytest_plugins = ("postgres",)

DAY = EVENING.date()


def one_line(error: pytest.ExceptionInfo[InputError]) -> str:
    said = str(error.value)
    assert "\n" not in said
    return said


def content(store: Store) -> object:
    return [(name, store.sets(name), store.journal(name)) for name in store.people()]


NAMES = ["", "  \n ", "x" * 101, "a\x00b", "bell\x07", "half \ud800"]


@pytest.mark.parametrize("name", NAMES)
def test_names_that_are_none(where: str, name: str) -> None:
    with open_store(where) as store:
        for act in (
            lambda: store.add_set(name, document(), EVENING),
            lambda: store.add_journal(name, JournalEntry(DAY)),
            lambda: store.erase(name),
        ):
            with pytest.raises(InputError, match="name"):
                act()
        assert store.people() == ()


@pytest.mark.parametrize(
    "name",
    ["'", '"; DROP TABLE person; --', "<script>alert(1)</script>", "%s :x", "李 😀", "O\\'N"],
)
def test_names_that_only_look_dangerous(where: str, name: str) -> None:
    with open_store(where) as store:
        store.add_set(name, document(), EVENING)
        store.add_set("other", document(), EVENING)
        assert len(store.sets(name)) == 1
        store.erase(name)
        assert store.people() == ("other",)


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"performed": datetime(1970, 1, 1)}, "1970-01-01: a date from 2000"),
        ({"performed": datetime(2999, 1, 1)}, "2999"),
        ({"performed": datetime(2026, 1, 1, tzinfo=UTC)}, "without a zone"),
        ({"planned": -3}, "planned -3"),
        ({"planned": 0}, "planned 0"),
        ({"planned": float("nan")}, "planned nan"),
        ({"variant": "x" * 2001}, "variant: has 2001"),
        ({"variant": "\x00"}, "variant: holds"),
    ],
)
def test_sets_that_cannot_be(where: str, changes: dict[str, Any], said: str) -> None:
    told: dict[str, Any] = {"performed": EVENING} | changes
    with open_store(where) as store:
        with pytest.raises(InputError, match=said) as caught:
            store.add_set("Anna", document(), **told)
        one_line(caught)
        assert store.people() == ()


def without(key: str) -> dict[str, Any]:
    return {name: value for name, value in document().items() if name != key}


TWICE = document()
TWICE["reps"][1]["index"] = 1
NEGATIVE = document()
NEGATIVE["reps"][0]["index"] = -1
ENDLESS = document()
ENDLESS["score"]["set"] = float("inf")
NUL = document(exercise="bird\x00dog")


@pytest.mark.parametrize(
    "told",
    [
        {},
        {"schema": "else/1"},
        document() | {"reps": None},
        document() | {"reps": [3]},
        document() | {"score": "good"},
        document() | {"angles": []},
        document(yaw_deg="85"),
        document(yaw_deg=True),
        without("software"),
        TWICE,
        NEGATIVE,
        ENDLESS,
        NUL,
    ],
)
def test_documents_that_are_no_result(where: str, told: dict[str, Any]) -> None:
    with open_store(where) as store:
        with pytest.raises(InputError, match="is no result of midback"):
            store.add_set("Anna", told, EVENING)
        assert store.people() == ()


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"worst": 11}, "worst 11: from 0 to 10"),
        ({"next_morning": -1}, "next morning -1"),
        ({"before": float("nan")}, "before nan"),
        ({"stress": 10.5}, "stress 10.5"),
        ({"sleep_h": 25}, "sleep h 25"),
        ({"day": date(1026, 3, 2)}, "1026-03-02"),
        ({"note": "x" * 2001}, "note: has 2001"),
        ({"red_flags": ("\x00",)}, "red flag"),
    ],
)
def test_journal_entries_that_cannot_be(where: str, changes: dict[str, Any], said: str) -> None:
    entry = JournalEntry(DAY, worst=4)
    with open_store(where) as store:
        store.add_journal("Anna", entry)
        with pytest.raises(InputError, match=said) as caught:
            store.add_journal("Anna", replace(entry, **changes))
        one_line(caught)
        assert store.journal("Anna") == (entry,)


def test_a_decision_of_an_impossible_day(where: str) -> None:
    decision = Decision(date(1, 1, 1), "squat", "hold", None, Dose(), Dose(), "r", ())
    with open_store(where) as store, pytest.raises(InputError, match="0001-01-01"):
        store.add_decision("Anna", decision)


def test_a_database_of_a_newer_midback(where: str) -> None:
    with open_store(where) as store, store.writing() as connection:
        connection.exec_driver_sql(f"UPDATE {VERSION_TABLE} SET version_num = '9999'")
    with pytest.raises(InputError, match=r"newer midback \(schema 9999\): update midback"):
        open_store(where)


def test_a_store_that_is_only_read_is_not_made(where: str, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="there is no store yet"):
        open_store(where, create=False)
    assert list(tmp_path.iterdir()) == []


def test_files_that_are_no_store(tmp_path: Path) -> None:
    text, other = tmp_path / "notes.txt", tmp_path / "bookmarks.db"
    text.write_text("not a database\n" * 200)
    with sqlite3.connect(other) as foreign:
        foreign.execute("CREATE TABLE bookmark (url TEXT)")
    foreign.close()
    for path, said in ((text, "no store of midback"), (other, "of another program")):
        before = path.read_bytes()
        with pytest.raises(InputError, match=said) as caught:
            open_store(path)
        assert one_line(caught).startswith(str(path))
        assert path.read_bytes() == before
    with pytest.raises(InputError, match="is a folder"):
        open_store(tmp_path)
    with pytest.raises(InputError, match="cannot be made"):
        open_store(text / "store.db")


def test_a_damaged_store(tmp_path: Path) -> None:
    path = tmp_path / "store.db"
    with open_store(path) as store:
        for number in range(30):
            store.add_set("Anna", document(str(number)), EVENING)
    whole = path.read_bytes()
    path.write_bytes(whole[:8192] + b"\xff" * (len(whole) - 8192))
    with pytest.raises(InputError, match="is damaged") as caught, open_store(path) as store:
        store.sets("Anna")
    one_line(caught)


def test_a_file_that_may_only_be_read(tmp_path: Path) -> None:
    path = tmp_path / "store.db"
    with open_store(path) as store:
        store.add_set("Anna", document(), EVENING)
    before = path.read_bytes()
    path.chmod(0o444)
    for folder in (tmp_path, *tmp_path.parents[:3]):
        folder.chmod(0o755)
    was = os.geteuid()
    if was == 0:
        os.seteuid(NOBODY)
    try:
        with open_store(path) as store:
            assert len(store.sets("Anna")) == 1
            with pytest.raises(InputError, match="may only be read") as caught:
                store.add_set("Anna", document("another"), EVENING)
    finally:
        os.seteuid(was)
    assert one_line(caught).startswith(str(path))
    assert path.read_bytes() == before


def test_a_locked_store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(place, "PATIENCE_S", 0.2)
    path = tmp_path / "store.db"
    with open_store(path) as store:
        holder = sqlite3.connect(path, isolation_level=None)
        holder.execute("BEGIN IMMEDIATE")
        with pytest.raises(InputError, match="is in use by another program"):
            store.add_set("Anna", document(), EVENING)
        holder.execute("ROLLBACK")
        holder.close()
        assert store.people() == ()


@needs_postgresql
def test_servers_that_do_not_answer(postgresql: str) -> None:
    secret = str(make_url(postgresql).password)
    for url in (
        "postgresql://anna:hunter2@127.0.0.1:1/midback",
        f"{postgresql}/no_such_database",
        f"{postgresql.replace(secret, 'hunter2')}/postgres",
    ):
        with pytest.raises(InputError, match="cannot be reached") as caught:
            open_store(url)
        assert "hunter2" not in one_line(caught)
        assert secret not in one_line(caught)


@pytest.mark.parametrize(
    "url", ["mysql://anna:hunter2@host/db", "postgresql://anna:hunter2@host:port/db", "sqlite://"]
)
def test_addresses_that_are_none(url: str) -> None:
    with pytest.raises(InputError, match="cannot be understood") as caught:
        open_store(url)
    assert "hunter2" not in one_line(caught)


@needs_postgresql
def test_a_database_that_is_not_ours(postgresql: str) -> None:
    import psycopg
    from postgres import new_database

    url = new_database(postgresql)
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("CREATE TABLE person (name TEXT)")
    with pytest.raises(InputError, match="of another program"):
        open_store(url)


def test_where_the_store_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("MIDBACK_STORE", raising=False)
    assert place.find_place().name.endswith("midback.db")
    monkeypatch.setenv("MIDBACK_STORE", str(tmp_path / "deep" / "a ?#%.db"))
    with open_store() as store:
        assert store.place.file == tmp_path / "deep" / "a ?#%.db"
    assert (tmp_path / "deep" / "a ?#%.db").stat().st_mode & 0o077 == 0
    assert (tmp_path / "deep").stat().st_mode & 0o077 == 0
