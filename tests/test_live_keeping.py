"""A live set that is saved for a person is in the store, with the pain that was said."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from cli import refusal
from test_live_coach import SIZE, new, poses, watched

from midback.apps.keeping import Keeping
from midback.apps.live.coach import Coach
from midback.apps.live.saving import Keep, save_set
from midback.errors import InputError
from midback.history.store import open_store
from midback.result import Software, Source
from midback.vision.pose import SourceInfo


@pytest.fixture(scope="module")
def coach() -> Coach:
    done = new()
    watched(done, poses())
    done.command("end")
    return done


def save(coach: Coach, out: Path, keep: Keep | None, pain: int | None = 4) -> Path:
    return save_set(
        coach,
        SourceInfo("camera", None, None, *SIZE),
        out,
        model_sha256="f" * 64,
        pain=pain,
        warning=None,
        still=lambda _: None,
        keep=keep,
    )


def test_the_set_and_the_pain_are_stored(coach: Coach, tmp_path: Path) -> None:
    store = tmp_path / "s.db"
    keeping = Keeping("Anna", store=str(store))
    assert save(coach, tmp_path / "out", keeping.keep_live).is_file()
    with open_store(store) as found:
        (kept,) = found.sets("Anna", "push_up")
        (entry,) = found.journal("Anna")
    assert kept.performed.date() == date.today()
    assert len(kept.reps) == len(coach.session.reps)
    assert (entry.day, entry.after) == (date.today(), 4.0)


def test_no_pain_said_is_no_journal(coach: Coach, tmp_path: Path) -> None:
    save(coach, tmp_path / "out", Keeping("Anna", store=str(tmp_path / "s.db")).keep_live, None)
    with open_store(tmp_path / "s.db") as found:
        assert found.journal("Anna") == ()


def test_saved_again_it_is_one_set(coach: Coach, tmp_path: Path) -> None:
    keeping = Keeping("Anna", store=str(tmp_path / "s.db"))
    for _ in range(2):
        save(coach, tmp_path / "out", keeping.keep_live)
    with open_store(tmp_path / "s.db") as found:
        assert len(found.sets("Anna")) == 1


@pytest.mark.parametrize("source", ["camera", "camera:1"])
def test_a_camera_is_stored_as_of_now(coach: Coach, tmp_path: Path, source: str) -> None:
    result = coach.result(Source(source, None, None, 1, 1.0, *SIZE), Software("0.1.0", "", None))
    Keeping("Anna", store=str(tmp_path / "s.db")).keep(result, source)
    with open_store(tmp_path / "s.db") as found:
        assert found.sets("Anna")[0].performed.date() == date.today()


def test_a_store_that_refuses_leaves_no_report(coach: Coach, tmp_path: Path) -> None:
    (tmp_path / "s.db").write_text("no database, only words " * 50)
    with pytest.raises(InputError, match="no store of midback"):
        save(coach, tmp_path / "out", Keeping("Anna", store=str(tmp_path / "s.db")).keep_live)
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("command", [("live", "bird_dog"), ("serve",)])
def test_a_bad_name_is_refused_before_the_set(command: tuple[str, ...]) -> None:
    assert "a person needs a name" in refusal(*command, "--person", " ")


def test_a_store_without_a_person_is_refused(tmp_path: Path) -> None:
    assert "add --person" in refusal("live", "bird_dog", "--store", tmp_path / "s.db")
