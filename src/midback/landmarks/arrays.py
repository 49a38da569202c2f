"""Markers from a plain numpy array, .npy or .npz."""

from __future__ import annotations

import zipfile
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from midback.errors import InputError
from midback.landmarks.markers import Markers, Units, measured
from midback.vision.pose import Array


def read_array(path: Path, names: tuple[str, ...], rate: float, units: Units) -> Markers:
    """Read a (T, N, 3) array of N markers.

    An .npz holds that array under any name and may hold `t`, (T,) seconds, and `names`, N texts,
    which then count instead of `rate` and of the mapping's own.
    Raises InputError where the shape or the number of markers is another one.
    """
    members = _members(path)
    t, own_names = members.pop("t", None), members.pop("names", None)
    tables = {name: array for name, array in members.items() if array.ndim == 3}
    if len(tables) != 1:
        shapes = ", ".join(f"{name} {array.shape}" for name, array in members.items())[:120]
        raise InputError(f"{path}: must hold one array (frames, markers, 3), holds {shapes}")
    (table,) = tables.values()
    if own_names is not None:
        names = tuple(str(name) for name in own_names.ravel())
    if not names:
        raise InputError(f"{path}: the mapping must list `markers`, in the order of the array")
    if table.shape[1:] != (len(names), 3) or table.dtype.kind not in "fiu":
        raise InputError(
            f"{path}: is an array {table.shape} of {table.dtype}; the mapping's {len(names)} "
            f"markers need numbers (frames, {len(names)}, 3)"
        )
    return measured(_times(path, t, len(table), rate), names, table.astype(np.float64), units)


def _members(path: Path) -> dict[str, NDArray[Any]]:
    try:
        loaded = np.load(path, allow_pickle=False)
        if isinstance(loaded, np.ndarray):
            return {path.name: loaded}
        with loaded:
            return {name: loaded[name] for name in loaded.files}
    except OSError as error:
        raise InputError(f"{path} cannot be read: {error.strerror or error}") from error
    except (ValueError, EOFError, KeyError, zipfile.BadZipFile) as error:
        raise InputError(f"{path}: is no whole numpy file of numbers: save it again") from error


def _times(path: Path, t: NDArray[Any] | None, count: int, rate: float) -> Array:
    if t is None:
        return np.arange(count) / rate
    if t.shape != (count,) or t.dtype.kind not in "fiu":
        raise InputError(f"{path}: its t is {t.dtype} {t.shape}, must be ({count},) seconds")
    return t.astype(np.float64)
