"""What may be chosen about reading. Imports nothing heavy: the command line asks here."""

from __future__ import annotations

import os
from typing import Literal

Rate = Literal["all", "auto"]
"""Which frames are looked at: every one, or no more than the movement needs."""


def cores() -> int:
    """How many cores this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
