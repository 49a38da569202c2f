"""Recordings in a folder: videos, saved poses and, with a mapping, markers."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from midback.apps.batch.content import kind_of
from midback.apps.batch.kinds import MARKERS, POSES, VIDEOS
from midback.apps.batch.results import is_batch
from midback.apps.explain import explain_os_error
from midback.errors import InputError


@dataclass(frozen=True, slots=True)
class Found:
    """names: recordings relative to the folder, with slashes, sorted. left_out: other files,
    counted by the ending of their names. unreadable: folders that could not be looked into, and
    what has a recording's name but is no file; each with the reason.
    """

    names: tuple[str, ...]
    left_out: Counter[str]
    unreadable: tuple[tuple[str, str], ...]


def find_recordings(folder: Path, out: Path, mapping: str | None) -> Found:
    """Look through `folder` and all folders in it, but not into hidden ones or results.

    Links to folders are not followed. Raises InputError where `folder` itself cannot be read.
    """
    wanted = VIDEOS | POSES | (MARKERS if mapping is not None else frozenset())
    names: list[str] = []
    no_files: list[tuple[str, str]] = []
    left_out: Counter[str] = Counter()
    refused: list[OSError] = []
    for path in _files(folder, out, refused):
        suffix = path.suffix.lower()
        if suffix in wanted:
            name = path.relative_to(folder).as_posix()
            what = _no_file(path)
            if what is None:
                names.append(name)
            else:
                no_files.append((name, what))
        elif path.is_file():
            left_out[suffix or "no ending"] += 1
    own = [error for error in refused if error.filename == str(folder)]
    if own:
        raise InputError(explain_os_error(own[0]))
    unreadable = [_unreadable(error, folder) for error in refused]
    return Found(tuple(sorted(names)), left_out, tuple(sorted([*unreadable, *no_files])))


def holds_recordings(folder: Path) -> bool:
    """Whether a folder is a batch: pictures only, or nothing, are none."""
    suffixes = VIDEOS | POSES
    return any(
        path.suffix.lower() in suffixes | MARKERS and path.is_file()
        for path in _files(folder, folder, [])
    )


def _files(folder: Path, out: Path, refused: list[OSError]) -> Iterator[Path]:
    for root, folders, files in os.walk(folder, onerror=refused.append):
        here = Path(root)
        folders[:] = [name for name in folders if _is_open(here / name, out)]
        for name in files:
            path = here / name
            if not name.startswith("."):
                yield path


def _is_open(folder: Path, out: Path) -> bool:
    """Whether to look into it."""
    hidden = folder.name.startswith(".")
    return not (hidden or is_batch(folder) or folder.resolve() == out.resolve())


def _no_file(path: Path) -> str | None:
    """Why this is no recording, whatever its name; None where it may be one."""
    try:
        kind = kind_of(path.stat().st_mode)
    except OSError as error:
        return (
            f"is a link that leads nowhere ({error.strerror}): copy the file here"
            if path.is_symlink()
            else None
        )
    return None if kind is None else f"is {kind}, not a file: copy the recording here"


def _unreadable(error: OSError, folder: Path) -> tuple[str, str]:
    path = Path(str(error.filename))
    return path.relative_to(folder).as_posix() + "/", f"cannot be read: {error.strerror or error}"
