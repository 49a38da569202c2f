from __future__ import annotations

from datetime import datetime
from pathlib import Path

import pytest
from cli import midback, refusal
from plan_case import a_day, ago
from progress_case import days
from store_case import document

from midback.history.store import open_store

NAME = "Zoë \"the <script>alert('x')</script> O'Neil"
SECTIONS = ("next", "weeks", "calendar", "milestones", "clinic", "others", "method")
ASK = ("progress", "--person")
TODAY = ("--today", "2026-03-20")


def stored(file: Path, name: str = "Anna", red_flags: tuple[str, ...] = ()) -> None:
    """Twelve sessions of bird dogs and as many of extension, with a journal."""
    with open_store(file) as store:
        for n, day in enumerate(days(12)):
            for exercise in ("bird_dog", "seated_thoracic_extension"):
                told = document(f"{exercise} {n}", exercise=exercise, stop=None if n % 2 else STOP)
                store.add_set(name, told, datetime(day.year, day.month, day.day, 18), planned=10)
            store.add_journal(name, a_day(day, where=NAME))
        store.add_journal(name, a_day(ago(1), next_morning=None))
        if red_flags:
            store.add_journal(name, a_day(ago(2), red_flags=red_flags))


STOP = {"rep": 9, "time_s": 40.5, "kind": "breakdown", "region": "hips", "feature": "hip_shift"} | {
    "cue": "level hips",
    "evidence": "twice beyond",
}


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("weeks") / "s.db"
    stored(file)
    stored(file, NAME)
    stored(file, "Ben", red_flags=("chest_pain",))
    return file


def test_the_terminal_tells_everything(store: Path) -> None:
    done = midback(*ASK, "Anna", "--store", store, *TODAY)
    assert done.returncode == 0, done.stderr
    for said in (
        "Next  Bird dog",
        "Upper back extension",
        "Left beside right",
        "Calendar",
        "Good form, repetitions",
        "Fails first",
        "2026-03-19",
        "No medical device",
    ):
        assert said in done.stdout
    assert done.stderr == ""


def test_the_same_day_gives_the_same_answer(store: Path) -> None:
    first, again = (midback(*ASK, "Anna", "--store", store, *TODAY) for _ in range(2))
    assert first.stdout == again.stdout


def test_one_exercise_only(store: Path) -> None:
    done = midback(*ASK, "Anna", "--store", store, "--exercise", "bird_dog", *TODAY)
    assert "Upper back extension" not in done.stdout
    assert "Arm and leg lift, left" in done.stdout
    said = refusal(*ASK, "Anna", "--store", store, "--exercise", "squat", *TODAY)
    assert said == "Anna has no set of squat; there are bird_dog, seated_thoracic_extension"


def test_the_page_has_every_section_and_needs_no_network(store: Path, tmp_path: Path) -> None:
    done = midback(*ASK, "Anna", "--store", store, "--out", tmp_path / "page", *TODAY)
    assert done.stderr == f"wrote {tmp_path / 'page' / 'progress.html'}\n"
    page = (tmp_path / "page" / "progress.html").read_text(encoding="utf-8")
    for name in SECTIONS:
        assert f'id="{name}"' in page
    assert "@media print" in page
    assert "default-src 'none'" in page
    before_scripts = page.partition('<script type="application/json"')[0]
    assert "http://" not in before_scripts
    assert "src=" not in before_scripts
    assert "the band is one SD to each side" in page
    assert "no target" in page


def test_names_and_words_of_people_are_text_and_nothing_else(store: Path, tmp_path: Path) -> None:
    done = midback(*ASK, NAME, "--store", store, "--out", tmp_path, *TODAY)
    assert done.returncode == 0, done.stderr
    page = (tmp_path / "progress.html").read_text(encoding="utf-8")
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt;" in page


def test_red_flags_leave_no_figure(store: Path, tmp_path: Path) -> None:
    done = midback(*ASK, "Ben", "--store", store, "--out", tmp_path, *TODAY)
    page = (tmp_path / "progress.html").read_text(encoding="utf-8")
    for said in (done.stdout, page):
        assert "Seek care now" in said
        assert "chest pain" in said
        for hidden in ("Bird dog", "Upper back", "Good form", "Calendar", "Milestones", "MDC"):
            assert hidden not in said
    assert "data-chart=" not in page


def test_an_unknown_person_gets_the_nearest_names(store: Path) -> None:
    said = refusal(*ASK, "ana", "--store", store)
    assert said.endswith("did you mean Anna?")
    assert "did you mean" not in refusal(*ASK, "Wolfgang", "--store", store)


def test_no_store_is_one_line_and_none_is_made(tmp_path: Path) -> None:
    said = refusal(*ASK, "Anna", "--store", tmp_path / "none.db", "--out", tmp_path / "out")
    assert "there is no store yet" in said
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("day", ["2026-02-30", "soon", "2026-3"])
def test_an_impossible_day_is_one_line(store: Path, day: str) -> None:
    assert "write it as YYYY-MM-DD" in refusal(*ASK, "Anna", "--store", store, "--today", day)


def test_a_folder_that_cannot_be_written_is_told_first(store: Path, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("mine")
    said = refusal(*ASK, "Anna", "--store", store, "--out", tmp_path / "file")
    assert "is a file" in said
    assert (tmp_path / "file").read_text() == "mine"


def test_before_the_first_set(store: Path, tmp_path: Path) -> None:
    args = (
        "progress",
        "--person",
        "Anna",
        "--store",
        store,
        "--today",
        "2025-01-01",
        "--out",
        tmp_path,
    )
    done = midback(*args)
    assert "No sets yet" in done.stdout
    assert "No sets yet" in (tmp_path / "progress.html").read_text(encoding="utf-8")
