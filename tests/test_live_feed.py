"""Time, sound and pictures around a live set: a file at its own pace, tones, small stills."""

from __future__ import annotations

import shutil
import time
import wave
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import islice
from pathlib import Path

import numpy as np
import pytest
from needs import SAMPLE

from midback.apps.live.feed import GAP_S, Feed
from midback.apps.live.stills import Stills
from midback.apps.live.tones import Tones
from midback.errors import InputError
from midback.vision.frames import Frame, FrameSource, open_frames
from midback.vision.pose import SourceInfo


def test_a_file_is_played_at_its_own_pace_from_the_start_on() -> None:
    handed: list[tuple[float, float]] = []

    def sink(frame: Frame) -> None:
        handed.append((frame.t, time.monotonic()))

    with open_frames(str(SAMPLE)) as source, Feed(source, sink, offset=100.0) as feed:
        time.sleep(0.5)
        assert [t for t, _ in handed] == [100.0]
        begun = time.monotonic()
        feed.start()
        time.sleep(1.5)
        t, at = handed[-1]
        assert t - 100.0 == pytest.approx(at - begun, abs=0.3)
        assert len(handed) > 20
        assert feed.picture(handed[-5][0]) is not None
        assert not feed.ended


class Unplugged(FrameSource):
    """A camera that goes away after some frames. frames: of one that is plugged in."""

    def __init__(self, frames: Sequence[Frame], info: SourceInfo) -> None:
        self.info, self._frames, self.closed = info, frames, False

    def __iter__(self) -> Iterator[Frame]:
        yield from self._frames

    def close(self) -> None:
        self.closed = True


def test_a_camera_that_went_away_is_waited_for_and_time_goes_on() -> None:
    with open_frames(str(SAMPLE)) as source:
        frames, info = list(islice(source, 20)), source.info
    handed: list[Frame] = []
    other = replace(info, width=info.width + 2)
    answers = [None, Unplugged(frames, other), Unplugged(frames, info)]

    def reopen() -> FrameSource:
        answer = answers.pop(0) if answers else None
        if answer is None:
            raise InputError("camera 0 gives no picture")
        return answer

    first = Unplugged(frames, info)
    wrong = answers[1]
    with Feed(first, handed.append, offset=0.0, reopen=reopen) as feed:
        deadline = time.monotonic() + 20
        while len(handed) < 40 and time.monotonic() < deadline:
            time.sleep(0.05)
        assert not feed.ended
        assert feed.away or answers == []
    assert feed.ended
    assert first.closed
    assert wrong is not None
    assert wrong.closed
    times = [frame.t for frame in handed]
    assert len(times) == 40
    assert times == sorted(times)
    assert times[20] - times[19] == pytest.approx(GAP_S)


def test_small_pictures_come_back_in_their_first_size() -> None:
    stills = Stills()
    assert stills.still(0.0) is None
    for index in range(40):
        stills.remember(Frame(index / 30, np.full((720, 1280, 3), 5 * index, np.uint8)))
    found = stills.still(1.0)
    assert found is not None
    assert found.shape == (720, 1280, 3)
    assert float(found.mean()) == pytest.approx(150, abs=10)
    assert stills.still(9.0) is None


def test_tones_are_played_aside(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A player that never ends holds nobody up, and is gone in the end."""
    shell = shutil.which("sh")
    if shell is None:
        pytest.skip("this system has no sh to make a player with")
    told, player = tmp_path / "told", tmp_path / "paplay"
    player.write_text(f'#!{shell}\nread -r head < "$1"\ncp "$1" {told}\nexec sleep 60\n')
    player.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:/bin:/usr/bin")
    begun = time.monotonic()
    with Tones() as tones:
        tones.play("")
        tones.muted = True
        tones.play("stop")
        tones.muted = False
        tones.play("amber")
        assert time.monotonic() - begun < 2
        for _ in range(100):
            if told.exists() and told.stat().st_size > 10_000:
                break
            time.sleep(0.05)
    assert time.monotonic() - begun < 20
    with wave.open(str(told)) as file:
        assert 0.2 < file.getnframes() / file.getframerate() < 0.6


def test_without_a_player_there_is_silence(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with Tones() as tones:
        tones.play("stop")
