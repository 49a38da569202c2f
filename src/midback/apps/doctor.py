"""`midback doctor`: what is wrong with this machine, in words."""

from __future__ import annotations

import contextlib
import importlib
import importlib.metadata
import platform
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from midback import __version__
from midback.apps.explain import explain_import_error
from midback.errors import InputError

LIVE_MS = 33.0
MEDIAPIPE = (0, 10, 31)


@dataclass(frozen=True, slots=True)
class Check:
    """One finding. needed: whether scoring a video depends on it."""

    name: str
    good: bool
    words: str
    needed: bool = True


def run_doctor(model: Path | None) -> int:
    """Print one line per check; return 0 if a video could be scored on this machine, else 2."""
    failed = False
    for check in checks(model):
        sign = "✓" if check.good else ("✗" if check.needed else "!")
        print(f"{sign} {check.name:12} {check.words}", flush=True)
        failed = failed or (check.needed and not check.good)
    print("\nScoring would not work." if failed else "\nScoring works on this machine.")
    return 2 if failed else 0


def checks(model: Path | None) -> Iterator[Check]:
    """Look at one thing after the other; none of them raises."""
    yield Check(
        "midback", True, f"{__version__} on Python {platform.python_version()}, {sys.platform}"
    )
    steps: list[tuple[str, Callable[[], Check]]] = [
        ("opencv", check_opencv),
        ("mediapipe", check_mediapipe),
        ("weights", lambda: check_weights(model)),
        ("speed", lambda: check_speed(model)),
        ("disk", check_disk),
        ("camera", check_camera),
    ]
    for name, step in steps:
        try:
            yield step()
        except ImportError as error:
            yield Check(name, False, explain_import_error(error))
        except (InputError, OSError, RuntimeError) as error:
            yield Check(name, False, " ".join(str(error).split()), needed=name != "camera")


def check_opencv() -> Check:
    """Exactly one distribution may own cv2: two overwrite each other's files."""
    owners = sorted(set(importlib.metadata.packages_distributions().get("cv2", [])))
    if len(owners) > 1:
        others = " ".join(owner for owner in owners if owner != "opencv-python")
        return Check(
            "opencv",
            False,
            f"{' and '.join(owners)} overwrite each other: 'pip uninstall {others}', "
            "then 'pip install --force-reinstall opencv-python'",
        )
    version = importlib.import_module("cv2").__version__
    return Check("opencv", True, f"{version}, from {''.join(owners) or 'outside pip'}")


def check_mediapipe() -> Check:
    """The version whose library is called, see midback.vision.landmarker.

    From 0.10.32 on mediapipe brings a second OpenCV, from 0.10.35 on it sends usage metrics.
    """
    version = importlib.metadata.version("mediapipe")
    parts = tuple(int("".join(filter(str.isdigit, p)) or 0) for p in version.split(".")[:3])
    if parts != MEDIAPIPE:
        return Check(
            "mediapipe",
            False,
            f"{version} is not the one that is called (the next replaces OpenCV, later ones send "
            "usage metrics): 'pip install mediapipe==0.10.31'",
        )
    importlib.import_module("mediapipe.tasks.python.vision")
    return Check("mediapipe", True, f"{version}, sends nothing anywhere")


def check_weights(model: Path | None) -> Check:
    """Know the pose model by its hash; nothing is fetched."""
    from midback.vision import weights

    path = model or weights.cached_bundle()
    if model is None and not path.is_file():
        return Check("weights", False, "not fetched yet: 'midback model fetch' does it")
    if model is None and not weights.is_intact(path):
        return Check("weights", False, f"{path} is damaged: 'midback model fetch' renews it")
    info = weights.describe(weights.model_path(model, lambda _: None))
    return Check("weights", True, f"{info.name}, sha256 {info.sha256[:12]}…, {info.path}")


def check_speed(model: Path | None) -> Check:
    """Milliseconds per frame, on a picture with nobody in it, mask included."""
    import numpy as np

    from midback.vision import weights
    from midback.vision.estimator import PoseEstimator
    from midback.vision.frames import Frame

    path = model or weights.cached_bundle()
    try:
        weights.refuse_unusable(path)
    except InputError:  # told by the check of the weights
        return Check("speed", False, "cannot be measured without the weights", needed=False)
    noise = np.random.default_rng(0).integers(0, 255, (480, 640, 3), dtype=np.uint8)
    with PoseEstimator(path, silhouette=True) as estimator:
        estimator.estimate(Frame(0.0, noise))
        begin = time.perf_counter()
        for index in range(1, 11):
            estimator.estimate(Frame(index / 30.0, noise))
        each = (time.perf_counter() - begin) * 100.0
    fast = "fast enough for a live camera" if each < LIVE_MS else "slow, but recordings work"
    return Check("speed", True, f"{each:.0f} ms per frame: {fast}")


def check_disk() -> Check:
    """Temporary files are needed for nothing half-written ever being left behind."""
    from midback.vision import weights

    cache = weights.cached_bundle().parent
    existing = next(folder for folder in (cache, *cache.parents) if folder.is_dir())
    for folder in (existing, Path(tempfile.gettempdir())):
        with tempfile.NamedTemporaryFile(dir=folder, prefix=".midback-") as file:
            file.write(b"0" * 65536)
    return Check("disk", True, f"{cache} and {tempfile.gettempdir()} can be written")


def check_camera() -> Check:
    """Try the first camera; a machine without one still scores videos."""
    from midback.vision.frames import open_frames

    with contextlib.closing(open_frames("camera:0")) as camera:
        info = camera.info
    return Check("camera", True, f"the first one gives {info.width}x{info.height}", needed=False)
