"""A set that is killed is there again, up to the last pose that was written."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path

import numpy as np
import pytest
import stick
from cli import small_disk
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from test_session import bird_dogs

from midback.apps.live.coach import Coach, Command, Entry
from midback.apps.live.journal import Journal, latest_unfinished, new_path, read_journal
from midback.errors import InputError
from midback.exercises import find
from midback.vision.pose import Pose, missing_pose

COMMAND_AT: dict[int, Command] = {200: "pause", 215: "resume", 480: "undo"}
"""Frame before which the person says it."""

State = tuple[tuple[tuple[float, ...], ...], float | None, str]


def coach() -> Coach:
    return Coach(find("bird_dog"), *stick.SIZE)


def state(one: Coach) -> State:
    reps = tuple(
        (rep.index, rep.span.first, rep.span.last, *(v or -1.0 for v in rep.values.values()))
        for rep in one.session.reps
    )
    return reps, one.stop.time_s if one.stop else None, one.stage


def entries() -> list[Entry]:
    """A set that is stopped for its form, paused once and one repetition of it undone."""
    found: list[Entry] = []
    for index, pose in enumerate(bird_dogs(12, arch_from=9)):
        if index in COMMAND_AT:
            found.append(Entry(found[-1].t, None, COMMAND_AT[index]))
        found.append(Entry(pose.t, pose))
    return found


SET = entries()


def kept(path: Path, some: Iterable[Entry]) -> Path:
    journal = Journal.begin(path, "bird_dog", *stick.SIZE, "normal")
    for entry in some:
        journal.append(entry)
    journal.close(done=False)
    return path


def same(a: Entry, b: Entry) -> bool:
    if a.pose is None or b.pose is None:
        return a == b
    pairs = zip(_arrays(a.pose), _arrays(b.pose), strict=True)
    return a.t == b.t == b.pose.t and all(np.array_equal(*pair, equal_nan=True) for pair in pairs)


def _arrays(pose: Pose) -> list[np.ndarray[tuple[int, ...], np.dtype[np.float32]]]:
    silhouette = [] if pose.silhouette is None else [pose.silhouette]
    return [pose.points, pose.world, pose.visibility, *silhouette]


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    return kept(tmp_path_factory.mktemp("running") / "whole.set", SET).read_bytes()


def test_what_was_kept_comes_back_to_the_last_bit(tmp_path: Path) -> None:
    some = [*SET[190:230], Entry(9.0, missing_pose(9.0))]
    header, back = read_journal(kept(tmp_path / "a.set", some))
    assert (header.exercise, header.width, header.height) == ("bird_dog", *stick.SIZE)
    assert header.caution == "normal"
    assert header.begun > 1.7e9
    assert len(back) == len(some)
    assert all(map(same, some, back))


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(share=st.floats(0, 1))
def test_any_torn_file_reads_as_a_beginning(whole: bytes, tmp_path: Path, share: float) -> None:
    first = whole.index(b"\n") + 1
    cut = first + round(share * (len(whole) - first))
    torn = tmp_path / "torn.set"
    torn.write_bytes(whole[:cut])
    _, back = read_journal(torn)
    assert all(map(same, back, SET[: len(back)]))
    assert len(back) == sum(end <= cut for end in _ends(whole)[1:])


def test_a_resumed_set_is_the_uncut_one(whole: bytes, tmp_path: Path) -> None:
    """Cut anywhere: the same repetitions, values and stop as in the coach that saw it all."""
    chance = random.Random(5)
    lengths = sorted(chance.sample(range(len(SET)), 3)) + [len(SET)]
    path = tmp_path / "cut.set"
    uncut = coach()
    ends = _ends(whole)
    for before, length in zip([0, *lengths], lengths, strict=False):
        for entry in SET[before:length]:
            if entry.pose is not None:
                uncut.see(entry.pose)
            elif entry.command is not None:
                uncut.command(entry.command)
        path.write_bytes(whole[: ends[length] + chance.randrange(14)])  # no whole record more
        again = coach()
        again.replay(read_journal(path)[1])
        assert state(again) == state(uncut), length
    assert uncut.stop is not None
    assert len(uncut.session.reps) > 8


def _ends(whole: bytes) -> list[int]:
    """The file's length after so many entries, counted from its two record sizes."""
    begin = whole.index(b"\n") + 1
    commands = len(COMMAND_AT)
    small = 1 + 1 + 8 + 4
    large = (len(whole) - begin - commands * small) // (len(SET) - commands)
    ends = [begin]
    for entry in SET:
        ends.append(ends[-1] + (small if entry.pose is None else large))
    assert ends[-1] == len(whole)
    return ends


def test_a_damaged_record_ends_the_reading(whole: bytes, tmp_path: Path) -> None:
    path = tmp_path / "damaged.set"
    hit = _ends(whole)[100] + 40
    path.write_bytes(whole[:hit] + bytes([whole[hit] ^ 1]) + whole[hit + 1 :])
    assert len(read_journal(path)[1]) == 100


KILLED = """
import sys, time
from pathlib import Path
sys.path.insert(0, sys.argv[2])
from test_live_journal import SET
from midback.apps.live.journal import Journal
journal = Journal.begin(Path(sys.argv[1]), "bird_dog", 1280, 720, "normal")
for entry in SET[:300]:
    journal.append(entry)
print("written", flush=True)
time.sleep(60)
"""


def test_a_killed_process_loses_nothing_it_had_appended(tmp_path: Path) -> None:
    path = tmp_path / "deep" / "killed.set"
    words = [sys.executable, "-c", KILLED, str(path), str(Path(__file__).parent)]
    with subprocess.Popen(words, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "written\n"
        process.send_signal(signal.SIGKILL)
    assert latest_unfinished(path.parent) == path
    assert len(read_journal(path)[1]) == 300


def test_an_ended_set_leaves_nothing(tmp_path: Path) -> None:
    journal = Journal.begin(new_path("squat", tmp_path), "squat", 640, 480, "stable")
    journal.append(SET[0])
    assert latest_unfinished(tmp_path) == journal.path
    if os.name == "posix":
        assert journal.path.stat().st_mode & 0o077 == 0
    journal.close(done=True)
    assert list(tmp_path.iterdir()) == []
    assert latest_unfinished(tmp_path) is None
    assert latest_unfinished(tmp_path / "missing") is None


def test_the_latest_of_several(tmp_path: Path) -> None:
    older, newer = (kept(tmp_path / name, SET[:3]) for name in ("b.set", "a.set"))
    os.utime(older, (1e9, 1e9))
    (tmp_path / "notes.txt").write_text("mine")
    (tmp_path / "folder").mkdir()
    assert latest_unfinished(tmp_path) == newer


@pytest.mark.parametrize(
    "content",
    [b"", b"\x89PNG\r\n", b"{}\n", b"[1]\n", b'{"format": "midback.running/2"}\n', b"x" * 9000,
     b'{"format": "midback.running/1", "exercise": 3, "width": 1, "height": 1, "caution": "normal",'
     b' "begun": 1}\n',
     b'{"format": "midback.running/1", "exercise": "squat", "width": -1, "height": 1, '
     b'"caution": "normal", "begun": 1}\n'],
)  # fmt: skip
def test_foreign_files_are_refused_in_one_line(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "foreign.set"
    path.write_bytes(content)
    with pytest.raises(InputError, match="is not a set") as refused:
        read_journal(path)
    assert "\n" not in str(refused.value)
    assert latest_unfinished(tmp_path) is None


def test_what_cannot_be_read_or_made(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="cannot be read"):
        read_journal(tmp_path / "missing.set")
    (tmp_path / "file").write_text("")
    with pytest.raises(InputError, match="cannot be kept"):
        Journal.begin(tmp_path / "file" / "a.set", "squat", 1, 1, "normal")


def test_a_full_disk_ends_the_keeping_not_the_set(tmp_path: Path) -> None:
    with small_disk(tmp_path / "disk", "size=64k") as disk:
        journal = Journal.begin(disk / "a.set", "bird_dog", *stick.SIZE, "normal")
        for entry in SET[:100]:
            journal.append(entry)
        journal.close(done=False)
        assert journal.warning is not None
        assert "no longer kept" in journal.warning
        _, back = read_journal(disk / "a.set")
    assert 20 < len(back) < 100
    assert all(map(same, back, SET))


def test_a_set_of_the_page_is_found_and_one_that_runs_is_left_alone(tmp_path: Path) -> None:
    """Journals of a server lie in a folder of their own; another process's is its own affair."""
    cut = kept(new_path("bird_dog", tmp_path / "serve-8765"), SET[:20])
    assert latest_unfinished(tmp_path) == cut
    with subprocess.Popen(["sleep", "60"]) as other:
        running = cut.with_name(f"29990101-000000-{other.pid}-bird_dog.set")
        running.write_bytes(cut.read_bytes())
        assert latest_unfinished(tmp_path) == cut
        other.kill()
    os.utime(running, (4e9, 4e9))
    assert latest_unfinished(tmp_path) == running
