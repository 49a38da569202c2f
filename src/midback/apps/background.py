"""Processes that work unseen: what the system's scheduler should know, and what they need not."""

from __future__ import annotations

import os
import sys
from contextlib import suppress


def in_background() -> None:
    """Let this process and its threads interrupt others less, and each other.

    A network's threads wake each other for every frame; woken in turn, not at once, they switch
    half as often. Linux only; elsewhere nothing happens.
    """
    if hasattr(os, "SCHED_BATCH"):
        with suppress(OSError):
            os.sched_setscheduler(0, os.SCHED_BATCH, os.sched_param(0))


def without_sound() -> None:
    """Keep MediaPipe from looking for a sound library: where there is none, a compiler would run.

    A process that is killed meanwhile would leave the compiler's temporary files.
    """
    sys.modules.setdefault("sounddevice", None)  # type: ignore[arg-type]
