"""Poses in as they arrive, rows of angles out on the 30 Hz grid, nine rows later."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from midback.kinematics import channels, outliers
from midback.kinematics.angles import (
    Start,
    landmark_angles,
    spine_angles,
    squatting_knee_flexion,
    trunk_inclination,
)
from midback.kinematics.back_watch import BackWatch
from midback.kinematics.channels import Block
from midback.kinematics.cropping import CropWatch
from midback.kinematics.gates import Conditions, Lifted, Limbs, gate
from midback.kinematics.measurability import NAMES, VISIBLE
from midback.kinematics.outliers import Hampel
from midback.kinematics.registry import ANGLES
from midback.kinematics.resampling import Grid, Resampler
from midback.kinematics.rotation_gauge import RotationGauge, Rotations
from midback.kinematics.rows import AngleRow, AngleRows
from midback.kinematics.settling import Positions, PositionWatch, Views, ViewWatch
from midback.kinematics.skeleton import ANKLES, HIPS, KNEES, SHOULDERS
from midback.kinematics.smoothing import LAG, FixedLagSmoother
from midback.kinematics.spatial import (
    spatial_angles,
    world_elbow_flexion,
    world_knee_flexion,
    world_pitch,
    world_turn,
)
from midback.kinematics.steadiness import BoneWatch, SwapWatch
from midback.kinematics.view import (
    FRONTAL_YAW,
    SIDE_YAW,
    Posture,
    dorsal_votes,
    faces_camera,
    hands_overhead,
    in_position,
    in_start,
    orientation_of,
    view_yaw,
    world_yaw,
)
from midback.vision.pose import Array, Floats, Pose
from midback.vision.silhouette import trunk_line

__all__ = ["AngleRow", "AngleRows", "AngleStream"]

_CLEAR_VOTES = 10.0
_LIFTED_THIGH, _LIFTED_ARM = -50.0, 125.0
_BEHIND = outliers.LAG + LAG  # rows between the grid and what comes out
_AT_ONCE, _IN_CACHE = 1024, 131_072
"""Poses worked on together, and values filtered together: half a megabyte, in a core's cache."""


class _Cleaner:
    """Channels onto the grid, without outliers, smoothed."""

    def __init__(self, floor: Floats, cutoffs: Floats) -> None:
        self._hampel, self._smoother = Hampel(floor), FixedLagSmoother(cutoffs)
        self._row = np.full((1, len(floor)), np.nan, dtype=floor.dtype)  # of the last pose
        self._last: tuple[Array, Floats] | None = None

    def update(self, grid: Grid, rows: Floats) -> tuple[Array, Floats]:
        """Times and values that came out."""
        rows = np.concatenate([self._row, rows])
        self._row = rows[grid.last : grid.last + 1]
        resampled = grid.of(rows)
        if len(grid.t):
            self._last = grid.t[-1:], resampled[-1:]
        count = _IN_CACHE // rows.shape[1]
        parts = [
            self._smoother.update(
                *self._hampel.update(grid.t[i : i + count], resampled[i : i + count])
            )
            for i in range(0, max(len(grid.t), 1), count)
        ]
        if len(parts) == 1:
            return parts[0]
        t, cleaned = zip(*parts, strict=True)
        return np.concatenate(t), np.concatenate(cleaned)

    def flush(self) -> tuple[Array, Floats]:
        """The rows still inside the lag, at the end of a recording."""
        if self._last is None:
            return self._smoother.flush()
        t, row = self._last
        held = np.repeat(t, outliers.LAG), np.repeat(row, outliers.LAG, axis=0)
        first = self._smoother.update(*self._hampel.update(*held))
        rest = self._smoother.flush()
        return np.concatenate([first[0], rest[0]]), np.concatenate([first[1], rest[1]])


class AngleStream:
    """The one way from poses to angles, live and recorded: update(poses) -> rows.

    However the poses are cut into calls, the same rows come out, to the last bit.
    metric: whether the 3D landmarks were measured, as by markers or a depth camera, so that their
    depth tells directly how the body is turned; one camera's are a guess that must be calibrated.
    """

    def __init__(self, posture: Posture, size: tuple[int, int], *, metric: bool = False) -> None:
        self._posture, self._metric = posture, metric
        self._swaps, self._resampler = SwapWatch(), Resampler()
        self._landmarks = _Cleaner(channels.landmark_floor(size), channels.landmark_cutoffs())
        self._spine = _Cleaner(channels.SPINE_FLOOR, channels.SPINE_CUTOFFS)
        self._views, self._positions = ViewWatch(), PositionWatch()
        self._crops, self._bones = CropWatch(size), BoneWatch()
        self._rotation, self._back = RotationGauge(), BackWatch(posture)
        self._turns = ANGLES["trunk_rotation"].fits(posture) and not metric
        self._start: Start | None = None
        self._inside = 0  # rows on the grid that have not come out
        self._outlined = False

    def update(self, poses: Sequence[Pose]) -> AngleRows:
        """Rows that these poses complete; none, one, or several after a slow frame."""
        starts = range(0, max(len(poses), 1), _AT_ONCE)
        return AngleRows.joined([self._update(poses, i) for i in starts])

    def _update(self, poses: Sequence[Pose], first: int) -> AngleRows:
        block = self._steadied(Block.of(poses[first : first + _AT_ONCE]))
        votes = self._views.votes
        grid = self._resampler.update(block.t)
        t, cleaned = self._landmarks.update(grid, channels.landmark_channels(block))
        completing = self._completing(grid.high - 1)
        outlined = self._outlined | np.logical_or.accumulate(block.outlined)
        self._outlined = bool(outlined[-1]) if len(outlined) else self._outlined
        points, world, visibility = channels.split(cleaned)
        found = np.isfinite(points[:, 0, 0])
        views = self._seen(points, world, found)
        wanted = _likely_sides(np.concatenate([[votes], views.votes]), completing, len(block.t))
        _, spine = self._spine.update(grid, channels.spine_channels(block, wanted))
        rows = self._rows(t, points, world, visibility, spine, views, outlined[completing])
        return replace(rows, pose=completing + first)

    def flush(self) -> AngleRows:
        """The rows still inside the lag, at the end of a recording."""
        t, cleaned = self._landmarks.flush()
        _, spine = self._spine.flush()
        points, world, visibility = channels.split(cleaned)
        views = self._seen(points, world, np.isfinite(points[:, 0, 0]))
        outlined = np.full(len(t), self._outlined)
        return self._rows(t, points, world, visibility, spine, views, outlined)

    def _steadied(self, block: Block) -> Block:
        found = np.flatnonzero(block.found)
        swapped = self._swaps.update(block.t[found], block.points[found, :, :2])
        return block.exchanged(found[swapped])

    def _completing(self, made_by: NDArray[np.intp]) -> NDArray[np.intp]:
        """The pose that completed each row that comes out, from those of the grid's new rows."""
        behind = self._inside
        self._inside = min(behind + len(made_by), _BEHIND)
        return made_by[max(0, _BEHIND - behind) :]

    def _seen(self, points: Array, world: Array, found: NDArray[np.bool_]) -> Views:
        yaw = world_yaw(world) if self._metric else view_yaw(points)
        votes = dorsal_votes(points, world, self._posture)
        return self._views.update(found, yaw, votes, hands_overhead(points))

    def _rows(
        self,
        t: Array,
        points: Array,
        world: Array,
        visibility: Array,
        spine: Floats,
        views: Views,
        outlined: NDArray[np.bool_],
    ) -> AngleRows:
        found = np.isfinite(points[:, 0, 0])
        dorsal = views.dorsal
        back = channels.spine_of(spine, dorsal)
        position = self._held(points, visibility, found, dorsal)
        start = self._started(points, position)
        angles = landmark_angles(points, orientation_of(self._posture, dorsal, start))
        angles |= spine_angles(back) | spatial_angles(world)
        ready = position.ready
        rotations = self._rotation.update(points, world, found & ready & self._turns)
        angles |= self._turns_of(world, start, rotations)
        if not views.side_on.all():
            angles |= {
                name: np.where(views.side_on, angles[name], instead)
                for name, instead in self._from_the_front(points, world, start).items()
            }
        values = np.stack([angles[name] for name in NAMES], axis=-1)
        held = np.where(views.side_on & (views.yaw < SIDE_YAW), SIDE_YAW, views.yaw)
        conditions = Conditions(
            posture=self._posture,
            yaw=held,
            start_yaw=np.zeros(len(t)) if self._metric else rotations.start_yaw,
            moved=rotations.moved,
            in_position=ready,
            outline=outlined,
            back=self._back.update(back, found & ready),
            lifted=self._lifted(angles),
        )
        limbs = Limbs(visibility, self._crops.update(points), self._bones.update(world))
        hips, shoulders = trunk_line(points)
        trunk = shoulders - hips
        return AngleRows(
            t,
            values,
            gate(points, values, limbs, conditions),
            ready,
            found,
            views.yaw,
            dorsal,
            faces_camera(points),
            np.hypot(trunk[:, 0], trunk[:, 1]),
            np.zeros(len(t), dtype=np.intp),
        )

    def _turns_of(self, world: Array, start: Start, rotations: Rotations) -> dict[str, Array]:
        away = rotations.start_yaw > FRONTAL_YAW  # nothing to count, however it swings
        girdle, pelvis = (
            np.where(away, np.nan, part) for part in (rotations.girdle, rotations.pelvis)
        )
        shoulders = world_turn(world, SHOULDERS, start)
        if self._metric:
            girdle, pelvis = shoulders, world_turn(world, HIPS, start)
        return {
            "trunk_pitch": world_pitch(world),
            "shoulder_turn": shoulders,
            "trunk_rotation": girdle,
            "pelvic_rotation": pelvis,
            "thoracic_rotation": girdle - pelvis,
        }

    def _held(
        self,
        points: Array,
        visibility: Array,
        found: NDArray[np.bool_],
        dorsal: NDArray[np.intp],
    ) -> Positions:
        """Whether the body is in the exercise's position, and where it began."""
        lean = trunk_inclination(points, orientation_of(self._posture, dorsal, None))
        legs = points
        if self._posture in ("kneeling", "seated"):
            legs = _without_hidden_legs(points, visibility)
        held = in_position(legs, lean, self._posture)
        return self._positions.update(found, held, in_start(legs, held, self._posture))

    def _started(self, points: Array, position: Positions) -> Start:
        """The start that counts at each row."""
        own, rows = Start.of(points), position.start
        if self._start is None:
            self._start = Start.of(np.full((1, *points.shape[1:]), np.nan))
        start = self._start.then(own, rows)
        if len(rows) and rows[-1] >= 0:
            self._start = own.at(rows[-1:])
        return start

    def _from_the_front(self, points: Array, world: Array, start: Start) -> dict[str, Array]:
        standing = self._posture == "standing" and not self._metric
        knees = squatting_knee_flexion(points, start) if standing else world_knee_flexion(world)
        return {"knee_flexion": knees, "elbow_flexion": world_elbow_flexion(world)}

    def _lifted(self, angles: dict[str, Array]) -> Lifted:
        if self._posture != "all_fours":
            none = np.zeros(len(angles["head"]), dtype=np.bool_)
            return Lifted(none, none)
        thigh = np.fmax(angles["trunk_thigh_left"], angles["trunk_thigh_right"])
        arm = np.fmax(angles["arm_elevation_left"], angles["arm_elevation_right"])
        return Lifted(arm=arm > _LIFTED_ARM, leg=thigh > _LIFTED_THIGH)


def _likely_sides(votes: Array, completing: NDArray[np.intp], poses: int) -> NDArray[np.bool_]:
    """On which sides of the trunk line the back may lie as each pose comes: (poses, 2).

    votes: before the poses, and at each row that they complete. One side, once they are clear.
    """
    known = votes[np.searchsorted(completing, np.arange(poses))]
    return np.stack([known > -_CLEAR_VOTES, known < _CLEAR_VOTES], axis=-1)


def _without_hidden_legs(points: Array, visibility: Array) -> Array:
    """(N, 33, 3) points; knees and ankles that are out of sight, and so a guess, are NaN."""
    shown = points.copy()
    for joint in (*KNEES, *ANKLES):
        shown[visibility[:, joint] < VISIBLE, joint] = np.nan
    return shown
