"""From a rule's call to the stop that a person reads: what broke, by how much, what to do."""

from __future__ import annotations

from midback.events import Amber, Event
from midback.exercises import Exercise, Feature
from midback.form.baseline import Baseline
from midback.form.breakdown import Breakdown, RegionEvidence
from midback.form.holds import HoldStop
from midback.result import Stop
from midback.words import HEIGHTS, fault, quantity

_SHORT = "two repetitions in a row stayed below 70 % of your own range"
_PAIN = "you reported pain: it overrules everything that the camera sees"


def limit_stop(
    exercise: Exercise, rep: int, time_s: float, feature: Feature, change: float
) -> Stop:
    """A red limit was crossed for long enough inside a repetition."""
    said = fault(exercise, feature.name, change, feature.unit)
    limit = quantity(feature.red or 0.0, feature.unit)
    evidence = f"{said}, past the limit of {limit} for half a second"
    return Stop(rep, time_s, "limit", feature.region, feature.name, feature.cue, evidence)


def partial_stop(call: Breakdown, time_s: float) -> Stop:
    """Two repetitions in a row were cut short."""
    cue = "Rest: the last two did not reach your own range"
    return Stop(call.rep, time_s, "partial", call.region, None, cue, _SHORT)


def pain_stop(call: Breakdown, time_s: float) -> Stop:
    """The person reported pain that ends the set."""
    cue = "Rest. If it stays or spreads, talk to your physiotherapist"
    return Stop(call.rep, time_s, "pain", call.region, None, cue, _PAIN)


def breakdown_stop(
    exercise: Exercise,
    call: Breakdown,
    feature: Feature,
    change: float,
    time_s: float,
    own: Baseline | None,
) -> Stop:
    """The latest repetitions together left the person's own first ones."""
    said = fault(exercise, feature.name, change, feature.unit)
    more = "more " if feature.statistic in HEIGHTS else ""
    spread = f" (they differ by {quantity(own.sd, feature.unit)})" if own is not None else ""
    since = "earlier sets" if call.from_usual else "first repetitions"
    evidence = f"{said} {more}than in your {since}{spread}, and not only once"
    return Stop(call.rep, time_s, "breakdown", call.region, feature.name, feature.cue, evidence)


def hold_stop(exercise: Exercise, call: HoldStop, rep: int, time_s: float) -> Stop:
    """A hold left its own first seconds, or crossed a red limit."""
    feature = call.feature
    said = fault(exercise, feature.name, call.change, feature.unit)
    if call.kind == "limit":
        limit = quantity(feature.red or 0.0, feature.unit)
        evidence = f"{said}, past the limit of {limit}"
    else:
        more = "more " if feature.statistic in HEIGHTS else ""
        evidence = f"{said} {more}than in your first seconds, and it stayed so"
    return Stop(rep, time_s, call.kind, call.region, feature.name, feature.cue, evidence)


def ambers(rep: int, evidence: dict[str, RegionEvidence]) -> list[Event]:
    """What to mend while there is time, of the regions that ask for it."""
    return [
        Amber(rep, name, found.worst.name, found.worst.cue)
        for name, found in evidence.items()
        if found.amber
    ]
