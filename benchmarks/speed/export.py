"""Exports of a stopped set, opened by OpenSim's package, OpenCV and Chromium, and read back."""

from __future__ import annotations

import importlib.metadata
import tempfile
from collections.abc import Iterable
from pathlib import Path

import numpy as np
from cli import midback
from export_reads import Cell, in_chromium, in_opensim, long, play, wide

from midback.apps.export.scene import layout_of
from midback.apps.run import Scored, score_source
from midback.landmarks.blazepose import markers_of
from midback.landmarks.c3d_file import read_c3d
from midback.vision.frames import open_frames
from midback.vision.pose import Array
from midback.vision.recording import open_poses

CLIP = Path(__file__).parents[2] / "sample_videos/bird_dog_fatigue.mp4"
EXERCISE = "bird_dog"
KINDS = ("trc", "mot", "c3d", "csv", "long.csv", "mp4")
PLAYED_S = 3.0


def section() -> str:
    """The table of the exports. Needs the weights, opensim and Chromium."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        poses, files = folder / "poses.npz", {kind: folder / f"out.{kind}" for kind in KINDS}
        scored = score_source(str(CLIP), EXERCISE, save_poses=poses)
        done = midback("export", poses, "-e", EXERCISE, *files.values(), timeout=600)
        assert done.returncode == 0, done.stderr
        rows = [
            *_opensim(scored, poses, files["trc"], files["mot"]),
            _c3d(scored, files["c3d"]),
            _csv("CSV, wide", scored, wide(files["csv"])),
            _csv("CSV, long", scored, long(files["long.csv"])),
            *_film(scored, poses, files["mp4"]),
        ]
    head = ("file", "opened by", "holds", "largest difference", "")
    lines = [head, ("---",) * len(head), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


Row = tuple[str, str, str, str, str]


def _opensim(scored: Scored, poses: Path, trc: Path, mot: Path) -> list[Row]:
    read, version = in_opensim(trc, mot), importlib.metadata.version("opensim")
    with open_poses(poses) as saved:
        markers = markers_of(saved, "")
    xyz = np.array(read["trc"]["xyz"], dtype=float).reshape(markers.xyz.shape)
    same = (np.isnan(xyz) == np.isnan(markers.xyz)).all()
    metres = float(np.nanmax(np.abs(xyz - markers.xyz)))
    frames, count, _ = read["trc"]["application"]
    series, values = scored.series, np.array(read["mot"]["values"], dtype=float)
    at = np.searchsorted(series.t, np.array(read["mot"]["t"]) - 1e-6)
    expected = np.stack(
        [series.traces[label.removesuffix("_proxy")].value[at] for label in read["mot"]["labels"]],
        axis=-1,
    )
    degrees = float(np.abs(values - expected).max())
    twice = np.array_equal(read["mot"]["application"], values)
    return [
        (
            ".trc",
            f"OpenSim {version}: TimeSeriesTableVec3, MarkerData",
            f"{frames} frames, {count} markers",
            f"{metres:.1e} m",
            _kept(bool(same) and metres <= 5.1e-7),
        ),
        (
            ".mot",
            f"OpenSim {version}: TimeSeriesTable, Storage",
            f"{values.shape[0]} rows, {values.shape[1]} angles",
            f"{degrees:.1e} deg",
            _kept(twice and degrees <= 1e-6),
        ),
    ]


def _c3d(scored: Scored, path: Path) -> Row:
    back, series = read_c3d(path), scored.series
    known = [name for name in back.names if name.removesuffix("_proxy") in series.traces]
    worst = max(
        float(
            np.nanmax(
                np.abs(
                    back.xyz[:, back.names.index(name), 0]
                    - series.traces[name.removesuffix("_proxy")].value
                )
            )
        )
        for name in known
    )
    holds = f"{len(back.t)} frames, {len(back.names) - len(known)} markers, {len(known)} angles"
    return ".c3d", "midback's reader (library c3d)", holds, f"{worst:.1e} deg", _kept(worst < 1e-4)


def _csv(name: str, scored: Scored, cells: Iterable[Cell]) -> Row:
    """Every value, at its own time."""
    series = scored.series
    row = {round(t, 6): i for i, t in enumerate(series.t.tolist())}
    worst, count = 0.0, 0
    for cell in cells:
        expected = series.traces[cell.angle].value[row[round(cell.t, 6)]]
        assert (cell.value == "") == bool(np.isnan(expected))
        if cell.value:
            worst = max(worst, abs(float(cell.value) - float(expected)))
            count += 1
    return name, "Python's csv", f"{count} values", f"{worst:.1e}", _kept(worst <= 1e-6)


def _film(scored: Scored, poses: Path, path: Path) -> list[Row]:
    with open_poses(poses) as saved:
        own = np.array([pose.t for pose in saved])
    with open_frames(str(path)) as frames:
        t = np.array([frame.t for frame in frames])
    late = float(np.abs(t - own).max()) if len(t) == len(own) else float("inf")
    with in_chromium(path) as page:
        size = tuple(page.evaluate("[film.videoWidth, film.videoHeight]"))
        shown = play(page, PLAYED_S)
        browser = page.context.browser
        version = browser.version if browser is not None else ""
    off = max(_nearest(own, at) for at in shown)
    source = scored.result.source
    whole = size == layout_of(source.width, source.height).size
    return [
        (".mp4", "OpenCV, every frame", f"{len(t)} frames", f"{late:.1e} s", _kept(late < 1e-3)),
        (
            ".mp4",
            f"Chromium {version}, played",
            f"{len(shown)} frames shown in {PLAYED_S:.0f} s, {size[0]} x {size[1]}",
            f"{off:.1e} s",
            _kept(whole and len(shown) > 1 and off < 1e-3),
        ),
    ]


def _nearest(own: Array, at: float) -> float:
    return float(np.abs(own - at).min())


def _kept(ok: bool) -> str:
    return "kept" if ok else "MISSED"
