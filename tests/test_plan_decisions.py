"""What a decision says, and what a clinician may decide."""

from __future__ import annotations

from dataclasses import replace

import pytest
from plan_case import (
    BIRD_DOG,
    DOSE,
    TODAY,
    ago,
    decided,
    step,
)

from midback.errors import InputError
from midback.history.plan import current_dose, explain, override, why_lines
from midback.history.plan.rules import RULES
from midback.history.records import Dose


def test_every_rule_is_told_with_its_source() -> None:
    keys = [rule.key for rule in RULES]
    assert len(set(keys)) == len(keys)
    assert keys[0] == "red_flag"
    assert keys[-1] == "ready"
    assert all(rule.says.endswith(".") and rule.source for rule in RULES)
    assert [rule.step for rule in RULES].count("progress") == 1


def test_why() -> None:
    assert explain(decided()).splitlines() == [
        "2026-03-20 Bird dog: one small step up: 8 repetitions -> 10 repetitions",
        f"  - 3 sessions from {ago(9)} to {ago(2)}",
        "  - pain green after each of them, worst 2, and not rising",
        "  - the planned amount in good form in 3 of 3",
        "  - first repetitions 88 or more, your median 88",
        "  Rule: All conditions of a step up are met: one small step. [ready; G]",
    ]
    lines = why_lines(override(TODAY, BIRD_DOG, DOSE, Dose(reps=5), "Dr. Ito", "after the flu"))
    assert lines == [
        "2026-03-20 Bird dog: one step back: 8 repetitions -> 5 repetitions",
        "  - after the flu",
        "  Rule: by Dr. Ito",
    ]


def test_a_clinicians_override_has_a_name_a_reason_and_one_variable() -> None:
    up = override(TODAY, BIRD_DOG, DOSE, Dose(reps=9), " Dr.\x1b Ito ", "strong\nenough")
    assert (up.step, up.variable, up.by, up.because) == (
        "progress", "reps", "Dr. Ito", ("strong enough",),
    )  # fmt: skip
    assert override(TODAY, BIRD_DOG, DOSE, DOSE, "Dr. Ito", "wait").step == "hold"
    easier = replace(DOSE, variant=BIRD_DOG.easier[0])
    assert override(TODAY, BIRD_DOG, DOSE, easier, "Dr. Ito", "wait").step == "regress"
    assert override(TODAY, BIRD_DOG, easier, DOSE, "Dr. Ito", "fine").step == "progress"
    for after, by, why, said in (
        (DOSE, "", "why", "needs the name"),
        (DOSE, "x" * 101, "why", "needs the name"),
        (DOSE, "Dr. Ito", "\n", "needs its reason"),
        (Dose(reps=9, hold_s=5), "Dr. Ito", "why", "one variable at a time, not reps and hold_s"),
        (Dose(reps=-3), "Dr. Ito", "why", "reps must be 1 to 100, is -3"),
    ):
        with pytest.raises(InputError, match=said):
            override(TODAY, BIRD_DOG, DOSE, after, by, why)


@pytest.mark.parametrize(
    ("dose", "said"),
    [
        (Dose(reps=-1), "bird_dog: reps must be 1 to 100, is -1"),
        (Dose(reps=0), "reps must be 1 to 100, is 0"),
        (Dose(hold_s=5), "bird_dog: how much? reps is missing"),
        (Dose(reps=5, hold_s=float("nan")), "hold_s must be 1 to 600, is nan"),
        (Dose(reps=5, variant="upside down"), "unknown variant 'upside down'"),
    ],
)
def test_a_dose_that_nobody_could_do_is_refused(dose: Dose, said: str) -> None:
    with pytest.raises(InputError) as found:
        decided(dose=dose)
    assert said in str(found.value)
    assert "\n" not in str(found.value)


def test_the_current_dose_is_what_the_last_decision_left() -> None:
    start = Dose(reps=6)
    steps = [
        step(ago(3), after=Dose(reps=7)),
        step(ago(1), after=Dose(reps=9)),
        step(ago(1), after=Dose(reps=8)),
        step(ago(0), exercise="squat", after=Dose(reps=1)),
    ]
    assert current_dose("bird_dog", steps, start, TODAY) == Dose(reps=8)
    assert current_dose("bird_dog", steps, start, ago(2)) == Dose(reps=7)
    assert current_dose("bird_dog", [], start, TODAY) == start
