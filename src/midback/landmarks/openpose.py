"""Keypoints from a folder of OpenPose JSON files, one file for each frame."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import numpy as np

from midback.errors import InputError
from midback.landmarks.markers import Markers
from midback.vision.pose import Array

_SUFFIX = "_keypoints.json"
_NORMALISED = 2.0  # no picture is that small


def keypoint_files(folder: Path) -> list[Path]:
    """The folder's *_keypoints.json files in the order of their frame numbers."""
    return sorted(folder.glob(f"*{_SUFFIX}"), key=lambda path: (_number(path), path.name))


def read_openpose(folder: Path, names: tuple[str, ...], rate: float) -> Markers:
    """Read one person; frames count from the number in each file's name, at `rate` a second.

    Of several people the largest of the first frame is followed by the nearest. Pixels, X right,
    Y down; a keypoint of confidence 0 was not seen.
    Raises InputError with the file that is damaged or of another body model.
    """
    files = keypoint_files(folder)
    t = np.array([_number(path) for path in files]) / rate
    points = np.full((len(files), len(names), 3), np.nan)
    last: Array | None = None
    for row, path in enumerate(files):
        people = _people(path, len(names))
        if people:
            points[row] = _chosen(people, last)
            last = points[row]
    confidence = np.nan_to_num(points[..., 2])
    xyz = np.where(confidence[..., None] > 0, points, np.nan)
    xyz[..., 2] = np.nan
    if np.isfinite(xyz[..., :2]).any() and np.nanmax(np.abs(xyz[..., :2])) < _NORMALISED:
        raise InputError(f"{folder}: is not in pixels: run OpenPose with --keypoint_scale 0")
    return Markers(t, names, xyz, confidence, "px")


def _number(path: Path) -> int:
    found = re.search(r"(\d+)$", path.name.removesuffix(_SUFFIX))
    if found is None:
        raise InputError(f"{path}: has no frame number before {_SUFFIX}: keep OpenPose's names")
    return int(found[1])


def _people(path: Path, count: int) -> list[Array]:
    """(count, 3) x, y, confidence of each person in one file."""
    try:
        people: list[dict[str, Any]] = json.loads(path.read_text(encoding="utf-8"))["people"]
        found = [np.array(p["pose_keypoints_2d"], dtype=np.float64) for p in people]
    except OSError as error:
        raise InputError(f"{path} cannot be read: {error.strerror or error}") from error
    except (ValueError, KeyError, TypeError) as error:
        raise InputError(f"{path}: is no whole OpenPose file: copy or write it again") from error
    for person in found:
        if person.shape != (3 * count,) or not np.isfinite(person).all():
            raise InputError(
                f"{path}: has {person.size} numbers for a person, the mapping's {count} markers "
                f"need {3 * count}: give the mapping of the body model that was used"
            )
    shown = [person.reshape(count, 3) for person in found]
    return [person for person in shown if (person[:, 2] > 0).any()]


def _chosen(people: list[Array], last: Array | None) -> Array:
    if last is None:
        return max(people, key=_height)
    before = _centre(last)
    return min(people, key=lambda person: float(np.hypot(*(_centre(person) - before))))


def _centre(person: Array) -> Array:
    return np.asarray(np.median(person[person[:, 2] > 0, :2], axis=0))


def _height(person: Array) -> float:
    return float(np.ptp(person[person[:, 2] > 0, 1]))
