"""Which arm was lifted, also where frames were lost in the middle of the repetition."""

from __future__ import annotations

import numpy as np
import pytest
from test_live_coach import SIZE, SOFTWARE, SOURCE, poses

from midback.apps.live.coach import Coach
from midback.columns import Columns
from midback.errors import InputError
from midback.exercises import find
from midback.form.segmentation import Span
from midback.kinematics.measurability import NAMES, OK
from midback.kinematics.rows import AngleRows
from midback.sides import chosen, lifted_side
from midback.vision.pose import Array

FRAMES = 60
SPAN = Span(0, 30, FRAMES - 1, True, 0.0, 1.0, 1.0, rom=160.0, baseline=0.0, sign=1)


def columns(side: str, lost: slice) -> Columns:
    """One raised-cosine repetition of an arm and the opposite leg."""
    lift = 80.0 * (1 - np.cos(np.linspace(0, 2 * np.pi, FRAMES))) / 2
    other = "right" if side == "left" else "left"
    values: Array = np.zeros((FRAMES, len(NAMES)))
    values[:, NAMES.index("diagonal_lift")] = 2 * lift
    values[:, NAMES.index(f"arm_elevation_{side}")] = lift
    values[:, NAMES.index(f"trunk_thigh_{other}")] = lift
    values[lost] = np.nan
    codes, frames = np.full(values.shape, OK, np.uint8), np.arange(FRAMES)
    ready, one = np.ones(FRAMES, dtype=np.bool_), np.ones(FRAMES)
    yaw, dorsal = 90.0 * one, np.ones(FRAMES, dtype=np.intp)
    found = Columns()
    found.lay(
        AngleRows(frames / 30, values, codes, ready, ready, yaw, dorsal, one, 200.0 * one, frames)
    )
    for _ in frames:
        found.advance()
    return found


@pytest.mark.parametrize("side", ["left", "right"])
@pytest.mark.parametrize("lost", [slice(0), slice(5, 13), slice(25, 33), slice(0, 20)])
def test_lost_frames_do_not_hide_the_side(side: str, lost: slice) -> None:
    assert lifted_side(columns(side, lost), SPAN) == side


def test_nothing_seen_is_unknown() -> None:
    assert lifted_side(columns("left", slice(None)), SPAN) == "unknown"


def test_a_side_is_chosen_only_where_a_set_is_done_on_one() -> None:
    assert chosen(find("side_plank"), "left") == "left"
    assert chosen(find("side_plank"), None) is None
    with pytest.raises(InputError, match="push_up is not done on one side"):
        chosen(find("push_up"), "left")


def test_every_repetition_is_of_the_chosen_side() -> None:
    exercise = find("push_up")
    one_sided = exercise.model_copy(
        update={"primary": exercise.primary.model_copy(update={"sides": "chosen"})}
    )
    coach = Coach(one_sided, *SIZE, side="right")
    for pose in poses():
        coach.see(pose)
    reps = coach.result(SOURCE, SOFTWARE).reps
    assert {rep.side for rep in reps} == {"right"}
    plain = Coach(exercise, *SIZE)
    for pose in poses():
        plain.see(pose)
    assert [rep.values for rep in plain.session.reps] == [rep.values for rep in coach.session.reps]
