"""All rules of the plan, on one page: the first that applies decides.

Each is a pure function from the evidence to the facts that make it apply, sentences, none where
it does not. Sources are of science.md; a design choice waits for a clinician's signature.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from midback.history.plan import facts
from midback.history.plan.dose import harder
from midback.history.plan.evidence import (
    GAP_DAYS,
    PAIN_NOW,
    SESSIONS,
    Evidence,
    good,
    lights,
    planned,
)
from midback.history.records import SetRecord, Step

LEAST_FRESH = 75.0
EARLY = 0.6

Facts = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Rule:
    """key: as stored. step: what it leads to. says: the rule in words. source: where from."""

    key: str
    step: Step
    says: str
    source: str
    applies: Callable[[Evidence], Facts]


def _red_flag(evidence: Evidence) -> Facts:
    return tuple(facts.flag(day, flag) for day, flag in evidence.flags)


def _pain_now(evidence: Evidence) -> Facts:
    red = [facts.pain(e) for e in lights(evidence, "red") if e.day == evidence.today]
    ended = [one for one in evidence.ended_by_pain if one.performed.date() == evidence.today]
    return (*red, *map(facts.ended_by_pain, ended))


def _pain_red(evidence: Evidence) -> Facts:
    return tuple(map(facts.pain, lights(evidence, "red")))


def _pain_stop(evidence: Evidence) -> Facts:
    return tuple(map(facts.ended_by_pain, evidence.ended_by_pain))


def _pain_amber_twice(evidence: Evidence) -> Facts:
    amber = lights(evidence, "amber")
    return tuple(map(facts.pain, amber)) if len(amber) >= 2 else ()


def _red_early_twice(evidence: Evidence) -> Facts:
    last = [facts.red_early(one, asked) for one, asked in _last_two(evidence)]
    return tuple(last) if len(last) == 2 else ()


def _long_gap(evidence: Evidence) -> Facts:
    last = evidence.last_day
    if last is None or (evidence.today - last).days < GAP_DAYS:
        return ()
    eased = evidence.eased is not None and evidence.eased > last
    return () if eased else (facts.gap(last, evidence.today),)


def _too_few(evidence: Evidence) -> Facts:
    return () if evidence.window else (facts.too_few(evidence.sessions),)


def _pain_amber(evidence: Evidence) -> Facts:
    amber = [entry for entry in lights(evidence, "amber") if entry.day >= _from(evidence)]
    return tuple(map(facts.pain, amber))


def _pain_elsewhere(evidence: Evidence) -> Facts:
    found = [one for one in evidence.elsewhere if one.performed.date() >= _from(evidence)]
    return tuple(map(facts.ended_by_pain, found))


def _uncovered(evidence: Evidence) -> Facts:
    return tuple(facts.uncovered(s) for s in evidence.window if not s.covered)


def _pain_unknown(evidence: Evidence) -> Facts:
    green = {entry.day for entry in lights(evidence, "green")}
    return tuple(facts.pain_unknown(s.day) for s in evidence.window if s.day not in green)


def _pain_rising(evidence: Evidence) -> Facts:
    days = {session.day for session in evidence.window}
    worst = [(e.day, e.worst) for e in evidence.pain if e.day in days and e.worst is not None]
    risen = bool(worst) and worst[-1][1] > worst[0][1]
    return (facts.rising(worst[0], worst[-1]),) if risen else ()


def _red_often(evidence: Evidence) -> Facts:
    window = evidence.window
    ended = [s for s in window if not s.without_red]
    of_last = [s for s in window[-SESSIONS:] if not s.without_red]
    often = 3 * len(ended) > len(window) or len(of_last) > 1
    return tuple(map(facts.red, ended)) if often else ()


def _fresh_low(evidence: Evidence) -> Facts:
    low = [s for s in evidence.window if s.fresh is not None and s.fresh < LEAST_FRESH]
    return tuple(facts.fresh_low(s, LEAST_FRESH) for s in low)


def _fresh_below_usual(evidence: Evidence) -> Facts:
    scored = [s for s in evidence.window if s.fresh is not None]
    if not scored or evidence.usual is None or scored[-1].fresh is None:
        return ()
    error = scored[-1].sets[0].score_se or 0.0
    below = scored[-1].fresh < evidence.usual - error
    return (facts.below_usual(scored[-1], evidence.usual, error),) if below else ()


def _other_step(evidence: Evidence) -> Facts:
    return tuple(map(facts.other_step, evidence.others))


def _top(evidence: Evidence) -> Facts:
    step = harder(evidence.dose, evidence.exercise, facts.reached_deg(evidence.window))
    return (facts.at_top(evidence.dose, evidence.exercise),) if step is None else ()


def _ready(evidence: Evidence) -> Facts:
    return facts.ready(evidence)


RULES: tuple[Rule, ...] = (
    Rule("red_flag", "seek_care", "A red flag ends in care, whatever else is good.",
         "G, F53", _red_flag),
    Rule(PAIN_NOW, "regress", "Red pain today, or a set today that pain ended: step back.",
         "G, F34", _pain_now),
    Rule("pain_red", "regress", "Pain was red once since the last change: step back.",
         "G, F34", _pain_red),
    Rule("pain_stop", "regress", "Pain ended a set since the last change: step back.",
         "G, E2 (d)", _pain_stop),
    Rule("pain_amber_twice", "regress", "Pain was amber twice since the last change: step back.",
         "G, F34", _pain_amber_twice),
    Rule("red_early_twice", "regress",
         "Form ended two sets running before 60 % of the plan: step back.", "G", _red_early_twice),
    Rule("long_gap", "regress", "Two weeks or more without it: restart one step easier.",
         "design choice", _long_gap),
    Rule("too_few", "hold", "A step needs three sessions over seven days since the last change.",
         "G", _too_few),
    Rule("pain_amber", "hold", "Pain was amber: no step up.", "G, F34", _pain_amber),
    Rule("pain_elsewhere", "hold", "Pain ended a set of another exercise: no step up.",
         "design choice", _pain_elsewhere),
    Rule("uncovered", "hold", "Form that could not be judged is no ground for a step up.",
         "G", _uncovered),
    Rule("pain_unknown", "hold",
         "A step needs green pain for every session, with its next morning.", "G", _pain_unknown),
    Rule("pain_rising", "hold", "Pain rose over these sessions: no step up.", "G", _pain_rising),
    Rule("red_often", "hold",
         "The plan must be done before form ends the set in two of three sessions.",
         "G", _red_often),
    Rule("fresh_low", "hold", "The first repetitions must score 75 or more.", "G", _fresh_low),
    Rule("fresh_below_usual", "hold",
         "The first repetitions must not score below your own median less one standard error.",
         "G", _fresh_below_usual),
    Rule("other_step", "hold", "One change at a time, two days apart, so that pain has one cause.",
         "design choice", _other_step),
    Rule("top", "hold", "The last step of this exercise is reached: keep it.",
         "design choice", _top),
    Rule("ready", "progress", "All conditions of a step up are met: one small step.", "G", _ready),
)  # fmt: skip


def deciding(evidence: Evidence) -> tuple[Rule, Facts]:
    """The first rule that applies, with its facts. `ready` always does."""
    for rule in RULES:
        found = rule.applies(evidence)
        if found:
            return rule, found
    raise AssertionError("the last rule applies to all")


def _from(evidence: Evidence) -> date:
    """First day of the sessions that a step up would rest on."""
    return evidence.window[0].day


def _last_two(evidence: Evidence) -> list[tuple[SetRecord, float]]:
    """The last two sets since the last change, where form ended them before 60 % of the plan."""
    asked = facts.asked(evidence)
    found = [(one, planned(one, asked)) for one in evidence.latest[-2:] if one.stop is not None]
    return [(one, of) for one, of in found if good(one) < EARLY * of]
