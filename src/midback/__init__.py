"""Watches back-rehab exercise through one camera and says when form degrades.

    from midback import score_source
    scored = score_source("set.mp4", "bird_dog")
    scored.result.stop

Names load on first use, so that importing the package costs nothing.
"""

from __future__ import annotations

TYPE_CHECKING = False  # typing itself takes a third of the time of `midback --help`
if TYPE_CHECKING:
    from midback.apps.run import Scored, score_source
    from midback.errors import InputError
    from midback.exercises import Exercise, find, load
    from midback.result import Result, Series
    from midback.session import Session
    from midback.vision.pose import Pose

__version__ = "0.1.0"
__all__ = [
    "Exercise",
    "InputError",
    "Pose",
    "Result",
    "Scored",
    "Series",
    "Session",
    "find",
    "load",
    "score_source",
]

_HOME = {
    "Exercise": "midback.exercises",
    "InputError": "midback.errors",
    "Pose": "midback.vision.pose",
    "Result": "midback.result",
    "Scored": "midback.apps.run",
    "Series": "midback.result",
    "Session": "midback.session",
    "find": "midback.exercises",
    "load": "midback.exercises",
    "score_source": "midback.apps.run",
}


def __getattr__(name: str) -> object:
    if name not in _HOME:
        raise AttributeError(f"module 'midback' has no attribute '{name}'")
    import importlib

    return getattr(importlib.import_module(_HOME[name]), name)


def __dir__() -> list[str]:
    return sorted([*globals(), *__all__])
