"""Markers from a .c3d file, read by the library c3d (the extra `c3d`)."""

from __future__ import annotations

import warnings
from pathlib import Path
from typing import Any, cast

import numpy as np

from midback.errors import InputError
from midback.landmarks.markers import METRES, Markers, Units, measured


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


def _units(reader: Any) -> str:
    """POINT:UNITS, and millimetres, the standard's own, where the file does not say."""
    parameter = reader.get("POINT:UNITS")
    text = str(parameter.string_value).strip("\0 ").lower() if parameter is not None else ""
    return text or "mm"
