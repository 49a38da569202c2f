"""The benchmark beside other tools: its own rows and landmarks, without the others or a network."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from midback.landmarks.trc import read_trc
from midback.vision.pose import Array32, Pose, SourceInfo

BENCHMARKS = Path(__file__).parents[1] / "benchmarks"
sys.path.insert(0, str(BENCHMARKS))

from peers import angles_of, fresh, speed, tools, words, workload  # noqa: E402

INFO = SourceInfo("squats", None, 30.0, 640, 480)


def squatting(frames: int = 300) -> Iterator[Pose]:
    """Someone who faces the left edge and bends hips and knees by 90 degrees every five seconds."""
    for i in range(frames):
        bend = np.radians(45 - 45 * np.cos(2 * np.pi * i / 150))
        yield Pose(
            i / 30,
            _body(bend),
            (_body(bend) / 250).astype(np.float32),
            np.ones(33, dtype=np.float32),
        )


def _body(bend: float) -> Array32:
    ankle = np.array([320.0, -450.0, 0.0])
    knee = ankle + [0, 100, 0]
    hip = knee + 100 * np.array([np.sin(bend), np.cos(bend), 0])
    shoulder, elbow = hip + [0, 120, 0], hip + [-20, 60, 0]
    joints = {11: shoulder, 13: elbow, 15: hip + [-60, 50, 0], 23: hip, 25: knee, 27: ankle}
    joints |= {7: shoulder + [0, 40, 0], 29: ankle + [10, -10, 0], 31: ankle + [-30, -10, 0]}
    points = np.tile(shoulder + [-20, 40, 0], (33, 1))
    for left, at in joints.items():
        points[left], points[left + 1] = at + [0, 0, -20], at + [0, 0, 20]
    return points.astype(np.float32)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    workload.write(tmp_path, list(squatting()), INFO, "squat")
    return tmp_path


def test_the_trc_holds_the_same_picture_with_y_down_and_nothing_negative(folder: Path) -> None:
    markers = read_trc(folder / "landmarks_px.trc")
    assert markers.names == workload.NAMES
    given = np.stack([pose.points for pose in squatting()]).astype(np.float64)
    scale = 480 / workload.trunk(given)
    steps = np.diff(markers.xyz, axis=0)
    np.testing.assert_allclose(steps, np.diff(given, axis=0) * [1, -1, -1] * scale, atol=1e-4)
    assert markers.xyz[..., :2].min() > 0


def test_no_two_rounds_are_alike_and_a_seed_gives_the_same_again() -> None:
    once = list(squatting(150))
    made = workload.repeated(once, 400)
    again = workload.repeated(once, 400)
    assert len(made) == 400
    assert all(np.array_equal(a.points, b.points) for a, b in zip(made, again, strict=True))
    np.testing.assert_allclose(np.diff([pose.t for pose in made]), 1 / 30)
    hips = np.array([pose.points[23, :2] for pose in made])
    assert np.linalg.norm(np.diff(hips, axis=0), axis=1).max() < 8  # px a frame, no seam
    assert not np.allclose(hips[30:120], hips[30 + 150 - 15 : 120 + 150 - 15], atol=1)


def test_the_protractor_counts_flexion_and_forward_lean_as_positive() -> None:
    seen = angles_of.protractor(list(squatting(76)), facing=-1)
    assert seen["lean"][75] == pytest.approx(0, abs=1e-3)
    assert seen["hip_L"][[0, 75]] == pytest.approx([0, 90], abs=0.1)
    assert seen["knee_R"][[0, 75]] == pytest.approx([0, 90], abs=0.1)


@pytest.mark.parametrize("tool", [tools.MIDBACK_TRC, tools.MIDBACK_POSES])
def test_our_own_row_comes_from_a_process_of_its_own(folder: Path, tool: tools.Tool) -> None:
    found = fresh.run(tool.python, tool.program[0], [str(folder), *tool.program[1:]], 120)
    assert isinstance(found, fresh.Run), found
    assert found.said["reps"] == 2
    assert found.command_s > found.seconds > 0
    assert "midback" in speed.row(tool, [found], 300)
    angles = angles_of.CONVENTION[tools.MIDBACK_POSES](found.series)
    assert np.nanmax(angles["knee_L"]) == pytest.approx(90, abs=3)


def test_a_tool_that_fails_is_a_row_with_its_last_words(folder: Path) -> None:
    found = fresh.run(sys.executable, "peers.foreign.no_such_program", [str(folder)], 60)
    assert isinstance(found, fresh.Failure)
    assert "No module named" in speed.row(tools.MYOGAIT, found, 300)


def test_every_tool_is_named_and_installed_on_its_own() -> None:
    written = (BENCHMARKS / "peers.md").read_text(encoding="utf-8")
    for tool in (*tools.WHOLE, *tools.ANGLES, *tools.VIDEO):
        assert tool.short in written
        assert tool.short.split(",")[0].removeprefix("bare ").split()[0] in words.SAYS
        if tool.environment is not None:
            assert all(
                "==" in p or p in {"scipy", "opencv-python<5"} for p in tool.environment.packages
            )
    assert str(Path.home()) not in written
