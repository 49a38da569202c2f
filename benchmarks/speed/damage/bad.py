"""One damaged input: its place in the folder, and how it is made there."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Bad:
    """name: relative to the folder. kind: what was done to it. was: the whole clip behind it.

    make: writes it at the path it is given.
    """

    name: str
    kind: str
    make: Callable[[Path], object]
    was: str | None = None


def of_bytes(name: str, kind: str, data: bytes, was: str | None = None) -> Bad:
    """A file with these bytes."""
    return Bad(name, kind, lambda path: path.write_bytes(data), was)
