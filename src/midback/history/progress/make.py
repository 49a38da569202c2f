"""From all that is stored of a person to what is told of it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import date

from midback.history.capacity import capacity, efforts
from midback.history.context import context
from midback.history.difference import Difference, difference
from midback.history.gains import gain, milestone
from midback.history.journal import known_by, lately, light, missing_mornings, response, since_start
from midback.history.plan.evidence import open_flags
from midback.history.plan.facts import flag
from midback.history.plan.milestones import less_pain
from midback.history.plan.review import review
from midback.history.plan.words import title
from midback.history.precision import personal_sem
from midback.history.progress.fitted import block_lines, session_errors
from midback.history.progress.followed import Followed, Strand, followed, held, one_sided, strands
from midback.history.progress.headline import care_headline, headline
from midback.history.progress.parts import (
    CapacityProgress,
    Ended,
    ExerciseProgress,
    NextStep,
    PainDay,
    PainProgress,
    Progress,
    RangeProgress,
    SetUp,
    Visit,
)
from midback.history.records import Decision, JournalEntry, SetRecord
from midback.history.regions import regions_over_time
from midback.history.values import session_values


def progress(
    sets: Sequence[SetRecord],
    journal: Sequence[JournalEntry],
    decisions: Sequence[Decision],
    today: date,
) -> Progress:
    """Everything that may be told on `today`, of what was known then; the order does not matter.

    Exercises come by how often they were done. With a red flag that nobody cleared there is only
    the way to care: no score, no gain.
    """
    entries = known_by(journal, today)
    made = tuple(one for one in decisions if one.day <= today)
    if flags := open_flags(entries, made):
        return Progress(today, care_headline(), tuple(flag(*one) for one in flags))
    known = sorted(
        (one for one in sets if one.performed.date() <= today),
        key=lambda one: (one.performed, one.order, one.recording),
    )
    groups: dict[tuple[str, str], list[SetRecord]] = defaultdict(list)
    for one in known:
        groups[one.exercise, one.variant].append(one)
    exercises = tuple(sorted(map(_exercise, groups.values()), key=lambda one: -one.days))
    pain = _pain(entries, today)
    return Progress(
        today,
        headline(exercises, pain, today),
        exercises=exercises,
        pain=pain,
        calendar=_calendar(known, entries),
        steps=_steps(today, known, entries, made),
        versions=tuple(sorted({one.version for one in known})),
    )


def _exercise(sets: list[SetRecord]) -> ExerciseProgress:
    """One exercise and variant."""
    name = sets[0].exercise
    what = followed(name)
    ranges = tuple(_range(strand, what) for strand in strands(sets)) if what else ()
    return ExerciseProgress(
        exercise=name,
        title=title(name),
        variant=sets[0].variant,
        days=len({one.performed.date() for one in sets}),
        sets=len(sets),
        ranges=ranges,
        apart=_apart(ranges),
        capacities=tuple(_capacity(strand, name) for strand in one_sided(sets)),
        regions=tuple(regions_over_time(sets)),
        setups=_setups(sets),
    )


def _range(strand: Strand, what: Followed) -> RangeProgress:
    quantity = strand.of(what)
    values = tuple(session_values(strand.sets, quantity))
    sem = personal_sem(strand.sets, quantity, what.usual)
    return RangeProgress(
        followed=what,
        side=strand.side,
        values=values,
        errors=session_errors(values, sem),
        lines=block_lines(values, sem),
        gain=gain(values, sem),
        milestone=milestone(values, sem) if what.unit == "deg" else None,
        sem=sem,
        repeats=sum(one.repeat for one in strand.sets),
        band=context(what.angle) if what.angle else None,
    )


def _apart(ranges: Sequence[RangeProgress]) -> Difference | None:
    sides = {one.side: one for one in ranges}
    if not {"left", "right"} <= sides.keys():
        return None
    sem = max(one.sem for one in ranges)
    return difference(sides["left"].values, sides["right"].values, sem)


def _capacity(strand: Strand, exercise: str) -> CapacityProgress:
    done = tuple(efforts(strand.sets))
    band = context(exercise) if held(exercise) else None
    return CapacityProgress(strand.side, done, capacity(done), band)


def _setups(sets: Sequence[SetRecord]) -> tuple[SetUp, ...]:
    blocks: dict[int, list[SetRecord]] = defaultdict(list)
    for one in sets:
        blocks[one.block].append(one)
    return tuple(
        SetUp(number, days[0], days[-1], len(set(days)), of_it[0].fingerprint)
        for number, of_it in sorted(blocks.items())
        for days in [[one.performed.date() for one in of_it]]
    )


def _pain(entries: Sequence[JournalEntry], today: date) -> PainProgress | None:
    if not entries:
        return None
    return PainProgress(
        days=tuple(PainDay(one, light(one), response(one)) for one in entries),
        since_start=since_start(entries, today),
        lately=lately(entries, today),
        milestone=less_pain(entries, today),
        missing=missing_mornings(entries, today),
    )


def _calendar(sets: Sequence[SetRecord], entries: Sequence[JournalEntry]) -> tuple[Visit, ...]:
    """Days on which something was done or entered, oldest first."""
    done: dict[date, list[SetRecord]] = defaultdict(list)
    for one in sets:
        done[one.performed.date()].append(one)
    lights = {entry.day: light(entry) for entry in entries}
    visits = []
    for day in sorted(done.keys() | lights.keys()):
        kinds = {one.stop.kind for one in done[day] if one.stop is not None}
        ended: Ended | None = "pain" if "pain" in kinds else "form" if kinds else None
        visits.append(Visit(day, len(done[day]), lights.get(day), ended))
    return tuple(visits)


def _steps(
    today: date,
    sets: Sequence[SetRecord],
    entries: Sequence[JournalEntry],
    decisions: Sequence[Decision],
) -> tuple[NextStep, ...]:
    """What stands today, so that a step up from the day before yesterday is not told in pain."""
    steps = []
    for one in review(today, sets, entries, decisions):
        mine = [d for d in decisions if d.exercise == one.exercise and d.before != d.after]
        changed = max(enumerate(mine), key=lambda pair: (pair[1].day, pair[0]), default=None)
        steps.append(NextStep(one, changed[1] if changed else None))
    return tuple(steps)
