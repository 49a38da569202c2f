"""The repetition under way, followed value by value: its top so far, and the lowest after it."""

from __future__ import annotations

from dataclasses import dataclass

from midback.vision.pose import Array

_NOWHERE = float("-inf")


@dataclass(slots=True)
class Way:
    """Effort since a repetition began. top, low: values; top_at, low_at: how many rows after its
    beginning. low: the lowest since the top. now: the latest value. length: rows so far.
    """

    length: int = 0
    now: float = _NOWHERE
    top: float = _NOWHERE
    top_at: int = 0
    low: float = _NOWHERE
    low_at: int = 0

    @classmethod
    def along(cls, effort: Array) -> Way:
        """The way that led through these values."""
        way = cls()
        for value in effort.tolist():
            way.follow(value)
        return way

    def follow(self, value: float) -> None:
        """Take the next value."""
        if value > self.top:
            self.top, self.top_at = value, self.length
            self.low, self.low_at = value, self.length
        elif value < self.low:
            self.low, self.low_at = value, self.length
        self.now = value
        self.length += 1

    def rises_again(self, fall: float, rise: float) -> bool:
        """Whether it has fallen so far from its top, and risen so far again."""
        return self.low <= self.top - fall and self.now - self.low >= rise
