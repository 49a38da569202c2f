"""No exercise at all: walking in, then sitting down or lying down, and staying there."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, fields, replace
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from midback.phantom.body import Body
from midback.phantom.camera import Camera
from midback.phantom.intent import Intent
from midback.phantom.mesh import build
from midback.phantom.motions import minimum_jerk
from midback.phantom.poses import seat_height, walking
from midback.phantom.sets import floor, upright
from midback.phantom.sets.film import VOXEL, QuickScene
from midback.phantom.skeleton import Frames, Pose, forward
from midback.phantom.stage import Stage
from midback.phantom.studied_poses import posture
from midback.phantom.varied import varied

Image = NDArray[np.uint8]
Ending = Literal["sits", "lies"]
ENDINGS: tuple[Ending, ...] = ("sits", "lies")

FPS = 15
_WALK_S, _SPEED = 2.4, 0.9
_STEP_S = 1.3


@dataclass(frozen=True)
class Idle:
    """Someone comes in from the left and sits down on a stool, or lies down on the belly."""

    ending: Ending
    seed: int
    fps: int = FPS

    @property
    def body(self) -> Body:
        """Who comes."""
        return varied(self.seed)

    @property
    def camera(self) -> Camera:
        """Level, wide enough for all of it."""
        s = self.body.scale
        return Camera(0.0, 0.8 * s, 3.9 * s, (0.0, 0.75 * s, 0.0), 36.0, (480, 368))

    @property
    def duration_s(self) -> float:
        """Seconds from coming in until after 4 s of rest."""
        return _WALK_S + _STEP_S * (len(self._stations()) - 1) + 4.0

    @property
    def frames(self) -> int:
        """Number of pictures."""
        return round(self.duration_s * self.fps)

    def _stations(self) -> tuple[Pose, ...]:
        body = self.body
        stands = posture(
            upright.Anyone("", "", "standing", "still", 0.0, "hanging", person=body), Intent()
        )
        arrives = walking(body, 0.0, _SPEED)
        if self.ending == "sits":
            return arrives, stands, upright.sit(body, {}, None)
        kneels = upright.kneel(body, {}, None)
        return (
            arrives,
            stands,
            kneels,
            floor.wave(body, {}, None),
            floor.lying_prone(body, {}, None),
        )

    def pose_at(self, t: float) -> Pose:
        """Posture at time t, seconds."""
        if t < _WALK_S:
            return walking(self.body, t - _WALK_S, _SPEED)
        stations = self._stations()
        gone = (t - _WALK_S) / _STEP_S
        index = min(int(gone), len(stations) - 2)
        return blend(stations[index], stations[index + 1], minimum_jerk(gone - index))

    def frames_at(self, t: float) -> Frames:
        """World frames of every bone at time t."""
        return forward(self.body, self.pose_at(t))


def blend(first: Pose, second: Pose, share: float) -> Pose:
    """A posture part of the way between two: angles and places linearly, limbs along the arc."""
    numbers = {
        field.name: (1 - share) * getattr(first, field.name) + share * getattr(second, field.name)
        for field in fields(Pose)
        if field.name not in ("limbs", "girdle")
    }
    limbs = {**first.limbs, **second.limbs}
    for name in first.limbs.keys() & second.limbs.keys():
        between = (1 - share) * first.limbs[name] + share * second.limbs[name]
        limbs[name] = between / max(float(np.linalg.norm(between)), 1e-6)
    girdle = {
        side: (1 - share) * first.girdle.get(side, np.zeros(3))
        + share * second.girdle.get(side, np.zeros(3))
        for side in first.girdle.keys() | second.girdle.keys()
    }
    return replace(Pose(**numbers), limbs=limbs, girdle=girdle)


def pictures(what: Idle) -> Iterator[Image]:
    """BGR pictures (H, W, 3), one per 1 / fps seconds, the same on every run."""
    body = what.body
    stool = (-0.05 * body.scale, seat_height(body)) if what.ending == "sits" else None
    stage = Stage(seed=what.seed, mat=None if stool else (0.0, 1.0, 0.4), stool=stool, wall_z=-2.4)
    scene = QuickScene(what.camera, stage, [build(body, VOXEL)])
    for index in range(what.frames):
        yield scene.frame([what.frames_at(index / what.fps)])
