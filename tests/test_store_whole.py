"""Backup, restore, merge and erase: the whole store, or nothing."""

from __future__ import annotations

import sqlite3
from datetime import date, timedelta
from pathlib import Path

import pytest
from store_case import EVENING, document

from midback.errors import InputError
from midback.history.records import Decision, Dose, JournalEntry
from midback.history.store import Store, open_store

pytest_plugins = ("postgres",)

DAY = EVENING.date()
DECISION = Decision(DAY, "bird_dog", "hold", None, Dose(reps=10), Dose(reps=10), "r", ("because",))


def fill(store: Store, *names: str) -> None:
    for name in names:
        for days in range(3):
            when = EVENING + timedelta(days=days)
            store.add_set(name, document(f"{name} {days}"), when, planned=12)
        store.add_journal(name, JournalEntry(DAY, worst=3, note=f"{name} slept badly"))
        store.add_decision(name, DECISION)


def content(store: Store) -> list[object]:
    return [
        (name, store.sets(name), store.scorings(name), store.journal(name), store.decisions(name))
        for name in store.people()
    ]


def test_a_backup_brings_everything_back(where: str, tmp_path: Path) -> None:
    copy = tmp_path / "backup ä?#.db"
    with open_store(where) as store:
        fill(store, "Anna", "Björn")
        before = content(store)
        store.backup(copy)
        store.erase("Anna")
        store.add_set("Cleo", document("later"), EVENING)
        store.restore(copy)
        assert content(store) == before
        store.add_set("Dora", document("after"), EVENING)  # keys go on after those restored
        assert len(store.people()) == 3
    with open_store(copy) as opened:  # a backup is itself a store
        assert content(opened) == before
    assert sorted(path.name for path in tmp_path.iterdir() if path.name[0] == ".") == []


def test_a_backup_replaces_no_file_and_leaves_none_half_written(where: str, tmp_path: Path) -> None:
    there = tmp_path / "holiday.mp4"
    there.write_bytes(b"film")
    with open_store(where) as store:
        fill(store, "Anna")
        with pytest.raises(InputError, match="exists already"):
            store.backup(there)
        with pytest.raises(InputError, match="cannot be made"):
            store.backup(tmp_path / "no folder" / "copy.db")
    assert there.read_bytes() == b"film"
    assert not [path for path in tmp_path.iterdir() if path.name.startswith(".")]


def test_a_bad_backup_changes_nothing(where: str, tmp_path: Path) -> None:
    text, other, torn = (tmp_path / name for name in ("text", "other.db", "torn.db"))
    text.write_text("no database at all\n" * 100)
    with sqlite3.connect(other) as foreign:
        foreign.execute("CREATE TABLE bookmark (url TEXT)")
    foreign.close()
    with open_store(where) as store:
        fill(store, "Anna")
        store.backup(torn)
        torn.write_bytes(torn.read_bytes()[:9000])
        before = content(store)
        for path, said in (
            (text, "is no store of midback"),
            (other, "is the database of another program"),
            (torn, "damaged"),
            (tmp_path / "nowhere.db", "no such file"),
        ):
            for act in (store.restore, store.merge):
                with pytest.raises(InputError, match=said) as caught:
                    act(path)
                assert str(path) in str(caught.value)
        assert content(store) == before


def test_two_stores_as_one(where: str, tmp_path: Path) -> None:
    laptop = tmp_path / "laptop.db"
    with open_store(laptop) as other:
        fill(other, "Anna", "Björn")
        other.add_set("Anna", document("Anna 0", version="0.2.0", score=50.0), EVENING)
        turned = document("only there", yaw_deg=60.0)
        other.add_set("Anna", turned, EVENING - timedelta(days=1), variant="slow")
        other.add_journal("Anna", JournalEntry(date(2026, 1, 1), sleep_h=8))
    with open_store(where) as store:
        fill(store, "Anna")
        store.add_set("Anna", document("Anna 1"), EVENING + timedelta(hours=30), variant="ours")
        store.add_journal("Anna", JournalEntry(DAY, worst=6, before=1))
        assert store.merge(laptop) == 4
        once = content(store)
        assert store.merge(laptop) == 0
        assert content(store) == once
        sets = store.sets("Anna")
        assert [s.block for s in sets] == [1, 2, 2, 2]
        assert [s.variant for s in sets] == ["slow", "", "ours", ""]
        assert sets[1].score == 50.0
        assert sets[2].performed == EVENING + timedelta(hours=30)
        entry = store.journal("Anna")[1]
        assert (entry.worst, entry.before, entry.note) == (6, 1, "Anna slept badly")
        assert [day.day for day in store.journal("Anna")] == [date(2026, 1, 1), DAY]
        assert store.decisions("Anna") == (DECISION,)
        assert store.people() == ("Anna", "Björn")


def test_who_is_erased_is_gone(where: str) -> None:
    with open_store(where) as store:
        fill(store, "Anna", "Björn")
        kept = content(store)[1:]
        store.erase(" Anna ")
        assert content(store) == kept
        assert store.sets("Anna") == ()
        with pytest.raises(InputError, match="nobody of this name"):
            store.erase("Anna")


def test_no_byte_of_an_erased_person_is_left_in_the_file(tmp_path: Path) -> None:
    path = tmp_path / "store.db"
    with open_store(path) as store:
        fill(store, "Xanthippe Öqvist", "Björn")
        assert "Xanthippe Öqvist".encode() in path.read_bytes()
        store.erase("Xanthippe Öqvist")
    left = path.read_bytes()
    traces = ["Xanthippe", "Öqvist", document("Xanthippe Öqvist 1")["source"]["sha256"]]
    assert [trace for trace in traces if trace.encode() in left] == []
    assert [p.name for p in tmp_path.iterdir()] == ["store.db"]
