"""The accuracy study's clips: pictures of a case, and what truly happened in it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from midback.phantom.cases import Arms, Case, Movement, Posture, camera_for, stage_for
from midback.phantom.changes import changes
from midback.phantom.cloth import LooseShirt
from midback.phantom.intent import Intent, drift, planned, share
from midback.phantom.mesh import build, skin
from midback.phantom.render import Scene
from midback.phantom.skeleton import Frames, forward, joints
from midback.phantom.studied_poses import posture

__all__ = [
    "Arms",
    "Case",
    "Movement",
    "Posture",
    "Truth",
    "camera_for",
    "pictures",
    "stage_for",
    "truth",
]

Array = NDArray[np.float64]
Image = NDArray[np.uint8]

VOXEL = 0.008
SHUTTER = (-0.25, 0.0, 0.25)  # sub-exposures of a blurred picture, in frame times


@dataclass(frozen=True)
class Truth:
    """What happened, once per picture; t and angles (T,), joints name -> (T, 2) pixels.

    Angles are changes from the drift-free neutral, degrees, see changes.changes;
    shoulder_elevation in cm; knee_valgus NaN unless standing. joints: x right, y down. reps:
    start, start and end of the top, and end of every scripted repetition, seconds.
    """

    t: Array
    thoracic_extension: Array
    lumbar_arch: Array
    rotation: Array
    girdle_rotation: Array
    side_bend: Array
    pelvic_roll: Array
    head: Array
    shoulder_elevation: Array
    knee_valgus: Array
    joints: dict[str, Array]
    reps: tuple[tuple[float, float, float, float], ...]


def truth(case: Case) -> Truth:
    """Angles, joints in the picture and repetitions of a case."""
    times = np.arange(case.frames) / case.fps
    neutral = _frames(case, Intent())
    poses = [_frames(case, intent_at(case, float(t))) for t in times]
    rows = [changes(pose, neutral) for pose in poses]
    angles = {name: np.array([row[name] for row in rows]) for name in rows[0]}
    found = [joints(case.who, pose) for pose in poses]
    pixels = {
        name: case.view.project(np.array([places[name] for places in found])) for name in found[0]
    }
    if case.posture != "standing":
        angles["knee_valgus"] = np.full(len(times), np.nan)
    return Truth(t=times, **angles, joints=pixels, reps=case.times)


def intent_at(case: Case, t: float) -> Intent:
    """Everything the person does at time t: the script and the drift."""
    return planned(case, drive(case), share(case, t)).plus(drift(case, t))


def _frames(case: Case, intent: Intent) -> Frames:
    return forward(case.who, posture(case, intent))


_TRUTH_OF = {"shoulder_hike": "shoulder_elevation"}


@lru_cache(maxsize=256)
def drive(case: Case) -> float:
    """What to ask for at the top so that the drift-free truth there is the amplitude."""
    name, neutral = _TRUTH_OF.get(case.movement, case.movement), _frames(case, Intent())
    if case.movement == "still":
        return 0.0

    def miss(asked: float) -> float:
        return changes(_frames(case, planned(case, asked, 1.0)), neutral)[name] - case.amplitude

    before, now = 0.0, case.amplitude or 1.0
    miss_before, miss_now = miss(before), miss(now)
    for _ in range(12):  # secant steps
        if abs(miss_now) < 1e-9 or miss_now == miss_before:
            break
        step = miss_now * (now - before) / (miss_now - miss_before)
        before, miss_before, now = now, miss_now, now - step
        miss_now = miss(now)
    return now


def pictures(case: Case) -> Iterator[Image]:
    """BGR pictures (H, W, 3) of a case, one per 1 / fps seconds, the same on every run."""
    scene = _scene(case)
    rng = np.random.default_rng([case.seed, 3])
    for index in range(case.frames):
        moments = [(index + s) / case.fps for s in SHUTTER] if case.blur else [index / case.fps]
        shots = [scene.frame([_frames(case, intent_at(case, t))]) for t in moments]
        light = case.light * np.mean(shots, axis=0, dtype=np.float32)
        grain = case.noise * rng.standard_normal(light.shape, dtype=np.float32)
        yield np.clip(np.rint(light + grain), 0, 255).astype(np.uint8)


def _scene(case: Case) -> Scene:
    mesh = build(case.who, VOXEL)
    surface = LooseShirt(case.who, mesh, case.seed) if case.loose else skin
    return Scene(case.view, stage_for(case), [mesh], surface)
