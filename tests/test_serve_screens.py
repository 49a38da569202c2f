"""Every screen of the page by itself, fed with one moment; and the way in with a token."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from browser import launched, serious_violations
from needs import needs_chromium, needs_weights
from playwright.sync_api import Page, expect, sync_playwright
from served import Served, served
from test_live_canvas import MOMENTS

pytestmark = [needs_weights, needs_chromium]

TOKEN = "abcd1234efgh"
SHOTS = os.environ.get("MIDBACK_SHOTS")
SHOW = """
async (now) => {
  const { showMoment, showDone } = await import("/show.js");
  document.body.dataset.view = now.stage === "done" ? "done" : "live";
  now.stage === "done" ? showDone(now) : showMoment(now, null);
}
"""


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    with served(tmp_path_factory.mktemp("serve"), "--token", TOKEN) as running:
        yield running


@pytest.fixture(scope="module")
def page(server: Served) -> Iterator[Page]:
    with sync_playwright() as playwright:
        browser = launched(playwright)
        opened = browser.new_page(viewport={"width": 1280, "height": 720})
        opened.goto(server.url)
        expect(opened.get_by_role("button", name="Bird dog")).to_be_visible()
        yield opened
        browser.close()


@pytest.mark.parametrize("name", MOMENTS)
def test_every_screen_is_accessible(page: Page, name: str) -> None:
    page.evaluate(SHOW, MOMENTS[name].to_dict())
    assert serious_violations(page) == []
    if SHOTS:
        page.screenshot(path=Path(SHOTS) / f"moment_{name}.png")


def test_a_hold_counts_seconds(page: Page) -> None:
    page.evaluate(SHOW, MOMENTS["hold"].to_dict())
    expect(page.locator("#count")).to_have_text("2:08")
    expect(page.locator("#unit")).to_contain_text("0:41 in good form")


def test_an_exercise_of_one_side_asks_for_it(page: Page, server: Served) -> None:
    page.goto(server.url)
    page.get_by_role("button", name="Side plank").click()
    for side in ("left", "right"):
        expect(page.get_by_role("button", name=f"Start on the {side}")).to_be_visible()
    assert serious_violations(page) == []
    page.get_by_role("button", name="Choose another").click()
    page.get_by_role("button", name="Bird dog").click()
    expect(page.get_by_role("button", name="Start on the right")).to_be_hidden()


def test_the_token_stays_out_of_the_address(page: Page, server: Served) -> None:
    page.goto(server.url)
    expect(page.get_by_role("button", name="Bird dog")).to_be_visible()
    assert TOKEN not in page.url
    page.reload()
    expect(page.get_by_role("button", name="Bird dog")).to_be_visible()


def test_without_the_token_there_is_no_page(page: Page, server: Served) -> None:
    browser = page.context.browser
    assert browser is not None
    with browser.new_context() as stranger:
        answer = stranger.new_page().goto(f"http://127.0.0.1:{server.port}/")
        assert answer is not None
        assert answer.status == 403
