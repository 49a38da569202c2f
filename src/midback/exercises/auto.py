"""Which of the known exercises a recording shows: `--exercise auto`.

A pure function of the poses so far. Every exercise is compared by its own file: is the body held
in its posture, seen from its view, and does its primary signal come and go by its own range?
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from midback.exercises.loader import find, names
from midback.exercises.schema import Exercise
from midback.kinematics.angles import Start, landmark_angles, spine_angles
from midback.kinematics.contour import Trunk, spine_curve
from midback.kinematics.measurability import VISIBLE
from midback.kinematics.registry import ANGLES
from midback.kinematics.skeleton import ANKLES, EARS, ELBOWS, HIPS, KNEES, SHOULDERS, WRISTS, middle
from midback.kinematics.spatial import world_knee_flexion
from midback.kinematics.view import (
    FRONTAL_YAW,
    HORIZONTAL,
    SIDE_YAW,
    Posture,
    dorsal_votes,
    orientation_of,
    view_yaw,
)
from midback.vision.pose import RAYS, Array, Pose

LEAST_SCORE = 0.25
LEAST_MARGIN = 2.0
"""The best must score so much, and so many times the next."""

LEAST_S = 4.0
"""Shorter than this nothing is recognised."""

_UPRIGHT = 0.6  # cosine of the trunk to the vertical
_UNSEEN = 0.6  # what a movement of the back counts that landmarks cannot show
_FULL = 0.85  # of the typical range counts as all of it
_STEPS = 3  # crossings of the middle that make it a repeated movement


@dataclass(frozen=True, slots=True)
class Guess:
    """One exercise and how well it fits, 0 to 1."""

    name: str
    score: float


@dataclass(frozen=True, slots=True)
class Choice:
    """What was recognised. name: None where no exercise stands out. guesses: best first."""

    name: str | None
    guesses: tuple[Guess, ...]

    @property
    def question(self) -> str:
        """One sentence that asks for the exercise, the two nearest named."""
        near = [guess.name for guess in self.guesses[:2] if guess.score > 0.0]
        like = f": it looks most like {' or '.join(near)}" if near else ""
        return f"the exercise was not recognised{like}; tell which with --exercise NAME"


def choose(poses: Sequence[Pose], among: Sequence[Exercise] | None = None) -> Choice:
    """Recognise the exercise in the poses of a recording, or of its beginning.

    among: the exercises in question; None for all that ship. Frames without a person are left
    out; under 4 s of the rest, nothing is recognised.
    """
    known = [find(name) for name in names()] if among is None else among
    seen = [pose for pose in poses if pose.found]
    if len(seen) < 10 or seen[-1].t - seen[0].t < LEAST_S:
        return Choice(None, tuple(Guess(exercise.name, 0.0) for exercise in known))
    look = _Look.of(seen)
    guesses = sorted(
        (Guess(exercise.name, look.score(exercise)) for exercise in known),
        key=lambda guess: (-guess.score, guess.name),
    )
    best = guesses[0]
    rival = guesses[1].score if len(guesses) > 1 else 0.0
    clear = best.score >= LEAST_SCORE and best.score >= LEAST_MARGIN * rival
    return Choice(best.name if clear else None, tuple(guesses))


@dataclass(frozen=True)
class _Look:
    """The frames with a person. points, world: (T, 33, 3). hidden: (T, 33) landmarks not seen.

    outline: (T, 2, RAYS) distances of the edge of the body, NaN without a mask.
    """

    points: Array
    world: Array
    hidden: NDArray[np.bool_]
    outline: Array

    @classmethod
    def of(cls, poses: Sequence[Pose]) -> _Look:
        return cls(
            np.stack([pose.points for pose in poses]).astype(np.float64),
            np.stack([pose.world for pose in poses]).astype(np.float64),
            np.stack([pose.visibility for pose in poses]) < VISIBLE,
            np.stack([_edge(pose) for pose in poses]),
        )

    def score(self, exercise: Exercise) -> float:
        """How well one exercise fits: posture times view times movement."""
        within = self._posture_frames(exercise.posture)
        if within.sum() < 10:
            return 0.0
        part = _Look(
            self.points[within], self.world[within], self.hidden[within], self.outline[within]
        )
        share = min(1.0, float(within.mean()) / 0.4)
        held = share * part.held(exercise.posture)
        return float(held * part.viewed(exercise) * part.moved(exercise))

    def _posture_frames(self, posture: Posture) -> NDArray[np.bool_]:
        """Frames in which the trunk is as level, or as upright, as the posture wants it."""
        up = self._up()
        level = np.abs(up) < 0.75
        return np.asarray(level if posture in HORIZONTAL else up > _UPRIGHT)

    def _up(self) -> Array:
        trunk = middle(self.points, SHOULDERS) - middle(self.points, HIPS)
        return np.asarray(trunk[:, 1] / np.maximum(np.hypot(trunk[:, 0], trunk[:, 1]), 1e-9))

    def held(self, posture: Posture) -> float:
        """0 to 1: whether limbs lie as in the posture, by where knees, feet and hands are."""
        xy = self.points[..., :2]
        hips, shoulders = middle(xy, HIPS), middle(xy, SHOULDERS)
        size = float(np.median(np.linalg.norm(shoulders - hips, axis=1))) or 1.0
        knee = (hips[:, 1] - np.minimum(xy[:, KNEES[0], 1], xy[:, KNEES[1], 1])) / size
        shank = (middle(xy, KNEES) - middle(xy, ANKLES))[:, 1] / size
        hand = (shoulders[:, 1] - np.minimum(xy[:, WRISTS[0], 1], xy[:, WRISTS[1], 1])) / size
        stacked = np.abs(xy[:, SHOULDERS[0], 1] - xy[:, SHOULDERS[1], 1]) / size
        hip_stack = np.abs(xy[:, HIPS[0], 1] - xy[:, HIPS[1], 1]) / size
        long = np.abs(middle(xy, ANKLES)[:, 0] - shoulders[:, 0]) / size
        tall, low = float(np.percentile(knee, 90)), float(np.median(knee))
        shin, palm = float(np.median(shank)), float(np.median(hand))
        stack, line = float(np.median(stacked + hip_stack)), float(np.median(long))
        flat = 1 - _over(stack, 0.45, 0.1)
        fits: dict[Posture, tuple[float, ...]] = {
            "standing": (_over(tall, 0.5), _over(shin, 0.35)),
            "seated": (1 - _over(tall, 0.5), _over(shin, 0.35)),
            "kneeling": (_over(tall, 0.5), 1 - _over(shin, 0.35)),
            "all_fours": (_over(low, 0.5), _over(palm, 0.45), 1 - _over(shin, 0.4)),
            "plank": (1 - _over(low, 0.6), _over(palm, 0.42), _over(line, 1.6), flat),
            "prone": (
                1 - _over(low, 0.4),
                _over(low, -0.35),
                1 - _over(palm, 0.42),
                _over(line, 1.4),
                flat,
            ),
            "supine": (1 - _over(low, 0.0), _over(shin, 0.25)),
            "side_lying": (1 - flat, 1 - _over(low, 0.6), _over(line, 1.4)),
        }
        return float(np.prod(fits[posture]))

    def viewed(self, exercise: Exercise) -> float:
        """0 to 1: whether the camera stands where the exercise wants it."""
        yaw = float(np.median(view_yaw(self.points)))
        side = _over(yaw, (SIDE_YAW + FRONTAL_YAW) / 2, 6.0)
        wanted = {side if view == "side" else 1.0 - side for view in exercise.views}
        return max(wanted)

    def moved(self, exercise: Exercise) -> float:
        """0 to 1: whether the primary signal goes by its own range, once or again and again."""
        primary = exercise.primary
        signal = self._signal(exercise)
        if signal is None:
            return self._stirred(exercise)
        low, high = np.nanpercentile(signal, [5, 95])
        if high - low < primary.min_rom:
            return 0.0
        repeated = _crossings(signal, low, high) >= _STEPS
        if repeated != (exercise.kind == "reps"):
            return 0.2
        full = min(1.0, (high - low) / (_FULL * primary.typical_rom)) ** 2
        return float(full * self._stayed(exercise))

    def _stayed(self, exercise: Exercise) -> float:
        """0 to 1: whether what the exercise leaves alone stays: the hips of someone standing,
        the limbs where only the back moves.
        """
        angles = self._angles(exercise.posture)
        if ANGLES[exercise.primary.angle].contour:
            return 1.0 - min(1.0, _limbs(angles))
        if exercise.posture == "standing" and exercise.primary.angle != "knee_flexion":
            return 1.0 - min(1.0, _range(angles["hip_drop"]) / 30.0)
        return 1.0

    def _signal(self, exercise: Exercise) -> Array | None:
        """The primary signal; None where it needs the outline of the back and there is none."""
        name = exercise.primary.angle
        if ANGLES[name].contour:
            return self._contour(exercise.posture, name)
        if name == "knee_flexion" and float(np.median(view_yaw(self.points))) < SIDE_YAW:
            return world_knee_flexion(self.world)
        if name in ("trunk_rotation", "thoracic_rotation", "pelvic_rotation"):
            line = self.world[:, SHOULDERS[1]] - self.world[:, SHOULDERS[0]]
            return np.degrees(np.unwrap(np.arctan2(line[:, 2], -line[:, 0])))
        return self._angles(exercise.posture)[name]

    def _angles(self, posture: Posture) -> dict[str, Array]:
        votes = np.nansum(dorsal_votes(self.points, self.world, posture))
        start = Start.of(np.median(self.points[:10], axis=0, keepdims=True))
        towards = orientation_of(posture, 1 if votes >= 0 else -1, start)
        return landmark_angles(self.points, towards)

    def _stirred(self, exercise: Exercise) -> float:
        """For movements of the back alone: head or trunk sway while the limbs stay."""
        angles = self._angles(exercise.posture)
        sway = max(_range(angles["head"]) / 12.0, _range(angles["trunk_inclination"]) / 6.0)
        return float(_UNSEEN * min(1.0, sway) * (1.0 - min(1.0, _limbs(angles))))

    def _contour(self, posture: Posture, name: str) -> Array | None:
        if np.isnan(self.outline).all():
            return None
        votes = np.nansum(dorsal_votes(self.points, self.world, posture))
        side = 1 if votes >= 0 else -1
        edge = self.outline[:, 0 if side > 0 else 1]
        found = spine_angles(spine_curve(self.trunk(), edge, side))[name]
        known = np.isfinite(found)
        return found[known] if known.mean() > 0.5 else None

    def trunk(self) -> Trunk:
        """What the contour is read against; hidden arms are left out."""
        xy = self.points[..., :2]
        arms = np.where(self.hidden[..., None], np.nan, xy)
        left, right = ([s, e, w] for s, e, w in zip(SHOULDERS, ELBOWS, WRISTS, strict=True))
        both = np.stack([arms[:, left], arms[:, right]], axis=1)
        return Trunk(middle(xy, HIPS), middle(xy, SHOULDERS), middle(xy, EARS), both)


def _edge(pose: Pose) -> Array:
    if pose.silhouette is None:
        return np.full((2, RAYS), np.nan)
    return pose.silhouette.astype(np.float64)


def _limbs(angles: dict[str, Array]) -> float:
    """How far arms and legs move, 1 where it is clearly an exercise of theirs."""
    return max(
        _range(np.maximum(angles["arm_elevation_left"], angles["arm_elevation_right"])) / 60.0,
        _range(np.maximum(angles["trunk_thigh_left"], angles["trunk_thigh_right"])) / 45.0,
        _range(angles["hand_rise"]) / 70.0,
    )


def _over(value: float, limit: float, width: float = 0.08) -> float:
    """0 well below a limit, 1 well above it."""
    return float(1.0 / (1.0 + np.exp(-np.clip((value - limit) / width, -50, 50))))


def _range(signal: Array) -> float:
    low, high = np.nanpercentile(signal, [5, 95])
    return float(high - low)


def _crossings(signal: Array, low: float, high: float) -> int:
    """How often the signal goes from its lower third to its upper third or back."""
    third = (high - low) / 3
    state = np.where(signal > high - third, 1, np.where(signal < low + third, -1, 0))
    turns = state[state != 0]
    return int((np.diff(turns) != 0).sum())
