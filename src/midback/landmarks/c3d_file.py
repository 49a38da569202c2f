"""Markers from and into a .c3d file, by the library c3d (the extra `c3d`)."""

from __future__ import annotations

import warnings
from collections.abc import Mapping
from pathlib import Path
from typing import Any, BinaryIO, cast

import numpy as np

from midback.errors import InputError
from midback.landmarks.markers import METRES, Markers, Units, measured
from midback.vision.pose import Array


def read_c3d(path: Path) -> Markers:
    """Read the markers; a negative residual is a marker that was not seen.

    Raises InputError where the file is damaged or cut short, or the library is not installed.
    """
    try:
        import c3d
    except ImportError as error:
        raise InputError(
            f"{path}: .c3d files need one more package: install it with pip install 'midback[c3d]'"
        ) from error
    try:
        with path.open("rb") as handle, warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of files without force plates; lengths: see below
            reader = c3d.Reader(handle)
            frames = [points for _, points, _ in reader.read_frames()]
            labels = tuple(str(label).strip() for label in reader.point_labels)
            promised, rate, units = reader.frame_count, float(reader.point_rate), _units(reader)
    except OSError as error:
        raise InputError(f"{path} cannot be read: {error.strerror or error}") from error
    except Exception as error:  # the library has no error of its own, damage shows as anything
        raise InputError(f"{path}: is no whole .c3d file: copy or export it again") from error
    if len(frames) < promised:
        raise InputError(f"{path}: ends after {len(frames)} of {promised} frames: copy it again")
    if not rate > 0 or units not in METRES or not frames:
        raise InputError(
            f"{path}: has {len(frames)} frames, {rate:g} a second, in '{units}': needs frames, "
            "a rate above 0 and m, cm or mm; export it again"
        )
    table = np.stack(frames).astype(np.float64)[:, : len(labels)]
    xyz = np.where(table[..., 3:4] < 0, np.nan, table[..., :3])
    t = np.arange(len(frames)) / rate
    return measured(t, labels[: table.shape[1]], xyz, cast(Units, units))


def write_c3d(markers: Markers, rate: float, angles: Mapping[str, Array], file: BinaryIO) -> None:
    """Write the markers in millimetres, and angles as points of the type ANGLES.

    rate: of the markers' times, which must come evenly: the format keeps none. angles: name ->
    (T, 2) degrees, the value and its standard error, which become X and Y of a point. What is NaN
    gets the residual -1, invalid.
    """
    import c3d

    degrees = np.zeros((len(markers.t), len(angles), 3))
    for column, values in enumerate(angles.values()):
        degrees[:, column, :2] = values
    xyz = np.concatenate([markers.xyz * METRES[markers.units] * 1000.0, degrees], axis=1)
    points = np.zeros((*xyz.shape[:2], 5), dtype=np.float32)
    points[..., :3] = np.nan_to_num(xyz)
    points[..., 3] = np.where(np.isfinite(xyz).all(axis=-1), 0.0, -1.0)
    writer = c3d.Writer(point_rate=rate, point_units="mm")
    writer.set_point_labels([*markers.names, *angles])
    writer.set_screen_axis("+X", "+Y")
    said = [*["landmark"] * len(markers.names), *["X: angle, Y: standard error"] * len(angles)]
    for key, texts in {"DESCRIPTIONS": said, "ANGLES": [*angles], "ANGLE_UNITS": ["deg"]}.items():
        packed, width = writer.pack_labels(texts)
        writer.point_group.set_str(key, "", packed, width, len(texts))
    writer.add_frames([(frame, np.empty((0, 0))) for frame in points])
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of files without force plates
        writer.write(file)


def _units(reader: Any) -> str:
    """POINT:UNITS, and millimetres, the standard's own, where the file does not say."""
    parameter = reader.get("POINT:UNITS")
    text = str(parameter.string_value).strip("\0 ").lower() if parameter is not None else ""
    return text or "mm"
