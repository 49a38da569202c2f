"""A recording read by several processes: the same poses as by one, whatever happens to them."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from cli import COMMAND
from needs import needs_weights, weights
from short_clips import clip

from midback.apps.reading.crew import Crew
from midback.apps.reading.crew_process import Job
from midback.apps.reading.cuts import Cuts, cuts_of
from midback.apps.reading.glimpses import glimpses
from midback.apps.reading.records import packed
from midback.apps.reading.relay import Step, relay
from midback.apps.reading.settings import Rate
from midback.apps.reading.watch import watch
from midback.apps.reading.watcher import Watcher
from midback.errors import InputError
from midback.vision.frames import Image, open_frames

CUTS = Cuts(3.2, 4, warm_s=0.5)

pytestmark = needs_weights


@pytest.fixture(scope="module")
def plain(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return clip(tmp_path_factory.mktemp("plain") / "plain.mp4", 11.0)


@pytest.fixture(scope="module")
def one_by_one(plain: Path) -> list[Step]:
    """Its steps, read by this process."""
    return in_order(plain)


def in_order(path: Path, cuts: Cuts = CUTS, rate: Rate = "all") -> list[Step]:
    with open_frames(str(path)) as frames:
        return list(relay(glimpses(frames), cuts, lambda: Watcher(weights(), False, rate)))


def job(path: Path, cuts: Cuts = CUTS, rate: Rate = "all") -> Job:
    return Job(str(path), weights(), False, rate, cuts, range(0))


def together(path: Path, workers: int, cuts: Cuts = CUTS, rate: Rate = "all") -> list[Step]:
    with Crew(job(path, cuts, rate), workers) as crew:
        return list(crew)


def runs(steps: list[Step]) -> dict[int, int]:
    """Which run of the network saw each stretch."""
    return {step.stretch: step.run for step in steps}


def test_any_number_of_processes_gives_the_same_bits(plain: Path, one_by_one: list[Step]) -> None:
    assert runs(one_by_one) == {0: 0, 1: 1, 2: 2, 3: 3}
    assert packed(together(plain, 3)) == packed(one_by_one)
    with open_frames(str(plain)) as frames:
        assert [frame.t for frame in frames] == [step.pose.t for step in one_by_one]
    assert [step.number for step in one_by_one] == list(range(len(one_by_one)))


def test_so_it_is_with_fewer_looks(plain: Path) -> None:
    assert packed(together(plain, 2, rate="auto")) == packed(in_order(plain, rate="auto"))


def test_the_run_goes_on_where_its_heir_does_not_see_the_same_person(tmp_path: Path) -> None:
    """Nobody is there just before two of the three cuts, one of them between the processes."""

    def hidden(t: float, image: Image) -> Image:
        return np.full_like(image, 90) if 2.5 < t < 3.25 or 5.7 < t < 6.45 else image

    path = clip(tmp_path / "hidden.mp4", 11.0, hidden)
    one = in_order(path)
    assert runs(one) == {0: 0, 1: 0, 2: 0, 3: 3}
    assert packed(together(path, 4)) == packed(one)


def test_times_that_stutter_and_jump(tmp_path: Path) -> None:
    def bent(t: float) -> float:
        return float(t + 0.04 * np.sin(40 * t) + (6.0 if t > 6.0 else 0.0))

    path = clip(tmp_path / "vfr.mp4", 9.0, time=bent)
    cuts = Cuts(3.2, 5, warm_s=0.5)
    one = in_order(path, cuts)
    assert len({round(b.pose.t - a.pose.t, 3) for a, b in pairwise(one)}) > 5
    assert packed(together(path, 3, cuts)) == packed(one)


def test_a_file_that_ends_early_ends_early_for_all(plain: Path, tmp_path: Path) -> None:
    """The second half is nothing but zeros, as after a copy that broke off."""
    whole = plain.read_bytes()
    at = whole.index(b"mdat")
    length = int.from_bytes(whole[at - 4 : at], "big")
    middle = at + length // 3
    path = tmp_path / "half.mp4"
    path.write_bytes(whole[:middle] + bytes(at + length - 4 - middle) + whole[at + length - 4 :])
    one = in_order(path)
    assert packed(together(path, 2)) == packed(one)


def test_a_killed_process_is_replaced_and_changes_nothing(
    plain: Path, one_by_one: list[Step]
) -> None:
    with Crew(job(plain), 2) as crew:
        steps = iter(crew)
        got = [next(steps)]
        for mate in crew._mates:
            mate.process.kill()
        got += steps
    assert packed(got) == packed(one_by_one)


def test_a_process_that_dies_again_and_again_is_the_files_one_line(plain: Path) -> None:
    def read(crew: Crew) -> None:
        for _ in crew:
            crew._mates[1].process.kill()

    with Crew(job(plain), 2) as crew, pytest.raises(InputError, match="died twice"):
        read(crew)


def test_a_model_of_no_use_is_one_line(plain: Path, tmp_path: Path) -> None:
    bad = tmp_path / "bad.task"
    bad.write_bytes(b"no model")
    with (
        open_frames(str(plain)) as frames,
        pytest.raises(InputError),
        watch(frames, bad, silhouette=False, workers=2, cuts=CUTS) as reading,
    ):
        list(reading)


def test_leaving_early_ends_the_processes(plain: Path) -> None:
    with open_frames(str(plain)) as frames:
        wanted = watch(frames, weights(), silhouette=False, workers=2, cuts=CUTS)
        with wanted as reading:
            next(iter(reading))
            crew = reading._source
            assert isinstance(crew, Crew)
            processes = [mate.process for mate in crew._mates]
            assert processes[0].is_alive()  # the last one may be through
    assert not any(process.is_alive() for process in processes)


def test_only_long_videos_are_cut_and_the_cuts_follow_from_the_length(plain: Path) -> None:
    with open_frames(str(plain)) as frames:
        assert cuts_of(frames).count == 1
        frames.frame_count = 3000
        cuts = cuts_of(frames)
        assert cuts.count == 6
        assert cuts.stretch_s == pytest.approx(50.0)
    assert [len(share) for share in cuts.shares(2)] == [3, 3]
    assert [len(share) for share in cuts.shares(99)] == [1] * 6
    assert cuts.stretch(1e9) == 5
    assert not cuts.warming(48.9)
    assert cuts.warming(49.1)


@contextmanager
def scoring(path: Path) -> Iterator[subprocess.Popen[str]]:
    """The command in a process group of its own, with two readers at work."""
    words = ["score", str(path), "--exercise", "bird_dog", "--workers", "2"]
    process = subprocess.Popen(
        [*COMMAND, *words], stderr=subprocess.PIPE, text=True, start_new_session=True
    )
    try:
        end = time.monotonic() + 60
        while len(children(process.pid)) < 3 and time.monotonic() < end:  # and a tracker
            time.sleep(0.2)
        yield process
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
        process.communicate()


def children(pid: int) -> list[int]:
    found = subprocess.run(
        ["ps", "-o", "pid=", "--ppid", str(pid)], capture_output=True, text=True, check=False
    )
    return [int(word) for word in found.stdout.split()]


@pytest.fixture(scope="module")
def long_one(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Slowed down until it is long enough to be cut."""
    path = tmp_path_factory.mktemp("long") / "long.mp4"
    return clip(path, 14.0, time=lambda t: 10.0 * t)


@pytest.mark.skipif(sys.platform == "win32", reason="signals as on Unix")
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGKILL])
def test_the_processes_end_with_the_command(long_one: Path, number: int) -> None:
    with scoring(long_one) as process:
        readers = children(process.pid)
        assert len(readers) >= 2
        if number == signal.SIGINT:
            os.killpg(process.pid, signal.SIGINT)  # the terminal tells all of them
            _, said = process.communicate(timeout=30)
            assert process.returncode == 2
            assert said.splitlines() == ["midback: stopped; nothing half-written was left behind"]
        else:
            process.kill()
            process.wait()
        end = time.monotonic() + 30
        while any(running(pid) for pid in readers) and time.monotonic() < end:
            time.sleep(0.2)
        assert not any(running(pid) for pid in readers)


def running(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except OSError:
        return False
