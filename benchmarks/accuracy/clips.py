"""Rendered clips through the real network, kept on disk so that a second run is quick."""

from __future__ import annotations

import hashlib
import importlib.metadata
import os
import pickle
from collections.abc import Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import midback.phantom
import midback.vision
from midback.phantom.cases import Case
from midback.phantom.study import Truth, pictures, truth
from midback.vision.estimator import PoseEstimator
from midback.vision.frames import Frame
from midback.vision.pose import Pose
from midback.vision.weights import model_path

CACHE = Path(__file__).parent / ".cache"
_NOT_DRAWN = ("placing.py", "body.py", "varied.py")


@dataclass(frozen=True)
class Clip:
    """A case, what truly happened in it, and what the network saw, picture by picture."""

    case: Case
    truth: Truth
    poses: list[Pose]


def clips(cases: Iterable[Case]) -> Iterator[Clip]:
    """Every case as a clip, two at a time; rendered once per version of phantom and vision."""
    CACHE.mkdir(exist_ok=True)
    with ProcessPoolExecutor(max_workers=2) as pool:
        yield from pool.map(clip, cases)


def clip(case: Case) -> Clip:
    """One case, from the disk where it was rendered before."""
    kept = CACHE / _key(case)
    if kept.exists():
        found = pickle.loads(kept.read_bytes())
        assert isinstance(found, Clip)
        return found
    with PoseEstimator(model_path(None, print), silhouette=True) as network:
        poses = [
            network.estimate(Frame(index / case.fps, picture))
            for index, picture in enumerate(pictures(case))
        ]
    made = Clip(case, truth(case), poses)
    partial = kept.with_suffix(f".{os.getpid()}")
    partial.write_bytes(pickle.dumps(made))
    partial.replace(kept)
    return made


def _key(case: Case) -> str:
    """Name of a clip on the disk: its case, its body, and what drew and saw it."""
    everything = repr(case) + repr(case.who) + _version()
    return f"{case.name}-{hashlib.sha256(everything.encode()).hexdigest()[:16]}"


def _version() -> str:
    """Changes with anything that could change a pose: phantom, vision, MediaPipe.

    Whatever only uses pictures does not count; the bodies count each by itself.
    """
    text = importlib.metadata.version("mediapipe")
    for package in (midback.phantom, midback.vision):
        for source in sorted(Path(str(package.__file__)).parent.glob("*.py")):
            if source.name in _NOT_DRAWN:
                continue
            text += hashlib.sha256(source.read_bytes()).hexdigest()
    return text
