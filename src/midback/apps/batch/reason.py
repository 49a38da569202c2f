"""Why a recording could not be scored: one line for a person, whatever went wrong."""

from __future__ import annotations

from pathlib import Path

from midback.apps.explain import explain_os_error
from midback.errors import InputError

_LONGEST = 300  # letters; what a damaged file says of itself may be megabytes


def reason_of(path: Path, error: Exception) -> str:
    """What to tell of this error; without the path, which the line has already.

    An error that nobody foresaw is told by its kind only: what native libraries say helps nobody.
    """
    if isinstance(error, InputError):
        return without(path, str(error))
    if isinstance(error, MemoryError):
        return "needs more memory than there is: convert it to smaller pictures"
    if isinstance(error, OSError):
        return without(path, explain_os_error(error))
    return f"cannot be worked out ({type(error).__name__}): copy it again or convert it to MP4"


def without(path: Path, text: str) -> str:
    """The text without the path it begins with."""
    for start in (f"{path}: ", f"{path} "):
        if text.startswith(start):
            return text.removeprefix(start)
    return text


def one_line(text: str) -> str:
    """The text on one line that every terminal shows as it is, not longer than 300 letters."""
    line = " ".join(text[: 10 * _LONGEST].split()).encode("utf-8", "replace").decode()
    clean = "".join(c if c.isprintable() else "?" for c in line)
    return clean if len(clean) <= _LONGEST else f"{clean[: _LONGEST - 3]}..."
