"""Killed writers: what was acknowledged is there, once, and whole."""

from __future__ import annotations

import random
from pathlib import Path

from store_writers import check_whole, kill_writers, recordings

from midback.history.store import open_store

pytest_plugins = ("postgres",)

KILLS = 200


def test_200_killed_writers_lose_no_acknowledged_set(where: str, tmp_path: Path) -> None:
    acknowledged = kill_writers(where, KILLS, tmp_path / "told", random.Random(6))
    assert len(acknowledged) > KILLS / 2, "the writers were killed before they wrote"
    with open_store(where) as store:
        stored = check_whole(store)
    assert recordings(acknowledged) <= stored
    assert len(stored) <= len(acknowledged) + KILLS  # a set each that nobody was told of
