"""Memory that stays flat while networks come and go.

Every network runs on threads of its own, and glibc keeps an arena for each: begun anew again and
again, 220 MB became 450. In one arena that is given back it stays below 190. Elsewhere than on
glibc nothing needs to be done, and nothing is.
"""

from __future__ import annotations

import ctypes
import sys

_M_ARENA_MAX = -8  # malloc.h


def few_arenas() -> None:
    """Let threads that start from now on share one arena."""
    _call("mallopt", _M_ARENA_MAX, 1)


def give_back() -> None:
    """Return what is free to the system."""
    _call("malloc_trim", 0)


def _call(name: str, *values: int) -> None:
    if sys.platform == "linux":
        function = getattr(ctypes.CDLL(None), name, None)  # musl has neither
        if function is not None:
            function(*values)
