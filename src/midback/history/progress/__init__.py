"""What the weeks show of one person, ready to be told. No clock: the day is an argument."""

from midback.history.progress.make import progress
from midback.history.progress.parts import (
    CapacityProgress,
    ExerciseProgress,
    Headline,
    NextStep,
    PainProgress,
    Progress,
    RangeProgress,
    SetUp,
    Visit,
)

__all__ = [
    "CapacityProgress",
    "ExerciseProgress",
    "Headline",
    "NextStep",
    "PainProgress",
    "Progress",
    "RangeProgress",
    "SetUp",
    "Visit",
    "progress",
]
