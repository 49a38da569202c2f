"""What lines between shoulders and hips tell of thorax and pelvis, on optical markers of UI-PRMD.

    python benchmarks/ui_prmd.py [--data FOLDER]

FOLDER holds ui-prmd (default: $MIDBACK_DATA, or ../shared/data beside the checkout); without it
nothing is measured. The markers come in by the shipped mapping plug_in_gait; our angles are the
product's own. The truth are frames through thorax markers (C7 T10 CLAV STRN) and pelvis markers
(LASI RASI LPSI RPSI). Both are changes from the first fifth of a second of each repetition.
"""

from __future__ import annotations

import argparse
import os
import platform
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy.spatial.transform import Rotation

from midback.errors import InputError
from midback.kinematics.angles import Orientation, landmark_angles
from midback.kinematics.skeleton import HIPS, SHOULDERS, Joint, angle_between, wrap
from midback.landmarks import find_mapping
from midback.landmarks.camera import leftward, look, poses, start
from midback.landmarks.joints import Body, body, upright
from midback.landmarks.markers import Markers, measured
from midback.vision.pose import Array

HERE = Path(__file__).parent
SEED, DRAWS = 20261121, 2000
MOVEMENTS = {"m01": "deep squat", "m05": "sit to stand", "m10": "scaption"}
PAIRS = {
    "trunk_inclination": "shoulder-hip line, forward lean | thorax pitch",
    "shoulder_yaw": "shoulder line, yaw | thorax yaw",
    "girdle_on_hips": "shoulder line on hip line, rotation | thorax on pelvis, axial",
    "lateral_tilt": "shoulder line on hip line, tilt | thorax on pelvis, lateral",
}
PRINTED = {
    "m01_s01_e01": (70.94, 62.65),
    "m01_s02_e02": (52.89, 56.82),
    "m01_s05_e01": (82.67, 83.43),
}
"""Smallest left knee and hip angle that y3korea/kinetiq-e1-benchmark prints (at 30 Hz)."""

_NEUTRAL = 20  # rows at 100 Hz
_RIGID = (("C7", "T10"), ("CLAV", "STRN"), ("C7", "CLAV"), ("T10", "STRN"),
          ("LASI", "RASI"), ("LPSI", "RPSI"), ("LASI", "LPSI"), ("RASI", "RPSI"))  # fmt: skip


@dataclass(frozen=True, slots=True)
class Sums:
    """One person's frames of one comparison, as sums over e (error), x (truth) and y (ours)."""

    n: int
    values: Array  # (7,) sums of e, e^2, x, y, x^2, xy, y^2

    @classmethod
    def of(cls, ours: Array, truth: Array) -> Sums:
        e = ours - truth
        parts = (e, e**2, truth, ours, truth**2, truth * ours, ours**2)
        return cls(len(e), np.array([part.sum() for part in parts]))


def statistics(n: Array, values: Array) -> dict[str, Array]:
    """Statistics of pooled sums: n (...), values (..., 7)."""
    e, e2, x, y, xx, xy, yy = np.moveaxis(values / n[..., None], -1, 0)
    spread = np.sqrt(np.maximum(e2 - e**2, 0))
    covariance, varx, vary = xy - x * y, xx - x**2, yy - y**2
    return {
        "bias": e,
        "rmse": np.sqrt(e2),
        "low": e - 1.96 * spread,
        "high": e + 1.96 * spread,
        "r": covariance / np.sqrt(varx * vary),
        "gain": covariance / varx,
        "truth_sd": np.sqrt(varx),
    }


def with_intervals(people: list[Sums]) -> dict[str, tuple[float, float, float]]:
    """Each statistic with its 95 % interval; people are drawn, not frames."""
    n = np.array([p.n for p in people], dtype=np.float64)
    values = np.stack([p.values for p in people])
    drawn = np.random.default_rng(SEED).integers(0, len(people), (DRAWS, len(people)))
    point = statistics(n.sum(), values.sum(axis=0))
    spread = statistics(n[drawn].sum(axis=1), values[drawn].sum(axis=1))
    ends = {name: np.percentile(values, [2.5, 97.5]) for name, values in spread.items()}
    return {name: (float(point[name]), float(ends[name][0]), float(ends[name][1])) for name in ends}


def recordings(data: Path, movement: str) -> Iterator[tuple[str, Markers]]:
    """Keys such as m01_s01_e01_inc with their markers."""
    names = tuple((data / "vicon_markers.txt").read_text().split())
    with np.load(data / f"vicon_{movement}.npz") as archive:
        for key in archive.files:
            table = archive[key].astype(np.float64) / 10
            yield key, measured(np.arange(len(table)) / 100.0, names, table, "mm")


def ours(seen: Body) -> dict[str, Array]:
    """Our angles as (T,) degrees: the leaning seen from the side, the others from the front."""

    def arrays(view: str) -> tuple[Array, Array]:
        frames = list(poses(seen, look(seen, view, view)[0]))
        points = np.stack([pose.points for pose in frames]).astype(np.float64)
        return points, np.stack([pose.world for pose in frames]).astype(np.float64)

    upright_facing_right = Orientation(1, horizontal=False)
    side = landmark_angles(arrays("side")[0], upright_facing_right)
    points, world = arrays("front")
    shoulders, hips = (_yaw(world[:, a] - world[:, b]) for a, b in (SHOULDERS, HIPS))
    return {
        "trunk_inclination": side["trunk_inclination"],
        "shoulder_yaw": shoulders,
        "girdle_on_hips": wrap(shoulders - hips),
        "lateral_tilt": landmark_angles(points, upright_facing_right)["lateral_tilt"],
    }


def _yaw(to_the_left: Array) -> Array:
    """Turn about the vertical of a line that lies along image-right, left positive: (T,) deg."""
    return np.asarray(-np.degrees(np.arctan2(to_the_left[:, 2], to_the_left[:, 0])))


def truth(markers: Markers, seen: Body) -> dict[str, Array]:
    """The same from the frames of thorax and pelvis: x forward, y up the trunk, z to the right."""
    at = {name: upright(markers.xyz, "z")[:, i] for i, name in enumerate(markers.names)}
    left = leftward(seen.points[start(seen)], "truth")
    up = np.array([0.0, 1.0, 0.0])
    room = np.stack([np.cross(left, up), up, -left])
    top, bottom = (at["CLAV"] + at["C7"]) / 2, (at["STRN"] + at["T10"]) / 2
    front, back = (at["CLAV"] + at["STRN"]) / 2, (at["C7"] + at["T10"]) / 2
    thorax = _frame((front - back) @ room.T, (top - bottom) @ room.T)
    anterior = (at["LASI"] + at["RASI"] - at["LPSI"] - at["RPSI"]) / 2
    pelvis = _frame(anterior @ room.T, np.cross(at["RASI"] - at["LASI"], anterior) @ room.T)
    on_pelvis = np.full((len(thorax), 3), np.nan)
    known = np.isfinite(thorax).all(axis=(1, 2)) & np.isfinite(pelvis).all(axis=(1, 2))
    relative = np.swapaxes(pelvis[known], 1, 2) @ thorax[known]
    on_pelvis[known] = Rotation.from_matrix(relative).as_euler("ZXY", degrees=True)
    return {
        "trunk_inclination": np.degrees(np.arctan2(thorax[:, 0, 1], thorax[:, 1, 1])),
        "shoulder_yaw": -np.degrees(np.arctan2(thorax[:, 2, 0], thorax[:, 0, 0])),
        "girdle_on_hips": on_pelvis[:, 2],
        "lateral_tilt": on_pelvis[:, 1],
    }


def _frame(forward: Array, up: Array) -> Array:
    """(T, 3, 3) matrices whose columns are x (about forward), y (exactly up) and z (right)."""
    y = up / np.linalg.norm(up, axis=-1, keepdims=True)
    z = np.cross(forward, y)
    z /= np.linalg.norm(z, axis=-1, keepdims=True)
    return np.stack([np.cross(y, z), y, z], axis=-1)


def sound(markers: Markers, usual: dict[tuple[str, str], float]) -> NDArray[np.bool_]:
    """(T,) frames whose thorax and pelvis markers keep their distances within a quarter."""
    keep = np.ones(len(markers.t), dtype=np.bool_)
    for pair, length in usual.items():
        keep &= np.abs(_distance(markers, pair) / length - 1) < 0.25
    return keep


def _distance(markers: Markers, pair: tuple[str, str]) -> Array:
    a, b = (markers.xyz[:, markers.names.index(name)] for name in pair)
    return np.asarray(np.linalg.norm(a - b, axis=-1))


def compare(data: Path, movement: str) -> tuple[dict[tuple[str, str, str], Sums], float]:
    """Sums by (angle, "correct" or "incorrect", person), and the share of frames left out."""
    found: dict[tuple[str, str, str], list[tuple[Array, Array]]] = {}
    mapping = find_mapping("plug_in_gait")
    sets = list(recordings(data, movement))
    lost = total = 0
    for person in sorted({key[4:7] for key, _ in sets}):
        mine = [(key, markers) for key, markers in sets if key[4:7] == person]
        usual = {
            pair: float(np.nanmedian(np.concatenate([_distance(m, pair) for _, m in mine])))
            for pair in _RIGID
        }
        for key, markers in mine:
            seen = body(markers, mapping, key)
            kept = sound(markers, usual)
            total, lost = total + len(kept), lost + int((~kept).sum())
            if not kept[:_NEUTRAL].any():
                continue
            kind = "incorrect" if key.endswith("_inc") else "correct"
            a, b = ours(seen), truth(markers, seen)
            for name in PAIRS:
                pair = tuple(_change(values[name], kept) for values in (a, b))
                found.setdefault((name, kind, person), []).append((pair[0], pair[1]))
    sums = {
        key: Sums.of(*(np.concatenate(side) for side in zip(*pairs, strict=True)))
        for key, pairs in found.items()
    }
    return sums, lost / total


def _change(values: Array, kept: NDArray[np.bool_]) -> Array:
    """Change from the first fifth of a second, at the frames that are kept and finite."""
    neutral = np.nanmedian(values[:_NEUTRAL][kept[:_NEUTRAL]])
    return wrap(values - neutral)[kept]


def reproduced(data: Path) -> list[str]:
    """Table rows: smallest left knee and hip angle beside the printed ones."""
    mapping = find_mapping("plug_in_gait")
    rows = []
    for key, markers in recordings(data, "m01"):
        if key in PRINTED:
            at = body(markers, mapping, key).points
            shoulder, hip, knee, ankle = (
                at[:, joint]
                for joint in (
                    Joint.LEFT_SHOULDER,
                    Joint.LEFT_HIP,
                    Joint.LEFT_KNEE,
                    Joint.LEFT_ANKLE,
                )
            )
            mine = (
                float(angle_between(hip - knee, ankle - knee).min()),
                float(angle_between(shoulder - hip, knee - hip).min()),
            )
            theirs = PRINTED[key]
            worst = max(abs(a - b) for a, b in zip(mine, theirs, strict=True))
            rows.append(
                f"| {key} | {mine[0]:.2f} / {theirs[0]:.2f} | {mine[1]:.2f} / {theirs[1]:.2f} | "
                f"{worst:.2f} |"
            )
    return rows


def table(data: Path | None = None) -> str:
    """Both tables as markdown. Raises InputError where the recordings are not there."""
    folder = (data or default_data()) / "ui-prmd"
    if not (folder / "vicon_markers.txt").is_file():
        raise InputError(f"{folder}: has no vicon_markers.txt: give the folder with --data")
    lines = [
        "| repetition | knee deg, ours / printed | hip deg, ours / printed | worst |",
        "|---|---|---|---|",
        *reproduced(folder),
        "",
        "Degrees; [95 % interval, people drawn]; LoA: limits of agreement of single frames.",
        "",
        "| movement | reps | ours | truth | SD of truth | bias | RMSE | LoA | r | gain |",
        "|" + "---|" * 10,
    ]
    shares = []
    for movement, title in MOVEMENTS.items():
        sums, lost = compare(folder, movement)
        shares.append(f"{title} {100 * lost:.1f} %")
        for name, titles in PAIRS.items():
            for kind in ("correct", "incorrect"):
                people = [s for (angle, k, _), s in sums.items() if (angle, k) == (name, kind)]
                lines.append(f"| {title} | {kind} | {titles} | {_row(with_intervals(people))} |")
    lines += ["", f"Frames left out because a marker jumped: {', '.join(shares)}."]
    return "\n".join(lines) + "\n"


def _row(found: dict[str, tuple[float, float, float]]) -> str:
    def shown(name: str, digits: int) -> str:
        point, low, high = (f"{value:.{digits}f}" for value in found[name])
        return f"{point} [{low}, {high}]"

    limits = f"{found['low'][0]:.1f} to {found['high'][0]:.1f}"
    return (
        f"{found['truth_sd'][0]:.1f} | {shown('bias', 1)} | {shown('rmse', 1)} | {limits} | "
        f"{shown('r', 2)} | {shown('gain', 2)}"
    )


def default_data() -> Path:
    """$MIDBACK_DATA, or the folder of validation recordings beside the checkout."""
    named = os.environ.get("MIDBACK_DATA")
    return Path(named) if named else HERE.parent.parent / "shared" / "data"


def main() -> None:
    """Print the tables with what they were made from."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--data", type=Path, default=default_data())
    data = parser.parse_args().data
    try:
        measured_here = table(data)
    except InputError as error:
        print(f"nothing measured: {error}")
        return
    print("# Shoulders and hips against thorax and pelvis (UI-PRMD, 6 people)\n")
    print(
        f"`benchmarks/ui_prmd.py`, {platform.machine()}, Python {platform.python_version()}, "
        f"seed {SEED}, {DRAWS} draws of people.\n"
    )
    print(measured_here)


if __name__ == "__main__":
    main()
