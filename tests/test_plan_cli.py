"""journal, plan and override as commands, on a real store of their own."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
from cli import midback, refusal
from store_case import document

from midback.history.plan.phases import PHASES
from midback.history.records import JournalEntry
from midback.history.red_flags import RED_FLAGS, SEEK_CARE
from midback.history.store import open_store

ADA = 'O\'Hara <b>"x"</b>'


@pytest.fixture
def kept(tmp_path: Path) -> Path:
    return tmp_path / "kept.db"


def said(*words: str | Path) -> list[str]:
    done = midback(*words)
    assert (done.returncode, done.stderr) == (0, "")
    return done.stdout.splitlines()


def test_a_day_is_entered_in_parts_and_shown(kept: Path) -> None:
    mine = ("--person", ADA, "--store", kept)
    day = date.today() - timedelta(days=1)
    first = said("journal", "add", "--day", "yesterday", "--before", "1", "--worst", "2", *mine)
    assert first[0] == f"{day}  · open  before 1, worst 2"
    assert "is new in" in first[1]
    assert said("journal", "show", *mine)[-1].startswith("Still missing: pain on the morning")
    said("journal", "add", "--day", str(day), "--next-morning", "1", *mine)
    assert said("journal", "show", *mine) == [
        f"{day}  ✓ green  before 1, worst 2, next morning 1 (+0)"
    ]


def test_what_cannot_be_is_one_line_and_changes_nothing(kept: Path) -> None:
    mine = ("--person", ADA, "--store", kept)
    assert "worst must be 0 to 10, is 11" in refusal("journal", "add", "--worst", "11", *mine)
    assert "is no day" in refusal("journal", "add", "--day", "2026-02-30", *mine)
    assert "unknown red flag 'x'" in refusal("journal", "add", "--red-flag", "x", *mine)
    assert not kept.exists()
    said("journal", "add", "--worst", "1", *mine)
    assert "nobody of this name" in refusal("plan", "--person", "Bob", "--store", kept)
    who = (*mine, "--by", "Dr. Ito", "--why", "flu")
    assert "reps must be 1 to 100, is -3" in refusal("override", "bird_dog", "--reps", "-3", *who)
    both = ("--reps", "9", "--hold", "5")
    assert "one variable at a time" in refusal("override", "bird_dog", *both, *who)
    assert "bird_dog" in refusal("override", "birddog", *who)
    assert "no red flag to clear" in refusal("override", "bird_dog", "--clear-red-flags", *who)
    with open_store(kept) as store:
        assert store.decisions(ADA) == ()


def test_a_red_flag_until_it_is_cleared(kept: Path) -> None:
    mine = ("--person", ADA, "--store", kept)
    who = (*mine, "--by", "Dr. Ito", "--why", "X-ray is fine")
    assert any(line.startswith("trauma") for line in said("journal", "red-flags"))
    assert said("journal", "add", "--red-flag", "trauma", *mine)[0] == SEEK_CARE
    assert "from tomorrow on" in refusal("override", "bird_dog", "--clear-red-flags", *who)
    with open_store(kept) as store:
        yesterday = date.today() - timedelta(days=1)
        store.erase(ADA)
        store.add_journal(ADA, JournalEntry(yesterday, red_flags=("trauma",)))
    told = said("plan", *mine)
    assert told == [SEEK_CARE, f'  - {yesterday}: yes to "{RED_FLAGS["trauma"]}"']
    said("override", "bird_dog", "--clear-red-flags", *who)
    assert said("plan", *mine)[0].startswith(PHASES[0].title)


def test_plan_decides_once_a_day_and_tells_why(kept: Path) -> None:
    mine = ("--person", ADA, "--store", kept)
    with open_store(kept) as store:
        performed = datetime.now() - timedelta(days=20)
        store.add_set(ADA, document(), performed, planned=6)
    told = said("plan", "--why", *mine)
    assert any("that is no failure" in line for line in told)
    assert any(line.endswith("[long_gap; design choice]") for line in told)
    said("plan", *mine)
    with open_store(kept) as store:
        assert [made.rule for made in store.decisions(ADA)] == ["long_gap"]
    less = said("override", "bird_dog", "--reps", "5", *mine, "--by", "Dr. Ito", "--why", "tired")
    assert less[-1] == "  Rule: by Dr. Ito"
    assert said("plan", "--baseline", *mine)[0].startswith("1. Extension of the upper back")
