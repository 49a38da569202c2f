"""What a set that belongs to somebody knows of that person's earlier ones."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

import pytest
from store_case import document

from midback.apps.keeping import Keeping
from midback.exercises import find
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
