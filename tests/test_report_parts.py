"""Charts, words and stills of the report."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from report_case import ArrayTrace, bird_dog, result_of, series_of, session

from midback import words
from midback.apps.report import charts, curves, marks
from midback.apps.report.stills import read_frames_at
from midback.exercises import find, names
from midback.keyframes import Band
from midback.kinematics import ANGLES


def trace_of(value: list[float]) -> ArrayTrace:
    array = np.array(value)
    return ArrayTrace("deg", array, np.ones_like(array), np.zeros(len(array), dtype=np.uint8))


def test_thinning_keeps_short_series_as_they_are() -> None:
    t, value, _ = curves.thinned(np.arange(5.0), trace_of([1, 2, 3, 2, 1]))
    assert t.tolist() == [0, 1, 2, 3, 4]
    assert value.tolist() == [1, 2, 3, 2, 1]


def test_thinning_keeps_extremes_and_gaps() -> None:
    t = np.arange(30_000) / 30.0
    value = np.sin(t)
    value[12_345], value[20_000] = 9.0, -9.0
    value[700:703] = np.nan
    trace = ArrayTrace("deg", value, np.ones_like(value), np.zeros(t.size, dtype=np.uint8))
    kept_t, kept, _ = curves.thinned(t, trace)
    assert len(kept) <= 1500
    assert np.nanmax(kept) == 9.0
    assert np.nanmin(kept) == -9.0
    assert kept_t[np.isnan(kept)].tolist() == pytest.approx([t[700], t[702]])
    assert (np.diff(kept_t) > 0).all()


def test_gaps_reach_from_the_last_measurement_to_the_next() -> None:
    value = np.array([np.nan, 1, np.nan, np.nan, 1, np.nan])
    assert curves.gaps(np.arange(6.0), value) == [(0.0, 1.0), (1.0, 4.0), (4.0, 5.0)]


def test_the_series_is_cut_to_the_set() -> None:
    series, reps = series_of(), result_of().reps
    cut = curves.around_reps(series, reps[2:4], margin=1.0)
    assert cut.t[0] == pytest.approx(reps[2].start_s - 1.0, abs=0.04)
    assert cut.t[-1] == pytest.approx(reps[3].end_s + 1.0, abs=0.04)
    assert all(trace.value.shape == cut.t.shape for trace in cut.traces.values())
    assert curves.around_reps(series, ()) is series


def test_the_peaks_of_the_first_repetitions_make_a_band() -> None:
    band = curves.peak_band(series_of(), "diagonal_lift", result_of().reps[:4])
    assert band is not None
    assert band.mean == pytest.approx(168.0, abs=2.0)
    assert band.low < band.mean < band.high
    assert curves.peak_band(series_of(), "diagonal_lift", result_of().reps[:2]) is None
    assert curves.peak_band(series_of(), "head", result_of().reps[:4]) is None


def test_a_gap_breaks_both_the_line_and_its_band() -> None:
    figure = charts.trace_chart("thoracic_extension", result_of(), series_of(), band=None)
    *bands, line = figure["data"]
    assert None in line["y"]
    assert len(bands) == 4
    assert all(None not in band["y"] for band in bands)
    labels = [shape["label"]["text"] for shape in figure["layout"]["shapes"] if "label" in shape]
    assert labels == ["not measurable"]


def test_the_stop_and_the_baseline_are_drawn_where_they_are() -> None:
    band = Band(2.4, 0.0, 4.8)
    feature = words.same_angle(bird_dog(), "lumbar_arch")
    figure = charts.trace_chart(
        "lumbar_arch", result_of(), series_of(), band=band, feature=feature, primary=True
    )
    stop = result_of().stop
    assert stop is not None
    shapes, notes = figure["layout"]["shapes"], figure["layout"]["annotations"]
    assert any(s["type"] == "line" and s["x0"] == s["x1"] == stop.time_s for s in shapes)
    assert any(s.get("y0") == 0.0 and s.get("y1") == 4.8 for s in shapes)
    texts = [note["text"] for note in notes]
    assert {"STOP", "your first reps", "caution limit 10°", "stop limit 17°"} <= set(texts)
    assert [text for text in texts if text.isdigit()] == [str(n) for n in range(1, 15)]


def test_the_score_chart_marks_stop_and_what_came_after() -> None:
    figure = charts.score_chart(result_of())
    (bars,) = figure["data"]
    assert bars["marker"]["color"].count(marks.VERMILION) == 1
    assert bars["marker"]["pattern"]["shape"] == [""] * 10 + ["/"] * 4
    assert [note["text"] for note in figure["layout"]["annotations"]] == ["STOP"]


@pytest.mark.parametrize(
    ("value", "unit", "text"),
    [
        (13.6, "deg", "14°"),
        (-9.2, "deg", "−9°"),
        (-0.2, "deg", "0°"),
        (1.44, "s", "1.4 s"),
        (12.4, "s", "12 s"),
        (34, "%", "34 %"),
        (4.2, "% trunk", "4 % of trunk length"),
        (3, "", "3"),
    ],
)
def test_quantities(value: float, unit: str, text: str) -> None:
    assert words.quantity(value, unit) == text


def test_the_unit_is_said_once() -> None:
    assert words.with_error(4, 2, "% trunk") == "4 ± 2 % of trunk length"
    assert words.with_error(16, 5, "deg") == "16° ± 5°"
    assert words.span(0, 4, "% back") == "from 0 to 4 % of back length"
    assert words.span(-2, 4, "deg") == "from −2° to 4°"


def test_every_angle_has_words() -> None:
    for name in ANGLES:
        said = words.wording(name)
        assert "{v}" in said.up
        assert "{v}" in said.down
        assert "_" not in said.name


def test_every_feature_of_every_exercise_can_be_named_as_a_fault() -> None:
    for name in names():
        exercise = find(name)
        for feature in exercise.features:
            text = words.fault(exercise, feature.name, 12.0, feature.unit)
            assert "12" in text
            assert "{" not in text


def test_an_unknown_feature_is_read_by_its_sign() -> None:
    assert words.fault(bird_dog(), "elbow_flexion", -7.0, "deg") == "elbow straightened 7°"
    assert words.fault(bird_dog(), "odd_thing", 7.0, "deg") == "odd thing 7° more"


def test_clock_and_sentences() -> None:
    assert words.clock(49.7) == "0:49"
    assert words.clock(725) == "12:05"
    assert words.sentence("turn side-on") == "Turn side-on."
    assert words.sentence("really?") == "Really?"
    assert words.unbroken("Stop at rep 10, 14 reps") == "Stop at rep\u00a010, 14\u00a0reps"


def test_frames_nearest_to_given_times_in_the_order_asked(tmp_path: Path) -> None:
    import cv2

    path = tmp_path / "grey.avi"
    writer = cv2.VideoWriter(str(path), cv2.VideoWriter.fourcc(*"MJPG"), 10.0, (64, 48))
    for level in range(0, 200, 10):
        writer.write(np.full((48, 64, 3), level, dtype=np.uint8))
    writer.release()
    images = read_frames_at(str(path), [1.52, 0.31, 99.0])
    levels = [round(float(image.mean()) / 10) for image in images]
    assert levels == [15, 3, 19]


def test_a_still_has_no_number_of_an_angle_that_is_not_measurable() -> None:
    """The arc over the picture must not say what the line below it refuses."""
    shown = session().keyframes
    assert shown.best is not None
    assert shown.broke is not None
    assert shown.best.angle == shown.broke.angle == "lumbar_arch"
    hidden = shown.without_values_of({"lumbar_arch"})
    assert hidden.best is not None
    assert hidden.best.value is None
    assert hidden.broke == shown.broke  # what the stop was called for
    assert shown.without_values_of({"head"}) == shown
