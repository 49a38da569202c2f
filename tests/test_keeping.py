"""What a set that belongs to somebody knows of that person's earlier ones."""

from __future__ import annotations

import os
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
from report_case import result_of
from store_case import document

from midback.apps.keeping import Keeping
from midback.errors import InputError
from midback.exercises import find
from midback.history.journal import light, missing_mornings
from midback.history.records import Decision, Dose
from midback.history.store import open_store
from midback.vision.pose import SourceInfo

EVENING = datetime(2026, 3, 2, 18, 30)
BIRD_DOG = find("bird_dog")


@pytest.fixture
def place(tmp_path: Path) -> str:
    """Ana's sets of three evenings, a harder one, and somebody else's."""
    where = str(tmp_path / "store.db")
    with open_store(where) as store:
        for day in range(3):
            name, when = f"set {day}", EVENING + timedelta(days=day)
            store.add_set("Ana", _with_values(name, 10.0 + day), when)
        store.add_set("Ana", _with_values("harder", 50.0), EVENING, variant="on the toes")
        store.add_set("Bea", _with_values("hers", 90.0), EVENING)
    return where


def _with_values(name: str, arch: float) -> dict[str, object]:
    made = document(name)
    for rep in made["reps"]:
        rep["values"] = {"lumbar_arch": arch + 0.1 * rep["index"]}
    return made


def known(place: str, performed: str, recording: str = "new", variant: str | None = None) -> float:
    """Mean low-back arch that is known before that moment; NaN where nothing is."""
    keeping = Keeping("Ana", performed, variant=variant, store=place)
    info = SourceInfo("x.mp4", document(recording)["source"]["sha256"], 30.0, 640, 480)
    history = keeping.known("x.mp4")(BIRD_DOG, info)
    found = [history.prior(side, "lumbar_arch") for side in (None, "left", "right")]
    return next((one.mean for one in found if one is not None), float("nan"))


def test_only_sets_before_this_one_count(place: str) -> None:
    assert known(place, "2026-03-10 18:00") == pytest.approx(11.25, abs=0.5)
    assert known(place, "2026-03-03 12:00") == pytest.approx(10.25, abs=0.5)
    assert known(place, "2026-03-02 12:00") != known(place, "2026-03-02 12:00")  # NaN: nothing


def test_a_recording_scored_again_is_not_its_own_past(place: str) -> None:
    assert known(place, "2026-03-10 18:00", "set 2") == pytest.approx(10.75, abs=0.5)


def test_another_variant_is_another_exercise(place: str) -> None:
    assert known(place, "2026-03-10 18:00", variant="on the toes") == pytest.approx(50.25, abs=0.5)


def test_without_a_store_nothing_is_known_and_none_is_made(tmp_path: Path) -> None:
    where = tmp_path / "none.db"
    assert known(str(where), "2026-03-10 18:00") != known(str(where), "2026-03-10 18:00")
    assert not where.exists()


def test_a_live_set_was_planned_as_the_plan_says(tmp_path: Path) -> None:
    where = str(tmp_path / "store.db")
    with open_store(where) as store:
        dose = Dose(reps=9, variant="on the toes")
        why = ("three green sessions",)
        store.add_decision(
            "Ana",
            Decision(date(2026, 3, 1), "bird_dog", "progress", "reps", dose, dose, "ready", why),
        )
    keeping = Keeping("Ana", store=where)
    for name, pain in (("bird_dog", 3), ("squat", None)):
        seen = replace(result_of(), exercise=name)  # by a camera, which has no sha256
        keeping.keep_live(replace(seen, source=replace(seen.source, sha256=None)), pain)
    with open_store(where) as store:
        planned = {one.exercise: (one.planned, one.variant) for one in store.sets("Ana")}
        assert [entry.after for entry in store.journal("Ana")] == [3.0]
    assert planned == {"bird_dog": (9.0, "on the toes"), "squat": (None, "")}


def test_the_worst_pain_of_a_day_stays(tmp_path: Path) -> None:
    """A second set that hurts less must not hide the first; the next morning is then asked for."""
    where = str(tmp_path / "store.db")
    keeping = Keeping("Ana", store=where)
    for pain in (8, 2):
        seen = result_of()
        keeping.keep_live(replace(seen, source=replace(seen.source, sha256=None)), pain)
    with open_store(where) as store:
        (entry,) = store.journal("Ana")
    assert (entry.worst, entry.after) == (8.0, 2.0)
    assert light(entry) == "red"
    assert missing_mornings([entry], entry.day + timedelta(days=1)) == (entry.day,)


def test_a_file_of_an_impossible_date_is_named(tmp_path: Path) -> None:
    film = tmp_path / "set.mp4"
    film.touch()
    for year in (1980, datetime.now().year + 5):
        at = datetime(year, 1, 1).timestamp()
        os.utime(film, (at, at))
        keeping = Keeping("Ana", store=str(tmp_path / "store.db"))
        seen = result_of()
        nowhere = replace(seen, source=replace(seen.source, path=str(film), sha256="ab" * 32))
        with pytest.raises(InputError, match="say --performed"):
            keeping.keep(nowhere, str(film))
