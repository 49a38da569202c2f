"""Camera set-ups: what is another block, and that only the order performed decides."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from store_case import EVENING, document

from midback.history.records import Fingerprint
from midback.history.store import open_store
from midback.history.store.blocks import block_numbers, same_setup

FIRST = Fingerprint("side", 80.0, 200.0, 480, 30.0, "m")


@pytest.mark.parametrize(
    ("changes", "same"),
    [
        ({}, True),
        ({"yaw_deg": 90.0}, True),
        ({"yaw_deg": 69.5}, False),
        ({"yaw_deg": 70.5, "view": "oblique"}, True),  # the name changes at 70, not the picture
        ({"yaw_deg": None}, True),
        ({"yaw_deg": None, "view": "front"}, False),
        ({"yaw_deg": None, "view": "unknown"}, True),
        ({"trunk_px": 239.0}, True),
        ({"trunk_px": 241.0}, False),
        ({"trunk_px": 168.0}, True),
        ({"trunk_px": 166.0}, False),
        ({"trunk_px": None}, True),
        ({"trunk_px": 300.0, "height_px": 720}, True),  # the same picture, finer
        ({"model": "other"}, False),
        ({"model": None}, True),
        ({"fps": 60.0}, True),
    ],
)
def test_what_is_the_same_set_up(changes: dict[str, Any], same: bool) -> None:
    other = replace(FIRST, **changes)
    assert same_setup(FIRST, other) is same
    assert same_setup(other, FIRST) is same
    assert block_numbers([FIRST, other]) == ([1, 1] if same else [1, 2])


def test_front_and_back_are_not_the_same_though_their_yaw_is() -> None:
    front = replace(FIRST, view="front", yaw_deg=2.0)
    assert not same_setup(front, replace(front, view="back"))


def test_a_slow_drift_does_not_pass_and_a_way_back_is_found() -> None:
    drift = [replace(FIRST, yaw_deg=yaw) for yaw in (90.0, 84.0, 78.0, 72.0, 88.0)]
    assert block_numbers(drift) == [1, 1, 2, 2, 1]


SETUPS = st.lists(
    st.tuples(st.sampled_from([None, 60.0, 75.0, 90.0]), st.sampled_from([None, 200.0, 300.0])),
    min_size=1,
    max_size=6,
)


@settings(max_examples=15, deadline=None)
@given(SETUPS, st.randoms(use_true_random=False))
def test_the_order_in_which_sets_are_stored_does_not_matter(
    setups: list[tuple[float | None, float | None]], rng: Any
) -> None:
    days = list(range(len(setups)))
    rng.shuffle(days)
    prints = [replace(FIRST, yaw_deg=y, trunk_px=t, model="f" * 64) for y, t in setups]
    with TemporaryDirectory() as folder, open_store(Path(folder) / "s.db") as store:
        for day in days:
            yaw, trunk = setups[day]
            told = document(str(day), yaw_deg=yaw, trunk_px=trunk)
            store.add_set("Anna", told, EVENING + timedelta(days=day))
        assert [s.block for s in store.sets("Anna")] == block_numbers(prints)
