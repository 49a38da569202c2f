from __future__ import annotations

import dataclasses
import io
from types import SimpleNamespace
from typing import Any

import pytest
from report_case import bird_dog, result_of
from rich.console import Console

from midback.apps.show import show_result
from midback.result import AngleSummary, Hold, Result
from midback.words import fault


def shown(result: Result, *, color: bool = False, width: int = 110) -> str:
    scored: Any = SimpleNamespace(result=result, exercise=bird_dog())
    text = io.StringIO()
    console = Console(
        file=text, width=width, force_terminal=color, color_system="standard" if color else None
    )
    show_result(scored, console)
    return text.getvalue()


def test_the_stop_cannot_be_missed() -> None:
    lines = shown(result_of(stop=10)).splitlines()
    (row,) = [line for line in lines if "STOP 10" in line]
    assert "■" in row
    panel = "\n".join(lines[-8:])
    assert "■ STOP ■  Stop at rep 10" in panel
    assert "the lower back" in panel
    assert "Draw the navel in" in panel
    assert " s)" in panel


def test_repetitions_after_the_stop_are_marked() -> None:
    lines = shown(result_of(reps=14, stop=10)).splitlines()
    assert sum("× " in line for line in lines) == 4


def test_the_stop_is_told_without_colour_and_with_it() -> None:
    assert "\x1b[" not in shown(result_of(stop=10))
    assert "\x1b[1;37;41m" in shown(result_of(stop=10), color=True)


def test_a_good_set_has_no_stop() -> None:
    text = shown(result_of(reps=3, stop=None))
    assert "STOP" not in text
    assert "Form " in text


def test_no_repetition_is_said_aloud() -> None:
    assert "No repetitions found" in shown(result_of(reps=0, stop=None))


def test_an_angle_without_a_number_has_its_reason() -> None:
    hidden = AngleSummary("deg", "not_measurable", "the back is hidden", None, None, None, None)
    text = shown(dataclasses.replace(result_of(), angles={"lumbar_arch": hidden}))
    (line,) = [line for line in text.splitlines() if "the back is hidden" in line]
    assert "✗ not measurable" in line


def test_what_cost_points_is_told_in_the_words_of_the_report() -> None:
    result = result_of()
    lost = [d for rep in result.reps for d in rep.deductions]
    assert lost
    text = shown(result, width=200)
    for d in lost:
        assert fault(bird_dog(), d.feature, d.value, d.unit) in text


def test_one_repetition_is_not_many() -> None:
    assert "1 repetition\n" in "\n".join(
        line.rstrip() + "\n" for line in shown(result_of(reps=1, stop=None)).splitlines()
    )
    assert "3 repetitions" in shown(result_of(reps=3, stop=None))


def test_warnings_are_printed() -> None:
    assert "! the clip ends early" in shown(
        dataclasses.replace(result_of(), warnings=("the clip ends early",))
    )


@pytest.mark.parametrize("width", [40, 80, 200])
def test_any_width(width: int) -> None:
    text = io.StringIO()
    scored: Any = SimpleNamespace(result=result_of(), exercise=bird_dog())
    show_result(scored, Console(file=text, width=width))
    assert "STOP" in text.getvalue()
    assert max(map(len, text.getvalue().splitlines())) <= width


def test_stand_ins_that_the_exercise_does_not_watch_are_only_counted() -> None:
    other = AngleSummary("deg", "proxy", "from the depth", 12.0, 8.0, 0.0, 12.0)
    angles = {"lumbar_arch": other, "reach_lower": other, "reach_highest": other}
    text = shown(dataclasses.replace(result_of(), angles=angles), width=200)
    assert "~ stand-in: Lower back arch: from the depth" in text
    assert "2 other angles not measured directly" in text
    assert "Lower arm" not in text


def test_a_hold_is_shown_in_seconds_and_not_as_a_repetition() -> None:
    held = dataclasses.replace(result_of(reps=1, stop=None), hold=Hold(46.3, 30.0))
    text = shown(held)
    assert "Held for 46.3 s, 30.0 s of them in good form" in text
    assert "out/hold/back" not in text
    assert "Form" not in text
