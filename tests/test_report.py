from __future__ import annotations

import json
import re
from dataclasses import replace
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from report_case import REASON, ArrayTrace, bird_dog, keyframe, result_of, series_of, session

from midback.apps.report import ReportInput, page, write_report
from midback.apps.report.verdict import verdict
from midback.keyframes import KeyFrames
from midback.result import AngleSummary, ScoreSummary, Series

LIMIT = 6_000_000  # bytes, of one self-contained file


class Page(HTMLParser):
    """What a browser would find: tags with attributes, text, contents of scripts and styles."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.texts: list[str] = []
        self.scripts: list[str] = []
        self.styles: list[str] = []
        self._inside = ""
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        self._inside = tag

    def handle_endtag(self, tag: str) -> None:
        self._inside = ""

    def handle_data(self, data: str) -> None:
        kept = {"script": self.scripts, "style": self.styles}.get(self._inside, self.texts)
        kept.append(data)

    @property
    def text(self) -> str:
        return " ".join(" ".join(self.texts).replace("\u00a0", " ").split())

    def figures(self) -> dict[str, Any]:
        found: dict[str, Any] = json.loads(self.scripts[0])
        return found

    def named(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.tags if name == tag]


def read(report: ReportInput) -> Page:
    return Page(page.render(report))


def unjudged(report: ReportInput, reason: str = REASON) -> ReportInput:
    lost = AngleSummary("deg", "not_measurable", reason, None, None, None, None)
    result = replace(
        report.result,
        angles=dict.fromkeys(report.result.angles, lost),
        score=ScoreSummary(None, None, None, None, 0.2),
        reps=tuple(
            replace(rep, score=None, score_se=None, deductions=()) for rep in report.result.reps
        ),
    )
    return replace(report, result=result)


def test_one_file_of_less_than_six_megabytes_with_pictures(tmp_path: Path) -> None:
    noise = np.random.default_rng(0).integers(0, 255, (540, 960, 3), dtype=np.uint8)
    report = replace(session(), frames={"best": noise, "broke": noise})
    path = write_report(report, tmp_path / "new" / "folder")
    assert path.name == "report.html"
    assert [p.name for p in path.parent.iterdir()] == ["report.html"]
    assert path.stat().st_size < LIMIT


def test_ten_minutes_still_fit() -> None:
    t = np.arange(0, 600, 1 / 30)
    short = series_of()
    long = {
        name: ArrayTrace(
            trace.unit,
            value=np.resize(trace.value, t.size),
            se=np.resize(trace.se, t.size),
            status=np.resize(trace.status, t.size),
        )
        for name, trace in short.traces.items()
    }
    text = page.render(replace(session(), series=Series(t, long)))
    assert len(text.encode()) < LIMIT


def test_nothing_is_loaded_from_anywhere() -> None:
    found = read(session())
    for tag, attributes in found.tags:
        assert tag not in ("link", "iframe", "object", "embed", "base")
        for name in ("src", "href", "srcset", "action", "data", "poster", "style"):
            value = attributes.get(name) or ""
            assert value.startswith("data:image/jpeg;base64,") or "//" not in value
    assert "@import" not in "".join(found.styles)
    assert "url(" not in "".join(found.styles)
    assert "http" not in found.scripts[0] + found.scripts[-1]
    assert "fetch(" not in found.scripts[-1]
    policy = found.named("meta")[1]["content"] or ""
    assert policy.startswith("default-src 'none'")
    assert "http" not in policy


def test_the_verdict_comes_first_and_says_stop() -> None:
    found = read(session())
    headings = [tag for tag, _ in found.tags if tag in ("h1", "h2", "h3")]
    assert headings[0] == "h1"
    assert headings.count("h1") == 1
    assert "Stop at rep 10: the lower back took over." in found.text
    assert "Draw the navel in, keep the low back still." in found.text
    assert "At 0:50 in the recording." in found.text
    assert "14° more than in your first four" in found.text
    assert ("header", {"class": "hero stop"}) in found.tags


@pytest.mark.parametrize(
    ("kind", "cause"),
    [
        ("breakdown", "the lower back took over"),
        ("limit", "the lower back took over"),
        ("partial", "the movement became too short"),
        ("pain", "pain came up"),
    ],
)
def test_each_kind_of_stop_has_its_cause(kind: Any, cause: str) -> None:
    result = result_of()
    assert result.stop is not None
    result = replace(result, stop=replace(result.stop, kind=kind))
    assert verdict(result, bird_dog()).headline == f"Stop at rep 10: {cause}."


def test_a_set_that_held() -> None:
    result = replace(result_of(8, None), score=ScoreSummary(93.0, 94.0, 92.0, 2.0, 0.9))
    found = verdict(result, bird_dog())
    assert (found.mark, found.headline) == ("good", "8 reps, form stayed as it began.")


def test_eight_reps_are_only_a_baseline() -> None:
    score = ScoreSummary(93.0, 94.0, 92.0, 2.0, 0.9)
    found = verdict(replace(result_of(8, None), score=score, judged_reps=0), bird_dog())
    assert found.headline == "8 reps, no fault seen. Too few to see fading."
    assert "on each side" in found.why
    assert "own baseline" in found.why


def test_without_comparison_with_the_own_first_reps_nothing_held() -> None:
    score = ScoreSummary(93.0, 94.0, 92.0, 2.0, 0.9)
    held = tuple(replace(rep, deductions=()) for rep in result_of(12, None).reps)
    result = replace(result_of(12, None), reps=held, score=score, judged_reps=0)
    found = verdict(result, bird_dog())
    assert found.mark == "caution"
    assert found.headline == "12 reps, no fault seen. Fading could not be judged."
    assert found.why


def test_fading_without_a_stop_is_not_green() -> None:
    result = replace(result_of(10, None), score=ScoreSummary(85.0, 94.0, 72.0, 22.0, 0.9))
    found = verdict(result, bird_dog())
    assert found.mark == "caution"
    assert found.headline == "10 reps. Form faded towards the end."
    assert found.why == "The score fell from 94 to 72."


def test_a_steady_fault_is_named() -> None:
    result = result_of(14, None)
    result = replace(result, score=ScoreSummary(85.0, 86.0, 84.0, 2.0, 0.9))
    found = verdict(result, bird_dog())
    assert found.mark == "caution"
    assert found.headline == "14 reps. One thing to work on: lower back arched 16°."


def test_no_repetitions() -> None:
    found = read(session(0, None))
    assert "No repetitions found." in found.text
    assert "What cost points" not in found.text


def test_form_that_could_not_be_judged_is_never_green() -> None:
    found = read(unjudged(session(2, None), "hand and foot leave the picture"))
    wanted = "2 reps counted. Form could not be judged: hand and foot leave the picture."
    assert wanted in found.text
    assert ("header", {"class": "hero caution"}) in found.tags
    assert "best." not in found.text
    assert "no score" in found.text


def test_a_long_reason_goes_below_the_headline() -> None:
    report = unjudged(session(2, None), REASON + " and move the camera back")
    found = verdict(report.result, bird_dog())
    assert found.headline == "2 reps counted. Form could not be judged."
    assert found.why.startswith("Turn side-on")


def test_the_reason_that_costs_most_of_the_score_is_the_one_given() -> None:
    report = session(2, None)
    lost = AngleSummary("deg", "not_measurable", "the foot leaves the picture", *[None] * 4)
    angles = {**report.result.angles, "diagonal_lift": lost}
    result = replace(report.result, angles=angles, score=ScoreSummary(None, None, None, None, 0.5))
    assert "the foot leaves the picture" in verdict(result, bird_dog()).headline


def test_hostile_names_stay_text() -> None:
    evil = '"><script>alert(1)</script><img src=x onerror=alert(2)>'
    report = session()
    stop = report.result.stop
    assert stop is not None
    result = replace(
        report.result,
        source=replace(report.result.source, path=f"clips/{evil.replace('/', '_')}.mp4"),
        stop=replace(stop, evidence=evil, cue=evil),
        warnings=(evil,),
        angles={"x</script><script>": AngleSummary("<b>", "not_measurable", evil, *[None] * 4)},
    )
    exercise = report.exercise.model_copy(update={"title": evil, "camera": evil})
    found = read(replace(report, result=result, exercise=exercise))
    assert len(found.named("script")) == 3
    assert len(found.named("img")) == 2
    assert "alert(1)" not in "".join(found.scripts)


def test_every_axis_of_every_chart_has_a_title_with_a_unit() -> None:
    figures = read(session()).figures()
    names = ["diagonal_lift", "thoracic_extension", "lumbar_arch", "trunk_sag", "hip_shift"]
    assert list(figures) == [*names, "score"]
    for figure in figures.values():
        for axis in ("xaxis", "yaxis"):
            assert re.fullmatch(r".+ \(.+\)", figure["layout"][axis]["title"]["text"])


def test_plotly_accepts_every_figure() -> None:
    graph_objects = pytest.importorskip("plotly.graph_objects")
    for figure in read(session()).figures().values():
        graph_objects.Figure(figure)


def test_the_page_is_accessible() -> None:
    found = read(session())
    assert found.named("html")[0]["lang"] == "en"
    assert all(image["alt"] for image in found.named("img"))
    assert all(header.get("scope") for header in found.named("th"))
    levels = [int(tag[1]) for tag, _ in found.tags if re.fullmatch(r"h\d", tag)]
    assert all(after - before <= 1 for before, after in pairwise(levels))
    charts = [a for _, a in found.tags if "data-chart" in a]
    assert all(chart["role"] == "img" and chart["aria-label"] for chart in charts)


def test_deductions_are_said_in_words() -> None:
    text = read(session()).text
    assert "−22 lower back arched 16°" in text
    assert "−4 lowered 34 % faster" in text


def test_captions_compare_with_the_start() -> None:
    text = read(session()).text
    assert "Rep 3, 0:14 — best." in text
    assert "Rep 10, 0:49 — lower back arched 14° more than at the start." in text


def test_without_a_break_the_last_repetition_stands_beside_the_best() -> None:
    assert "Rep 8, 0:39 — last." in read(session(8, None)).text


def test_what_could_not_be_measured_says_why() -> None:
    found = read(session())
    assert "Not measurable: the face is hidden." in found.text
    assert "Turn side-on: shoulders look 60 % as wide as from the front." in found.text
    assert "head" not in found.figures()


def test_every_number_may_be_missing() -> None:
    report = unjudged(session(3, None))
    empty = Series(np.empty(0), {})
    source = replace(report.result.source, sha256=None, fps=None)
    view = replace(
        report.result.view, name="unknown", yaw_deg=None, yaw_se_deg=None, facing="unknown"
    )
    software = replace(report.result.software, model_sha256=None)
    result = replace(
        report.result, source=source, view=view, software=software, angles={}, first_region=None
    )
    bare = ReportInput(result, empty, report.exercise, KeyFrames(None, None))
    assert "3 reps counted. Form could not be judged: too few." in read(bare).text


def test_a_frame_without_angle_contour_or_value() -> None:
    frame = replace(keyframe(4, None, None), contour=None)
    text = read(replace(session(), keyframes=KeyFrames(frame, frame))).text
    assert "Rep 4, 0:19 — here form broke." in text
    assert "Thick line" not in text


def test_a_failed_write_leaves_nothing_behind(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "report.html").write_text("the old one")

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "replace", full)
    with pytest.raises(OSError, match="No space"):
        write_report(session(), tmp_path)
    assert [p.name for p in tmp_path.iterdir()] == ["report.html"]
    assert (tmp_path / "report.html").read_text() == "the old one"
