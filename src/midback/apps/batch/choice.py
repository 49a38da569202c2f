"""One recording or a folder of them: what `midback score` was given."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from midback.errors import InputError


def is_folder_of_recordings(source: str, mapping: str | None) -> bool:
    """Whether the source is a folder with videos or poses somewhere in it.

    A folder of pictures, or of OpenPose's files, is one recording.
    """
    folder = Path(source)
    if not source.strip() or not folder.is_dir():
        return False
    from midback.apps.batch.finding import holds_recordings
    from midback.landmarks import is_landmarks

    return holds_recordings(folder) and not is_landmarks(source, mapping)


def refuse(source: str, options: Mapping[str, object], why: str) -> None:
    """Raise InputError where one of the options was given; None and False are not given."""
    for name, value in options.items():
        if value is not None and value is not False:
            raise InputError(f"{source}: {name} is for {why}")
