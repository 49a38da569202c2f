"""Landmarks and angles in one .c3d file."""

from __future__ import annotations

from collections.abc import Iterable
from typing import BinaryIO

import numpy as np

from midback.apps.export.degrees import degree_columns
from midback.kinematics.smoothing import RATE
from midback.landmarks.blazepose import markers_of
from midback.landmarks.c3d_file import write_c3d
from midback.landmarks.markers import at_times
from midback.result import Series
from midback.vision.pose import Array, Pose

_LONGEST_GAP_S = 0.2  # as the angles have it


def write_c3d_of(series: Series, poses: Iterable[Pose], where: str, file: BinaryIO) -> None:
    """Write both on the 30 Hz grid of the angles; the format has room for even times only.

    Frames inside a pause of the recording are there, without a valid point. Raises InputError
    where nothing was measured.
    """
    columns = degree_columns(series, where)
    rows = np.round((series.t - series.t[0]) * RATE).astype(int)
    t = series.t[0] + np.arange(rows[-1] + 1) / RATE
    markers = at_times(markers_of(poses, where), t, _LONGEST_GAP_S)
    angles: dict[str, Array] = {}
    for column in columns:
        angles[column.title] = np.full((len(t), 2), np.nan)
        angles[column.title][rows] = np.stack([column.value, column.se], axis=-1)
    write_c3d(markers, RATE, angles, file)
