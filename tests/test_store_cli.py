"""`midback score --person` and `midback store` as a user meets them."""

from __future__ import annotations

import json
import os
import sqlite3
import subprocess
from datetime import datetime, timedelta
from pathlib import Path

import pytest
import stick
from cli import midback, refusal
from report_case import result_of
from store_case import document
from test_session import bird_dogs

from midback.apps.keeping import Keeping, parse_time
from midback.errors import InputError
from midback.history.store import open_store
from midback.vision.pose import SourceInfo
from midback.vision.recording import PoseWriter

FILMED = datetime(2026, 3, 2, 18, 30)


@pytest.fixture(scope="module")
def recording(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Poses of three bird dogs, last changed when they were filmed."""
    path = tmp_path_factory.mktemp("recording") / "set.npz"
    info = SourceInfo("set.mp4", "ab" * 32, 30.0, *stick.SIZE)
    with PoseWriter(path, info, "") as writer:
        for pose in bird_dogs(3):
            writer.write(pose)
    os.utime(path, (FILMED.timestamp(), FILMED.timestamp()))
    return path


def run(*words: str | Path, store: Path) -> subprocess.CompletedProcess[str]:
    return midback(*words, MIDBACK_STORE=str(store))


def test_a_scored_set_is_stored_and_the_guess_of_its_date_is_told(
    recording: Path, tmp_path: Path
) -> None:
    store, score = tmp_path / "store.db", ("score", recording, "-e", "bird_dog")
    named = (*score, "--person", "Zoë O'Neill", "--planned", "8", "--variant", "slow", "--repeat")
    done = run(*named, store=store)
    assert done.returncode == 0, done.stderr
    assert done.stderr.splitlines() == [
        f"stored for Zoë O'Neill in {store}: bird_dog, 2026-03-02 18:30 (the file's date; if it "
        "was filmed at another time, say --performed), set 1 of that day, camera set-up 1"
    ]
    other = midback(
        *(*score, "--person", "Zoë O'Neill", "--performed", "2026-03-01 07:00", "--store", store)
    )
    assert "2026-03-01 07:00, set 1" in other.stderr
    again = run(*score, "--person", "Zoë O'Neill", "--json", "-", store=store)
    assert "2026-03-01 07:00 (as stored before)" in again.stderr
    with open_store(store) as opened:
        (found,) = opened.sets("Zoë O'Neill")
        assert (found.planned, found.variant, found.repeat) == (8.0, "slow", True)
        assert len(found.reps) == 3
        assert opened.scorings("Zoë O'Neill") == (json.loads(again.stdout),)


def test_without_a_person_nothing_is_touched(recording: Path, tmp_path: Path) -> None:
    store = tmp_path / "store.db"
    assert run("score", recording, "-e", "bird_dog", store=store).returncode == 0
    line = refusal("score", recording, "-e", "bird_dog", "--planned", "3", MIDBACK_STORE=str(store))
    assert "add --person NAME" in line
    assert not store.exists()


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--person", ""), "a person needs a name"),
        (("--person", "x" * 101), "the name has 101 characters"),
        (("--person", "A", "--performed", "2026-02-30 18:30"), "is no date and time"),
        (("--person", "A", "--performed", "tomorrow"), "'2026-11-20 18:30'"),
        (("--person", "A", "--performed", "2126-01-01"), "lies in the future"),
        (("--person", "A", "--performed", "1926-01-01"), "a date from 2000"),
        (("--person", "A", "--planned", "-3"), "planned -3"),
        (("--person", "A", "--store", "mysql://u:secret@h/d"), "cannot be understood"),
        (("--person", "A", "--store", "/dev/null/store.db"), "/dev/null"),
    ],
)
def test_what_cannot_be_stored_is_refused_before_the_work(
    recording: Path, tmp_path: Path, words: tuple[str, ...], said: str
) -> None:
    store, result = tmp_path / "store.db", tmp_path / "out.json"
    score = ("score", recording, "-e", "bird_dog", "--json", result)
    line = refusal(*score, *words, MIDBACK_STORE=str(store))
    assert said in line
    assert "secret" not in line
    assert list(tmp_path.iterdir()) == []


def test_a_recording_that_is_none_makes_no_store(tmp_path: Path) -> None:
    store = tmp_path / "store.db"
    score = ("score", tmp_path / "no.mp4", "-e", "squat", "--person", "A")
    assert "no.mp4" in refusal(*score, MIDBACK_STORE=str(store))
    assert not store.exists()


def test_a_camera_is_now_and_a_date_is_typed_in_local_time(tmp_path: Path) -> None:
    store = str(tmp_path / "store.db")
    said = Keeping("Anna", store=store).keep(result_of(), "camera:0")
    assert f"{datetime.now():%Y-%m-%d}" in said
    assert "file's date" not in said
    now = datetime(2026, 3, 2, 23, 0)
    assert parse_time(" 2026-03-02 18:30 ", now) == FILMED
    assert parse_time("2026-03-02T18:30:05", now) == FILMED + timedelta(seconds=5)
    assert parse_time("2026-03-03 01:00", now).day == 3  # a clock an hour or a zone off
    for wrong in ("2026-03-04 01:00", "2026-03-02T18:30Z"):
        with pytest.raises(InputError):
            parse_time(wrong, now)


def test_a_week_with_the_store(tmp_path: Path) -> None:
    store, copy, other = (tmp_path / name for name in ("store.db", "copy.db", "other.db"))
    for path, name in ((store, "Anna"), (other, "Björn")):
        with open_store(path) as opened:
            opened.add_set(name, document(), FILMED)

    told = run("store", "where", store=store).stdout.splitlines()
    assert told == [str(store), "  Anna: 1 set, the last on 2026-03-02; 0 days of journal"]
    done = run("store", "backup", copy, store=store)
    assert done.stdout == f"backup of 1 person in {copy}\n"
    assert run("store", "merge", other, store=store).stdout.startswith("1 new set from")
    assert len(run("store", "where", store=store).stdout.splitlines()) == 3

    line = refusal("store", "erase", "Anna", MIDBACK_STORE=str(store))
    assert line == "1 set and the journal of Anna would be gone for good: say --yes"
    assert "are gone" in run("store", "erase", "Anna", "--yes", store=store).stdout
    line = refusal("store", "restore", copy, MIDBACK_STORE=str(store))
    assert "holds 1 person, who would be replaced" in line
    assert "now holds" in run("store", "restore", copy, "--replace", store=store).stdout
    with open_store(store) as opened:
        assert opened.people() == ("Anna",)

    for form in ("csv", "parquet", "json", "fhir"):
        words = ("store", "export", tmp_path / f"out.{form}", "--format", form)
        assert run(*words, "--person", "Anna", store=store).returncode == 0
        assert (tmp_path / f"out.{form}").exists()
    line = refusal("store", "export", tmp_path / "x", "--person", "Cleo", MIDBACK_STORE=str(store))
    assert line == f"Cleo: nobody of this name is in {store}"


@pytest.mark.parametrize("command", ["where", "backup", "merge", "erase", "export"])
def test_a_store_that_is_not_there(tmp_path: Path, command: str) -> None:
    words = {"backup": ["b.db"], "merge": ["no.db"], "erase": ["A"], "export": ["out"]}
    told = [tmp_path / word for word in words.get(command, [])]
    refusal("store", command, *told, MIDBACK_STORE=str(tmp_path / "s" / "store.db"))
    assert list(tmp_path.iterdir()) == []


def test_a_newer_store_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "store.db"
    open_store(path).close()
    connection = sqlite3.connect(path)
    connection.execute("UPDATE midback_version SET version_num = '0999'")
    connection.commit()
    connection.close()
    before = path.read_bytes()
    line = refusal("store", "where", MIDBACK_STORE=str(path))
    assert line == f"{path}: was written by a newer midback (schema 0999): update midback"
    assert path.read_bytes() == before
