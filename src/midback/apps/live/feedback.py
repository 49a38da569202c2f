"""What a face shows at one moment. Both faces, the window and the page, show the same."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any, Literal

Stage = Literal["setup", "still", "set", "paused", "done"]
Tone = Literal["plain", "good", "amber", "stop"]
Phase = Literal["rest", "out", "hold", "back"]
Sound = Literal["", "rep", "amber", "stop"]

SIGNS: dict[Tone, str] = {"plain": "", "good": "✓", "amber": "▲", "stop": "■"}
"""Nothing is told by colour alone."""


@dataclass(frozen=True, slots=True)
class Gauge:
    """How far the movement has gone from rest, in the unit of the exercise's main angle.

    value: None where it is not measured now; why: then the reason and what to change. top: end of
    the scale, which begins at 0. low, high: the person's own range, None before it is known.
    """

    title: str
    unit: str
    value: float | None
    why: str
    top: float
    low: float | None
    high: float | None


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that must be right before a set can be judged."""

    text: str
    done: bool


@dataclass(frozen=True, slots=True)
class Feedback:
    """One moment. t: seconds of the source's clock.

    headline: the one thing to read. detail: one line under it. checks: of the set-up, in the
    order in which a person mends them. still_s: seconds left to hold still. reps: finished. held_s,
    good_s: of a hold, else None. cue: what to mend now, in the exercise's own words. say: what to
    speak now, once; empty most of the time. sound: to play now, once. points: (33, 3) x and y as
    shares of the picture from its top left corner, and visibility; empty where nobody is seen.
    back: the edge of the back, points as shares of the picture. breath: "in" or "out" in
    extensions, else empty.
    """

    t: float
    stage: Stage
    tone: Tone
    headline: str
    detail: str
    checks: tuple[Check, ...]
    still_s: float
    reps: int
    side: str
    phase: Phase
    tempo_s: float
    held_s: float | None
    good_s: float | None
    gauge: Gauge
    cue: str
    breath: str
    say: str
    sound: Sound
    points: tuple[tuple[float, float, float], ...]
    back: tuple[tuple[float, float], ...]

    def to_dict(self) -> dict[str, Any]:
        """Plain values for JSON."""
        return asdict(self)
