"""`midback live` as a person has it: a real process on a real screen, driven by its keys."""

from __future__ import annotations

import contextlib
import json
import signal
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from cli import COMMAND, ROOT, refusal
from needs import needs_weights
from xscreen import XScreen, needs_screen, x_screen

from midback.apps.live.canvas import PICTURE
from midback.apps.live.signs import FILL, NIGHT
from midback.vision.frames import Image

CLIP = ROOT / "sample_videos/bird_dog_fatigue.mp4"
TRUTH: dict[str, Any] = json.loads(CLIP.with_suffix(".truth.json").read_text())
PROMPT = 20.0  # pictures a second that a machine must manage for its result to be held to the truth


def bar(picture: Image) -> tuple[int, ...]:
    return tuple(int(part) for part in picture[-3, 3])


def filled(picture: Image) -> bool:
    return bool(np.any(picture[:, :400] > 60))


def plain(picture: Image) -> bool:
    return bar(picture) == FILL["plain"]


def counting_down(picture: Image) -> bool:
    """A digit larger than any other word."""
    panel = picture[60:400, PICTURE.right + 100 :]
    return plain(picture) and bool(np.mean(np.all(panel == 255, axis=2)) > 0.12)


def paused(picture: Image) -> bool:
    middle = picture[PICTURE.height // 2, PICTURE.width // 2 - 50]
    return plain(picture) and bool(np.all(middle == 255))


def good(picture: Image) -> bool:
    return bar(picture) == FILL["good"]


def amber(picture: Image) -> bool:
    return bar(picture) == FILL["amber"]


def stopped(picture: Image) -> bool:
    return bar(picture) == FILL["stop"]


def done(picture: Image) -> bool:
    return bar(picture) == NIGHT and tuple(picture[3, 3]) in FILL.values()


@dataclass
class Live:
    """A running `midback live`, where it saves and where it keeps what is not saved."""

    process: subprocess.Popen[str]
    out: Path
    data: Path
    shots: dict[str, Image] = field(default_factory=dict)

    def end(self) -> str:
        """Wait for its end; what it said to standard error."""
        _, said = self.process.communicate(timeout=60)
        assert self.process.returncode == 0, said
        return said

    @property
    def running(self) -> list[Path]:
        return [path for path in self.data.rglob("*") if path.is_file()]

    def saved(self) -> dict[str, Any]:
        (path,) = self.out.glob("*/session.json")
        assert path.with_name("report.html").stat().st_size > 100_000
        found: dict[str, Any] = json.loads(path.read_text())
        return found


@contextlib.contextmanager
def live(screen: XScreen, folder: Path, *words: str) -> Iterator[Live]:
    out, data = folder / "sets", folder / "data"
    process = subprocess.Popen(
        [*COMMAND, "live", "bird_dog", "--source", str(CLIP), "--out", str(out), *words],
        env={**screen.environment, "XDG_DATA_HOME": str(data)},
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        screen.settle()
        yield Live(process, out, data)
    finally:
        process.kill()
        process.wait()
        if process.stderr is not None:
            process.stderr.close()


@pytest.fixture(scope="module")
def screen(tmp_path_factory: pytest.TempPathFactory) -> Iterator[XScreen]:
    with x_screen(tmp_path_factory.mktemp("screen")) as found:
        yield found


@pytest.fixture(scope="module")
def whole_set(screen: XScreen, tmp_path_factory: pytest.TempPathFactory) -> Live:
    """The clip from beginning to end: paused once at rest, pain said, saved, closed."""
    with live(screen, tmp_path_factory.mktemp("whole")) as running:
        shots = running.shots
        shots["setup"] = screen.wait(lambda p: filled(p) and plain(p), 60)
        shots["still"] = screen.wait(lambda p: counting_down(p) or good(p), 60)
        screen.press("space")
        shots["paused"] = screen.wait(paused, 10)
        screen.press("space")
        looks = {"set": good, "amber": amber, "stop": stopped, "done": done}
        while "done" not in shots:
            picture = screen.wait(lambda p: any(look(p) for look in looks.values()), 30)
            name = next(name for name, look in looks.items() if look(picture))
            shots.setdefault(name, picture)
        screen.press("4", "Return")
        folder = running.out
        shots["saved"] = screen.wait(lambda _: bool(list(folder.glob("*/session.json"))), 40)
        screen.press("Escape")
        assert running.end() == ""
    return running


@needs_screen
@needs_weights
def test_every_stage_is_shown(whole_set: Live) -> None:
    wanted = {"setup", "still", "paused", "set", "amber", "stop", "done", "saved"}
    assert set(whole_set.shots) == wanted


@needs_screen
@needs_weights
def test_a_live_set_is_scored_like_its_recording(whole_set: Live) -> None:
    """test_end_to_end holds `midback score` to the same truth."""
    found = whole_set.saved()
    rate = found["source"]["frames"] / found["source"]["duration_s"]
    missed = len(TRUTH["reps"]) - len(found["reps"])
    assert found["stop"]["region"] == TRUTH["region"]
    if rate >= PROMPT:
        assert abs(missed) <= 1
        assert 0 <= found["stop"]["rep"] - TRUTH["first_bad_rep"] <= 2
    else:  # told on the screen; some repetitions may be lost in the gaps
        assert abs(missed) <= len(TRUTH["reps"]) // 3


@needs_screen
@needs_weights
def test_what_was_said_of_pain_is_kept_and_nothing_else_is(whole_set: Live) -> None:
    assert "You put your pain at 4 of 10 after this set." in whole_set.saved()["warnings"]
    assert whole_set.running == []
    (folder,) = whole_set.out.iterdir()
    assert {path.name for path in folder.iterdir()} == {"report.html", "session.json"}


@needs_screen
@needs_weights
def test_a_set_that_was_cut_off_goes_on(screen: XScreen, tmp_path: Path) -> None:
    """Killed, taken up, closed by the window's button, taken up again, ended by a key, saved."""
    with live(screen, tmp_path) as first:
        screen.wait(good, 60)
        screen.wait(one_rep, 40)
        first.process.send_signal(signal.SIGKILL)
        first.process.wait()
        assert len(first.running) == 1
    with live(screen, tmp_path, "--resume") as second:
        screen.press_close()
        assert "--resume" in second.end()
        assert len(second.running) == 1
    with live(screen, tmp_path, "--resume") as third:
        screen.press("e")
        screen.wait(done, 20)
        screen.press("Return")
        screen.wait(lambda _: bool(list(third.out.glob("*/session.json"))), 40)
        screen.press("Escape")
        assert third.end() == ""
        assert len(third.saved()["reps"]) >= 1
        assert third.running == []


def one_rep(picture: Image) -> bool:
    """The count is no 0, whose middle is empty but for a thin stroke; a 1 is solid there."""
    count = picture[28:358, PICTURE.right + 116 : PICTURE.right + 440]
    white = np.all(count == 255, axis=2)
    columns = np.flatnonzero(white.any(axis=0))
    middle = white[:, (columns[0] + columns[-1]) // 2] if len(columns) else white[:, 0]
    return good(picture) and bool(middle.sum() > 150)


@needs_screen
@needs_weights
def test_a_discarded_set_leaves_nothing(screen: XScreen, tmp_path: Path) -> None:
    with live(screen, tmp_path) as running:
        screen.press("m", "d", "s", "p")  # sharp pain: the stop, at once
        screen.wait(stopped, 20)
        screen.press("e")
        screen.wait(done, 20)
        screen.press("d", "Return", "Escape")
        assert running.end() == ""
    assert not running.out.exists()
    assert running.running == []


@needs_screen
def test_what_is_missing_is_told_before_a_window_opens(screen: XScreen, tmp_path: Path) -> None:
    def refused(*words: str) -> str:
        display, data = screen.environment["DISPLAY"], str(tmp_path)
        return refusal("live", "bird_dog", *words, DISPLAY=display, XDG_DATA_HOME=data)

    (tmp_path / "file").touch()
    assert "camera 97 gives no picture" in refused("--source", "camera:97")
    assert "does not exist" in refused("--source", "nowhere.mp4")
    assert "no unfinished set" in refused("--resume")
    assert "is a file" in refused("--out", str(tmp_path / "file"))


def test_without_a_screen_there_is_one_line() -> None:
    assert "no screen" in refusal("live", "bird_dog", DISPLAY="")


@needs_screen
def test_a_screen_that_does_not_answer_is_told() -> None:
    assert ":9876" in refusal("live", "bird_dog", DISPLAY=":9876")


def test_the_exercise_must_exist() -> None:
    assert "unknown exercise" in refusal("live", "bird_dgo")
