"""Which camera is meant: by number, or by a part of its name where the system tells names."""

from __future__ import annotations

from pathlib import Path

from midback.apps.run import is_camera
from midback.errors import InputError

_NAMES = Path("/sys/class/video4linux")  # Linux; elsewhere OpenCV only counts


def source_of(wanted: str, names: Path = _NAMES) -> str:
    """The source to open for "camera", "camera:1", "camera:logi" or a file; see open_frames.

    names: a folder with a folder `videoN` per camera. Raises InputError where no camera, or more
    than one, has such a name.
    """
    if wanted == "camera":
        return "camera:0"
    if is_camera(wanted) or not wanted.startswith("camera:"):
        return wanted
    part, known = wanted.removeprefix("camera:").casefold(), _known(names)
    found = {name for name in known.values() if part in name.casefold()}
    if len(found) == 1:
        return f"camera:{min(n for n, name in known.items() if name in found)}"
    there = ", ".join(f"camera:{n} ({name})" for n, name in sorted(known.items()))
    what = "more than one camera" if found else "no camera"
    hint = f"there are {there}" if there else "give its number: camera:0, camera:1"
    raise InputError(f"{what} is called {wanted.removeprefix('camera:')}: {hint}")


def _known(names: Path) -> dict[int, str]:
    """Names by number; one device may show itself several times, the first one gives pictures."""
    files = [path for path in names.glob("video*/name") if path.parent.name[5:].isdigit()]
    return {
        int(path.parent.name[5:]): path.read_text(encoding="utf-8", errors="replace").strip()
        for path in files
    }
