"""Many writers at once: every set is there, once, and whole."""

from __future__ import annotations

from store_writers import FORKS, all_at_once, check_whole, recordings, write_many

from midback.history.store import open_store

pytest_plugins = ("postgres",)

PROCESSES, SETS = 8, 40


def test_eight_writers_at_once_lose_nothing_and_double_nothing(where: str) -> None:
    all_at_once(where, PROCESSES, SETS)
    with open_store(where) as store:
        stored = check_whole(store)
        assert [len(store.sets(f"person {who}")) for who in range(PROCESSES)] == [SETS] * PROCESSES
    names = {f"{who}-{number}" for who in range(PROCESSES) for number in range(SETS)}
    assert stored == recordings(names)


def test_eight_writers_of_the_same_sets_store_them_once(where: str) -> None:
    """Opening, migration and all: the store is not there yet when they begin."""
    writers = [FORKS.Process(target=write_many, args=(where, 1, 5)) for _ in range(8)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    assert {writer.exitcode for writer in writers} == {0}
    with open_store(where) as store:
        assert len(check_whole(store)) == 5
