"""What a session tells the live faces, the moment it knows."""

from __future__ import annotations

from dataclasses import dataclass

from midback.result import Rep, Stop


@dataclass(frozen=True, slots=True)
class RepFinished:
    """A repetition is over. Its score is provisional until the fresh repetitions are known."""

    rep: Rep


@dataclass(frozen=True, slots=True)
class Amber:
    """A fault is showing: name it, keep going."""

    rep: int
    region: str
    feature: str
    cue: str


@dataclass(frozen=True, slots=True)
class Reposition:
    """Two repetitions in a row could not be measured: ask the person to move into view."""

    rep: int


@dataclass(frozen=True, slots=True)
class StopCalled:
    """The set should end now."""

    stop: Stop


Event = RepFinished | Amber | Reposition | StopCalled
