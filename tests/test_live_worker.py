"""Real inference in a process of its own, and what is left of a set when it dies."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
import zipfile
from functools import cache
from itertools import islice
from pathlib import Path

import cv2
import numpy as np
import pytest
from needs import SAMPLE, needs_weights, weights
from tiny_weights import network

from midback.apps.live import worker_process
from midback.apps.live.coach import Coach
from midback.apps.live.worker import PoseWorker
from midback.errors import InputError
from midback.exercises import find
from midback.vision.estimator import PoseEstimator
from midback.vision.frames import Frame, open_frames
from midback.vision.pose import Pose
from midback.vision.weights import NETWORKS

pytestmark = pytest.mark.skipif(os.name != "posix", reason="signals end the process here")


@cache
def frames(count: int = 240) -> tuple[Frame, ...]:
    with open_frames(str(SAMPLE)) as opened:
        return tuple(islice(opened, count))


def same(a: Pose, b: Pose) -> bool:
    pairs = [(a.points, b.points), (a.world, b.world), (a.visibility, b.visibility)]
    if a.silhouette is not None and b.silhouette is not None:
        pairs.append((a.silhouette, b.silhouette))
    alike = (a.silhouette is None) == (b.silhouette is None)
    return a.t == b.t and alike and all(np.array_equal(*p, equal_nan=True) for p in pairs)


def warm(worker: PoseWorker, frame: Frame) -> Pose:
    """The first pose, and time for the spare to load."""
    worker.offer(frame)
    (pose,) = worker.wait(60)
    time.sleep(4)
    return pose


def until_pose_after(worker: PoseWorker, feed: list[Frame], deadline_s: float) -> float:
    """Offer a frame every 33 ms, as a camera does; seconds until one of them gave its pose."""
    begin, first = time.monotonic(), feed[0].t
    while time.monotonic() - begin < deadline_s:
        worker.offer(feed.pop(0))
        if any(pose.t >= first for pose in worker.wait(0.033)):
            return time.monotonic() - begin
    raise AssertionError(f"no pose within {deadline_s} s")


@needs_weights
def test_people_are_counted_when_asked() -> None:
    """One person, and the same one above a second."""
    one = frames()[30]
    two = Frame(9.0, np.vstack([one.image, frames()[200].image]))
    with PoseWorker(weights(), silhouette=False) as worker:
        worker.offer(one)
        worker.wait(60)
        assert worker.people is None
        worker.counting = True
        assert counted(worker, one) == 1
        assert counted(worker, two) == 2


def counted(worker: PoseWorker, frame: Frame) -> int | None:
    """People, once the process has counted twice."""
    for step in range(3):
        worker.offer(Frame(frame.t + 10 + step, frame.image))
        worker.wait(60)
        time.sleep(1.05)
    return worker.people


@needs_weights
@pytest.mark.parametrize("silhouette", [True, False])
def test_poses_are_those_of_the_plain_estimator(silhouette: bool) -> None:
    some = frames()[:25]
    with PoseEstimator(weights(), silhouette) as estimator:
        expected = [estimator.estimate(frame) for frame in some]
    found: list[Pose] = []
    with PoseWorker(weights(), silhouette=silhouette) as worker:
        assert worker.alive
        for frame in some:
            worker.offer(frame)
            found += worker.wait(60)
        assert (worker.seen, worker.dropped, worker.restarts) == (25, 0, 0)
        assert 0 < worker.rate <= 12.5
    assert not worker.alive
    assert len(found) == 25
    assert all(map(same, expected, found))


@needs_weights
def test_the_newest_frame_waits_and_replaces_what_waited() -> None:
    """Frames offered before the process is ready, or while it is busy, make room for the newest."""
    some = frames()
    with PoseWorker(weights(), silhouette=True) as worker:
        for frame in some[:10]:
            worker.offer(frame)
        assert worker.poses() == []
        assert [pose.t for pose in worker.wait(60)] == [some[9].t]
        assert worker.dropped == 9
        took = []
        for frame in some[10:30]:  # far faster than the network
            begin = time.perf_counter()
            worker.offer(frame)
            took.append(time.perf_counter() - begin)
        assert float(np.median(took)) < 1e-3
        last: list[Pose] = []
        while not last or last[-1].t < some[29].t:
            last += worker.wait(10)
        times = [pose.t for pose in last]
        assert times == sorted(times)
        assert worker.seen + worker.dropped == 30
        assert len(times) == worker.seen - 1 < 15
        worker.offer(some[30])
        worker.close()
        worker.close()
        assert worker.poses() == []
        assert worker.wait(5) == []


@needs_weights
def test_the_picture_may_change_its_size() -> None:
    some = [
        Frame(frame.t, np.asarray(cv2.resize(frame.image, None, fx=by, fy=by), dtype=np.uint8))
        for frame, by in zip(frames(), (1.0, 0.5, 2.0, 0.7), strict=False)
    ]
    with PoseEstimator(weights(), silhouette=True) as estimator:
        expected = [estimator.estimate(frame) for frame in some]
    with PoseWorker(weights(), silhouette=True) as worker:
        for frame, pose in zip(some, expected, strict=True):
            worker.offer(frame)
            (found,) = worker.wait(60)
            assert same(found, pose)


@needs_weights
def test_three_kills_in_a_set_cost_a_moment_each() -> None:
    """Killed at rest after three of the repetitions; while no pose comes, time goes on."""
    clip = SAMPLE.with_name("seated_extension.mp4")
    truth = json.loads(clip.with_name("seated_extension.truth.json").read_text())
    kill_at = [truth["reps"][rep]["end_s"] for rep in (1, 3, 5)]
    took: list[float] = []
    with open_frames(str(clip)) as source, PoseWorker(weights(), silhouette=True) as worker:
        coach = Coach(find(truth["exercise"]), source.info.width, source.info.height)
        killed: float | None = None
        for frame in source:
            if kill_at and frame.t >= kill_at[0]:
                kill_at.pop(0)
                assert worker.pid is not None
                os.kill(worker.pid, signal.SIGKILL)
                killed = time.monotonic()
                time.sleep(0.05)  # until it is noticed
            worker.offer(frame)
            poses = worker.wait(60 if killed is None else 1 / 30)
            if poses and killed is not None:
                took.append(time.monotonic() - killed)
                killed = None
            for pose in poses:
                coach.see(pose)
        assert worker.restarts == 3
        assert worker.seen == len(coach.entries)
    print("recovered in", [f"{s:.2f} s" for s in took])
    assert max(took) < 2.0
    assert len(took) == 3
    times = [entry.t for entry in coach.entries]
    assert times == sorted(set(times))
    coach.command("end")
    assert len(coach.session.reps) == len(truth["reps"])


@needs_weights
def test_a_stopped_process_is_replaced(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(worker_process, "HANG_S", 3.0)
    feed = list(frames())
    with PoseWorker(weights(), silhouette=True) as worker:
        warm(worker, feed.pop(0))
        stopped = worker.pid
        assert stopped is not None
        os.kill(stopped, signal.SIGSTOP)
        begin = time.monotonic()
        took = []
        while worker.restarts == 0 and time.monotonic() - begin < 10:
            before = time.perf_counter()
            worker.offer(feed.pop(0))
            took.append(time.perf_counter() - before)
            assert worker.wait(0.1) == []
        assert 2.5 < time.monotonic() - begin < 4.5
        assert max(took) < 0.05  # a hang is not handed on
        assert until_pose_after(worker, feed, 10) < 2.0
        with pytest.raises(ProcessLookupError):
            os.kill(stopped, 0)


PARENT = """
import os, sys, time
from pathlib import Path
from midback.apps.live.worker import PoseWorker
from multiprocessing import active_children
if __name__ == "__main__":
    sys.path.insert(0, sys.argv[1])
    from test_live_worker import frames, weights
    worker = PoseWorker(weights(), silhouette=False)
    worker.start()
    worker.offer(frames(2)[0])
    worker.wait(60)
    while len(active_children()) < 2:
        time.sleep(0.05)
    print(*(child.pid for child in active_children()), flush=True)
    if sys.argv[2] == "wait":
        time.sleep(60)
"""


def _alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


@needs_weights
@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="reads /proc")
@pytest.mark.parametrize("ending", ["wait", "leave"])
def test_the_processes_end_with_their_parent(tmp_path: Path, ending: str) -> None:
    """Killed, or ended without `close`: nothing stays behind, and nothing is printed."""
    script = tmp_path / "parent.py"
    script.write_text(PARENT)
    words = [sys.executable, "-W", "error", str(script), str(Path(__file__).parent), ending]
    pipe = subprocess.PIPE
    with subprocess.Popen(words, text=True, stdout=pipe, stderr=pipe) as process:
        assert process.stdout is not None
        pids = [int(word) for word in process.stdout.readline().split()]
        if ending == "wait":
            process.send_signal(signal.SIGKILL)
        _, errors = process.communicate(timeout=30)
    assert len(pids) == 2
    assert errors == "" or ending == "wait", errors
    end = time.monotonic() + 5
    while any(map(_alive, pids)) and time.monotonic() < end:
        time.sleep(0.05)
    assert not any(map(_alive, pids))


def test_a_model_that_cannot_be_used_is_told_in_a_line(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="does not exist"):
        PoseWorker(tmp_path / "missing.task", silhouette=True).start()
    wrong = tmp_path / "wrong.task"
    with zipfile.ZipFile(wrong, "w") as archive:
        for name in NETWORKS:
            archive.writestr(name, network("empty"))
    with PoseWorker(wrong, silhouette=True) as worker:
        with pytest.raises(InputError, match="cannot be used as a pose landmarker"):
            worker.wait(60)
        assert not worker.alive
