from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from plan_case import BIRD_DOG, SIDE_PLANK

from midback.exercises import find
from midback.history.plan.dose import amount, changed, easier, harder, is_less
from midback.history.records import Dose

EASIER, HARDER = BIRD_DOG.easier[0], BIRD_DOG.harder[0]


@pytest.mark.parametrize(
    ("dose", "reached", "variable", "after"),
    [
        (Dose(reps=7), None, "reps", Dose(reps=8)),
        (Dose(reps=8), None, "reps", Dose(reps=10)),
        (Dose(reps=11), None, "reps", Dose(reps=12)),
        (Dose(reps=6, variant=EASIER), None, "variant", Dose(reps=6)),
        (Dose(reps=12, lowering_s=2), None, "lowering_s", Dose(reps=12, lowering_s=3)),
        (Dose(reps=12, lowering_s=4, hold_s=5), None, "hold_s",
         Dose(reps=12, lowering_s=4, hold_s=10)),
        (Dose(reps=12, target_deg=100), 100.0, "target_deg", Dose(reps=12, target_deg=103)),
        (Dose(reps=12, target_deg=139), 150.0, "target_deg", Dose(reps=12, target_deg=140)),
        (Dose(reps=12, target_deg=100, load_kg=1), 99.0, "load_kg",
         Dose(reps=12, target_deg=100, load_kg=1.5)),
    ],
)  # fmt: skip
def test_one_small_step_up(dose: Dose, reached: float | None, variable: str, after: Dose) -> None:
    assert harder(dose, BIRD_DOG, reached) == (variable, after)


@pytest.mark.parametrize(
    ("dose", "reached"),
    [
        (Dose(reps=12), None),
        (Dose(reps=12, variant=HARDER), None),
        (Dose(reps=12, lowering_s=4, hold_s=10, load_kg=5), None),
        (Dose(reps=12, target_deg=140), 150.0),
        (Dose(reps=12, target_deg=100), None),
        (Dose(reps=12, target_deg=100), 99.9),
    ],
)
def test_the_top_of_the_ladder(dose: Dose, reached: float | None) -> None:
    assert harder(dose, BIRD_DOG, reached) is None


def test_a_target_is_a_matter_of_degrees() -> None:
    bridge = find("segmental_bridge")  # counted in per cent of the trunk
    assert harder(Dose(reps=12, target_deg=20), bridge, 50.0) is None


@pytest.mark.parametrize(
    ("dose", "variable", "after"),
    [
        (Dose(reps=12), "reps", Dose(reps=9)),
        (Dose(reps=10), "reps", Dose(reps=8)),
        (Dose(reps=7), "reps", Dose(reps=5)),
        (Dose(reps=6), "variant", Dose(reps=6, variant=EASIER)),
        (Dose(reps=6, variant=EASIER), "reps", Dose(reps=4, variant=EASIER)),
        (Dose(reps=2, variant=EASIER), "reps", Dose(reps=1, variant=EASIER)),
        (Dose(reps=6, variant=HARDER), "variant", Dose(reps=6)),
    ],
)
def test_one_step_back(dose: Dose, variable: str, after: Dose) -> None:
    assert easier(dose, BIRD_DOG) == (variable, after)


def test_the_bottom() -> None:
    assert easier(Dose(reps=1, variant=EASIER), BIRD_DOG) is None
    assert easier(Dose(hold_s=5, variant=SIDE_PLANK.easier[1]), SIDE_PLANK) is None


def test_holds_go_by_five_seconds_up_and_a_fifth_back() -> None:
    assert harder(Dose(hold_s=20), SIDE_PLANK) == ("hold_s", Dose(hold_s=25))
    assert harder(Dose(hold_s=58), SIDE_PLANK) == ("hold_s", Dose(hold_s=60))
    assert harder(Dose(hold_s=60), SIDE_PLANK) is None
    assert easier(Dose(hold_s=30), SIDE_PLANK) == ("hold_s", Dose(hold_s=24))
    easy = Dose(hold_s=18, variant=SIDE_PLANK.easier[0])
    assert easier(Dose(hold_s=18), SIDE_PLANK) == ("variant", easy)
    assert easier(easy, SIDE_PLANK) == ("hold_s", replace(easy, hold_s=14))


@given(st.integers(7, 100))
def test_a_step_back_takes_a_fifth_to_a_third(reps: int) -> None:
    step = easier(Dose(reps=reps), BIRD_DOG)
    assert step is not None
    assert reps / 5 <= reps - amount(step[1], BIRD_DOG) <= reps / 3


def test_less_is_less_in_all_that_changes() -> None:
    more = Dose(reps=8, load_kg=1)
    assert is_less(more, replace(more, reps=7), BIRD_DOG)
    assert is_less(more, replace(more, variant=EASIER), BIRD_DOG)
    assert not is_less(more, more, BIRD_DOG)
    assert not is_less(more, replace(more, reps=9), BIRD_DOG)
    assert not is_less(more, replace(more, reps=7, load_kg=2), BIRD_DOG)
    assert not is_less(more, replace(more, reps=7, variant=HARDER), BIRD_DOG)
    assert changed(more, replace(more, reps=7, load_kg=2)) == ("reps", "load_kg")
