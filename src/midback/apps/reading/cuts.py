"""Where a long recording is cut. The cuts follow from the file alone, never from the machine."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

from midback.vision.frames import MAX_RATE, FrameSource
from midback.vision.video import VideoFrames

UNCUT_S = 120.0
"""A shorter recording is read in one: a set is seldom longer, and live has no cuts."""

WARM_S = 1.0
"""The network begins anew so long before a cut; the shock of its start is over in half of it."""

_ABOUT_S = 45.0


@dataclass(frozen=True, slots=True)
class Cuts:
    """`count` stretches of `stretch_s` seconds; the last has no end, whatever the file promised."""

    stretch_s: float
    count: int
    warm_s: float = WARM_S

    def stretch(self, s: float) -> int:
        """Return the number of the stretch at `s` seconds after the first frame."""
        return max(0, min(int(s / self.stretch_s), self.count - 1))

    def warming(self, s: float) -> bool:
        """Whether the next stretch is so near that its network must begin."""
        return self.stretch(s + self.warm_s) > self.stretch(s)

    def shares(self, workers: int) -> list[range]:
        """Deal the stretches out: as many runs of neighbours as workers, as equal as possible."""
        workers = min(workers, self.count)
        ends = [self.count * i // workers for i in range(workers + 1)]
        return [range(a, b) for a, b in pairwise(ends)]


def cuts_of(frames: FrameSource) -> Cuts:
    """Cut a long video into an even number of about 45 s; nothing that does not tell its length."""
    rate = min(frames.info.fps or 0.0, MAX_RATE)
    length = frames.frame_count / rate if frames.frame_count and rate else 0.0
    if length <= UNCUT_S or not isinstance(frames, VideoFrames):
        return Cuts(float("inf"), 1)
    count = 2 * round(length / (2 * _ABOUT_S))
    return Cuts(length / count, count)
