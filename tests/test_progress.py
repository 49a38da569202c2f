from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta

import pytest
from plan_case import BIRD_DOG, DOSE, TODAY, a_day, a_set, ago, step
from progress_case import EXTENSION, breaking, days, growing, pains, ranged

from midback.history.capacity import MOVED
from midback.history.plan import clear
from midback.history.progress import progress
from midback.history.records import RepRecord, SetRecord


def shuffled_sides(day_sets: list[SetRecord], apart: float) -> list[SetRecord]:
    """The same sets, left and right in turn, the left `apart` degrees further."""
    return [
        replace(
            one,
            reps=tuple(
                RepRecord(n, side, True, (rep.rom_deg or 0.0) + more, 90.0)
                for n, rep in enumerate([r for r in one.reps for _ in "lr"], 1)
                for side, more in [(("right", 0.0), ("left", apart))[n % 2]]
            ),
        )
        for one in day_sets
    ]


def ranged_more(one: SetRecord, degrees: float) -> SetRecord:
    return replace(
        one, reps=tuple(replace(rep, rom_deg=(rep.rom_deg or 0.0) + degrees) for rep in one.reps)
    )


def test_nothing_stored_yet() -> None:
    told = progress((), (), (), TODAY)
    assert told.headline.text == "No sets yet"
    assert (told.exercises, told.pain, told.calendar, told.steps) == ((), None, (), ())


def test_too_early_says_how_many_more() -> None:
    told = progress(growing(3), (), (), TODAY)
    needs = told.exercises[0].ranges[0].gain.needs
    assert told.headline.text == f"Too early to say: {needs} more sessions"
    assert told.headline.tone == "plain"
    assert told.exercises[0].ranges[0].lines == ()
    assert "more are needed" in (told.exercises[0].ranges[0].gain.reason or "")


def test_a_real_gain_is_told_with_its_interval() -> None:
    told = progress(growing(), (), (), TODAY)
    found = told.exercises[0].ranges[0]
    assert found.gain.kind == "real"
    assert told.headline.tone == "good"
    assert told.headline.text.startswith("Upper back extension: real change, ")
    assert "° more, " in told.headline.text
    assert "° to " in told.headline.text
    assert "could be measurement noise" in told.headline.detail


def test_a_real_loss_comes_before_a_real_gain() -> None:
    other = growing(per_week=-2.0, exercise="wall_slide", seed=4)
    told = progress(growing() + other, (), (), TODAY)
    assert told.headline.text.startswith("Arm lift: real change, to less, ")
    assert "° less, " in told.headline.text
    assert told.headline.tone == "caution"


def test_no_change_is_called_noise_and_never_good() -> None:
    told = progress(growing(per_week=0.0, noise=2.0, seed=3), (), (), TODAY)
    assert told.exercises[0].ranges[0].gain.kind == "noise"
    assert told.headline.text.endswith("within measurement noise")
    assert told.headline.tone == "plain"


def test_likely_says_how_long_still() -> None:
    sets = next(
        sets
        for seed in range(50)
        if progress(sets := growing(10, 1.0, 1.4, seed), (), (), TODAY).exercises[0]
        .ranges[0].gain.kind == "likely"
    )  # fmt: skip
    told = progress(sets, (), (), TODAY)
    assert "keep measuring" in told.headline.text
    assert "more, " in told.headline.detail


def test_red_pain_comes_before_a_gain() -> None:
    journal = [a_day(ago(1), worst=7)]
    told = progress(growing(), journal, (), TODAY)
    assert told.headline.text == "Pain comes first"
    assert progress(growing(), [a_day(ago(4), worst=7)], (), TODAY).headline.tone == "good"


def test_rising_pain_comes_before_a_gain() -> None:
    told = progress(growing(), pains([1, 1, 1, 3, 3, 3]), (), TODAY)
    assert told.headline.text == "Pain is rising"
    assert "1.0 to 3.0" in told.headline.detail


def test_less_pain_where_nothing_else_is_known() -> None:
    told = progress(growing(3), pains([5, 5, 5, 2, 2, 2]), (), TODAY)
    assert told.headline.text == "Less pain than at the start"
    assert told.pain is not None
    assert told.pain.milestone is not None
    assert told.pain.milestone.reached


def test_red_flags_leave_nothing_but_the_way_to_care() -> None:
    journal = [a_day(ago(3), red_flags=("foot_drop",))]
    told = progress(growing() + breaking(), journal, [step(ago(9))], TODAY)
    assert told.headline.text == "Seek care now"
    assert told.headline.tone == "stop"
    assert len(told.care) == 1
    assert "Does a foot drag" in told.care[0]
    assert (told.exercises, told.pain, told.calendar, told.steps) == ((), None, (), ())


def test_a_clinician_who_looked_brings_it_back() -> None:
    journal = [a_day(ago(3), red_flags=("foot_drop",))]
    seen = clear(ago(1), BIRD_DOG, DOSE, "Dr. Ito", "looked at it", [(ago(3), "foot_drop")])
    assert progress(growing(), journal, [seen], TODAY).exercises


def test_capacity_that_moved_is_told_with_its_probability() -> None:
    told = progress(breaking(24), (), (), TODAY)
    found = told.exercises[0].capacities[0]
    assert found.capacity.sentence == MOVED
    assert re.fullmatch(
        r"Bird dog: form breaks later, at about \d+ reps, \d+ to \d+", told.headline.text
    )
    assert "moved farther away (probability" in told.headline.detail


def test_capacity_that_came_closer_is_a_warning() -> None:
    told = progress(breaking(24, 12.0, 6.0), (), (), TODAY)
    assert told.headline.text.startswith("Bird dog: form breaks sooner, at about ")
    assert "came closer (probability" in told.headline.detail
    assert told.headline.tone == "caution"


def test_left_beside_right_and_a_range_for_each() -> None:
    sets = shuffled_sides(growing(12, exercise="seated_rotation"), 9.0)
    found = progress(sets, (), (), TODAY).exercises[0]
    assert [one.side for one in found.ranges] == ["left", "right"]
    assert [one.title[-6:] for one in found.ranges] == [", left", " right"]
    assert found.apart is not None
    assert found.apart.sentence == "left moves further"
    assert len(found.capacities) == 1


def test_an_exercise_on_one_side_is_followed_by_side() -> None:
    left, right = (
        [replace(one, recording=f"{one.recording} {side}",
                 reps=tuple(replace(rep, side=side) for rep in one.reps))
         for one in growing(9, exercise="side_lying_leg_lift")]
        for side in ("left", "right")
    )  # fmt: skip
    found = progress(left + right, (), (), TODAY).exercises[0]
    assert [one.side for one in found.capacities] == ["left", "right"]
    assert [len(one.values) for one in found.ranges] == [9, 9]


def test_a_hold_has_seconds_and_no_range() -> None:
    sets = [a_set(day, exercise="side_plank", good_s=30.0, planned=30.0) for day in days(5)]
    found = progress(sets, (), (), TODAY).exercises[0]
    assert found.ranges == ()
    assert found.capacities[0].capacity.unit == "s"
    assert found.capacities[0].band is not None


def test_an_exercise_counted_in_other_units_uses_its_own_range() -> None:
    reps = tuple(RepRecord(n, None, True, None, 90.0, {"range": 40.0 + n}) for n in range(1, 7))
    sets = [replace(a_set(day, exercise="segmental_bridge"), reps=reps) for day in days(6)]
    found = progress(sets, (), (), TODAY).exercises[0].ranges[0]
    assert found.followed.unit == "% trunk"
    assert found.values[0].value == 43.0
    assert found.milestone is None


def test_an_exercise_of_ones_own_gets_the_largest_error() -> None:
    told = progress(growing(8, exercise="mine"), (), (), TODAY)
    found = told.exercises[0].ranges[0]
    assert found.sem == 9.0
    assert found.band is None
    assert told.steps == ()


def test_variants_are_not_mixed() -> None:
    sets = growing(6) + growing(8, variant="sitting on a ball")
    found = progress(sets, (), (), TODAY).exercises
    assert [one.name for one in found] == [
        "Seated thoracic extension (sitting on a ball)",
        "Seated thoracic extension",
    ]


def test_camera_set_ups_have_a_line_each() -> None:
    sets = growing(16)
    moved = sets[:8] + [replace(ranged_more(one, 10.0), block=2) for one in sets[8:]]
    one = progress(sets, (), (), TODAY).exercises[0].ranges[0]
    two = progress(moved, (), (), TODAY).exercises[0]
    assert [line.block for line in two.ranges[0].lines] == [1, 2]
    assert two.ranges[0].gain.estimate == pytest.approx(one.gain.estimate, abs=2.0)
    assert [(s.block, s.days) for s in two.setups] == [(1, 8), (2, 8)]
    for line in two.ranges[0].lines:
        assert all(
            low < middle < high
            for low, middle, high in zip(line.low, line.middle, line.high, strict=True)
        )


def test_every_value_has_an_error() -> None:
    sets = [*growing(8), ranged(TODAY, None)]
    found = progress(sets, (), (), TODAY).exercises[0].ranges[0]
    assert found.errors[-1] is None
    assert all(error is not None and error >= found.sem for error in found.errors[:-1])


def test_repeated_set_ups_teach_the_error_and_are_no_sessions() -> None:
    sets = growing(4)
    again = [replace(one, repeat=True, recording=f"{one.recording} again") for one in sets]
    found = progress(sets + again, (), (), TODAY).exercises[0].ranges[0]
    assert found.repeats == 4
    assert found.sem < 2.9
    assert len(found.values) == 4


def test_the_calendar_has_sets_and_lights() -> None:
    sets = [a_set(ago(5)), a_set(ago(3), stopped=5), a_set(ago(1), stopped=3, kind="pain")]
    told = progress(sets, [a_day(ago(3), worst=4), a_day(ago(2))], (), TODAY)
    assert [(v.day, v.sets, v.light, v.ended) for v in told.calendar] == [
        (ago(5), 1, None, None),
        (ago(3), 1, "amber", "form"),
        (ago(2), 0, "green", None),
        (ago(1), 1, None, "pain"),
    ]
    assert told.training == (ago(5), ago(3), ago(1))


def test_missing_mornings_are_asked_for() -> None:
    told = progress([a_set(ago(1))], [a_day(ago(1), next_morning=None)], (), TODAY)
    assert told.pain is not None
    assert told.pain.missing == (ago(1),)
    assert told.pain.days[0].light == "open"


def test_an_old_step_up_is_not_told_in_pain() -> None:
    sets, journal = [a_set(ago(4)), a_set(ago(1))], [a_day(ago(1), worst=7)]
    told = progress(sets, journal, [step(ago(2))], TODAY)
    assert [one.standing.step for one in told.steps] == ["regress"]
    assert told.steps[0].changed == step(ago(2))


def test_what_lies_ahead_is_not_looked_at() -> None:
    ahead = TODAY + timedelta(days=1)
    later = [ranged(ahead, 80.0)], [a_day(ahead, red_flags=("foot_drop",))], [step(ahead)]
    sets = growing(8)
    assert progress([*sets, *later[0]], later[1], later[2], TODAY) == progress(sets, (), (), TODAY)


def test_the_order_of_what_is_given_does_not_matter() -> None:
    sets, journal = growing(9) + breaking(9), pains([3, 2, 2, 1, 1, 1])
    assert progress(sets[::-1], journal[::-1], (), TODAY) == progress(sets, journal, (), TODAY)


def test_the_version_of_midback_is_told() -> None:
    sets = [ranged(ago(3), 20.0, version="0.7"), ranged(ago(1), 20.0), ranged(ago(2), 20.0)]
    assert progress(sets, (), (), TODAY).versions == ("0.6", "0.7")
    assert sets[0].exercise == EXTENSION
