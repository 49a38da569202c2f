"""The index of a batch in a real browser: sorted by hand and by key, readable for everyone."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from browser import launched, serious_violations
from needs import needs_chromium
from playwright.sync_api import Browser, Page, expect, sync_playwright

from midback.apps.batch.job import Done
from midback.apps.batch.page import headline, render, write_index

pytestmark = needs_chromium

CLEAN = Done(
    name="anna/clean 2%#.mp4",
    key="1",
    status="scored",
    place="sets/anna/clean 2%#.mp4.12345678",
    exercise="bird_dog",
    title="Bird dog",
    reps=10,
    scores=(100.0, 99.0, None, 97.0, 98.0, 96.0, 97.0, 99.0, 95.0, 97.0),
    rep_indexes=tuple(range(1, 11)),
    score=96.9,
    score_se=2.5,
    main="diagonal_lift",
    main_status="measured",
    rom=177.6,
    rom_se=7.1,
    unit="deg",
    coverage=1.0,
    duration_s=42.0,
)
TIRED = replace(
    CLEAN,
    name="anna/tired 10.mp4",
    scores=(99.0, 98.0, 97.0, 70.0, 60.0),
    rep_indexes=(1, 2, 3, 4, 5),
    reps=5,
    stop_rep=4,
    stop_s=20.0,
    stop_region="core",
    score=84.0,
    warnings=("the camera moved during the set",),
)
HELD = replace(
    CLEAN, name="Zoe/plank.mp4", title="Side plank", side="left", scores=(), rep_indexes=(),
    reps=1, hold_s=46.0, stop_s=40.0, stop_rep=1, stop_region="hips", score=None, rom=None,
)  # fmt: skip
BROKEN = Done.failed("broken <b>.mp4", "is cut off, its end is missing: copy it again")
LINES = [CLEAN, TIRED, HELD, BROKEN]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        running = launched(playwright)
        yield running
        running.close()


def opened(browser: Browser, folder: Path, lines: list[Done]) -> Page:
    page = browser.new_page(viewport={"width": 1280, "height": 900})
    page.goto(write_index(lines, folder, "clinic", unfinished=0).as_uri())
    return page


@pytest.fixture
def page(browser: Browser, tmp_path: Path) -> Iterator[Page]:
    made = opened(browser, tmp_path, LINES)
    yield made
    made.close()


def order(page: Page) -> list[str]:
    return [link.split("\n")[-1] for link in page.locator(".index tbody th a").all_inner_texts()]


def test_failed_recordings_are_on_top_with_the_reason(page: Page) -> None:
    assert page.locator("h1").inner_text() == "3 of 4 recordings scored, 1 failed"
    first = page.locator("table").first
    expect(first).to_contain_text("broken <b>.mp4")
    expect(first).to_contain_text("is cut off, its end is missing: copy it again")


def test_a_row_shows_bars_stop_and_errors(page: Page) -> None:
    row = page.locator(".index tbody tr", has_text="tired 10.mp4")
    expect(row).to_contain_text("rep 4")
    expect(row).to_contain_text("the lower back")
    expect(row).to_contain_text("84 ± 5")
    expect(row).to_contain_text("178° ± 14°")
    bars = row.get_by_role("img", name="5 repetitions: 99, 98, 97, 70, 60; stop at rep 4")
    assert [bars.locator(f".{kind}").count() for kind in ("rep", "stop", "after")] == [3, 1, 1]
    row.get_by_text("1 note").click()
    expect(row.get_by_text("The camera moved during the set.")).to_be_visible()


def test_the_link_leads_to_the_report(page: Page, tmp_path: Path) -> None:
    report = tmp_path / str(CLEAN.place) / "report.html"
    report.parent.mkdir(parents=True)
    report.write_text("<title>here</title>", encoding="utf-8")
    page.get_by_role("link", name="clean 2%#.mp4").click()
    assert page.title() == "here"


def test_a_click_sorts_and_another_turns_it(page: Page) -> None:
    assert order(page) == ["clean 2%#.mp4", "tired 10.mp4", "plank.mp4"]
    head = page.get_by_role("columnheader", name="Form")
    head.get_by_role("button").click()
    expect(head).to_have_attribute("aria-sort", "ascending")
    assert order(page) == ["tired 10.mp4", "clean 2%#.mp4", "plank.mp4"]
    head.get_by_role("button").click()
    expect(head).to_have_attribute("aria-sort", "descending")
    assert order(page) == ["clean 2%#.mp4", "tired 10.mp4", "plank.mp4"]
    expect(page.get_by_role("status")).to_have_text("Sorted by Form, highest first")
    assert page.locator("[aria-sort]").count() == 1


def test_the_keyboard_sorts_as_well(page: Page) -> None:
    page.get_by_role("button", name="Recording").focus()
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    head = page.get_by_role("columnheader", name="Reps")
    expect(head).to_have_attribute("aria-sort", "ascending")
    assert order(page) == ["plank.mp4", "tired 10.mp4", "clean 2%#.mp4"]
    page.keyboard.press("Space")
    expect(head).to_have_attribute("aria-sort", "descending")


def test_axe_finds_nothing_serious_and_it_fits_a_phone(page: Page) -> None:
    assert serious_violations(page) == []
    page.set_viewport_size({"width": 380, "height": 800})
    assert page.evaluate("document.documentElement.scrollWidth") <= 380


def test_a_thousand_rows_sort_at_once(browser: Browser, tmp_path: Path) -> None:
    """Twenty times as many take less than a hundred times as long: nothing is quadratic."""

    def sorting(count: int) -> float:
        lines = [replace(TIRED, name=f"{n}.mp4", score=n * 37 % 101) for n in range(count)]
        made = opened(browser, tmp_path, lines)
        took = made.evaluate(
            "() => { const begin = performance.now();"
            "document.querySelectorAll('thead button')[5].click();"
            "document.body.offsetHeight; return performance.now() - begin; }"
        )
        made.close()
        return float(took)

    assert sorting(1000) < 100 * max(sorting(50), 5.0)


def test_nothing_is_fetched_from_anywhere(browser: Browser, tmp_path: Path) -> None:
    asked: list[str] = []
    page = browser.new_page()
    page.on("request", lambda request: asked.append(request.url))
    page.goto(write_index(LINES, tmp_path, "clinic", unfinished=1).as_uri())
    assert asked == [(tmp_path / "index.html").as_uri()]
    page.close()


def test_the_headline() -> None:
    assert headline(1, 0, 0) == "1 recording scored"
    assert headline(3, 1, 2) == "4 of 6 recordings done"
    assert "no such thing" not in render([], "empty", parquet=False)
