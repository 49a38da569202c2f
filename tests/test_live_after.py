"""The keys on the last screen of a set."""

from __future__ import annotations

from pathlib import Path

import pytest

from midback.apps.live.after import After
from midback.errors import InputError


class Desk:
    """Takes what is to be saved, or refuses it."""

    def __init__(self, *, full: bool = False) -> None:
        self.full, self.saved, self.discarded = full, list[int | None](), 0

    def save(self, pain: int | None) -> Path:
        if self.full:
            raise InputError("the disk is full")
        self.saved.append(pain)
        return Path("sets/a/report.html")

    def discard(self) -> None:
        self.discarded += 1

    def after(self, *, again: bool = True) -> After:
        return After(self.save, self.discard, again=again)


def press(after: After, *keys: str) -> list[str]:
    return [after.key(key) for key in keys]


@pytest.mark.parametrize(
    ("keys", "pain"),
    [("", None), ("0", 0), ("7", 7), ("10", 10), ("100", 0), ("710", 10), ("17", 7)],
)
def test_pain(keys: str, pain: int | None) -> None:
    desk = Desk()
    after = desk.after()
    press(after, *keys)
    assert after.beside().pain == pain
    press(after, "enter")
    assert desk.saved == [pain]


def test_a_set_is_saved_once_whatever_is_pressed() -> None:
    desk = Desk()
    after = desk.after()
    assert not after.kept
    assert press(after, "enter", "enter", "d", "3", "n") == ["", "", "", "", "next set"]
    assert (desk.saved, desk.discarded, after.kept) == ([None], 0, True)
    assert "sets" in after.beside().note


def test_what_is_discarded_is_not_saved() -> None:
    desk = Desk()
    after = desk.after()
    assert press(after, "d", "enter", "r", "n") == ["", "", "", "next set"]
    assert (desk.saved, desk.discarded, after.kept) == ([], 1, True)


def test_a_full_disk_keeps_the_set_on_the_screen() -> None:
    desk = Desk(full=True)
    after = desk.after()
    assert press(after, "enter", "n") == ["", ""]
    assert not after.kept
    assert "disk is full" in after.beside().note
    desk.full = False
    assert press(after, "n") == ["next set"]


def test_a_file_is_followed_by_no_other_set() -> None:
    desk = Desk()
    after = desk.after(again=False)
    assert press(after, "n") == [""]
    assert desk.saved == []
    assert not after.beside().again


def test_escape_held_down_does_not_end_and_close_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = [100.0]
    monkeypatch.setattr("time.monotonic", lambda: clock[0])
    after = Desk().after()
    assert press(after, "escape", "escape") == ["", ""]
    clock[0] += 1.1
    assert press(after, "escape") == ["close"]


def test_escape_closes_after_any_other_key() -> None:
    assert press(Desk().after(), "enter", "escape") == ["", "close"]
