"""The one sentence on top: the most important thing, and never more than is known."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

from midback import words
from midback.history.capacity import CLOSER, MOVED
from midback.history.gains import Gain
from midback.history.journal import NOISE
from midback.history.progress.parts import (
    CapacityProgress,
    ExerciseProgress,
    Headline,
    PainProgress,
    RangeProgress,
    Tone,
)
from midback.history.red_flags import SEEK_CARE

RECENT_DAYS = 2
"""A red day counts as now for as long."""


def care_headline() -> Headline:
    """What stands in the place of everything else."""
    text, _, detail = SEEK_CARE.partition(": ")
    return Headline(text, words.sentence(detail), "stop")


def headline(
    exercises: Sequence[ExerciseProgress], pain: PainProgress | None, today: date
) -> Headline:
    """Pain first, then losses, gains, capacity, less pain, and what is not known yet."""
    found = (
        *_painful(pain, today),
        *_real(exercises),
        *_moved(exercises),
        *_less_pain(pain),
        *_likely(exercises),
        *_unknown(exercises),
    )
    nothing = Headline("No sets yet", "Store the first one: midback score ... --person.", "plain")
    return next(iter(found), nothing)


def amount(gain: Gain, unit: str) -> str:
    """`7° more, 4° to 10°`: the change and its 95 % interval, counted in its own direction."""
    middle, low, high = gain.estimate or 0.0, gain.low or 0.0, gain.high or 0.0
    less = middle < 0
    low, high = (-high, -low) if less else (low, high)
    size = words.quantity(abs(middle), unit)
    return f"{size} {'less' if less else 'more'}, {interval(low, high, unit)}"


def interval(low: float, high: float, unit: str) -> str:
    """`4° to 10°`, `2 to 5 % of trunk length`."""
    return words.span(low, high, unit).removeprefix("from ")


def breaks_at(found: CapacityProgress) -> str:
    """`breaks at about 9 reps, 7 to 12`: now, with its 95 % interval."""
    now = found.capacity.curve[-1]
    unit = found.capacity.unit or "reps"
    span = f"{words.number(now.low)} to {words.number(now.high)}"
    return f"breaks at about {words.number(now.median)} {unit}, {span}"


def farther(found: CapacityProgress) -> str:
    """`moved farther away (probability 96 %)`."""
    probability = found.capacity.farther or 0.0
    away = found.capacity.sentence != CLOSER
    told = percent(probability if away else 1 - probability)
    what = "" if found.capacity.sentence in (MOVED, CLOSER) else " that it did"
    return f"{found.capacity.sentence} (probability{what} {told})"


def percent(probability: float) -> str:
    """Never 0 or 100 %: nothing here is that sure."""
    if probability > 0.99:
        return "over 99 %"
    return "under 1 %" if probability < 0.01 else f"{100 * probability:.0f} %"


def _painful(pain: PainProgress | None, today: date) -> Iterator[Headline]:
    if pain is None:
        return
    red = [one for one in pain.days if one.light == "red"]
    if red and (today - red[-1].entry.day).days <= RECENT_DAYS:
        day = f"{red[-1].entry.day.day} {red[-1].entry.day:%B}"
        yield Headline(
            "Pain comes first",
            f"It was red on {day}. A step back comes before any gain; see what is next.",
            "caution",
        )
    if pain.lately is not None and pain.lately.word == "rising":
        means = f"{pain.lately.before:.1f} to {pain.lately.now:.1f} of 10"
        detail = f"Worst pain of the last three days against the three before: {means}."
        yield Headline("Pain is rising", detail, "caution")


def _real(exercises: Sequence[ExerciseProgress]) -> Iterator[Headline]:
    """Losses first, then the largest gain for its interval."""
    found = [pair for pair in _ranges(exercises) if pair[1].gain.kind == "real"]
    for name, one in sorted(found, key=lambda pair: _order(pair[1].gain)):
        better = (one.gain.estimate or 0.0) > 0
        text = f"{one.title}: {one.gain.sentence}, {amount(one.gain, one.followed.unit)}"
        yield Headline(text, _over(one), "good" if better else "caution", name)


def _moved(exercises: Sequence[ExerciseProgress]) -> Iterator[Headline]:
    told: tuple[tuple[str, str, Tone], ...] = (
        (CLOSER, "sooner", "caution"),
        (MOVED, "later", "good"),
    )
    for sentence, when, tone in told:
        for exercise in exercises:
            for one in exercise.capacities:
                if one.capacity.sentence == sentence:
                    side = f", {one.side}" if one.side else ""
                    at = breaks_at(one).removeprefix("breaks ")
                    text = f"{exercise.title}{side}: form breaks {when}, {at}"
                    detail = f"The point where form breaks {farther(one)}."
                    yield Headline(text, detail, tone, exercise.exercise)


def _less_pain(pain: PainProgress | None) -> Iterator[Headline]:
    if pain is not None and pain.since_start is not None and pain.since_start.matters:
        change = pain.since_start
        means = f"Worst pain {change.before:.1f} in the first three days, {change.now:.1f} in the"
        detail = f"{means} last three, of 10; means of three differ by up to {NOISE:.1f} by chance."
        yield Headline("Less pain than at the start", detail, "good")


def _likely(exercises: Sequence[ExerciseProgress]) -> Iterator[Headline]:
    found = [pair for pair in _ranges(exercises) if pair[1].gain.kind == "likely"]
    for name, one in sorted(found, key=lambda pair: _order(pair[1].gain)):
        text = f"{one.title}: {one.gain.sentence}"
        told = words.sentence(f"so far {amount(one.gain, one.followed.unit)}")
        yield Headline(text, f"{told} {_until(one.gain)}".strip(), "plain", name)


def _unknown(exercises: Sequence[ExerciseProgress]) -> Iterator[Headline]:
    ranges = list(_ranges(exercises))
    for name, one in ranges:
        if one.gain.kind == "noise":
            text = f"{one.title}: within measurement noise"
            told = words.sentence(f"so far {amount(one.gain, one.followed.unit)}")
            yield Headline(text, f"{told} {_over(one)}", "plain", name)
    needs = [one.gain.needs for _, one in ranges if one.gain.estimate is None]
    needs += [one.capacity.needs for each in exercises for one in each.capacities]
    if known := [one for one in needs if one]:
        more = words.plural(min(known), "more session")
        detail = "A first figure with its interval needs them; one good day proves nothing."
        yield Headline(f"Too early to say: {more}", detail, "plain")
    elif exercises:
        yield Headline("Nothing to tell yet", "Keep going; see what is next.", "plain")


def _ranges(exercises: Sequence[ExerciseProgress]) -> Iterator[tuple[str, RangeProgress]]:
    return ((exercise.exercise, one) for exercise in exercises for one in exercise.ranges)


def _order(gain: Gain) -> tuple[bool, float]:
    """Less before more, then the surest first."""
    estimate, low, high = gain.estimate or 0.0, gain.low or 0.0, gain.high or 0.0
    return estimate > 0, -abs(estimate) / max(high - low, 1e-9)


def _over(one: RangeProgress) -> str:
    """How long, how often, and from which size on a change is more than noise."""
    gain = one.gain
    noise = words.quantity(gain.mdc or 0.0, one.followed.unit)
    setups = f", {gain.blocks} camera set-ups" if gain.blocks > 1 else ""
    return (
        f"Over {gain.weeks:.1f} weeks and {gain.sessions} counted sessions{setups}. "
        f"Changes below {noise} could be measurement noise."
    )


def _until(gain: Gain) -> str:
    if not gain.needs:
        return ""
    return f"At this pace about {words.plural(gain.needs, 'more session')} until it is sure."
