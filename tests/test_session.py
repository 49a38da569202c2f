from __future__ import annotations

from dataclasses import asdict, replace

import numpy as np
import pytest
import stick

from midback.events import RepFinished, StopCalled
from midback.exercises import find
from midback.result import Result, Software, Source
from midback.session import Session
from midback.vision.pose import Pose, missing_pose

FPS = 30.0
SOURCE = Source("stick", None, FPS, 0, 0.0, *stick.SIZE)
SOFTWARE = Software("test", "none", None)


def bird_dogs(
    count: int, *, arch_from: int | None = None, fps: float = FPS, mirrored: bool = False
) -> list[Pose]:
    """Alternating bird dogs; from rep `arch_from` on the low back arches 14 deg more."""
    period, lead = 4.0, 3.0
    poses = []
    for i in range(int((lead + count * period + 1) * fps)):
        t = i / fps
        index = int(np.clip((t - lead) // period, 0, count - 1))
        lift = stick.lift_curve(t, lead + index * period)
        extra = 14.0 * lift if arch_from is not None and index + 1 >= arch_from else 0.0
        state = stick.BirdDog(lift * 0.95, index % 2 == 0, 30.0, 20.0 + extra)
        poses.append(stick.pose(state, t, mirrored=mirrored, noise=0.8))
    return poses


def run(poses: list[Pose]) -> tuple[Session, Result]:
    session = Session(find("bird_dog"), *stick.SIZE)
    session.update(*poses)
    session.finish()
    return session, session.result(SOURCE, SOFTWARE)


def test_a_clean_set_is_counted_and_not_stopped() -> None:
    _, result = run(bird_dogs(10))
    assert [rep.side for rep in result.reps] == ["left", "right"] * 5
    assert result.stop is None
    assert result.judged_reps == 2
    for i, rep in enumerate(result.reps):
        assert rep.complete
        assert rep.start_s == pytest.approx(3 + 4 * i, abs=0.2)
        assert rep.end_s == pytest.approx(6 + 4 * i, abs=0.2)
        assert rep.rom_deg == pytest.approx(171, abs=4)
    assert result.view.name == "side"
    assert result.view.facing == "right"
    assert result.angles["lumbar_arch"].status == "proxy"
    assert result.angles["thoracic_rotation"].status == "not_measurable"


def test_an_arching_back_is_stopped_at_the_second_bad_rep_and_called_core() -> None:
    session, result = run(bird_dogs(14, arch_from=9))
    assert result.stop is not None
    assert result.stop.rep in (9, 10)
    assert result.stop.region == "core"
    assert result.first_region == "core"
    broke = session.keyframes().broke
    assert broke is not None
    assert broke.rep == result.stop.rep
    assert broke.contour is not None


def test_events_arrive_in_order_and_soon() -> None:
    session = Session(find("bird_dog"), *stick.SIZE)
    finished: list[tuple[float, float]] = []
    stops = []
    for pose in bird_dogs(14, arch_from=9):
        for event in session.update(pose):
            if isinstance(event, RepFinished):
                finished.append((pose.t, event.rep.end_s))
            elif isinstance(event, StopCalled):
                stops.append((pose.t, event.stop.time_s))
    assert len(finished) >= 13
    assert max(now - end for now, end in finished) < 1.0
    assert len(stops) == 1
    assert stops[0][0] - stops[0][1] < 1.0


def test_one_by_one_and_all_at_once_are_exactly_equal() -> None:
    poses = bird_dogs(10, arch_from=9)
    session, result = run(poses)
    other = Session(find("bird_dog"), *stick.SIZE)
    live = [event for pose in poses for event in other.update(pose)] + list(other.finish())
    assert asdict(other.result(SOURCE, SOFTWARE)) == asdict(result)
    assert sum(isinstance(event, RepFinished) for event in live) == len(result.reps)
    ours, theirs = session.series(), other.series()
    for name, trace in ours.traces.items():
        np.testing.assert_array_equal(trace.value, theirs.traces[name].value)


def test_asking_for_results_on_the_way_changes_nothing() -> None:
    poses = bird_dogs(6)
    _, plain = run(poses)
    session = Session(find("bird_dog"), *stick.SIZE)
    for i, pose in enumerate(poses):
        session.update(pose)
        if i % 50 == 0:
            session.result(SOURCE, SOFTWARE)
            session.keyframes()
    session.finish()
    assert session.result(SOURCE, SOFTWARE) == plain


def test_a_mirrored_picture_swaps_left_and_right_and_nothing_else() -> None:
    one, other = (
        run(bird_dogs(10, arch_from=9))[1],
        run(bird_dogs(10, arch_from=9, mirrored=True))[1],
    )
    swap = {"left": "right", "right": "left"}
    assert [swap[str(rep.side)] for rep in one.reps] == [rep.side for rep in other.reps]
    assert other.view.facing == "left"
    assert (one.stop is None) == (other.stop is None)
    assert [rep.rom_deg for rep in one.reps] == pytest.approx(
        [rep.rom_deg for rep in other.reps], abs=1.5
    )


@pytest.mark.parametrize("fps", [24.0, 50.0])
def test_other_frame_rates_give_the_same_reps(fps: float) -> None:
    result = run(bird_dogs(6, fps=fps))[1]
    assert len(result.reps) == 6
    assert result.reps[0].start_s == pytest.approx(3.0, abs=0.2)


def test_short_dropouts_do_not_matter_and_long_ones_lose_only_their_rep() -> None:
    poses = bird_dogs(6)
    for i in range(150, 154):
        poses[i] = missing_pose(poses[i].t)
    assert len(run(poses)[1].reps) == 6
    for i in range(130, 170):
        poses[i] = missing_pose(poses[i].t)
    assert len(run(poses)[1].reps) == 5


def test_without_a_silhouette_contour_angles_are_refused() -> None:
    result = run([replace(pose, silhouette=None) for pose in bird_dogs(4)])[1]
    assert result.angles["thoracic_extension"].status == "not_measurable"
    assert len(result.reps) == 4


def test_nobody_and_nothing() -> None:
    result = run([missing_pose(i / FPS) for i in range(60)])[1]
    assert result.reps == ()
    assert result.score.set is None
    assert result.warnings
    assert result.view.name == "unknown"
    assert {angle.status for angle in result.angles.values()} == {"not_measurable"}


def test_too_few_reps_are_counted_but_not_judged() -> None:
    result = run(bird_dogs(2))[1]
    assert len(result.reps) == 2
    assert result.judged_reps == 0
    assert result.score.set is None
    assert any("Fatigue could not be judged" in text for text in result.warnings)


def test_without_a_still_start_changes_from_neutral_cost_no_points() -> None:
    poses = [pose for pose in bird_dogs(6) if pose.t > 2.8]
    result = run(poses)[1]
    assert any("no still second" in text for text in result.warnings)
    assert result.stop is None


def test_a_pause_of_an_hour_costs_no_memory_and_no_reps() -> None:
    first = bird_dogs(2)
    later = [replace(pose, t=pose.t + 3600.0) for pose in first]
    session, result = run(first + later)
    assert len(result.reps) == 4
    assert len(session.series().t) < 2 * len(first) + 200


def test_a_slow_camera_is_named() -> None:
    session, _ = run(bird_dogs(2))
    slow = session.result(replace(SOURCE, frames=120, duration_s=10.0), SOFTWARE)
    assert any("12 frames a second" in text for text in slow.warnings)
