"""The weeks on one self-contained page: the first for the person, the next for the clinician."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from importlib import resources

from midback import __version__, words
from midback.apps.progress import charts, telling
from midback.apps.progress.charts import GREY
from midback.apps.report.marks import BLUE, GREEN, INK, ORANGE, VERMILION, Figure
from midback.history.capacity import CLOSER, MOVED
from midback.history.progress import (
    CapacityProgress,
    ExerciseProgress,
    PainProgress,
    Progress,
    RangeProgress,
)
from midback.history.progress.headline import percent

FILE_NAME = "progress.html"
_HEIGHT = 290
_SIGNS = {"circle": "●", "square": "■", "diamond": "◆", "triangle-down": "▼", "star": "★"}
_CAVEATS = {"likely": "not sure yet", "noise": "within noise"}

Span = tuple[date, date]


@dataclass(frozen=True, slots=True)
class Fact:
    """One figure on top. note: its interval."""

    label: str
    value: str
    note: str


@dataclass(frozen=True, slots=True)
class Chart:
    """A figure with the words around it. about: the exercise. rank: how much it tells, 0 most.

    legend: sign, colour, meaning. paper: its width, whole or half.
    """

    name: str
    about: str | None
    rank: int
    title: str
    summary: str
    legend: tuple[tuple[str, str, str], ...]
    caption: str
    figure: Figure
    fact: Fact | None = None
    paper: str = "half"


def render(name: str, told: Progress) -> str:
    """Return the whole page as text. It needs nothing else and no network."""
    import jinja2
    from markupsafe import Markup
    from plotly.offline import get_plotlyjs

    environment = jinja2.Environment(
        loader=jinja2.PackageLoader("midback.apps.progress", "."),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.policies["json.dumps_kwargs"] = {"allow_nan": False, "separators": (",", ":")}
    environment.filters.update(number=words.number, sentence=words.sentence, percent=percent)
    environment.globals.update(telling=telling, quantity=words.quantity, plural=words.plural)
    report = resources.files("midback.apps.report").joinpath("page.css")
    own = resources.files("midback.apps.progress")
    sheets = [sheet.read_text(encoding="utf-8") for sheet in (report, own.joinpath("page.css"))]
    first, others = _chosen(told)
    drawn = (*first, *others)
    return environment.get_template("page.html.j2").render(
        css=Markup("\n".join(sheets)),
        script=Markup(own.joinpath("page.js").read_text(encoding="utf-8")),
        plotly=Markup(get_plotlyjs() if drawn else ""),
        name=name,
        told=told,
        facts=_facts(told, first),
        charts=first,
        others=others,
        figures={chart.name: chart.figure for chart in drawn},
        version=__version__,
    )


def _facts(told: Progress, charts: Sequence[Chart]) -> list[Fact]:
    """The figures of the first page's charts, each with its interval."""
    facts = [one.fact for one in charts if one.fact is not None]
    if told.pain is not None and told.pain.since_start is not None:
        change = told.pain.since_start
        before = f"of 10; {change.before:.1f} at the start, {change.word}"
        facts.append(Fact("Worst pain", f"{change.now:.1f}", before))
    return facts


def _chosen(told: Progress) -> tuple[list[Chart], list[Chart]]:
    """Charts of the first page: what the headline is about, whole; the next best; pain."""
    if not told.calendar:
        return [], []
    span = told.calendar[0].day, told.calendar[-1].day
    found = [
        chart for n, one in enumerate(told.exercises) for chart in _of_exercise(one, span, f"c{n}")
    ]
    found.sort(key=lambda chart: (chart.rank, chart.about != told.headline.about))
    first, others = found[:2], found[2:]
    if first:
        first[0] = replace(first[0], paper="whole")
    if told.pain is not None:
        first.append(_pain(told.pain, span))
    return first, others


def _of_exercise(one: ExerciseProgress, span: Span, key: str) -> Iterator[Chart]:
    for n, each in enumerate(one.ranges):
        if any(value.value is not None for value in each.values):
            yield _range(one, each, span, f"{key}-range{n}")
    for n, capacity in enumerate(one.capacities):
        if capacity.efforts:
            yield _capacity(one, capacity, span, f"{key}-capacity{n}")


def _range(one: ExerciseProgress, each: RangeProgress, span: Span, key: str) -> Chart:
    row = telling.range_row(each)
    legend = [("┃", GREY, "95 % interval of one day")]
    if len(one.setups) > 1:
        looks = [(setup.block, charts.look(setup.block)) for setup in one.setups]
        legend += [(_SIGNS[shape], color, f"camera set-up {n}") for n, (color, shape) in looks]
    if each.lines:
        legend += [("▬", charts.look(1)[0], "trend within a set-up, 95 % band")]
        legend += [("▒", GREY, "could be noise")]
    legend.append(("○", GREY, "first two days, not counted"))
    if each.band:
        legend.append(("┅", GREEN, "others, see below"))
    return Chart(
        name=key,
        about=one.exercise,
        rank={"real": 0, "likely": 1, "noise": 3, None: 4}[each.gain.kind],
        title=f"{one.name}: {each.title.lower()}",
        summary=words.sentence(", ".join(filter(None, [row.figure, row.said, row.more]))),
        legend=tuple(legend),
        caption=each.band.caption if each.band else "",
        figure=charts.range_chart(each, span, _HEIGHT),
        fact=_fact(each.title, row.figure, _CAVEATS.get(each.gain.kind or "", "")),
    )


def _capacity(one: ExerciseProgress, each: CapacityProgress, span: Span, key: str) -> Chart:
    row = telling.capacity_row(each)
    side = f", {each.side}" if each.side else ""
    legend = [
        ("●", VERMILION, "form broke here"),
        ("△", INK, "ended well: lasts at least so long"),
    ]
    if each.capacity.curve:
        legend.append(("▬", BLUE, "middle and its 95 % band"))
    if each.band:
        legend.append(("┅", GREEN, "others, see below"))
    moved = each.capacity.sentence in (MOVED, CLOSER)
    return Chart(
        name=key,
        about=one.exercise,
        rank=(0 if moved else 2) if each.capacity.curve else 4,
        title=f"{one.name}: how long good form lasts{side}",
        summary=words.sentence(", ".join(filter(None, [row.figure, row.said, row.more]))),
        legend=tuple(legend),
        caption=each.band.caption if each.band else "",
        figure=charts.capacity_chart(each, span, _HEIGHT),
        fact=_fact(f"{one.title}, good form lasts", row.figure.removeprefix("breaks at ")),
    )


def _pain(pain: PainProgress, span: Span) -> Chart:
    return Chart(
        name="pain",
        about=None,
        rank=0,
        title="Pain",
        summary=telling.pain_sentence(pain),
        legend=(
            ("●", GREEN, "worst, green day"),
            ("▲", ORANGE, "amber"),
            ("■", VERMILION, "red"),
            ("◇", INK, "next morning"),
        ),
        caption="One rating differs by up to 1.8 from the next by chance.",
        figure=charts.pain_chart(pain, span, _HEIGHT),
    )


def _fact(label: str, figure: str, caveat: str = "") -> Fact | None:
    value, _, span = figure.partition(", ")
    return Fact(label, value, ", ".join(filter(None, [span, caveat]))) if figure else None
