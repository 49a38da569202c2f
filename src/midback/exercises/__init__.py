"""Exercises are data: one TOML file each, and the schema that loads it."""

from __future__ import annotations

from midback.exercises.loader import ExerciseError, find, load, names
from midback.exercises.schema import Exercise, Feature, Primary, Timing

__all__ = ["Exercise", "ExerciseError", "Feature", "Primary", "Timing", "find", "load", "names"]
