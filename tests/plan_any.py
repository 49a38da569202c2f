"""Hypothesis strategies: histories of any kind, often enough good ones for a step up."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from hypothesis import strategies as st
from plan_case import BIRD_DOG, a_day, a_set, ago, step

from midback.history.plan.evidence import named
from midback.history.records import Decision, Dose, JournalEntry, SetRecord

PAIN = st.sampled_from([None, 0.0, 1.0, 2.0, 3.0, 3.5, 4.0, 5.0, 6.0, 10.0])
CALM = st.sampled_from([0.0, 1.0, 2.0])
PAST = st.integers(0, 30).map(ago)
SEEN = ("seen", *(named(ago(n), "night_pain") for n in range(40)))


def mostly(usual: Any, rare: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    """The usual value nine times of ten: else hardly any history would lead to a step up."""
    return st.integers(0, 9).flatmap(lambda n: rare if n == 9 else st.just(usual))


STEADY = ([ago(n) for n in (9, 5, 2)], [ago(n) for n in (12, 10, 8, 6, 4, 2)])


@st.composite
def some_sets(draw: st.DrawFn) -> list[SetRecord]:
    found = []
    anyhow = st.lists(PAST, max_size=9, unique=True)
    for order, day in enumerate(draw(st.sampled_from(STEADY) | anyhow), 1):
        kind = draw(mostly("breakdown", st.just("pain")))
        found.append(
            a_set(
                day,
                order=order,
                reps=draw(mostly(9, st.integers(0, 12))),
                stopped=draw(mostly(None, st.integers(1, 9))),
                kind=kind,
                exercise=draw(mostly("bird_dog", st.just("squat"))),
                variant=draw(mostly("", st.sampled_from(BIRD_DOG.easier))),
                planned=draw(mostly(8.0, st.sampled_from([None, 5.0, 12.0]))),
                fresh=draw(mostly(88.0, st.sampled_from([None, 70.0, 76.0, 99.0]))),
                coverage=draw(mostly(0.9, st.sampled_from([0.0, 0.59, 0.61]))),
                can_judge=draw(mostly(True, st.just(False))),
            )
        )
    return found


@st.composite
def some_days(draw: st.DrawFn, of: list[SetRecord]) -> list[JournalEntry]:
    days = {one.performed.date() for one in of} | set(draw(st.lists(PAST, max_size=3)))
    calm = draw(st.integers(0, 2)) > 0
    return [
        JournalEntry(
            day,
            before=1.0 if calm else draw(PAIN),
            worst=2.0 if calm else draw(PAIN),
            after=draw(CALM) if calm else draw(PAIN),
            next_morning=1.0 if calm else draw(PAIN),
            sharp=False if calm else draw(mostly(False, st.just(True))),
            radiating=draw(mostly(False, mostly(False, st.just(True)))),
            red_flags=draw(mostly((), mostly((), st.just(("night_pain",))))),
        )
        for day in sorted(days)
    ]


@st.composite
def some_decisions(draw: st.DrawFn) -> list[Decision]:
    made = [
        step(
            draw(PAST | st.integers(0, 3).map(ago)),
            exercise=draw(st.sampled_from(["bird_dog", "squat", "squat"])),
            step=draw(st.sampled_from(["progress", "hold", "regress", "seek_care"])),
            rule=draw(st.sampled_from(["ready", "pain_now", "pain_red", "clinician", "cleared"])),
            by=draw(st.sampled_from([None, "Dr. Ito"])),
        )
        for _ in range(draw(st.sampled_from([0, 0, 1, 4])))
    ]
    return [replace(one, because=SEEN) if one.rule == "cleared" else one for one in made]


History = tuple[list[SetRecord], list[JournalEntry], list[Decision]]


@st.composite
def anything(draw: st.DrawFn) -> History:
    sets = draw(some_sets())
    return sets, draw(some_days(sets)), draw(some_decisions())


@st.composite
def one_thing_wrong(draw: st.DrawFn) -> History:
    """All that a step up needs, and one set, day or decision of any kind beside it."""
    days = draw(st.sampled_from(STEADY))
    sets, journal = [a_set(day) for day in days], [a_day(day) for day in days]
    decisions: list[Decision] = []
    match draw(st.sampled_from(["set", "day", "decision", "nothing"])):
        case "set":
            sets += [
                replace(one, recording="another", order=2, performed=one.performed.replace(hour=19))
                for one in draw(some_sets())[:1]
            ]
        case "day":
            pain = st.sampled_from([1.0, 3.5, 5.0, 7.0])
            other = JournalEntry(draw(st.integers(0, 16).map(ago)), worst=draw(pain))
            journal = [e for e in journal if e.day != other.day] + [other]
        case "decision":
            decisions += draw(some_decisions())[:1]
    return sets, journal, decisions


def histories() -> st.SearchStrategy[History]:
    return one_thing_wrong() | anything()


DOSES = st.builds(
    Dose,
    reps=mostly(8, st.integers(1, 14)),
    hold_s=st.sampled_from([None, 5.0]),
    lowering_s=st.sampled_from([None, 2.0, 4.0]),
    target_deg=st.sampled_from([None, 100.0, 139.0]),
    load_kg=st.sampled_from([None, 0.5, 5.0]),
    variant=mostly("", st.sampled_from([*BIRD_DOG.easier, *BIRD_DOG.harder])),
)


DAILY = st.lists(
    st.tuples(
        st.booleans(),
        mostly(None, st.integers(1, 8)),
        mostly("breakdown", st.just("pain")),
        mostly(2.0, PAIN),
        mostly(1.0, PAIN),
    ),
    min_size=25,
    max_size=35,
)
