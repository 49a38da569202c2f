"""Cases of the accuracy study: who moves what by how much, how dressed, and how it is filmed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np

from midback.phantom.body import BODIES, Body
from midback.phantom.camera import Camera
from midback.phantom.cloth import with_loose_shirt
from midback.phantom.poses import seat_height
from midback.phantom.skeleton import Side
from midback.phantom.stage import Stage, furniture, pillow
from midback.phantom.varied import VARIED

Posture = Literal["standing", "seated", "all_fours", "prone", "side_lying"]
Movement = Literal[
    "still",
    "thoracic_extension",
    "lumbar_arch",
    "rotation",
    "side_bend",
    "shoulder_hike",
    "knee_valgus",
    "pelvic_roll",
    "head",
]
Arms = Literal["hanging", "crossed", "forward", "overhead", "hips"]

_UP_SHARE, _HOLD_SHARE = 1.0 / 2.4, 0.4 / 2.4
_WITH_OTHER = ("thoracic_extension", "lumbar_arch", "rotation")


@dataclass(frozen=True)
class Case:
    """One clip: a body that repeats one movement in one posture before one camera.

    amplitude: degrees at the top of a repetition; extension, arch, left rotation, right bend and
    left roll of the pelvis +. For shoulder_hike cm up of both shoulders, for knee_valgus degrees
    per knee (inward +) in a half squat. alternate: every second repetition the other way.
    other: simultaneous degrees of the other region at the top: lumbar arch in a thoracic
    extension, thoracic extension in a lumbar arch, pelvis turning along in a rotation.
    arms: standing and seated only; on all fours the hands carry, prone they lie in a W.
    side_lying is on the right side, on the left one for a rotation to the right: the upper arm
    and the thorax open backwards. heading: see skeleton.Pose, 0 faces image-right, -90 the camera.
    camera: None for camera_for. loose: the shirt hangs off the body. light: brightness, 1 =
    normal. clutter: furniture at the wall. blur: exposure over half of a frame's time.
    noise: sensor noise, standard deviation in grey levels. Times in seconds.
    Raises ValueError for movements that a posture cannot do.
    """

    name: str
    body: str
    posture: Posture
    movement: Movement
    amplitude: float
    arms: Arms = "crossed"
    reps: int = 3
    rep_s: float = 2.4
    rest_s: float = 0.4
    neutral_s: float = 1.6
    tail_s: float = 0.8
    other: float = 0.0
    alternate: bool = False
    heading: float = 0.0
    camera: Camera | None = None
    loose: bool = False
    light: float = 1.0
    clutter: bool = False
    blur: bool = False
    noise: float = 2.0
    seed: int = 0
    fps: int = 20

    def __post_init__(self) -> None:
        if self.other and self.movement not in _WITH_OTHER:
            raise ValueError(f"{self.name}: nothing else moves along in {self.movement}")
        if self.movement == "knee_valgus" and self.posture != "standing":
            raise ValueError(f"{self.name}: knee_valgus needs the standing posture")
        if self.alternate and self.posture == "side_lying":
            raise ValueError(f"{self.name}: lying on a side, a movement goes one way only")

    @property
    def who(self) -> Body:
        """The body, dressed."""
        body = BODIES.get(self.body) or VARIED[self.body]
        return with_loose_shirt(body) if self.loose else body

    @property
    def view(self) -> Camera:
        """The camera that films it."""
        return self.camera or camera_for(self.posture, self.who, self.arms)

    @property
    def down(self) -> Side:
        """Side a side-lying body lies on."""
        return "left" if self.movement == "rotation" and self.amplitude < 0 else "right"

    @property
    def times(self) -> tuple[tuple[float, float, float, float], ...]:
        """Start, start and end of the top, and end of every repetition; none when still."""
        count = 0 if self.movement == "still" else self.reps
        starts = [self.neutral_s + i * (self.rep_s + self.rest_s) for i in range(count)]
        up, down = _UP_SHARE * self.rep_s, (_UP_SHARE + _HOLD_SHARE) * self.rep_s
        return tuple((t, t + up, t + down, t + self.rep_s) for t in starts)

    @property
    def frames(self) -> int:
        """Number of pictures."""
        moving = self.reps * self.rep_s + (self.reps - 1) * self.rest_s
        return round((self.neutral_s + moving + self.tail_s) * self.fps)


def camera_for(posture: Posture, body: Body, arms: Arms = "crossed") -> Camera:
    """Level camera that shows the whole body at 640 x 480, whatever its heading."""
    s = body.scale
    if posture == "standing":
        top = 1.26 if arms == "overhead" else 1.0
        middle = 0.5 * top * body.height
        return Camera(0.0, 0.9 * middle, 3.3 * s * top, (0.0, middle, 0.0), 34.0)
    if posture == "seated" and arms == "overhead":
        return Camera(0.0, 0.9 * s, 3.8 * s, (0.08 * s, 0.87 * s, 0.0), 33.0)
    if posture == "seated":
        return Camera(0.0, 0.9 * s, 3.1 * s, (0.08 * s, 0.64 * s, 0.0), 33.0)
    if posture == "all_fours":
        return Camera(0.0, 0.62, 3.0 * s, (-0.1 * s, 0.42 * s, 0.0), 34.0)
    return Camera(0.0, 0.7, 3.1 * s, (-0.02 * s, 0.3 * s, 0.0), 34.0)


def stage_for(case: Case) -> Stage:
    """Room of a case: a stool or a mat where the posture needs one, furniture if cluttered."""
    along = abs(np.cos(np.radians(case.heading))) > 0.7
    mat = None
    if case.posture not in ("standing", "seated"):
        mat = (0.0, 1.0, 0.36) if along else (0.0, 0.36, 1.0)
    stool = (0.0, seat_height(case.who)) if case.posture == "seated" else None
    boxes = furniture(case.seed, -2.4) if case.clutter else ()
    if case.posture == "side_lying":
        boxes = (*boxes, pillow(case.who.scale, case.heading))
    return Stage(seed=case.seed, mat=mat, stool=stool, wall_z=-2.4, boxes=boxes)
