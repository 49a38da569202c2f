"""Exercise scripts: who moves how, when, and what goes wrong; pose and truth at any time."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from midback.phantom.body import ANNA, BEN, CARO, DAVID, Body
from midback.phantom.camera import Camera
from midback.phantom.poses import Spine, prone, quadruped, seat_height, seated, walking
from midback.phantom.skeleton import Pose, Side, rot
from midback.phantom.stage import Stage

Array = NDArray[np.float64]
Exercise = Literal["bird_dog", "prone_extension", "seated_thoracic_extension"]

NEUTRAL_S = 2.8
TAIL_S = 1.5
ONSET = 0.02


@dataclass(frozen=True)
class Rep:
    """One planned repetition; times in seconds, angles in degrees, extension +.

    reach: factor on the range of motion. thoracic, lumbar, neck, head: change at full lift.
    fault: how far form is gone, 0 for a clean repetition.
    """

    index: int
    begin: float
    lift_s: float
    hold_s: float
    lower_s: float
    side: Side | None
    reach: float
    thoracic: float
    lumbar: float
    neck: float = 0.0
    head: float = 0.0
    roll: float = 0.0
    sag: float = 0.0
    fault: float = 0.0

    @property
    def end(self) -> float:
        """When the limbs are back, seconds."""
        return self.begin + self.lift_s + self.hold_s + self.lower_s

    def share(self, t: float) -> float:
        """Share 0..1 of the full lift at time t: minimum jerk up, hold, minimum jerk down."""
        up = minimum_jerk((t - self.begin) / self.lift_s)
        return up - minimum_jerk((t - self.end + self.lower_s) / self.lower_s)

    @property
    def visible_span(self) -> tuple[float, float]:
        """Start and end of the visible movement: the driver leaves and returns to 2 %."""
        u = onset_share()
        return self.begin + u * self.lift_s, self.end - u * self.lower_s


def minimum_jerk(u: float) -> float:
    """Minimum-jerk profile, 0 before u = 0 and 1 after u = 1."""
    v = min(max(u, 0.0), 1.0)
    return v**3 * (10.0 - 15.0 * v + 6.0 * v**2)


def onset_share() -> float:
    """Share of the lifting time after which 2 % of the excursion is done."""
    from scipy.optimize import brentq

    return float(brentq(lambda u: minimum_jerk(u) - ONSET, 0.0, 1.0))


@dataclass(frozen=True)
class Script:
    """Everything that fixes a clip; crf is the H.264 quality, lower is better."""

    name: str
    exercise: Exercise
    seed: int
    body: Body
    facing: Side
    camera: Camera
    stage: Stage
    reps: tuple[Rep, ...]
    first_bad_rep: int | None = None
    region: str | None = None
    fps: int = 30
    crf: int = 27

    @property
    def duration_s(self) -> float:
        """Length of the clip, seconds."""
        return self.reps[-1].end + TAIL_S

    @property
    def frames(self) -> int:
        """Number of pictures."""
        return round(self.duration_s * self.fps)

    @property
    def heading(self) -> float:
        """Turn of the person in the room, degrees."""
        return 0.0 if self.facing == "right" else 180.0


@dataclass(frozen=True)
class Actor:
    """A body and its posture at any time (seconds)."""

    body: Body
    pose: Callable[[float], Pose]


def exerciser(script: Script) -> Actor:
    """Return the person who does the exercise."""
    return Actor(script.body, lambda t: pose_at(script, t))


def walker(
    body: Body,
    *,
    enter_s: float = 0.0,
    behind: float = 1.0,
    start_x: float = -2.5,
    speed: float = 1.1,
    leftward: bool = False,
) -> Actor:
    """Make a second person who walks across, `behind` metres behind the mat's middle.

    At enter_s the walker is at start_x (metres, mirrored when leftward) and never stops.
    """
    heading = 180.0 if leftward else 0.0
    turn = rot(1, -heading)

    def pose(t: float) -> Pose:
        step = walking(body, t - enter_s, speed)
        place = np.array([start_x, 0.0, 0.0]) + turn @ np.array([0.0, 0.0, -behind])
        return replace(step, root=step.root + place, heading=heading)

    return Actor(body, pose)


def wander(t: float, rng: np.random.Generator, sd: float, hertz: float = 0.35) -> float:
    """Slow random drift with the given standard deviation, smooth in t."""
    f = hertz * rng.uniform(0.3, 1.7, 8)
    phase = rng.uniform(0, 2 * np.pi, 8)
    return float(sd * 0.5 * np.sin(2 * np.pi * f * t + phase).sum())


def _activity(t: float) -> float:
    return 0.2 + 0.8 * minimum_jerk((t - NEUTRAL_S) / 1.0)


def spine_at(script: Script, t: float) -> Spine:
    """Trunk angles at time t: planned change of the current repetition plus drift."""
    rng = np.random.default_rng(script.seed + 1000)
    drift = [wander(t, rng, sd) * _activity(t) for sd in (0.9, 0.7, 1.2, 0.9, 0.5)]
    lumbar, thoracic, neck, head, roll = drift
    sag = 0.0
    for rep in script.reps:
        p = rep.share(t)
        lumbar, thoracic = lumbar + p * rep.lumbar, thoracic + p * rep.thoracic
        neck, head = neck + p * rep.neck, head + p * rep.head
        sign = 1.0 if rep.side == "left" else -1.0
        roll, sag = roll - p * sign * rep.roll, sag + p * rep.sag
    if script.exercise != "bird_dog":
        roll = 0.0
    return Spine(lumbar, thoracic, neck, head, roll, sag)


def rest_pose(script: Script) -> Pose:
    """Return the starting posture without drift: the neutral that truth angles refer to."""
    return _posture(script, Spine(), {}, 1.0)


def _posture(script: Script, spine: Spine, lift: dict[str, float], reach: float) -> Pose:
    if script.exercise == "prone_extension":
        return prone(script.body, spine, script.heading)
    if script.exercise == "seated_thoracic_extension":
        return seated(script.body, spine, script.heading)
    return quadruped(script.body, spine, lift, script.heading, reach)


def pose_at(script: Script, t: float) -> Pose:
    """Posture at time t, seconds."""
    lift: dict[str, float] = {}
    reach = 1.0
    for rep in script.reps:
        if rep.side and rep.share(t) > 0:
            other = "right" if rep.side == "left" else "left"
            lift = {f"arm_{rep.side}": rep.share(t), f"leg_{other}": rep.share(t)}
            reach = rep.reach
    return _posture(script, spine_at(script, t), lift, reach)


def _timed(
    count: int, seed: int, make: Callable[[Rep, np.random.Generator], Rep]
) -> tuple[Rep, ...]:
    """Repetitions one after the other with healthy variation of tempo, then `make` on each."""
    rng = np.random.default_rng(seed)
    reps: list[Rep] = []
    begin = NEUTRAL_S
    for index in range(1, count + 1):
        tempo = 1.0 + 0.06 * float(np.clip(rng.normal(), -2, 2))
        plain = Rep(
            index=index,
            begin=begin,
            lift_s=1.25 * tempo,
            hold_s=0.6 + 0.08 * float(rng.uniform(-1, 1)),
            lower_s=1.3 * tempo,
            side=None,
            reach=1.0 + 0.025 * float(np.clip(rng.normal(), -2, 2)),
            thoracic=0.0,
            lumbar=0.0,
        )
        reps.append(make(plain, rng))
        begin = plain.end + float(rng.uniform(0.65, 0.95))
    return tuple(reps)


def _ramp(index: int, first: int, last: int, low: float, high: float) -> float:
    return low + (high - low) * (index - first) / (last - first) if index >= first else 0.0


def bird_dog_reps(count: int, seed: int, first_bad: int | None) -> tuple[Rep, ...]:
    """Alternating diagonals, left arm first; from first_bad on the low back arches and sags."""

    def make(rep: Rep, rng: np.random.Generator) -> Rep:
        fault = _ramp(rep.index, first_bad, count, 8.0, 18.0) if first_bad else 0.0
        return replace(
            rep,
            side="left" if rep.index % 2 else "right",
            thoracic=0.8 + 0.8 * float(rng.normal()),
            lumbar=1.2 + 0.8 * float(rng.normal()) + fault,
            neck=3.0 + float(rng.normal()),
            roll=2.0 + 0.5 * float(rng.normal()) + 0.25 * fault,
            sag=0.0012 * fault,
            fault=fault,
        )

    return _timed(count, seed, make)


def prone_reps(count: int, seed: int, first_bad: int | None) -> tuple[Rep, ...]:
    """Chest lifts; from first_bad on the lumbar spine and the neck replace thoracic extension."""

    def make(rep: Rep, rng: np.random.Generator) -> Rep:
        fault = _ramp(rep.index, first_bad, count, 8.0, 17.0) if first_bad else 0.0
        return replace(
            rep,
            thoracic=16.0 * rep.reach + 0.9 * float(rng.normal()) - 0.55 * fault,
            lumbar=4.0 + 0.8 * float(rng.normal()) + fault,
            neck=3.0 + float(rng.normal()) + 0.7 * fault,
            head=1.0 + 0.6 * fault,
            fault=fault,
        )

    return _timed(count, seed, make)


def seated_reps(count: int, seed: int) -> tuple[Rep, ...]:
    """Clean thoracic extension, lumbar spine nearly still, the gaze stays forward."""

    def make(rep: Rep, rng: np.random.Generator) -> Rep:
        thoracic = 17.5 * rep.reach + 0.8 * float(rng.normal())
        lumbar = 0.6 + 0.6 * float(rng.normal())
        return replace(rep, thoracic=thoracic, lumbar=lumbar, neck=-5.0, head=-4.0)

    return _timed(count, seed, make)


FLOOR_CAMERA = Camera(
    height_m=0.62, distance_m=3.0, target=(0.0, 0.42, 0.0), fov_deg=29.0, size=(848, 480)
)
SEAT_CAMERA = Camera(
    height_m=0.85, distance_m=2.8, target=(0.08, 0.68, 0.0), fov_deg=32.0, size=(640, 480)
)


def bird_dog_clean() -> Script:
    """Ten clean bird dogs."""
    camera = replace(FLOOR_CAMERA, yaw_deg=3.0, distance_m=2.75, target=(-0.10, 0.42, 0.0))
    reps = bird_dog_reps(10, 11, None)
    stage = Stage(seed=5)
    return Script("bird_dog_clean", "bird_dog", 11, ANNA, "right", camera, stage, reps)


def bird_dog_fatigue() -> Script:
    """Fourteen bird dogs; the low back gives way from the ninth on."""
    camera = replace(FLOOR_CAMERA, yaw_deg=-4.0, distance_m=2.95, target=(0.12, 0.44, 0.0))
    reps = bird_dog_reps(14, 23, 9)
    script = Script("bird_dog_fatigue", "bird_dog", 23, BEN, "left", camera, Stage(seed=8), reps)
    return replace(script, first_bad_rep=9, region="core", crf=28)


def prone_extension_fatigue() -> Script:
    """Twelve prone chest lifts; arching replaces thoracic extension from the eighth on."""
    # from this low the foot of the wall lies below the outline of the back, not along it
    camera = replace(
        FLOOR_CAMERA, yaw_deg=2.0, height_m=0.25, distance_m=2.65, target=(-0.1, 0.3, 0.0)
    )
    reps = prone_reps(12, 37, 8)
    stage = Stage(seed=14, wall_z=-1.2)
    script = Script(
        "prone_extension_fatigue", "prone_extension", 37, CARO, "right", camera, stage, reps
    )
    return replace(script, first_bad_rep=8, region="core")


def seated_extension() -> Script:
    """Eight clean seated thoracic extensions on a stool."""
    stage = Stage(seed=21, mat=None, stool=(-0.05 * DAVID.scale, seat_height(DAVID)))
    camera = replace(SEAT_CAMERA, yaw_deg=-2.0)
    reps = seated_reps(8, 41)
    return Script(
        "seated_extension", "seated_thoracic_extension", 41, DAVID, "right", camera, stage, reps
    )


SCRIPTS: dict[str, Callable[[], Script]] = {
    maker.__name__: maker
    for maker in (bird_dog_clean, bird_dog_fatigue, prone_extension_fatigue, seated_extension)
}
