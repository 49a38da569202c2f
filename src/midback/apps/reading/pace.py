"""How often to look: every frame while the body moves fast, fewer while it is still."""

from __future__ import annotations

from typing import Protocol

from midback.vision.pose import Pose


class Pace(Protocol):
    """Asked about each frame in order, told each pose that was looked at."""

    def wants(self, t: float) -> bool:
        """Whether the frame at `t` seconds should be looked at."""
        ...

    def see(self, pose: Pose) -> None:
        """Take what was seen."""
        ...


class EveryFrame:
    """Looks at every frame."""

    def wants(self, t: float) -> bool:
        """Yes."""
        return True

    def see(self, pose: Pose) -> None:
        """Nothing follows from it."""


class MovementPace(EveryFrame):
    """To come."""
