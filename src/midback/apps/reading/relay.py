"""One recording read in order, the network begun anew before every cut.

A network begun anew never comes back to the same bits (benchmarks/speed/cold_start.md), so a long
recording gives the same poses on one core and on many only where each stretch between two cuts is
seen by the same run of the network either way. Here, and nowhere else, is said which run that is.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Generator, Iterable, Sequence
from dataclasses import dataclass, field

from midback.apps.reading.allocator import give_back
from midback.apps.reading.cuts import Cuts
from midback.apps.reading.glimpses import Glimpse
from midback.apps.reading.same_body import same_body
from midback.apps.reading.watcher import Begin, Watcher
from midback.vision.closing import Closing
from midback.vision.outline import Glance, Outline, settled
from midback.vision.people import PATIENCE_S
from midback.vision.pose import Pose


@dataclass(frozen=True, slots=True)
class Step:
    """A pose, the stretch it lies in, and the stretch that its run of the network was begun for.

    number: of the frame in the recording, from 0. outline: what the pose's silhouette is still
    to be read from; None where that is done, or without a mask.
    """

    stretch: int
    run: int
    number: int
    pose: Pose
    outline: Outline | None = None


def finished(steps: Sequence[Step]) -> list[Step]:
    """Read the outlines that are still to be read."""
    poses = settled([Glance(step.pose, step.outline) for step in steps])
    return [
        Step(step.stretch, step.run, step.number, pose)
        for step, pose in zip(steps, poses, strict=True)
    ]


def relay(glimpses: Iterable[Glimpse], cuts: Cuts, begin: Begin, first: int = 0) -> Generator[Step]:
    """Yield the steps from stretch `first` on, as if its own run of the network had taken over.

    They are not `finished`. That run begins where it would have begun as an heir.

    A second before a cut another run begins beside the one at work. At the cut it takes over where
    both see the same body, or where nobody has been seen for so long that a person would be chosen
    anew; otherwise it is given up, and the run at work goes on at least to the next cut. A stretch
    is longer than PATIENCE_S, so that what happens at its end depends on nothing before it but
    the run at work.
    """
    with _Runners(begin, first) as runners:
        start: float | None = None
        at = first - 1
        for number, glimpse in enumerate(glimpses):
            start = glimpse.t if start is None else start
            s = glimpse.t - start
            if cuts.stretch(s + cuts.warm_s) < first:
                continue
            stretch = cuts.stretch(s)
            fresh = stretch > at
            if fresh:
                runners.hand_over(glimpse.t)
                at = stretch
            if stretch >= first and cuts.warming(s):
                runners.warm_up(stretch + 1, glimpse)
            seen = runners.look(glimpse, must=fresh)
            if seen is not None and stretch >= first:
                yield Step(stretch, runners.run, number, seen.pose, seen.outline)


@dataclass(slots=True)
class _Heir:
    """The run that begins beside the one at work."""

    run: int
    watcher: Watcher
    poses: list[Pose] = field(default_factory=list)


class _Runners(Closing):
    """The run at work, what it saw of late, and its heir while there is one."""

    def __init__(self, begin: Begin, first: int) -> None:
        self._begin, self.run = begin, first
        self._watcher: Watcher | None = None
        self._heir: _Heir | None = None
        self._late: deque[Pose] = deque()

    def look(self, glimpse: Glimpse, *, must: bool) -> Glance | None:
        """Let the run at work look; it begins with its first glimpse."""
        if self._watcher is None:
            self._watcher = self._begin()
        seen = self._watcher.look(glimpse, must=must)
        if seen is not None:
            self._late.append(seen.pose)
            while seen.pose.t - self._late[0].t > PATIENCE_S:
                self._late.popleft()
        return seen

    def warm_up(self, run: int, glimpse: Glimpse) -> None:
        """Let the heir look, begun with its first glimpse."""
        if self._heir is None:
            self._heir = _Heir(run, self._begin())
        seen = self._heir.watcher.look(glimpse, must=False)
        if seen is not None:
            self._heir.poses.append(seen.pose)

    def hand_over(self, t: float) -> None:
        """At a cut, before the frame at `t` is looked at: the heir takes over, or is given up."""
        heir, self._heir = self._heir, None
        if heir is None or self._watcher is None:
            return
        late = [pose for pose in self._late if t - pose.t <= PATIENCE_S]
        if _agree(late, heir.poses):
            self._watcher, heir.watcher = heir.watcher, self._watcher
            self.run = heir.run
        heir.watcher.close()
        give_back()

    def close(self) -> None:
        """Free the networks."""
        if self._watcher is not None:
            self._watcher.close()
        if self._heir is not None:
            self._heir.watcher.close()


def _agree(late: list[Pose], heirs: list[Pose]) -> bool:
    if not late or not heirs:
        return False
    if late[-1].found and heirs[-1].found:
        return same_body(late[-1], heirs[-1])
    return not any(pose.found for pose in (*late, *heirs))
