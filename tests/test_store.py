"""What is stored comes back, once, from a file as from a server."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

from store_case import EVENING, document

from midback.history.records import (
    AngleRecord,
    Decision,
    Dose,
    Fingerprint,
    JournalEntry,
    RepRecord,
    StopRecord,
)
from midback.history.store import open_store

pytest_plugins = ("postgres",)

ANNA = 'Anna O\'Neill "Zoë" -- 李; DROP TABLE person <script>'


def test_a_set_comes_back_as_it_went_in(where: str) -> None:
    with open_store(where) as store:
        added = store.add_set(ANNA, document(), EVENING, planned=12, variant="knees bent")
    with open_store(where) as store:
        (found,) = store.sets(ANNA)
    assert found == added
    assert (found.performed, found.planned, found.variant) == (EVENING, 12.0, "knees bent")
    assert (found.order, found.block, found.repeat, found.version) == (1, 1, False, "0.1.0")
    assert found.exercise == "bird_dog"
    assert len(found.reps) == 10
    values = {"range": 40.25, "hip_shift": None, "lowering": 0.875}
    assert found.reps[1] == RepRecord(2, "right", True, 40.25, 98.0, values)
    assert found.stop == StopRecord(9, 40.5, "breakdown", "hips", "hip_shift")
    assert (found.fresh, found.last, found.score, found.score_se) == (90.0, 70.25, 81.5, 2.5)
    assert (found.coverage, found.judged, found.can_judge) == (0.875, 6, True)
    assert (found.first_region, found.good_s, found.total_s) == ("hips", None, None)
    assert found.angles == {
        "trunk_lift": AngleRecord("deg", "measured", 41.25, 2.5),
        "pelvic_drop": AngleRecord("deg", "not_measurable", None, None),
    }
    assert found.fingerprint == Fingerprint("side", 85.0, 240.0, 480, 30.0, "f" * 64)


def test_a_set_without_stop_and_a_hold(where: str) -> None:
    held = document(stop=None) | {"hold": {"total_s": 40.0, "good_s": 31.5}, "reps": []}
    with open_store(where) as store:
        found = store.add_set(ANNA, held, EVENING)
    assert (found.stop, found.reps) == (None, ())
    assert (found.good_s, found.total_s) == (31.5, 40.0)


def test_the_same_recording_twice_is_one_entry(where: str) -> None:
    with open_store(where) as store:
        first = store.add_set(ANNA, document(), EVENING, planned=12)
        moved = document()
        moved["source"]["path"] = "elsewhere/copy.mp4"
        again = store.add_set(ANNA, moved, EVENING)
        assert again == first  # what is not said again stays: planned
        assert store.sets(ANNA) == (first,)
        assert len(store.scorings(ANNA)) == 1


def test_without_a_file_the_content_tells_one_recording_from_another(where: str) -> None:
    with open_store(where) as store:
        for score in (81.5, 81.5, 60.0):
            store.add_set(ANNA, document(sha256=None, score=score), EVENING)
        assert [found.score for found in store.sets(ANNA)] in ([81.5, 60.0], [60.0, 81.5])


def test_a_newer_version_counts_and_the_older_scoring_stays(where: str) -> None:
    with open_store(where) as store:
        for version, score in (("0.9.0", 80.0), ("0.10.0", 70.0), ("0.9.1", 60.0), ("odd", 1.0)):
            store.add_set(ANNA, document(version=version, score=score), EVENING)
        (found,) = store.sets(ANNA)
        assert (found.version, found.score) == ("0.10.0", 70.0)
        kept = store.scorings(ANNA)
    assert [scoring["score"]["set"] for scoring in kept] == [80.0, 70.0, 60.0, 1.0]
    assert kept[0] == document(version="0.9.0", score=80.0)


def test_the_same_version_again_otherwise_told_the_last_counts(where: str) -> None:
    """The wrong exercise was named first: it leaves that exercise's weeks."""
    with open_store(where) as store:
        store.add_set(ANNA, document(exercise="squat"), EVENING)
        store.add_set(ANNA, document(exercise="bird_dog"), EVENING + timedelta(days=1))
        assert store.sets(ANNA, "squat") == ()
        (found,) = store.sets(ANNA, "bird_dog")
        assert (found.block, found.performed.day) == (1, 3)


def test_order_is_counted_per_exercise_and_day_oldest_first(where: str) -> None:
    late = datetime(2026, 3, 3, 0, 5)
    with open_store(where) as store:
        for name, when, exercise in (
            ("second", EVENING + timedelta(minutes=9), "bird_dog"),
            ("next day", late, "bird_dog"),
            ("other", EVENING + timedelta(minutes=5), "squat"),
            ("first", EVENING, "bird_dog"),
        ):
            store.add_set(ANNA, document(name, exercise=exercise), when)
        found = store.sets(ANNA)
    assert [(s.performed, s.exercise, s.order) for s in found] == [
        (EVENING, "bird_dog", 1),
        (EVENING + timedelta(minutes=5), "squat", 1),
        (EVENING + timedelta(minutes=9), "bird_dog", 2),
        (late, "bird_dog", 1),
    ]


def test_another_camera_set_up_is_another_block_in_whatever_order_it_came(where: str) -> None:
    weeks: list[dict[str, Any]] = [
        {},
        {"yaw_deg": 78.0},
        {"yaw_deg": 70.0},
        {"trunk_px": 300.0},
        {},
        {"model": "e" * 64},
    ]
    with open_store(where) as store:
        for day in (4, 1, 0, 5, 2, 3):
            changed = document(f"day {day}", **weeks[day])
            store.add_set(ANNA, changed, EVENING + timedelta(days=day))
        assert [s.block for s in store.sets(ANNA)] == [1, 1, 2, 3, 1, 4]


def test_people_are_kept_apart_and_spelled_one_way(where: str) -> None:
    composed, taken_apart = "José", "José"
    with open_store(where) as store:
        store.add_set(composed, document(), EVENING)
        store.add_set("Ann", document(), EVENING)
        assert len(store.sets(f"  {taken_apart} ")) == 1
        assert store.people() == ("Ann", "José")
        assert store.sets("nobody") == ()
        sha256 = document()["source"]["sha256"]
        assert store.performed("Ann", sha256) == EVENING
        assert store.performed("nobody", sha256) is None


def test_the_journal_fills_a_day_bit_by_bit(where: str) -> None:
    day = date(2026, 3, 2)
    whole = JournalEntry(day, 2, 5, 3.5, None, "left, low", True, False, 7.5, 4, "garden", "windy")
    with open_store(where) as store:
        store.add_journal(ANNA, JournalEntry(day, before=2, worst=4, sharp=True, note="windy"))
        later = replace(whole, before=None, sharp=False, note="", red_flags=("saddle",))
        assert store.add_journal(ANNA, later) == replace(whole, red_flags=("saddle",))
        store.add_journal(ANNA, JournalEntry(date(2026, 3, 1), next_morning=0))
        store.add_journal(ANNA, JournalEntry(day, next_morning=0, red_flags=("saddle", "cough")))
    with open_store(where) as store:
        assert store.journal(ANNA) == (
            JournalEntry(date(2026, 3, 1), next_morning=0),
            replace(whole, next_morning=0, red_flags=("saddle", "cough")),
        )
        assert store.journal("nobody") == ()


def test_decisions_come_back_in_order_and_once(where: str) -> None:
    before, after = Dose(reps=10, variant="as described"), Dose(reps=12, load_kg=1.5)
    first = Decision(
        date(2026, 3, 2), "bird_dog", "progress", "reps", before, after, "steady", ("3 green",)
    )
    second = replace(first, step="hold", variable=None, after=before, by="Dr. Ü")
    with open_store(where) as store:
        for decision in (second, first, first, replace(second, day=date(2026, 3, 1))):
            store.add_decision(ANNA, decision)
    with open_store(where) as store:
        earliest = replace(second, day=date(2026, 3, 1))
        assert store.decisions(ANNA) == (earliest, second, first)
