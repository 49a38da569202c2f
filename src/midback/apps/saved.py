"""Saved poses as anybody may hand them in: whatever is wrong with the file is told in one line."""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from midback.errors import InputError
from midback.vision.pose import Pose
from midback.vision.recording import PoseSource

_ADVICE = "; save the poses again with --save-poses"
_LARGEST = 100_000  # pixels of a side; no camera has more


class SavedPoses(PoseSource):
    """PoseSource of a file that may be locked, packed strangely, nested deeply or of no size.

    Raises InputError where it cannot be read, at the beginning and at every pose.
    """

    def __init__(self, path: Path) -> None:
        with _told(path):
            super().__init__(path)
        if max(self.info.width, self.info.height) > _LARGEST:
            self.close()
            raise InputError(
                f"{path} is not a file of saved poses: its pictures would have more than "
                f"{_LARGEST} pixels a side{_ADVICE}"
            )

    def __iter__(self) -> Iterator[Pose]:
        """Yield the poses in order."""
        with _told(self._path):
            yield from super().__iter__()


@contextmanager
def _told(path: Path) -> Iterator[None]:
    """Zipfile and json raise these for members that are locked, packed otherwise, or too deep."""
    try:
        yield
    except InputError as error:
        advice = "" if "; " in str(error) or ": check" in str(error) else _ADVICE
        raise InputError(f"{error}{advice}") from None
    except NotImplementedError:
        raise _damaged(path, "packed in a way that is not known here") from None
    except RecursionError:
        raise _damaged(path, "its description never ends") from None
    except RuntimeError:
        raise _damaged(path, "locked by a password") from None
    except (zlib.error, OverflowError):
        raise _damaged(path, "what was packed cannot be unpacked") from None


def _damaged(path: Path, what: str) -> InputError:
    return InputError(f"{path} cannot be read: {what}{_ADVICE}")
