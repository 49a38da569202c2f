"""Exported files read back by those they are written for: OpenSim, a spreadsheet, a browser."""

from __future__ import annotations

import csv
import json
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from browser import launched
from playwright.sync_api import Page, sync_playwright

_OPENSIM = Path(__file__).with_name("opensim_reads.py")
_PAGE = '<video id="film" muted src="{name}" style="width: 640px"></video>'
_PLAY = """async seconds => {
  const times = [];
  const note = (_, frame) => {
    times.push(frame.mediaTime);
    film.requestVideoFrameCallback(note);
  };
  film.requestVideoFrameCallback(note);
  await film.play();
  while (film.currentTime < seconds) await new Promise(go => setTimeout(go, 50));
  film.pause();
  return times;
}"""
_SEEK = """at => new Promise(done => {
  film.requestVideoFrameCallback(() => done());
  film.currentTime = at;
})"""


@dataclass(frozen=True)
class Cell:
    """One angle at one time, as text."""

    angle: str
    unit: str
    t: float
    value: str
    se: str
    status: str


def wide(path: Path) -> Iterator[Cell]:
    with path.open(newline="", encoding="utf-8") as file:
        for row in csv.DictReader(file):
            t = float(row.pop("t [s]"))
            heads = list(row)
            for value, se, status in zip(*(heads[i::3] for i in range(3)), strict=True):
                name, unit = value.removesuffix("]").split(" [")
                assert (se, status) == (f"{name}_se [{unit}]", f"{name}_status")
                yield Cell(name, unit, t, row[value], row[se], row[status])


def long(path: Path) -> Iterator[Cell]:
    with path.open(newline="", encoding="utf-8") as file:
        for row in csv.DictReader(file):
            t = float(row.pop("t [s]"))
            yield Cell(t=t, **row)


def in_opensim(trc: Path, mot: Path) -> dict[str, Any]:
    """What OpenSim's own package reads, in a process of its own."""
    command = [sys.executable, str(_OPENSIM), str(trc), str(mot)]
    with tempfile.TemporaryDirectory() as folder:  # for the log that it leaves where it runs
        done = subprocess.run(
            command, capture_output=True, text=True, check=False, timeout=120, cwd=folder
        )
    assert done.returncode == 0, done.stderr
    loaded: dict[str, Any] = json.loads(done.stdout[done.stdout.index("{") :])
    return loaded


@contextmanager
def in_chromium(video: Path) -> Iterator[Page]:
    """A page that shows nothing but the video, ready to play; asserts that it can be."""
    html = video.with_suffix(".html")
    html.write_text(_PAGE.format(name=video.name), encoding="utf-8")
    with sync_playwright() as playwright, launched(playwright) as browser:
        page = browser.new_page()
        page.goto(html.as_uri())
        page.wait_for_function("film.readyState >= 3 || film.error")
        assert page.evaluate("film.error && film.error.message") is None
        yield page


def play(page: Page, seconds: float) -> list[float]:
    """Play up to that time; times of the frames that were shown, by the video's own clock."""
    return [float(t) for t in page.evaluate(_PLAY, seconds)]


def picture_at(page: Page, t: float) -> bytes:
    """A screenshot (PNG) of the video at that time."""
    page.evaluate(_SEEK, t)
    return page.locator("#film").screenshot()
