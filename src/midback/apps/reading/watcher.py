"""One run of the network, begun anew, over frames that follow each other."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from midback.apps.reading.glimpses import Glimpse
from midback.apps.reading.pace import EveryFrame, MovementPace, Pace
from midback.apps.reading.settings import Rate
from midback.vision.closing import Closing
from midback.vision.estimator import PoseEstimator
from midback.vision.outline import Glance

Begin = Callable[[], "Watcher"]


class Watcher(Closing):
    """The network and the pace at which it looks. Raises InputError for a model of no use."""

    def __init__(self, weights: Path, silhouette: bool, rate: Rate) -> None:
        self._estimator = PoseEstimator(weights, silhouette)
        self._pace: Pace = MovementPace() if rate == "auto" else EveryFrame()

    def look(self, glimpse: Glimpse, *, must: bool) -> Glance | None:
        """Look at this frame; None where it may be passed over, unless it must not."""
        if not (self._pace.wants(glimpse.t) or must):
            return None
        frame = glimpse.frame()
        if frame is None:
            return None
        seen = self._estimator.look(frame)
        self._pace.see(seen.pose)
        return seen

    def close(self) -> None:
        """Free the network."""
        self._estimator.close()
