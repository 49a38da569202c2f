"""What `midback export` writes is what was measured, read back by those it is written for."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import cv2
import export_case
import numpy as np
import pytest
from cli import midback
from export_reads import Cell, in_chromium, in_opensim, long, picture_at, play, wide
from needs import needs_chromium, needs_opensim
from playwright.sync_api import Page

from midback.apps.export.scene import layout_of
from midback.apps.live.signs import FILL
from midback.apps.run import Scored, score_source
from midback.landmarks.blazepose import NAMES
from midback.landmarks.c3d_file import read_c3d
from midback.landmarks.trc import read_trc
from midback.result import STATUSES
from midback.vision.frames import open_frames
from midback.vision.pose import Pose

KINDS = ("trc", "mot", "c3d", "csv", "long.csv", "mp4")


@dataclass(frozen=True)
class Case:
    folder: Path
    poses: list[Pose]
    scored: Scored
    said: str

    def file(self, kind: str) -> Path:
        return self.folder / f"out.{kind}"


@pytest.fixture(scope="module")
def case(tmp_path_factory: pytest.TempPathFactory) -> Case:
    """All kinds at once, by the real command."""
    folder = tmp_path_factory.mktemp("export")
    poses = export_case.poses()
    saved, _ = export_case.recording(folder, poses)
    names = [folder / f"out.{kind}" for kind in KINDS]
    done = midback("export", saved, "--exercise", "bird_dog", *names)
    assert (done.returncode, done.stdout) == (0, ""), done.stderr
    return Case(folder, poses, score_source(str(saved), "bird_dog"), done.stderr)


def test_it_says_what_was_written_and_what_the_numbers_are(case: Case) -> None:
    for kind in KINDS:
        assert f"wrote {case.file(kind)}" in case.said
    assert "the depth of one camera is an estimate" in case.said
    assert "left out, since they have gaps" in case.said
    left_behind = {path.name for path in case.folder.iterdir()}
    assert left_behind == {"poses.npz", "clip.mp4", *(case.file(kind).name for kind in KINDS)}


def world(poses: list[Pose]) -> tuple[Any, Any]:
    """Times, and metres of the landmarks that were seen."""
    metres = np.array([pose.world for pose in poses], dtype=np.float64)
    metres[np.array([pose.visibility for pose in poses]) < 0.5] = np.nan
    return np.array([pose.t for pose in poses]), metres


def test_trc_holds_the_landmarks_at_the_frames_own_times(case: Case) -> None:
    back = read_trc(case.file("trc"))
    t, metres = world(case.poses)
    assert back.names == NAMES
    assert back.units == "m"
    np.testing.assert_allclose(back.t, t, atol=5e-7)
    np.testing.assert_allclose(back.xyz, metres, atol=5.1e-7)
    assert np.isnan(back.xyz[export_case.NOBODY]).all()
    assert np.isnan(back.xyz[::10, export_case.HIDDEN]).all()


def test_c3d_holds_landmarks_and_angles_thirty_times_a_second(case: Case) -> None:
    back = read_c3d(case.file("c3d"))
    t, metres = world(case.poses)
    series = case.scored.series
    np.testing.assert_allclose(back.t, series.t, atol=1e-6)
    assert back.units == "mm"
    knee = NAMES.index("left_knee")
    expected = np.interp(back.t, np.delete(t, 4), np.delete(metres[:, knee, 0], 4))
    seen = np.isfinite(back.xyz[:, knee, 0])
    assert 0.97 < seen.mean() < 1.0  # not around the frame in which nobody was found
    np.testing.assert_allclose(back.xyz[seen, knee, 0], 1000 * expected[seen], atol=1e-2)
    for name in ("diagonal_lift", "lumbar_arch_proxy"):
        trace = series.traces[name.removesuffix("_proxy")]
        point = back.xyz[:, back.names.index(name)]
        np.testing.assert_allclose(point[:, 0], trace.value, atol=1e-4)
        np.testing.assert_allclose(point[:, 1], trace.se, atol=1e-4)


@pytest.mark.parametrize(("kind", "read"), [("csv", wide), ("long.csv", long)])
def test_csv_read_again_is_the_series(
    case: Case, kind: str, read: Callable[[Path], Iterator[Cell]]
) -> None:
    series = case.scored.series
    cells = list(read(case.file(kind)))
    assert len(cells) == len(series.t) * len(series.traces)
    for name, trace in series.traces.items():
        mine = [cell for cell in cells if cell.angle == name]
        assert {cell.unit for cell in mine} == {trace.unit}
        np.testing.assert_allclose([cell.t for cell in mine], series.t, atol=1e-6)
        values, errors = (
            [float(text or "nan") for text in texts]
            for texts in ([cell.value for cell in mine], [cell.se for cell in mine])
        )
        np.testing.assert_allclose(values, trace.value, rtol=0, atol=1e-6)
        np.testing.assert_allclose(errors, trace.se, rtol=0, atol=1e-6)
        assert [cell.status for cell in mine] == [STATUSES[code] for code in trace.status]


@pytest.fixture(scope="module")
def opened(case: Case) -> dict[str, Any]:
    return in_opensim(case.file("trc"), case.file("mot"))


@needs_opensim
def test_opensim_reads_the_trc(case: Case, opened: dict[str, Any]) -> None:
    read, (t, metres) = opened["trc"], world(case.poses)
    assert tuple(read["labels"]) == NAMES
    assert read["units"] == "m"
    assert read["rate"] == pytest.approx((len(t) - 1) / (t[-1] - t[0]), rel=1e-5)
    np.testing.assert_allclose(read["t"], t, atol=5e-7)
    xyz = np.array(read["xyz"], dtype=float).reshape(metres.shape)
    np.testing.assert_allclose(xyz, metres, atol=5.1e-7)
    assert read["application"] == [len(t), len(NAMES), pytest.approx(read["rate"])]


@needs_opensim
def test_opensim_reads_the_mot_without_a_made_up_number(case: Case, opened: dict[str, Any]) -> None:
    read, series = opened["mot"], case.scored.series
    assert read["degrees"]
    assert "diagonal_lift" in read["labels"]
    assert "lumbar_arch_proxy" in read["labels"]
    assert "hip_drop" not in read["labels"]  # is not counted in degrees
    t, values = np.array(read["t"]), np.array(read["values"], dtype=float)
    rows = np.searchsorted(series.t, t - 1e-6)
    np.testing.assert_allclose(series.t[rows], t, atol=1e-6)
    assert (np.diff(rows) > 0).all()
    for column, label in enumerate(read["labels"]):
        trace = series.traces[label.removesuffix("_proxy")]
        np.testing.assert_allclose(values[:, column], trace.value[rows], rtol=0, atol=1e-6)
    np.testing.assert_array_equal(read["application"], values)


def frames(path: Path) -> tuple[list[float], list[Any]]:
    with open_frames(str(path)) as found:
        both = [(frame.t, frame.image[::4, ::4].copy()) for frame in found]
    return [t for t, _ in both], [image for _, image in both]


def is_near(pixels: Any, color: tuple[int, int, int]) -> Any:
    """Where a picture has a colour, as far as the video keeps it."""
    return (np.abs(pixels.astype(int) - color) < 14).all(axis=-1)


def test_every_frame_of_the_video_has_its_own_time(case: Case) -> None:
    t, images = frames(case.file("mp4"))
    np.testing.assert_allclose(t, [pose.t for pose in case.poses], atol=1e-3)
    width, height = layout_of(*export_case.SIZE).size
    assert images[0].shape[:2] == (height // 4, width // 4)
    steps = set(np.round(1000 * np.diff(t)).astype(int).tolist())
    assert steps == set(export_case.STEPS_MS)


def test_the_stop_shows_from_its_own_second_on(case: Case) -> None:
    stop = case.scored.result.stop
    assert stop is not None
    t, images = frames(case.file("mp4"))
    layout = layout_of(*export_case.SIZE)
    for at, image in zip(t, images, strict=True):
        bar = is_near(image[layout.bar.top // 4 + 4 :], FILL["stop"]).mean()
        card = is_near(
            image[: layout.bar.top // 4 - 4, layout.column.left // 4 + 4 :], FILL["stop"]
        )
        assert (bar > 0.4) == (at >= stop.time_s), at
        assert (card.mean() > 0.4) == (stop.time_s <= at < stop.time_s + 3.0), at


def test_the_video_is_small_and_starts_at_once(case: Case) -> None:
    data = case.file("mp4").read_bytes()
    assert data.index(b"moov") < data.index(b"mdat")
    capture = cv2.VideoCapture(str(case.file("mp4")))
    code = int(capture.get(cv2.CAP_PROP_FOURCC)).to_bytes(4, "little")
    capture.release()
    assert code in (b"h264", b"avc1")


@pytest.fixture(scope="module")
def page(case: Case) -> Iterator[Page]:
    with in_chromium(case.file("mp4")) as page:
        yield page


@needs_chromium
def test_chromium_plays_the_video_at_the_true_times(case: Case, page: Page) -> None:
    size = page.evaluate("[film.videoWidth, film.videoHeight]")
    assert tuple(size) == layout_of(*export_case.SIZE).size
    shown = play(page, 1.0)
    own = np.array([pose.t for pose in case.poses])
    assert len(shown) > 2
    assert all(np.abs(own - at).min() < 1e-3 for at in shown)
    assert page.evaluate("film.duration") == pytest.approx(own[-1], abs=0.2)


@needs_chromium
def test_chromium_shows_the_person_and_the_stop(case: Case, page: Page) -> None:
    stop = case.scored.result.stop
    assert stop is not None
    layout = layout_of(*export_case.SIZE)
    for at, red in ((2.0, False), (stop.time_s + 1.0, True)):
        data = picture_at(page, at)
        image = cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_COLOR)
        assert image is not None
        bar = image[round(layout.bar.top * 640 / layout.size[0]) + 4 :]
        assert image.mean() > 20  # nothing black
        assert (is_near(bar, FILL["stop"]).mean() > 0.4) == red
