"""Rendered sets through the real network, kept on disk so that a rerun draws nothing."""

from __future__ import annotations

import hashlib
import importlib.metadata
import os
import pickle
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

import midback.phantom
import midback.vision
from midback.phantom.sets import film, idle
from midback.phantom.sets.script import Script, frames_at
from midback.vision.estimator import PoseEstimator
from midback.vision.frames import Frame
from midback.vision.pose import Pose
from midback.vision.weights import model_path

Clip = Script | idle.Idle
CACHE = Path(__file__).parent / ".cache"
_DRAWS = ("body.py", "anatomy.py", "cloth.py", "dress.py", "look.py", "mesh.py", "render.py",
          "solid.py", "stage.py")  # fmt: skip
_EVERY = 7  # pictures; enough to tell two sets apart


def poses(scripts: Sequence[Clip], workers: int = 2) -> Iterator[list[Pose]]:
    """What the network saw in each clip, in order."""
    CACHE.mkdir(exist_ok=True)
    if workers == 1:
        yield from map(seen, scripts)
        return
    with ProcessPoolExecutor(max_workers=workers) as pool:
        yield from pool.map(seen, scripts)


def seen(clip: Clip) -> list[Pose]:
    """Poses of one clip, from the disk where it was rendered before."""
    kept = CACHE / key(clip)
    if kept.exists():
        found: list[Pose] = pickle.loads(kept.read_bytes())
        return found
    begun = time.perf_counter()
    drawn = film.pictures(clip) if isinstance(clip, Script) else idle.pictures(clip)
    with PoseEstimator(model_path(None, print), silhouette=True) as network:
        made = [
            network.estimate(Frame(index / clip.fps, picture))
            for index, picture in enumerate(drawn)
        ]
    CACHE.mkdir(exist_ok=True)
    partial = kept.with_suffix(f".{os.getpid()}")
    partial.write_bytes(pickle.dumps(made))
    partial.replace(kept)
    spent = (time.perf_counter() - begun) / max(len(made), 1)
    print(f"{kept.name}: {len(made)} pictures, {1000 * spent:.0f} ms each", flush=True)
    return made


def key(clip: Clip) -> str:
    """Name of a clip on the disk: where its joints are, who and where that is, what draws it."""
    told = hashlib.sha256(_version().encode())
    if isinstance(clip, Script):
        name = f"{clip.movement.exercise}-{clip.onset or 'clean'}-{clip.seed}"
        told.update(repr((clip.body, clip.camera, clip.stage, clip.frames)).encode())
        origins = [frames_at(clip, i / clip.fps).origin for i in range(0, clip.frames, _EVERY)]
    else:
        name = f"idle-{clip.ending}-{clip.seed}"
        told.update(repr((clip.body, clip.camera, clip.frames)).encode())
        origins = [clip.frames_at(i / clip.fps).origin for i in range(0, clip.frames, _EVERY)]
    for origin in origins:
        told.update(origin.round(6).tobytes())
    return f"{name}-{told.hexdigest()[:16]}"


def _version() -> str:
    """Changes with anything that could change a pose but the movement itself."""
    phantom, vision = (Path(str(p.__file__)).parent for p in (midback.phantom, midback.vision))
    files = [
        *(phantom / name for name in _DRAWS),
        Path(film.__file__),
        *sorted(vision.glob("*.py")),
    ]
    text = importlib.metadata.version("mediapipe")
    return text + "".join(hashlib.sha256(file.read_bytes()).hexdigest() for file in files)
