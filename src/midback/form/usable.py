"""Whether form can be judged at all: never a silent green (science E2)."""

from __future__ import annotations

from dataclasses import dataclass

from midback.exercises import Exercise
from midback.exercises.schema import DURATIONS
from midback.form.features import Rep

_ENOUGH = 0.5
_LEAST_REPS = 3


@dataclass(slots=True)
class UsableReps:
    """Counts repetitions in which less than half of what the camera should see was measured.

    Durations do not count: they are always known and say nothing about the view.
    """

    exercise: Exercise
    reps: int = 0
    unusable: int = 0
    _in_a_row: int = 0

    def update(self, rep: Rep) -> bool:
        """Take the next repetition; return whether it is usable."""
        seen = [f.name for f in self.exercise.features if f.statistic not in DURATIONS]
        known = sum(rep.values.get(name) is not None for name in seen)
        usable = known >= _ENOUGH * len(seen)
        self.reps += 1
        self.unusable += not usable
        self._in_a_row = 0 if usable else self._in_a_row + 1
        return usable

    @property
    def reposition(self) -> bool:
        """Two unusable repetitions in a row, the last one included: ask to move."""
        return self._in_a_row >= 2

    @property
    def can_judge(self) -> bool:
        """False once more than a third of at least three repetitions is unusable."""
        return self.reps < _LEAST_REPS or 3 * self.unusable <= self.reps
