"""A result on a terminal: a table of repetitions, and a verdict that cannot be missed.

Nothing is told by colour alone: every coloured cell also has a word or a sign.
"""

from __future__ import annotations

from rich.console import Console, Group
from rich.panel import Panel
from rich.table import Table
from rich.text import Text

from midback.apps.report.verdict import Verdict, verdict
from midback.apps.run import Scored
from midback.exercises import Exercise
from midback.result import AngleSummary, Rep, Result
from midback.words import clock, fault, plural, quantity, region_name, turned, wording

_STYLES = {"stop": "bold white on red", "caution": "bold black on yellow", "good": "bold green"}
_SIGNS = {"stop": "■ STOP ■", "caution": "▲ NOTE", "good": "✓ GOOD"}
_OF_ALL = ("thoracic_extension", "lumbar_arch")
_STATUS = {"measured": "✓ measured", "proxy": "~ stand-in", "not_measurable": "✗ not measurable"}


def show_result(scored: Scored, console: Console) -> None:
    """Print repetitions, angles, warnings and score; the verdict comes last, where eyes rest."""
    result, exercise = scored.result, scored.exercise
    if result.reps and result.hold is None:
        console.print(rep_table(result, exercise))
    console.print(angle_table(result, exercise))
    for line in unmeasured_lines(result, exercise):
        console.print(line)
    for warning in result.warnings:
        console.print(Text(f"! {warning}", style="yellow"))
    console.print(Text(view_line(result), style="dim"))
    console.print(Text(held_line(result) or score_line(result), style="bold"))
    console.print(verdict_panel(result, verdict(result, exercise)))


def rep_table(result: Result, exercise: Exercise) -> Table:
    """One row per repetition; the one that calls the stop is marked, later ones are struck."""
    title = f"{exercise.title}: {plural(len(result.reps), 'repetition')}"
    table = Table(title=title, title_justify="left")
    sided = any(rep.side for rep in result.reps)
    for column in ("rep", *(["side"] if sided else []), "from", "to"):
        table.add_column(column, justify="left" if column == "side" else "right")
    for column in ("range", "out/hold/back s", "score"):
        table.add_column(column, justify="right", no_wrap=True)
    table.add_column("points lost")
    for rep in result.reps:
        mark, style = _mark(rep, result)
        side = [rep.side or ""] if sided else []
        lost = _deductions(rep, exercise)
        table.add_row(f"{mark}{rep.index}", *side, *_figures(rep, exercise), lost, style=style)
    return table


def angle_table(result: Result, exercise: Exercise) -> Table:
    """Every angle that has a number: its range over the session, and the error of that.

    Of stand-ins only those that the exercise watches, or of the back.
    """
    told = _told(exercise)
    table = Table(title="Angles", title_justify="left", box=None, pad_edge=False)
    for column in ("angle", "range", "±", "status"):
        table.add_column(column, justify="right" if column in ("range", "±") else "left")
    for name, angle in result.angles.items():
        if angle.status == "measured" or (angle.status == "proxy" and name in told):
            table.add_row(wording(name).name, *_range(angle), _STATUS[angle.status])
    return table


def unmeasured_lines(result: Result, exercise: Exercise) -> list[Text]:
    """Angles that are not measured directly, those with the same reason together.

    Of angles that the exercise does not watch only the back's are told, with advice that would
    not lead away from the exercise's own view; the others are counted.
    """
    told = _told(exercise)
    reasons: dict[tuple[str, str], list[str]] = {}
    others = 0
    for name, angle in result.angles.items():
        if angle.status == "measured":
            continue
        if name in told:
            why = _STATUS[angle.status], angle.reason or "no reason known"
            reasons.setdefault(why, []).append(wording(name).name)
        else:
            others += 1
    lines = [
        Text(f"{status}: {', '.join(names)}: {why}", style="dim")
        for (status, why), names in reasons.items()
    ]
    if others:
        more = f"{plural(others, 'other angle')} not measured directly that this exercise "
        lines.append(Text(f"{more}does not need; --json gives each its reason", style="dim"))
    return lines


def _told(exercise: Exercise) -> set[str]:
    return {exercise.primary.angle, *(feature.angle for feature in exercise.features), *_OF_ALL}


def verdict_panel(result: Result, found: Verdict) -> Panel:
    """Put the verdict in a box; for a stop a red one across the screen."""
    style = _STYLES[found.mark]
    headline = Text(f"{_SIGNS[found.mark]}  {found.headline}", style=style)
    lines: list[Text] = [headline]
    if result.stop is not None:
        stop = result.stop
        where = f"at {clock(stop.time_s)} ({stop.time_s:.1f} s)"
        where += "" if stop.kind == "pain" else f", {region_name(stop.region)}"
        rep = f"rep {stop.rep}, " if result.hold is None else ""
        lines.append(Text(f"{rep}{where}", style="bold"))
    if found.cue:
        lines.append(Text(f"→ {found.cue}", style="bold"))
    if found.why:
        lines.append(Text(found.why))
    return Panel(Group(*lines), border_style=style.replace("bold ", ""), padding=(0, 2))


def held_line(result: Result) -> str:
    """`Held for 46.3 s, 30.0 s of them in good form`; empty where nothing is held."""
    if result.hold is None:
        return ""
    total, good = result.hold.total_s, result.hold.good_s
    tail = f", {good:.1f} s of them in good form" if good < total else ""
    return f"Held for {total:.1f} s{tail}"


def score_line(result: Result) -> str:
    """`Form 84 of 100 (first reps 91, last 62); 95 % of what counts was measured`."""
    score = result.score
    seen = f"{100 * score.coverage:.0f} % of what the score needs was measured"
    if score.set is None:
        return f"Form: no score; {seen}" if score.coverage > 0 else "Form: no score"
    parts = [
        f"{label} {value:.0f}"
        for label, value in (("first reps", score.fresh), ("last reps", score.last))
        if value is not None
    ]
    detail = f" ({', '.join(parts)})" if parts else ""
    return f"Form {score.set:.0f} of 100{detail}; {seen}"


def view_line(result: Result) -> str:
    """How the camera saw the person."""
    view = result.view
    yaw = turned(view.yaw_deg, view.yaw_se_deg)
    yaw = yaw and f", turned {yaw} from frontal"
    facing = "" if view.facing == "unknown" else f", facing {view.facing}"
    return f"View: {view.name}{yaw}{facing}; person seen in {100 * result.coverage:.0f} % of frames"


def _mark(rep: Rep, result: Result) -> tuple[str, str]:
    if result.stop is not None and rep.index == result.stop.rep:
        return "■ STOP ", "bold white on red"
    if result.stop is not None and rep.index > result.stop.rep:
        return "× ", "dim"
    return ("", "") if rep.complete else ("½ ", "yellow")


def _figures(rep: Rep, exercise: Exercise) -> tuple[str, ...]:
    score = "-" if rep.score is None else f"{rep.score:.0f}"
    if rep.score is not None and rep.score_se is not None and rep.score_se >= 0.25:
        score += f" ±{1.96 * rep.score_se:.0f}"
    return (
        f"{rep.start_s:.1f}",
        f"{rep.end_s:.1f}",
        "-" if rep.rom_deg is None else quantity(rep.rom_deg, exercise.primary.unit),
        f"{rep.concentric_s:.1f}/{rep.hold_s:.1f}/{rep.eccentric_s:.1f}",
        score,
    )


def _deductions(rep: Rep, exercise: Exercise) -> str:
    named = sorted(rep.deductions, key=lambda d: -d.points)
    return "\n".join(
        f"-{d.points:.0f} {fault(exercise, d.feature, d.value, d.unit)}" for d in named
    )


def _range(angle: AngleSummary) -> tuple[str, str]:
    if angle.rom is None:
        return "", ""
    se = "" if angle.se is None else quantity(1.96 * angle.se, angle.unit)
    return quantity(angle.rom, angle.unit), se
