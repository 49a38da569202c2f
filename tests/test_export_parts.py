"""The parts of an export: what is left out, what lies between frames, what is shown when."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import cv2
import export_case
import numpy as np
import pytest
from cli import midback
from hypothesis import given, settings
from hypothesis import strategies as st
from needs import SAMPLE, needs_weights

from midback.apps.export.degrees import Column, without_gaps
from midback.apps.export.scene import draw, layout_of
from midback.apps.export.timeline import CARD_S, Timeline, timeline
from midback.apps.run import Scored, score_source
from midback.landmarks.markers import Markers, at_times
from midback.landmarks.trc import read_trc, write_trc
from midback.vision.frames import open_frames
from midback.vision.pose import Array, Pose

NAN = float("nan")


def column(name: str, values: Sequence[float]) -> Column:
    value = np.array(values)
    return Column(name, name, value, np.zeros_like(value))


def kept(columns: list[Column], main: str) -> tuple[list[str], list[bool]]:
    rows, left = without_gaps(columns, main)
    assert all(np.isfinite(one.value[rows]).all() for one in left)
    return [one.name for one in left], rows.tolist()


def test_rows_are_those_of_the_main_angle_and_gappy_angles_are_left_out() -> None:
    main = column("main", [NAN, *range(20)])
    late = column("late", [NAN, NAN, *range(19)])
    gappy = column("gappy", [0.0, *range(10), *[NAN] * 10])
    everywhere = column("everywhere", range(21))
    names, rows = kept([gappy, late, main, everywhere], "main")
    assert names == ["late", "main", "everywhere"]
    assert rows == [False, False, *[True] * 19]


def test_without_the_main_angle_the_fullest_leads() -> None:
    names, rows = kept([column("a", [1.0, NAN, NAN]), column("b", [1.0, 2.0, NAN])], "main")
    assert (names, rows) == (["b"], [True, True, False])


@settings(deadline=None, max_examples=60)
@given(st.lists(st.lists(st.sampled_from([1.0, NAN]), min_size=12, max_size=12), min_size=1))
def test_whatever_is_missing_no_cell_is_without_a_number(table: list[list[float]]) -> None:
    columns = [column(str(i), values) for i, values in enumerate(table)]
    names, rows = kept(columns, "0")
    most = np.isfinite(table[0]).sum()
    assert "0" in names
    assert sum(rows) >= 0.9 * most


def markers(t: Sequence[float], x: Sequence[float]) -> Markers:
    xyz = np.stack([np.array(x), np.ones(len(x)), np.ones(len(x))], axis=-1)[:, None]
    return Markers(np.array(t), ("m",), xyz, np.ones((len(t), 1)), "m")


def between(t: Sequence[float], x: Sequence[float], at: Sequence[float]) -> list[float]:
    found = at_times(markers(t, x), np.array(at), 0.2)
    return [float(value) for value in found.xyz[:, 0, 0]]


def test_between_frames_markers_move_in_a_straight_line() -> None:
    assert between([0.0, 0.1, 0.3], [1.0, 2.0, 4.0], [0.05, 0.1, 0.25]) == pytest.approx(
        [1.5, 2.0, 3.5]
    )


def test_nothing_is_made_up_in_a_gap_or_beside_a_missing_frame() -> None:
    made = between([0.0, 0.1, 0.2, 0.9], [1.0, NAN, 3.0, 4.0], [0.0, 0.05, 0.15, 0.2, 0.5, 0.9])
    assert made == pytest.approx([1.0, NAN, NAN, 3.0, NAN, 4.0], nan_ok=True)


def test_the_rate_of_an_uneven_trc_is_the_mean_one(tmp_path: Path) -> None:
    path = tmp_path / "uneven.trc"
    with path.open("w", encoding="utf-8") as file:
        write_trc(markers([0.5, 0.6, 1.0], [1.0, NAN, 3.0]), path.name, file)
    lines = path.read_text(encoding="utf-8").splitlines()
    assert lines[2].split("\t") == ["4", "4", "3", "1", "m", "4", "1", "3"]
    back = read_trc(path)
    assert back.t.tolist() == [0.5, 0.6, 1.0]
    assert np.isnan(back.xyz[1]).all()


@settings(deadline=None, max_examples=40)
@given(st.integers(16, 4000), st.integers(16, 4000))
def test_every_picture_fits_and_every_side_is_even(width: int, height: int) -> None:
    layout = layout_of(width, height)
    assert [side % 2 for side in layout.size] == [0, 0]
    assert max(layout.size) <= 1400
    shown = layout.picture.width / layout.picture.height
    if 0.3 < width / height < 3:
        assert shown == pytest.approx(width / height, rel=0.01)


@pytest.fixture(scope="module")
def stopped(tmp_path_factory: pytest.TempPathFactory) -> tuple[Scored, list[Pose], Timeline]:
    poses = export_case.poses()
    saved, _ = export_case.recording(tmp_path_factory.mktemp("stopped"), poses)
    scored = score_source(str(saved), "bird_dog")
    return scored, poses, timeline(scored, poses, caution="normal", side=None)


Stopped = tuple[Scored, list[Pose], Timeline]


def test_a_repetition_counts_from_its_end_and_brings_its_own_score(stopped: Stopped) -> None:
    scored, poses, found = stopped
    reps = scored.result.reps
    assert len(reps) == export_case.REPS
    for pose in poses:
        shown = found.at(pose)
        over = [rep for rep in reps if rep.end_s <= pose.t]
        assert shown.feedback.reps == len(over)
        assert shown.score == (over[-1].score if over else None)


def test_nobody_learns_of_the_stop_before_its_time(stopped: Stopped) -> None:
    scored, poses, found = stopped
    stop = scored.result.stop
    assert stop is not None
    for pose in poses:
        shown = found.at(pose)
        assert (shown.feedback.tone == "stop") == (pose.t >= stop.time_s)
        assert shown.card == (0 <= pose.t - stop.time_s < CARD_S)
        assert (stop.cue in shown.feedback.detail) == (pose.t >= stop.time_s)


def test_the_gauge_is_the_finished_series_from_the_persons_rest(stopped: Stopped) -> None:
    scored, poses, found = stopped
    series = scored.series
    trace = series.traces["diagonal_lift"].value
    rest = trace[np.searchsorted(series.t, 1.0) : np.searchsorted(series.t, 3.0)]
    moving = [pose for pose in poses if pose.t > scored.result.reps[0].end_s]
    values = [found.at(pose).feedback.gauge.value for pose in moving]
    expected = np.interp([pose.t for pose in moving], series.t, trace) - np.median(rest)
    np.testing.assert_allclose(np.array(values, dtype=float), expected, atol=2.0)


def test_every_state_can_be_drawn(stopped: Stopped) -> None:
    scored, poses, found = stopped
    layout = layout_of(*export_case.SIZE)
    grey = np.full((export_case.SIZE[1], export_case.SIZE[0], 3), 90, np.uint8)
    for pose in poses[::40]:
        image = draw(grey, found.at(pose), layout, scored.exercise.title)
        assert image.shape == (layout.size[1], layout.size[0], 3)
        assert image.std() > 5


def first_seconds(source: Path, target: Path, seconds: float) -> tuple[Path, Array]:
    """A shorter copy, and the times of its frames."""
    import av

    with av.open(str(source)) as whole, av.open(str(target), "w") as part:
        stream = part.add_stream_from_template(whole.streams.video[0])
        for packet in whole.demux(video=0):
            if packet.pts is not None and packet.pts * packet.time_base < seconds:
                packet.stream = stream
                part.mux(packet)
    with open_frames(str(target)) as frames:
        return target, np.array([frame.t for frame in frames])


@needs_weights
def test_from_a_video_itself(tmp_path: Path) -> None:
    clip, t = first_seconds(SAMPLE, tmp_path / "clip.mp4", 3.0)
    outputs = [tmp_path / "out.trc", tmp_path / "out.mp4"]
    done = midback("export", clip, "-e", "bird_dog", *outputs)
    assert done.returncode == 0, done.stderr
    back = read_trc(outputs[0])
    np.testing.assert_allclose(back.t, t, atol=1e-6)
    assert np.isfinite(back.xyz[:, back.names.index("left_hip")]).all()
    with open_frames(str(outputs[1])) as frames:
        shown = [(frame.t, frame.image) for frame in frames]
    np.testing.assert_allclose([at for at, _ in shown], t, atol=1e-3)
    with open_frames(str(clip)) as frames:
        first = next(iter(frames)).image
    place = layout_of(first.shape[1], first.shape[0]).picture
    same = cv2.resize(first, (place.width, place.height)).astype(int)
    drawn = np.abs(shown[0][1][: place.height, : place.width].astype(int) - same).max(axis=-1)
    assert 0.005 < (drawn > 60).mean() < 0.1  # lines over a picture that else stays as it was
