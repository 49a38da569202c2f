"""Steps as fixed-size records: what goes through a pipe and into a file, and comes out the same."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from midback.apps.reading.relay import Step
from midback.vision.pose import LANDMARKS, RAYS, Pose

RECORD = np.dtype(
    [
        ("stretch", "<i4"),
        ("run", "<i4"),
        ("number", "<i4"),
        ("masked", "?"),
        ("t", "<f8"),
        ("points", "<f4", (LANDMARKS, 3)),
        ("world", "<f4", (LANDMARKS, 3)),
        ("visibility", "<f4", (LANDMARKS,)),
        ("silhouette", "<f4", (2, RAYS)),
    ]
)


def packed(steps: Sequence[Step]) -> bytes:
    """Return the steps one after the other, 1.7 kB each."""
    rows = np.zeros(len(steps), RECORD)
    for row, step in zip(rows, steps, strict=True):
        pose = step.pose
        row["stretch"], row["run"], row["number"] = step.stretch, step.run, step.number
        row["t"], row["points"], row["world"] = pose.t, pose.points, pose.world
        row["visibility"] = pose.visibility
        if pose.silhouette is not None:
            row["masked"], row["silhouette"] = True, pose.silhouette
    return rows.tobytes()


def unpacked(data: bytes) -> Iterator[Step]:
    """Yield the steps that `packed` was given, to the last bit."""
    for row in np.frombuffer(data, RECORD):
        points, world, visibility = (row[n].copy() for n in ("points", "world", "visibility"))
        rays = row["silhouette"].copy() if row["masked"] else None
        pose = Pose(float(row["t"]), points, world, visibility, rays)
        yield Step(int(row["stretch"]), int(row["run"]), int(row["number"]), pose)
