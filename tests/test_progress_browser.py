"""The page in a real browser: drawn, quiet, readable for everyone, whole on paper."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from browser import launched, serious_violations
from needs import needs_chromium
from plan_case import TODAY, a_day, ago
from playwright.sync_api import Browser, Page, sync_playwright
from progress_case import breaking, growing, pains

from midback.apps.progress.page import render
from midback.history.progress import progress

pytestmark = needs_chromium


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        running = launched(playwright)
        yield running
        running.close()


@pytest.fixture(scope="module")
def page(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Page]:
    told = progress(growing(16) + breaking(18), pains([3, 3, 2, 2, 1, 1, 4, 1]), (), TODAY)
    file = tmp_path_factory.mktemp("page") / "progress.html"
    file.write_text(render("Anna", told), encoding="utf-8")
    opened = browser.new_page()
    opened.goto(file.as_uri())
    yield opened
    opened.close()


def test_every_chart_is_drawn(page: Page) -> None:
    charts = page.locator("[data-chart]")
    assert charts.count() == 6
    drawn = [chart.locator("svg.main-svg").count() > 0 for chart in charts.all()]
    assert all(drawn)
    assert page.locator("h1").inner_text().startswith("Upper back extension: real change")


def test_nothing_is_wider_than_a_phone(page: Page) -> None:
    page.set_viewport_size({"width": 380, "height": 800})
    assert page.evaluate("document.documentElement.scrollWidth") <= 380
    page.set_viewport_size({"width": 1280, "height": 900})


def test_axe_finds_nothing_serious(page: Page) -> None:
    assert serious_violations(page) == []


def test_what_matters_most_is_the_largest(page: Page) -> None:
    sizes = page.evaluate(
        "[...document.querySelectorAll('h1, h2, h3, dd, p, td')]"
        ".map((e) => [e.tagName, parseFloat(getComputedStyle(e).fontSize)])"
    )
    headline = max(size for tag, size in sizes if tag == "H1")
    assert all(size < 0.7 * headline for tag, size in sizes if tag != "H1")


def test_seeking_care_fits_every_reader(browser: Browser, tmp_path: Path) -> None:
    told = progress(growing(9), [a_day(ago(1), red_flags=("chest_pain",))], (), TODAY)
    (tmp_path / "care.html").write_text(render("Anna", told), encoding="utf-8")
    opened = browser.new_page()
    opened.goto((tmp_path / "care.html").as_uri())
    assert opened.locator("h1").inner_text() == "Seek care now"
    assert serious_violations(opened) == []
    opened.close()
