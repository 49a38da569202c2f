"""Times between frames when nothing was recorded: told, or refused where no clock can be right."""

from __future__ import annotations

from midback.errors import InputError
from midback.words import plural

_TOLD_S = 2.0
_REFUSED_S = 600.0
"""No set has ten minutes without a picture: the file's clock is damaged."""


class Gaps:
    """Shown the time of every frame. source: as the person named it."""

    def __init__(self, source: str) -> None:
        self._source = source
        self._last: float | None = None
        self._count = 0
        self._longest = self._at = 0.0

    def see(self, t: float) -> None:
        """The next frame, in seconds. Raises InputError where the clock jumps."""
        gap = 0.0 if self._last is None else t - self._last
        if gap > _REFUSED_S:
            raise InputError(
                f"{self._source}: its clock jumps by {_duration(gap)} at {self._last:.4g} s; the "
                "times are damaged: copy it again or convert it to MP4"
            )
        if gap > _TOLD_S:
            self._count += 1
            if gap > self._longest:
                self._longest, self._at = gap, self._last or 0.0
        self._last = t

    @property
    def warnings(self) -> tuple[str, ...]:
        """What a person should know of the gaps: one sentence, or nothing."""
        if not self._count:
            return ()
        more = f", the longest of {plural(self._count, 'gap')}" if self._count > 1 else ""
        return (
            f"no picture for {self._longest:.1f} s from {self._at:.1f} s on{more}: the recording "
            "was interrupted or is damaged",
        )


def _duration(seconds: float) -> str:
    hours = seconds / 3600.0
    if hours < 2.0:
        return f"{seconds / 60.0:.0f} minutes"
    return f"{hours:.0f} hours" if hours < 10_000 else "more than a year"
