"""Memory that stays flat while networks come and go, and is not fetched anew for every array.

Every network runs on threads of its own, and glibc keeps an arena for each: begun anew again and
again, 220 MB became 450. In one arena that is given back it stays below 190. Elsewhere than on
glibc nothing needs to be done, and nothing is.
"""

from __future__ import annotations

import ctypes
import sys

_M_TRIM_THRESHOLD, _M_MMAP_THRESHOLD, _M_ARENA_MAX = -1, -3, -8  # malloc.h
_KEPT, _OWN = 16 << 20, 4 << 20  # bytes


def few_arenas() -> None:
    """Let threads that start from now on share one arena."""
    _call("mallopt", _M_ARENA_MAX, 1)


def keep_freed() -> None:
    """Keep what is freed at hand, up to 16 MB, for arrays of up to 4 MB.

    Else each of more than 128 kB comes from the system, page by page and zeroed, until a larger one
    has been freed: a tenth of the time of scoring saved poses.
    """
    _call("mallopt", _M_MMAP_THRESHOLD, _OWN)
    _call("mallopt", _M_TRIM_THRESHOLD, _KEPT)


def give_back() -> None:
    """Return what is free to the system."""
    _call("malloc_trim", 0)


def _call(name: str, *values: int) -> None:
    if sys.platform == "linux":
        function = getattr(ctypes.CDLL(None), name, None)  # musl has neither
        if function is not None:
            function(*values)
