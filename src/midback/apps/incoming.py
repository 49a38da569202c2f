"""Poses on their way into a session, and what is counted as they pass."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from midback.apps.gaps import Gaps

if TYPE_CHECKING:
    from midback.apps.reading.watch import Reading
    from midback.vision.pose import Pose, SourceInfo

Progress = Callable[[int, int | None, float], None]


@dataclass(frozen=True, slots=True)
class Incoming:
    """Poses on their way in.

    model_sha256: None for landmarks that no model of ours estimated. warnings: asked for after the
    last pose. metric: whether the 3D landmarks were measured, see Session. reading: of pictures.
    """

    stream: Iterable[Pose]
    info: SourceInfo
    expected: int | None
    model_sha256: str | None
    warnings: Callable[[], tuple[str, ...]]
    metric: bool = False
    reading: Reading | None = None


@dataclass(slots=True)
class Seen:
    """Counts poses as they pass, keeps them where wanted and tells the progress."""

    poses: Incoming
    keep: Callable[[Pose], None] | None
    progress: Progress | None
    gaps: Gaps
    frames: int = 0
    recorded: int = 0  # those that were not looked at included
    found: int = 0
    duration_s: float = 0.0

    def through(self, stream: Iterable[Pose]) -> Iterator[Pose]:
        """Hand on every pose."""
        first: float | None = None
        see, reading = self.gaps.see, self.poses.reading
        for pose in stream:
            t = pose.t
            see(t)
            first = t if first is None else first
            self.duration_s = t - first
            self.frames += 1
            self.recorded = self.frames if reading is None else reading.frames
            self.found += pose.found
            if self.keep is not None:
                self.keep(pose)
            if self.progress is not None:
                self.progress(self._done(), self.poses.expected, pose.t)
            yield pose

    def _done(self) -> int:
        reading = self.poses.reading
        return self.frames if reading is None else reading.done

    def warnings(self) -> tuple[str, ...]:
        """What is to be said after the last pose."""
        said = self.poses.warnings() + self.gaps.warnings
        if self.frames == self.recorded:
            return said
        few = f"only {self.frames} of {self.recorded} frames were looked at"
        return (f"{few}, as the movement needed (--rate auto)", *said)
