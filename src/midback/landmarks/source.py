"""Open landmarks of another system as a stream of midback's poses."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from midback.errors import InputError
from midback.exercises import Exercise
from midback.landmarks import camera, markers
from midback.landmarks.joints import body
from midback.landmarks.mapping import Mapping, find_mapping, mapping_names
from midback.landmarks.markers import Markers
from midback.vision.frames import Pacer
from midback.vision.pose import Pose, SourceInfo

_SUFFIXES = (".trc", ".c3d", ".npy")
_UPRIGHT = ("standing", "seated", "kneeling")


@dataclass(frozen=True, slots=True)
class Landmarks:
    """A recording of another system. warning: landmarks that it does not have.

    metric: whether it is measured in three dimensions.
    """

    poses: Iterable[Pose]
    info: SourceInfo
    frame_count: int
    warning: str | None
    metric: bool


def is_landmarks(source: str, mapping: str | None) -> bool:
    """Whether the source holds another system's landmarks; an .npz does if a mapping is given."""
    path = Path(source)
    suffix = path.suffix.lower()
    return suffix in _SUFFIXES or (suffix == ".npz" and mapping is not None) or _is_openpose(path)


def open_landmarks(path: Path, mapping: str | None, exercise: Exercise) -> Landmarks:
    """Read .trc, .c3d, a folder of OpenPose JSON, or a (T, N, 3) array (.npy, .npz).

    mapping: a name or a .toml file, see find_mapping. The exercise decides from where the body is
    looked at, unless the mapping does. No more frames are kept than of a video.
    Raises InputError where the file or the mapping cannot be used.
    """
    if mapping is None:
        raise InputError(
            f"{path}: needs --mapping, which says which marker is which: "
            f"{', '.join(mapping_names())}, or your own .toml file"
        )
    chosen = find_mapping(mapping)
    if not path.exists():
        raise InputError(f"{path} does not exist: check the path")
    found = _read(path, chosen)
    markers.check(found, str(path))
    seen = body(_paced(found), chosen, str(path))
    camera.check_space(seen, exercise.posture in _UPRIGHT, str(path))
    view = exercise.views[0] if chosen.view == "best" else chosen.view
    picture, (width, height) = camera.look(seen, view, str(path))
    fps = float(1.0 / np.median(np.diff(found.t)))
    info = SourceInfo(str(path), _digest(path), fps, width, height)
    said = ", ".join(name.replace("_", " ") for name in seen.absent)
    warning = f"the recording has no {said}: angles that need them are not measured"
    poses = camera.poses(seen, picture)
    return Landmarks(poses, info, len(seen.t), warning if said else None, not seen.flat)


def _is_openpose(path: Path) -> bool:
    from midback.landmarks.openpose import keypoint_files

    return path.is_dir() and bool(keypoint_files(path))


def _read(path: Path, mapping: Mapping) -> Markers:
    suffix = path.suffix.lower()
    if suffix == ".trc":
        from midback.landmarks.trc import read_trc

        return read_trc(path)
    if suffix == ".c3d":
        from midback.landmarks.c3d_file import read_c3d

        return read_c3d(path)
    if path.is_dir():
        from midback.landmarks.openpose import read_openpose

        return read_openpose(path, mapping.markers, mapping.rate)
    from midback.landmarks.arrays import read_array

    return read_array(path, mapping.markers, mapping.rate, mapping.units)


def _paced(found: Markers) -> Markers:
    pacer = Pacer()
    kept = np.array([pacer.keep(float(t)) for t in found.t])
    return Markers(found.t[kept], found.names, found.xyz[kept], found.confidence[kept], found.units)


def _digest(path: Path) -> str | None:
    from midback.vision.weights import sha256_of

    return sha256_of(path) if path.is_file() else None
