"""What the terminal and the page both say of the weeks, in words: never a number by itself."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from midback import words
from midback.history.journal_lines import plain
from midback.history.plan import why_lines
from midback.history.progress import ExerciseProgress, NextStep, PainProgress, Progress, Visit
from midback.history.progress.headline import amount, breaks_at, farther, interval, percent
from midback.history.progress.parts import CapacityProgress, RangeProgress
from midback.history.records import JournalEntry
from midback.history.regions import RegionShare

WEEKS = 12
"""Weeks of the calendar that are shown."""

_ASKED = "80 % twice running and a real change are asked"
_IN_SIGHT = 0.2
"""A milestone that is less likely than this is not told."""

LIGHTS = {"green": "✓", "amber": "▲", "red": "■", "open": "·"}
CALENDAR_LEGEND = "✓ green, ▲ amber, ■ red pain, · not entered, ! a set that pain ended"


Week = list[tuple[date, Visit | None]]


@dataclass(frozen=True, slots=True)
class Row:
    """One quantity. figure: with its interval, empty where it is not known. said: what it means,
    or what is missing. more: of how it is known.
    """

    title: str
    figure: str
    said: str
    more: str


def range_row(one: RangeProgress) -> Row:
    """The gain of one range."""
    gain, unit = one.gain, one.followed.unit
    if gain.estimate is None:
        return Row(one.title, "", f"too early: {words.plural(gain.needs or 1, 'more session')}",
                   gain.reason or "")  # fmt: skip
    more = f"changes below {words.quantity(gain.mdc or 0.0, unit)} could be noise"
    if gain.kind == "likely" and gain.needs:
        more += f"; about {words.plural(gain.needs, 'more session')} until it is sure"
    return Row(one.title, amount(gain, unit), gain.sentence or "", more)


def capacity_row(one: CapacityProgress) -> Row:
    """How long good form lasts."""
    held = one.capacity.unit == "s"
    title = "Good form, held" if held else "Good form, repetitions"
    title += f", {one.side}" if one.side else ""
    if not one.capacity.curve:
        needs = words.plural(one.capacity.needs, "more set")
        return Row(title, "", f"too early: {needs}", one.capacity.reason or "")
    return Row(title, breaks_at(one), farther(one), "")


def apart_row(one: ExerciseProgress) -> Row | None:
    """Left beside right; None where there are no sides."""
    if one.apart is None:
        return None
    found, unit = one.apart, one.ranges[0].followed.unit
    if found.estimate is None or found.low is None or found.high is None:
        return Row("Left beside right", "", "too early", found.reason or "")
    size = f"left {'more' if found.estimate >= 0 else 'less'} by"
    if round(found.estimate) == 0:
        size = "left as far as right:"
    less = found.estimate < 0
    low, high = (-found.high, -found.low) if less else (found.low, found.high)
    amount_apart = words.quantity(abs(found.estimate), unit)
    figure = f"{size} {amount_apart}, {interval(low, high, unit)}"
    noise = f"differences below {words.quantity(found.mdc or 0.0, unit)} could be noise"
    return Row("Left beside right", figure, found.sentence or "", noise)


def region_row(share: RegionShare) -> Row:
    """The region that failed first most often, with the interval of its share."""
    span = f"{percent(share.low)} to {percent(share.high)} of such sets"
    return Row("Fails first", words.region_name(share.region), share.sentence, span)


def rows(one: ExerciseProgress) -> list[Row]:
    """Everything about one exercise."""
    found = [range_row(each) for each in one.ranges]
    side = apart_row(one)
    found += [side] if side else []
    found += [capacity_row(each) for each in one.capacities]
    if one.regions:
        found.append(region_row(one.regions[-1].shares[0]))
    return found


@dataclass(frozen=True, slots=True)
class Told:
    """A next step: what to do, the facts, and the rule that made it."""

    what: str
    facts: tuple[str, ...]
    rule: str


def step(one: NextStep) -> Told:
    """What stands today for one exercise; where it only stays, the last change is told as well."""
    head, *lines = why_lines(one.standing)
    facts = [line.removeprefix("  - ") for line in lines if line.startswith("  - ")]
    changed = one.changed
    if changed is not None and changed != one.standing:
        facts.append(f"{changed.day}: {why_lines(changed)[0].partition(': ')[2]}")
    rule = next((line.strip().removeprefix("Rule: ") for line in lines if "Rule: " in line), "")
    said = (text.replace(" -> ", " → ") for text in facts)
    return Told(head.removeprefix(f"{one.standing.day} ").replace(" -> ", " → "), tuple(said), rule)


def milestones(told: Progress) -> list[tuple[bool, str]]:
    """Whether reached, and the sentence."""
    found = []
    for exercise in told.exercises:
        for one in exercise.ranges:
            mark = one.milestone
            if mark is None or mark.probability is None:
                continue
            if mark.reached is None and mark.probability < _IN_SIGHT:
                continue
            goal = f"{words.quantity(mark.amount, one.followed.unit)} more"
            now = f"probability now {percent(mark.probability)}"
            said = (
                f"reached on {mark.reached}; {now}" if mark.reached else f"not yet; {now}, {_ASKED}"
            )
            found.append((mark.reached is not None, f"{goal}, {one.title.lower()}: {said}"))
    if told.pain is not None and told.pain.milestone is not None:
        found.append((told.pain.milestone.reached, told.pain.milestone.says))
    return found


def pain_sentence(pain: PainProgress) -> str:
    """How the worst pain goes, three days against three."""
    if pain.since_start is None:
        missing = 6 - sum(one.entry.worst is not None for one in pain.days)
        return f"Too early for a trend: {words.plural(missing, 'more day')} with a worst pain."
    start = pain.since_start
    means = f"worst pain {start.before:.1f} in the first three days, {start.now:.1f} in the last"
    return f"{words.sentence(means)} Since the start: {start.word}."


def reminders(pain: PainProgress | None) -> list[str]:
    """What is still to be entered."""
    return [
        f"Still missing: how much it hurt on the morning after {day.day} {day:%B}, 0 to 10"
        for day in (pain.missing if pain else ())
    ]


def weekdays(found: Sequence[Week]) -> list[Week]:
    """All Mondays, all Tuesdays, and so on."""
    return [[week[n] for week in found] for n in range(7)]


def weeks(calendar: Sequence[Visit], today: date) -> list[Week]:
    """The last weeks, Monday first, from the first visit to this week."""
    if not calendar:
        return []
    monday = today - timedelta(days=today.weekday())
    begin = calendar[0].day - timedelta(days=calendar[0].day.weekday())
    begin = max(begin, monday - timedelta(weeks=WEEKS - 1))
    by_day = {visit.day: visit for visit in calendar}
    number = (monday - begin).days // 7 + 1
    return [
        [
            (day, by_day.get(day))
            for day in (begin + timedelta(weeks=week, days=n) for n in range(7))
        ]
        for week in range(number)
    ]


def cell(visit: Visit | None) -> str:
    """`2✓`: sets of the day and its light; `■` ended by pain is told by the light or by a mark."""
    if visit is None:
        return ""
    mark = LIGHTS[visit.light] if visit.light else "·"
    stopped = "!" if visit.ended == "pain" else ""
    return f"{visit.sets or ''}{mark}{stopped}"


def period(told: Progress) -> str:
    """`16 days of training in 5.4 weeks`."""
    days = told.training
    if not days:
        return ""
    much = words.plural(len(days), "day")
    lasted = (days[-1] - days[0]).days / 7
    return f"{much} of training in {lasted:.1f} weeks" if lasted else f"{much} of training"


def one_line(text: str) -> str:
    """Text of a person, safe for a terminal."""
    return plain(text)


def region(share: RegionShare) -> str:
    """`the lower back 4 of 6 (29 % to 91 %)`."""
    span = f"{percent(share.low)} to {percent(share.high)}"
    return f"{words.region_name(share.region)} {share.count} of {share.of} ({span})"


def remarks(entry: JournalEntry) -> str:
    """Where it hurt, how, and what else was said of the day."""
    said = [entry.where, "sharp" if entry.sharp else "", "radiating" if entry.radiating else ""]
    said += [entry.load, entry.note]
    return "; ".join(one_line(text) for text in said if text.strip())
