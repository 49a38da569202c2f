"""The system's own Chromium, with a camera that is a file, and what axe says of a page."""

from __future__ import annotations

from axe_playwright_python.sync_playwright import Axe
from needs import CHROMIUM
from playwright.sync_api import Browser, Page, Playwright

FLAGS = [
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--use-fake-ui-for-media-stream",
    "--use-fake-device-for-media-stream",
]


def launched(playwright: Playwright, *more: str) -> Browser:
    return playwright.chromium.launch(
        executable_path=CHROMIUM,
        headless=False,  # which one is meant, the flags say
        args=[*FLAGS, *more],
    )


def serious_violations(page: Page) -> list[tuple[str, list[str]]]:
    """Rules broken, and where."""
    found = Axe().run(page).response["violations"]
    serious = [rule for rule in found if rule["impact"] in ("serious", "critical")]
    return [(rule["id"], [node["html"] for node in rule["nodes"]]) for rule in serious]
