"""Put the report together and write it, whole or not at all."""

from __future__ import annotations

import base64
import math
import os
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from midback import words
from midback.apps.report import charts, curves, marks
from midback.apps.report.drawing import FAULT, GOOD, annotate, blank, crop_boxes, to_jpeg
from midback.apps.report.verdict import baseline_reps, facts, verdict, watched_angles
from midback.keyframes import Band, KeyFrame, KeyFrames
from midback.result import AngleSummary, Rep, Result, Series, Trace
from midback.vision.frames import Image

if TYPE_CHECKING:
    from midback.exercises import Exercise

FILE_NAME = "report.html"


@dataclass(frozen=True, slots=True)
class ReportInput:
    """Everything the page shows.

    bands: own fresh repetitions, by the name of an angle or of a feature. frames: the
    recording's upright BGR pictures of the keyframes, under "best", "broke" and "last"; a
    missing one is drawn on a plain sheet.
    """

    result: Result
    series: Series
    exercise: Exercise
    keyframes: KeyFrames
    bands: Mapping[str, Band] = field(default_factory=dict)
    frames: Mapping[str, Image] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Picture:
    """An annotated frame. source: data URI. drawn: on a plain sheet, for want of the frame."""

    source: str
    width: int
    height: int
    alt: str
    caption: str
    state: str
    drawn: bool


@dataclass(frozen=True, slots=True)
class Chart:
    """A figure with the words around it; figure is None where nothing was measured."""

    name: str
    title: str
    hint: str
    summary: str
    figure: marks.Figure | None


@dataclass(frozen=True, slots=True)
class Row:
    """One measured angle in the table; text only."""

    title: str
    status: str
    mark: str
    range: str
    reason: str


def write_report(report: ReportInput, out: Path) -> Path:
    """Write out/report.html and return its path; `out` is created where it does not exist.

    The file needs nothing else and no network. It takes its final name only when complete.
    Raises OSError where it cannot be written.
    """
    out.mkdir(parents=True, exist_ok=True)
    page = render(report).encode("utf-8")
    target = out / FILE_NAME
    handle, temporary = tempfile.mkstemp(dir=out, prefix=f".{FILE_NAME}.")
    try:
        with os.fdopen(handle, "wb") as stream:
            stream.write(page)
        Path(temporary).chmod(0o644)
        Path(temporary).replace(target)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise
    return target


def render(report: ReportInput) -> str:
    """Return the whole page as text."""
    import jinja2
    from markupsafe import Markup
    from plotly.offline import get_plotlyjs

    environment = jinja2.Environment(
        loader=jinja2.PackageLoader("midback.apps.report", "."),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.policies["json.dumps_kwargs"] = {"allow_nan": False, "separators": (",", ":")}
    environment.filters.update(
        clock=words.clock, number=words.number, sentence=words.sentence, unbroken=words.unbroken
    )
    assets = resources.files("midback.apps.report")
    figures = _figures(report)
    return environment.get_template("page.html.j2").render(
        css=Markup(assets.joinpath("page.css").read_text(encoding="utf-8")),
        script=Markup(assets.joinpath("page.js").read_text(encoding="utf-8")),
        plotly=Markup(get_plotlyjs()),
        **_content(report),
        charts=figures,
        figures={chart.name: chart.figure for chart in figures if chart.figure is not None},
        phases=marks.PHASE_LEGEND,
    )


def _content(report: ReportInput) -> dict[str, Any]:
    result, exercise = report.result, report.exercise
    shown = watched_angles(exercise)
    drawn, found = draw_pictures(report), verdict(result, exercise)
    return {
        "result": result,
        "exercise": exercise,
        "verdict": found,
        "notes": [note for note in map(words.sentence, result.warnings) if note != found.why],
        "facts": facts(result),
        "turned": words.turned(result.view.yaw_deg, result.view.yaw_se_deg),
        "pictures": drawn,
        "legend": _legend(drawn, report.keyframes, held=result.hold is not None),
        "reps": [_rep_row(rep, report) for rep in result.reps] if result.hold is None else [],
        "scored": any(rep.score is not None for rep in result.reps),
        "watched": [_row(n, result.angles[n]) for n in shown if n in result.angles],
        "others": [_row(n, summary) for n, summary in result.angles.items() if n not in shown],
        "file_name": Path(result.source.path.replace("\\", "/")).name or result.source.path,
        "first_region": words.region_name(result.first_region) if result.first_region else None,
    }


def draw_pictures(report: ReportInput) -> list[Picture]:
    """The best moment and, beside it, where form broke or the last one, drawn upon."""
    frames = report.keyframes
    second = "broke" if frames.broke is not None else "last"
    chosen = {"best": frames.best, second: frames.broke or frames.last}
    if report.result.hold is not None and frames.broke is None:
        chosen = {"best": frames.best}
    shown = {key: frame for key, frame in chosen.items() if frame is not None and frame.pose.found}
    size = (report.result.source.width, report.result.source.height)
    boxes = crop_boxes(list(shown.values()), size)
    pictures = []
    for (key, frame), box in zip(shown.items(), boxes, strict=True):
        image = report.frames.get(key)
        drawn = annotate(
            blank(*size) if image is None else image,
            frame,
            box=box,
            color=FAULT if key == "broke" else GOOD,
            ghost=frames.best if key == "broke" else None,
            label=_label(frame),
        )
        encoded = base64.b64encode(to_jpeg(drawn)).decode("ascii")
        caption = _caption(key, frame, report)
        pictures.append(
            Picture(
                source=f"data:image/jpeg;base64,{encoded}",
                width=drawn.shape[1],
                height=drawn.shape[0],
                alt=f"{caption} The skeleton and the edge of the back are drawn on the person.",
                caption=caption,
                state="plain" if key == "best" and not _judged(report.result) else key,
                drawn=image is None,
            )
        )
    return pictures


def _label(frame: KeyFrame) -> str:
    if frame.angle is None or frame.value is None:
        return ""
    return f"{words.wording(frame.angle).name} {words.quantity(frame.value, frame.unit)}"


def _legend(pictures: list[Picture], frames: KeyFrames, *, held: bool) -> str:
    """Say what the lines in the pictures are, but only of those that are there."""
    if not pictures:
        return ""
    outlined = [f for f in (frames.best, frames.broke) if f is not None and f.contour is not None]
    said = ["Dots: the joints."]
    if outlined:
        said.append("Thick line: the edge of your back.")
    if len(outlined) == 2:
        best = "at the start" if held else "in the best repetition"
        said.append(f"Green dashes along it: where it was {best}.")
    if pictures[0].drawn:
        said.append("Scored from saved poses, so there is no photograph.")
    return " ".join(said)


def _caption(key: str, frame: KeyFrame, report: ReportInput) -> str:
    where = words.clock(frame.t)
    if report.result.hold is None:
        where = f"Rep {frame.rep}, {where}"
    if report.result.hold is not None and key != "broke":
        return f"{where} — at the start."
    if key == "best":
        return f"{where} — best." if _judged(report.result) else f"{where}."
    said = "last" if key == "last" else "here form broke"
    if key == "broke" and frame.angle is not None and frame.value is not None:
        band = _band(report, frame.angle)
        change = frame.value - (band.mean if band is not None else 0.0)
        said = words.fault(report.exercise, frame.angle, change, frame.unit)
        said += " more than at the start" if band is not None else ""
    return f"{where} — {said}."


def _judged(result: Result) -> bool:
    return result.score.set is not None


def _figures(report: ReportInput) -> list[Chart]:
    series = curves.around_reps(report.series, report.result.reps)
    found = [_chart(name, report, series) for name in watched_angles(report.exercise)]
    charted = [chart for chart in found if chart is not None]
    if any(rep.score is not None for rep in report.result.reps):
        charted.append(_score_chart(report.result))
    return charted


def _chart(name: str, report: ReportInput, series: Series) -> Chart | None:
    trace, summary = series.traces.get(name), report.result.angles.get(name)
    said = words.wording(name)
    reason = summary.reason if summary is not None else None
    if trace is None or (summary is not None and summary.status == "not_measurable"):
        if trace is None and summary is None:
            return None
        why = words.sentence(f"not measurable: {reason}" if reason else "not measurable")
        return Chart(name, said.name, "", why, None)
    band = _band(report, name)
    figure = charts.trace_chart(
        name,
        report.result,
        series,
        band=band,
        feature=words.same_angle(report.exercise, name),
        primary=name == report.exercise.primary.angle,
    )
    indirect = summary is not None and summary.status == "proxy"
    because = f": {reason}" if reason else ""
    parts = [_extremes(trace, band)]
    if curves.gaps(series.t, trace.value):
        parts.append(f"Grey: not measurable{'' if indirect else because}.")
    if indirect:
        parts.append(f"Dotted: measured indirectly{because}.")
    return Chart(name, said.name, f"up: {said.axis}", " ".join(filter(None, parts)), figure)


def _extremes(trace: Trace, band: Band | None) -> str:
    value = trace.value[np.isfinite(trace.value)]
    if not len(value):
        return ""
    whole = words.span(float(value.min()), float(value.max()), trace.unit)
    own = f"; in your first reps {words.quantity(band.mean, trace.unit)}" if band else ""
    return words.sentence(whole + own)


def _score_chart(result: Result) -> Chart:
    scored = [(rep.index, rep.score) for rep in result.reps if rep.score is not None]
    text = ", ".join(f"rep {index}: {score:.0f}" for index, score in scored)
    return Chart("score", "Form score per repetition", "", f"{text}.", charts.score_chart(result))


def _band(report: ReportInput, angle: str) -> Band | None:
    """Return the own fresh repetitions in an angle.

    From the bands handed over, under the angle's name or that of a feature which reads its
    height; for the primary angle otherwise the peaks of the fresh repetitions.
    """
    reading = (f for f in report.exercise.features if f.angle == angle)
    names = [angle, *(f.name for f in reading if f.statistic in words.HEIGHTS)]
    given = next((report.bands[name] for name in names if name in report.bands), None)
    counted = report.result.hold is None
    if given is None and counted and angle == report.exercise.primary.angle:
        fresh = report.result.reps[: baseline_reps(report.exercise)]
        return curves.peak_band(report.series, angle, fresh)
    return given


def _rep_row(rep: Rep, report: ReportInput) -> dict[str, Any]:
    stop = report.result.stop
    error = rep.score_se
    return {
        "index": rep.index,
        "when": words.clock(rep.start_s),
        "side": f"{rep.side} arm" if rep.side in ("left", "right") else "",
        "score": None if rep.score is None else words.number(rep.score),
        "error": None if error is None or error < 0.25 else words.number(1.96 * error),
        "faults": [
            {
                "points": f"{words.MINUS}{d.points:.0f}",
                "words": words.fault(report.exercise, d.feature, d.value, d.unit),
            }
            for d in rep.deductions
            if round(d.points) > 0
        ],
        "partial": not rep.complete,
        "stop": stop is not None and rep.index == stop.rep,
        "after": stop is not None and rep.index > stop.rep,
    }


_STATUS = {
    "measured": ("measured", "●"),
    "proxy": ("indirectly", "◐"),
    "not_measurable": ("not measured", "○"),
}


def _row(name: str, summary: AngleSummary) -> Row:
    status, mark = _STATUS[summary.status]
    spread = ""
    if summary.rom is not None and math.isfinite(summary.rom):
        spread = words.quantity(summary.rom, summary.unit)
        if summary.se is not None:
            spread = words.with_error(summary.rom, 1.96 * summary.se, summary.unit)
    return Row(words.wording(name).name, status, mark, spread, words.sentence(summary.reason or ""))
