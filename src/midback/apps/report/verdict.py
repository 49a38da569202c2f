"""The one sentence a person should take away, and the facts right under it."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from midback import words
from midback.form.baseline import FRESH
from midback.form.holds import BASELINE_EPOCHS, EPOCH_S, SETTLE_S
from midback.form.score import LEAST_COVERAGE
from midback.kinematics import ANGLES
from midback.outcome import LEAST_HOLD_S
from midback.result import Deduction, Hold, Rep, Result, Stop

if TYPE_CHECKING:
    from midback.exercises import Exercise

WORTH_POINTS = 5.0  # a fault that costs this many points per repetition is named in the verdict
FADED = 10.0  # points lost from the first to the last repetitions
BASELINE_S = SETTLE_S + BASELINE_EPOCHS * EPOCH_S
LONGEST_REASON = 60  # characters of a reason that still fit into the headline


@dataclass(frozen=True, slots=True)
class Fact:
    """One figure of the summary, already in words; note may be empty."""

    label: str
    value: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class Verdict:
    """mark decides symbol and colour: stop octagon, caution triangle, good disc."""

    mark: Literal["stop", "caution", "good"]
    headline: str
    why: str
    cue: str
    when: str
    symbol: str


def verdict(result: Result, exercise: Exercise) -> Verdict:
    """Say in one sentence how the set went. Never green where form was not judged."""
    if result.stop is not None:
        return _stopped(result.stop, result)
    if result.hold is not None:
        return _held(result, exercise)
    if not result.reps:
        return _nothing_counted(result, exercise)
    if result.score.set is None or not result.can_judge:
        return _not_judged(result, exercise)
    return _judged(result, exercise)


def _judged(result: Result, exercise: Exercise) -> Verdict:
    """No stop, and enough was measured: something faded, something to work on, or nothing."""
    done, worst, fade = complete(result.reps), costliest(result.reps), result.score.fade
    if fade is not None and fade >= FADED and result.score.last is not None:
        why = f"The score fell from {result.score.fresh:.0f} to {result.score.last:.0f}."
        headline = f"{words.plural(done, 'rep')}. Form faded towards the end."
        return Verdict("caution", headline, why, worst.cue if worst else "", "", "!")
    if worst is not None:
        said = words.fault(exercise, worst.feature, worst.value, worst.unit)
        headline = f"{words.plural(done, 'rep')}. One thing to work on: {said}."
        return Verdict("caution", headline, _watched(result, exercise), worst.cue, "", "!")
    if result.judged_reps > 0:
        headline = f"{words.plural(done, 'rep')}, form stayed as it began."
        return Verdict("good", headline, _watched(result, exercise), "", "", "")
    if done <= baseline_reps(exercise):
        headline = f"{words.plural(done, 'rep')}, no fault seen. Too few to see fading."
        return Verdict("caution", headline, _watched(result, exercise), "", "", "?")
    headline = f"{words.plural(done, 'rep')}, no fault seen. Fading could not be judged."
    why = words.sentence(_unmeasured_reason(result, exercise) or "")
    return Verdict("caution", headline, why, "", "", "?")


def _held(result: Result, exercise: Exercise) -> Verdict:
    """A hold that was not stopped. Green only where it was long enough to be judged."""
    assert result.hold is not None
    held = result.hold.total_s
    if held < LEAST_HOLD_S:
        return _nothing_counted(result, exercise)
    said = f"Held for {words.clock(held)}"
    if not result.can_judge:
        reason = words.sentence(_unmeasured_reason(result, exercise) or "")
        return Verdict("caution", f"{said}. Form could not be judged.", reason, "", "", "?")
    if held < BASELINE_S:
        why = f"The first {BASELINE_S:.0f} seconds are your own baseline."
        return Verdict("caution", f"{said}. Too short to see fading.", why, "", "", "?")
    why = "Compared with your own first seconds. Whether those were good is not judged."
    return Verdict("good", f"{said}, form stayed as it began.", why, "", "", "")


def facts(result: Result) -> list[Fact]:
    """Return at most four figures: repetitions, good ones, score, time."""
    if result.hold is not None:
        return _hold_facts(result.hold)
    reps, score = result.reps, result.score
    partial = len(reps) - complete(reps)
    found = [Fact("Repetitions", str(len(reps)), f"{partial} cut short" if partial else "")]
    if result.stop is not None:
        good = sum(1 for rep in reps if rep.complete and rep.index < result.stop.rep)
        found.append(Fact("Before the stop", str(good), "this is your set"))
    if score.set is not None:
        fading = score.fade is not None and score.fade >= WORTH_POINTS
        note = f"{score.fresh:.0f} at first, {score.last:.0f} at the end" if fading else "of 100"
        label = "Form score" if result.stop is None else "Form score before the stop"
        found.append(Fact(label, f"{score.set:.0f}", note))
    if reps:
        lasted = reps[-1].end_s - reps[0].start_s
        found.append(Fact("Time", words.clock(lasted), "first rep to last"))
    return found


def _hold_facts(hold: Hold) -> list[Fact]:
    found = [Fact("Held", words.clock(hold.total_s))]
    if hold.good_s < hold.total_s:
        found.append(Fact("In good form", words.clock(hold.good_s), "this is your set"))
    return found


def complete(reps: tuple[Rep, ...]) -> int:
    """How many repetitions went the whole way."""
    return sum(1 for rep in reps if rep.complete)


def costliest(reps: tuple[Rep, ...]) -> Deduction | None:
    """Return the fault that cost most in all, at its worst; None below 5 points per repetition."""
    total: dict[str, float] = defaultdict(float)
    taken = [deduction for rep in reps for deduction in rep.deductions]
    for deduction in taken:
        total[deduction.feature] += deduction.points
    if not total:
        return None
    feature = max(total, key=lambda name: total[name])
    if total[feature] / len(reps) < WORTH_POINTS:
        return None
    return max((d for d in taken if d.feature == feature), key=lambda d: d.points)


def _stopped(stop: Stop, result: Result) -> Verdict:
    match stop.kind:
        case "partial":
            cause = "the movement became too short"
        case "pain":
            cause = "pain came up"
        case _:
            cause = words.region_failed(stop.region)
    when = f"at rep {stop.rep}"
    if result.hold is not None:
        when = f"after {words.clock(result.hold.good_s)}"
        when += "" if stop.kind == "pain" else " of good form"
    return Verdict(
        mark="stop",
        headline=f"Stop {when}: {cause}.",
        why=result.story or words.sentence(stop.evidence),
        cue=stop.cue,
        when=words.clock(stop.time_s),
        symbol=str(stop.rep) if result.hold is None else "!",
    )


def _nothing_counted(result: Result, exercise: Exercise) -> Verdict:
    """Name what hid the movement itself, before guessing at the exercise's name."""
    primary = result.angles.get(exercise.primary.angle)
    hidden = primary.reason if primary is not None and primary.status == "not_measurable" else None
    why = hidden or next(iter(result.warnings), None)
    return Verdict(
        mark="caution",
        headline="No repetitions found." if result.hold is None else "No hold found.",
        why=words.sentence(why or f"No movement was large enough for {exercise.title}"),
        cue="",
        when="",
        symbol="0",
    )


def _not_judged(result: Result, exercise: Exercise) -> Verdict:
    counted = f"{words.plural(len(result.reps), 'rep')} counted. Form could not be judged"
    needed = baseline_reps(exercise)
    lost = _lost_weights(result, exercise)
    total = sum(feature.weight for feature in exercise.features)
    if sum(lost.values()) <= (1 - LEAST_COVERAGE) * total and complete(result.reps) < needed:
        sides = f", {FRESH} on each side" if exercise.primary.alternates else ""
        why = f"Your first {needed} whole reps{sides} become your own baseline, and here are fewer"
        return Verdict("caution", f"{counted}: too few.", words.sentence(why), "", "", "?")
    reason = _unmeasured_reason(result, exercise)
    percent = round(100 * result.score.coverage)
    share = f"only {percent} %" if percent else "nothing"
    measured = f"{share} of what the score needs could be measured"
    if reason is not None and len(reason) <= LONGEST_REASON:
        headline, why = f"{counted}: {reason.rstrip('.')}.", words.sentence(measured)
    else:
        headline, why = f"{counted}.", words.sentence(reason or measured)
    return Verdict("caution", headline, why, "", "", "?")


def _unmeasured_reason(result: Result, exercise: Exercise) -> str | None:
    """Why most of the score could not be measured: the thing to change before next time.

    What only the exercise's other camera view shows is no reason to leave this one.
    """
    lost = _lost_weights(result, exercise)
    if lost:
        return max(lost, key=lambda reason: lost[reason])
    return next(iter(result.warnings), None)


def _lost_weights(result: Result, exercise: Exercise) -> dict[str, float]:
    """Score weight that each reason cost."""
    lost: dict[str, float] = defaultdict(float)
    for feature in exercise.features:
        summary = result.angles.get(feature.angle)
        if summary is not None and summary.status == "not_measurable" and summary.reason:
            if _of_another_view(feature.angle, result.view.name, exercise):
                continue
            lost[summary.reason] += feature.weight
    return dict(lost)


def _of_another_view(angle: str, view: str, exercise: Exercise) -> bool:
    if view not in exercise.views:
        return False
    needs = ANGLES[angle].view
    return (needs == "frontal" and view == "side") or (needs == "side" and view != "side")


def watched_angles(exercise: Exercise) -> list[str]:
    """Names of the angles on show: primary, upper back, lower back, then the other features'."""
    names = [exercise.primary.angle, "thoracic_extension", "lumbar_arch"]
    names += [feature.angle for feature in exercise.features]
    return list(dict.fromkeys(names))


def baseline_reps(exercise: Exercise) -> int:
    """How many repetitions make the own baseline: four, on each side where sides take turns."""
    return FRESH * (2 if exercise.primary.alternates else 1)


def _watched(result: Result, exercise: Exercise) -> str:
    sides = " on each side" if exercise.primary.alternates else ""
    if result.judged_reps == 0:
        return (
            f"The first {FRESH} reps{sides} are your own baseline; "
            "fading form shows only after them."
        )
    return (
        f"{words.plural(result.judged_reps, 'rep')} compared with your own first {FRESH}{sides}: "
        "none broke away. Whether those first ones were good is not judged."
    )
