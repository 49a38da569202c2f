"""Work that nobody watches, as the system's scheduler should see it."""

from __future__ import annotations

import os
from contextlib import suppress


def in_background() -> None:
    """Let this process and its threads interrupt others less, and each other.

    A network's threads wake each other for every frame; woken in turn, not at once, they switch
    half as often. Linux only; elsewhere nothing happens.
    """
    if hasattr(os, "SCHED_BATCH"):
        with suppress(OSError):
            os.sched_setscheduler(0, os.SCHED_BATCH, os.sched_param(0))
