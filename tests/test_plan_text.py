"""The commands' texts against a book that keeps what it is given."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import timedelta

import pytest
from plan_case import DAYS, JOURNAL, SETS, TODAY, a_day, a_set, ago, step

from midback.apps.journal import add_entry, show_journal
from midback.apps.plan import assessment_text, plan_text
from midback.errors import InputError
from midback.exercises import find
from midback.history.plan import clear, decide
from midback.history.plan.review import review
from midback.history.records import Decision, Dose, JournalEntry, SetRecord
from midback.history.red_flags import SEEK_CARE


@dataclass
class Book:
    kept_sets: list[SetRecord] = field(default_factory=list)
    days: list[JournalEntry] = field(default_factory=list)
    made: list[Decision] = field(default_factory=list)

    def sets(self, person: str, exercise: str | None = None) -> tuple[SetRecord, ...]:
        return tuple(one for one in self.kept_sets if exercise in (None, one.exercise))

    def journal(self, person: str) -> tuple[JournalEntry, ...]:
        return tuple(self.days)

    def decisions(self, person: str) -> tuple[Decision, ...]:
        return tuple(self.made)

    def add_journal(self, person: str, entry: JournalEntry) -> JournalEntry:
        self.days = [day for day in self.days if day.day != entry.day] + [entry]
        return entry

    def add_decision(self, person: str, decision: Decision) -> None:
        if decision not in self.made:
            self.made.append(decision)


START = step(ago(30), after=Dose(reps=8))


def test_the_first_plan_of_somebody_new() -> None:
    book = Book()
    lines = plan_text(book, "Ada", TODAY, why=True)
    assert lines[0] == "Breath and gentle range: Breathe into the ribs, find easy movement."
    assert "    Cat-cow: 6 repetitions" in lines
    assert book.made == []


def test_a_step_up_is_told_stored_and_stays_for_the_day() -> None:
    book = Book([*SETS], [*JOURNAL], [START])
    first = plan_text(book, "Ada", TODAY)
    assert "2026-03-20 Bird dog: one small step up: 8 repetitions -> 10 repetitions" in first
    assert [d.rule for d in book.made[1:]] == ["ready"]
    assert plan_text(book, "Ada", TODAY) == first
    assert len(book.made) == 2


def test_pain_in_the_evening_takes_the_step_back_the_same_day() -> None:
    book = Book([*SETS], [*JOURNAL], [START])
    plan_text(book, "Ada", TODAY)
    book.days.append(a_day(TODAY, worst=7, next_morning=None))
    plan_text(book, "Ada", TODAY)
    plan_text(book, "Ada", TODAY)
    assert [(d.rule, d.after.reps) for d in book.made[1:]] == [("ready", 10), ("pain_now", 8)]
    tomorrow = TODAY + timedelta(days=1)
    plan_text(book, "Ada", tomorrow)
    assert book.made[-1].rule == "too_few"


def test_two_exercises_do_not_step_up_on_the_same_day() -> None:
    both = [*SETS, *(a_set(day, exercise="segmental_bridge", order=2) for day in DAYS)]
    bridge = replace(START, exercise="segmental_bridge")
    found = review(TODAY, both, JOURNAL, [START, bridge])
    assert [(d.exercise, d.rule) for d in found] == [
        ("bird_dog", "ready"),
        ("segmental_bridge", "other_step"),
    ]
    for number, made in enumerate(found):
        before = [START, bridge, *found[:number]]
        anew = decide(TODAY, find(made.exercise), both, JOURNAL, before, made.before)
        assert anew == made


def test_why_tells_what_stays_as_well() -> None:
    book = Book([*SETS], [], [START])
    assert not any("Rule:" in line for line in plan_text(book, "Ada", TODAY))
    told = plan_text(book, "Ada", TODAY, why=True)
    assert "2026-03-20 Bird dog: stay: 8 repetitions" in told
    assert any(line.endswith("[pain_unknown; G]") for line in told)


def test_a_red_flag_leaves_nothing_but_the_way_to_care() -> None:
    book = Book([*SETS], [*JOURNAL, a_day(ago(1), red_flags=("trauma",))], [START])
    lines = plan_text(book, "Ada", TODAY, why=True)
    assert lines[0] == SEEK_CARE
    assert not any("repetitions" in line for line in lines)
    assert assessment_text(book, "Ada", TODAY) == lines
    seen = [(ago(1), "trauma")]
    book.made.append(clear(TODAY, find("bird_dog"), Dose(reps=8), "Dr. Ito", "X-ray is fine", seen))
    assert plan_text(book, "Ada", TODAY + timedelta(days=1))[0] != SEEK_CARE


def test_the_missing_morning_is_asked_for() -> None:
    book = Book([*SETS], [*JOURNAL[:2], a_day(ago(2), next_morning=None)], [START])
    assert plan_text(book, "Ada", TODAY)[-1] == (
        f"Still missing: pain on the morning after {ago(2)}: midback journal add"
    )


def test_the_baseline_in_lines() -> None:
    assert len(assessment_text(Book(), "Ada", TODAY)) == 11
    full = [
        a_set(ago(n), exercise=name, repeat=again)
        for n in (9, 6, 3)
        for name in ("seated_thoracic_extension", "seated_rotation")
        for again in (False, True)
    ]
    assert assessment_text(Book(full), "Ada", TODAY)[0].startswith("The baseline is complete")


def test_an_entry_is_checked_stored_and_told() -> None:
    book = Book()
    entry = JournalEntry(ago(1), before=1, worst=2, note="garden")
    told = add_entry(book, "Ada", entry, TODAY)
    assert told == ["2026-03-19  · open  before 1, worst 2  garden"]
    add_entry(book, "Ada", replace(entry, note="reach 31 cm"), TODAY)
    assert book.days[-1].note == "garden; reach 31 cm"
    assert show_journal(book, "Ada", TODAY)[-1].startswith("Still missing")
    with pytest.raises(InputError, match="worst must be 0 to 10, is 11"):
        add_entry(book, "Ada", JournalEntry(TODAY, worst=11), TODAY)
    assert len(book.days) == 1
    flagged = add_entry(book, "Ada", JournalEntry(TODAY, red_flags=("unwell",)), TODAY)
    assert flagged[0] == SEEK_CARE
