"""How many frames a file may have before it is taken for one that never ends."""

from __future__ import annotations

from midback.errors import InputError

_LEAST = 900  # frames: half a minute at 30 Hz is always allowed
_LEAST_BYTES = 30  # of a frame; a still picture coded as "no change" takes about so many
_UNDECLARED_BYTES = 100  # of a frame, in a file that does not say how long it is
_SLACK = 1.5


class LengthLimit:
    """Counted in frames, not in seconds of the clock: the same file ends the same way everywhere.

    size: of the file, bytes.
    """

    def __init__(self, size: int) -> None:
        self._size = size

    def check(self, frames: int, expected: int | None) -> None:
        """Raise InputError where there are more frames than the file promised or can hold."""
        room = self._size / (_LEAST_BYTES if expected else _UNDECLARED_BYTES)
        allowed = min(_SLACK * expected, room) if expected else room
        if frames > max(_LEAST, allowed):
            promised = f", {expected} were promised" if expected else ""
            raise InputError(f"does not end: {frames} frames so far{promised}; convert it to MP4")
