"""The window's picture: every stage, every shape of camera picture, words where they belong."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from midback.apps.live.canvas import HEIGHT, PICTURE, WIDTH, Beside, draw
from midback.apps.live.feedback import Check, Feedback, Gauge, Stage, Tone
from midback.apps.live.figures import figure_of
from midback.apps.live.ghost import ghost
from midback.apps.live.text import Place, coverage, fitted, write
from midback.exercises import find, names
from midback.vision.frames import Image

RED, AMBER, GREEN = (30, 38, 179), (5, 183, 242), (75, 127, 27)
NOBODY = ((0.0, 0.0, 0.0),) * 33

GOOD = Feedback(
    t=1.0, stage="set", tone="good", headline="", detail="", checks=(), still_s=0.0, reps=7,
    side="left", phase="out", tempo_s=1.4, held_s=None, good_s=None,
    gauge=Gauge("Lift", "deg", 62.0, "", 112.0, 66.0, 84.0), cue="", breath="", say="", sound="",
    points=(), back=(),
)  # fmt: skip
SETUP = replace(
    GOOD,
    stage="setup",
    tone="plain",
    headline="Go on hands and knees",
    detail="Bird dog",
    checks=(Check("Light", True), Check("Go on hands and knees", False)),
)
MOMENTS: dict[str, Feedback] = {
    "setup": SETUP,
    "still": replace(GOOD, stage="still", tone="plain", headline="Hold still", still_s=2.2),
    "good": GOOD,
    "hold": replace(GOOD, held_s=128.4, good_s=41.0),
    "amber": replace(GOOD, tone="amber", headline="Keep the low back still", detail="7 reps"),
    "unseen": replace(GOOD, gauge=replace(GOOD.gauge, value=None, why="turn side-on")),
    "paused": replace(GOOD, stage="paused", tone="plain", headline="Paused"),
    "stop": replace(GOOD, tone="stop", headline="STOP", detail="The low back took over. Rest."),
    "done": replace(GOOD, stage="done", headline="12 reps, form stayed as it began.", detail="x"),
}


def grey(height: int = 468, width: int = 832) -> Image:
    return np.full((height, width, 3), 90, np.uint8)


def shown(feedback: Feedback, image: Image | None = None, *, mirrored: bool = False) -> Image:
    image = grey() if image is None else image
    return draw(image, feedback, mirrored=mirrored, numbers=True)


@pytest.mark.parametrize("name", MOMENTS)
def test_every_stage_has_a_screen_of_its_own(name: str) -> None:
    screen = shown(MOMENTS[name])
    assert screen.shape == (HEIGHT, WIDTH, 3)
    others = [other for other in MOMENTS if other != name]
    assert all(np.any(screen != shown(MOMENTS[other])) for other in others)


@pytest.mark.parametrize(
    "size", [(480, 848), (211, 333), (640, 480), (1080, 1920), (16, 16), (1, 7)]
)
@pytest.mark.parametrize("name", MOMENTS)
def test_any_shape_of_picture(name: str, size: tuple[int, int]) -> None:
    image = grey(*size)
    before = image.copy()
    beside = Beside(ghost="all_fours", note="9 pictures a second", pain=3, rest_s=61.0)
    screen = draw(image, MOMENTS[name], mirrored=True, numbers=False, beside=beside)
    assert screen.shape == (HEIGHT, WIDTH, 3)
    np.testing.assert_array_equal(image, before)


@pytest.mark.parametrize(("stage", "tone", "color"), [
    ("set", "good", GREEN), ("set", "amber", AMBER), ("set", "stop", RED), ("done", "stop", RED),
])  # fmt: skip
def test_the_colours_of_the_contract(stage: Stage, tone: Tone, color: tuple[int, ...]) -> None:
    screen = shown(replace(GOOD, stage=stage, tone=tone, headline="x"))
    corner = (4, 4) if stage == "done" else (HEIGHT - 4, 4)
    assert tuple(screen[corner]) == color


def test_a_stop_fills_the_screen() -> None:
    screen = shown(MOMENTS["stop"])
    assert np.mean(np.all(screen == RED, axis=2)) > 0.6
    assert np.mean(np.all(screen == 255, axis=2)) > 0.1  # STOP, huge


def test_never_green_while_the_movement_is_not_measured() -> None:
    assert not np.any(np.all(shown(MOMENTS["unseen"])[-100:] == GREEN, axis=2))


@pytest.mark.parametrize("mirrored", [False, True])
def test_the_body_is_mirrored_with_the_picture(mirrored: bool) -> None:
    """Two shoulders a quarter from the left; in a mirror, a quarter from the right."""
    points = list(NOBODY)
    points[11], points[12] = (0.25, 0.4, 1.0), (0.25, 0.6, 1.0)
    image = grey()
    image[:, :100] = 10  # dark on the left
    screen = shown(replace(GOOD, points=tuple(points)), image, mirrored=mirrored)
    column = round((0.75 if mirrored else 0.25) * PICTURE.width)
    assert np.all(screen[round(0.5 * PICTURE.height), column] > 200)
    assert np.all(screen[200, PICTURE.right - 50 if mirrored else 50] < 20)


@pytest.mark.parametrize("mirrored", [False, True])
def test_the_back_is_mirrored_with_the_picture(mirrored: bool) -> None:
    plain = shown(GOOD, mirrored=mirrored)
    screen = shown(replace(GOOD, back=((0.1, 0.3), (0.2, 0.3))), mirrored=mirrored)
    columns = np.flatnonzero(np.any(screen != plain, axis=(0, 2)))
    middle = float(columns.mean()) / PICTURE.width
    assert middle == pytest.approx(0.85 if mirrored else 0.15, abs=0.01)


def test_words_are_never_mirrored() -> None:
    left, right = shown(SETUP), shown(SETUP, mirrored=True)
    np.testing.assert_array_equal(left[PICTURE.bottom :], right[PICTURE.bottom :])
    np.testing.assert_array_equal(left[:, PICTURE.right :], right[:, PICTURE.right :])


def test_landmarks_that_were_not_seen_are_not_drawn() -> None:
    hidden = tuple((0.5, 0.5, 0.2) for _ in range(33))
    np.testing.assert_array_equal(shown(replace(GOOD, points=hidden)), shown(GOOD))


def test_numbers_stand_under_the_gauge_only_when_wanted() -> None:
    def at(value: float, *, numbers: bool) -> Image:
        feedback = replace(GOOD, gauge=replace(GOOD.gauge, value=value))
        return draw(grey(), feedback, mirrored=False, numbers=numbers)

    below = np.s_[PICTURE.bottom - 70 : PICTURE.bottom - 20, PICTURE.right :]
    assert np.any(at(62.0, numbers=True)[below] != at(63.0, numbers=True)[below])
    np.testing.assert_array_equal(at(62.0, numbers=False)[below], at(62.4, numbers=False)[below])


def test_the_last_screen_offers_another_set_only_where_one_can_follow() -> None:
    done = MOMENTS["done"]
    screens = [
        draw(grey(), done, mirrored=False, numbers=True, beside=Beside(again=again))
        for again in (True, False)
    ]
    assert np.any(screens[0] != screens[1])


words = st.text(st.characters(min_codepoint=33, max_codepoint=126), min_size=1, max_size=12)


@settings(max_examples=60, deadline=None)
@given(
    text=st.lists(words, max_size=20).map(" ".join),
    place=st.builds(
        Place,
        *(st.integers(60, 300), st.integers(60, 300), st.integers(40, 600), st.integers(20, 300)),
    ),
    capital=st.integers(10, 120),
    align=st.sampled_from([0.0, 0.5, 1.0]),
    middle=st.booleans(),
)
def test_words_stay_in_their_place(
    text: str, place: Place, capital: int, align: float, middle: bool
) -> None:
    """Unless they would be too small to be read; then at least within the picture."""
    image = grey(700, 1000)
    write(image, text, place, capital, (255, 255, 255), align=align, middle=middle)
    size, _ = fitted(text, capital, place.width, place.height)
    rows, columns = (np.flatnonzero(np.any(image != 90, axis=axes)) for axes in ((1, 2), (0, 2)))
    if size > 9 and len(rows):
        slack = round(0.3 * size)  # what letters reach over a capital and under the line
        assert place.top - slack <= rows[0]
        assert rows[-1] <= place.bottom + slack
        assert place.left <= columns[0]
        assert columns[-1] <= place.right


def test_a_degree_sign_is_drawn_whatever_the_letters_of_opencv_hold() -> None:
    with_sign, without = coverage("14°", 40), coverage("14", 40)
    ring = with_sign[:, without.shape[1] :]
    assert ring.max() > 200
    assert ring[:54].max() > 0  # high up
    assert ring[54:].max() == 0


@pytest.mark.parametrize("name", names())
def test_every_cue_can_be_read_from_three_metres(name: str) -> None:
    for feature in find(name).features:
        assert fitted(feature.cue, 76, 1018, 174)[0] >= 40, feature.cue


@pytest.mark.parametrize("name", names())
def test_every_exercise_has_a_figure(name: str) -> None:
    image = grey()
    ghost(image, figure_of(find(name)), PICTURE, mirrored=False)
    assert 0.01 < np.mean(image != 90) < 0.3
