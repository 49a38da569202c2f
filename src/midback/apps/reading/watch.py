"""From an opened recording to its poses, in this process or in several."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from itertools import islice
from pathlib import Path

from midback.apps.reading.allocator import few_arenas
from midback.apps.reading.crew import Crew
from midback.apps.reading.crew_process import Job
from midback.apps.reading.cuts import Cuts, cuts_of
from midback.apps.reading.glimpses import glimpses
from midback.apps.reading.relay import Step, finished, relay
from midback.apps.reading.settings import Rate
from midback.apps.reading.watcher import Watcher
from midback.vision.frames import FrameSource
from midback.vision.pose import Pose
from midback.vision.weights import refuse_unusable

AT_ONCE = 16
"""Poses finished together; a camera's come one by one."""


class Reading:
    """Iterate it once for the poses.

    looked: how many poses were yielded. frames: how many frames the recording has up to there.
    """

    def __init__(self, steps: Iterable[Step], source: FrameSource | Crew) -> None:
        self._steps, self._source = steps, source
        self.looked = self.frames = 0

    def __iter__(self) -> Iterator[Pose]:
        """Yield the poses in order of time."""
        for step in self._steps:
            self.looked += 1
            self.frames = step.number + 1
            yield step.pose

    @property
    def done(self) -> int:
        """How many frames are behind us, where several processes look: in all of them."""
        waiting = self._source.come if isinstance(self._source, Crew) else 0
        return max(self.frames, round(waiting * self.frames / max(self.looked, 1)))

    @property
    def warning(self) -> str | None:
        """What is to be said about the file, known after the last pose."""
        return self._source.warning


@contextmanager
def watch(
    frames: FrameSource,
    weights: Path,
    *,
    silhouette: bool,
    rate: Rate = "all",
    workers: int = 1,
    cuts: Cuts | None = None,
) -> Iterator[Reading]:
    """Look at the frames of a recording, over several processes where it is long.

    The poses are the same, to the last bit, whatever the number of workers. rate: "auto" looks at
    no more frames than the movement needs. cuts: others than its length gives, to try it on a
    short one. Raises InputError, here or while it is iterated, as PoseEstimator and open_frames do.
    """
    refuse_unusable(weights)
    cuts = cuts_of(frames) if cuts is None else cuts
    if min(workers, cuts.count) == 1:
        if cuts.count > 1:
            few_arenas()
        stream = glimpses(frames)
        steps = relay(stream, cuts, lambda: Watcher(weights, silhouette, rate))
        try:
            yield Reading(_together(steps, 1 if frames.frame_count is None else AT_ONCE), frames)
        finally:
            steps.close()
        return
    frames.close()  # the others open it themselves
    job = Job(frames.info.path, weights, silhouette, rate, cuts, range(0))
    with Crew(job, workers) as crew:
        yield Reading(crew, crew)


def _together(steps: Iterable[Step], count: int) -> Iterator[Step]:
    rest = iter(steps)
    while batch := list(islice(rest, count)):
        yield from finished(batch)
