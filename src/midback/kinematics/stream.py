"""Poses in as they arrive, rows of angles out on the 30 Hz grid, nine rows later."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from midback.kinematics.angles import (
    Start,
    landmark_angles,
    spine_angles,
    squatting_knee_flexion,
    world_knee_flexion,
    world_pitch,
    world_turn,
)
from midback.kinematics.back_watch import BackWatch
from midback.kinematics.channels import SIDES, channels_of, cutoffs, outlier_floor, split
from midback.kinematics.contour import SpineCurve
from midback.kinematics.cropping import CropWatch
from midback.kinematics.measurability import NAMES, VISIBLE, Conditions, Lifted, Limbs, gate
from midback.kinematics.registry import ANGLES
from midback.kinematics.rotation import RotationGauge
from midback.kinematics.skeleton import ANKLES, HIPS, KNEES, SHOULDERS
from midback.kinematics.smoothing import RATE, FixedLagSmoother, Hampel, Resampler, Smoothed
from midback.kinematics.spatial import spatial_angles, world_elbow_flexion
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
from midback.vision.pose import Array, Pose
from midback.vision.silhouette import trunk_line

_VIEW_SHARE = 1.0 / RATE  # of the view's running mean, time constant 1 s
_RAISED_SHARE = _VIEW_SHARE / 10  # with the hands overhead the shoulders look narrow
_VIEW_SLACK = 5.0
_CLEAR_VOTES = 10.0
_LIFTED_THIGH, _LIFTED_ARM = -50.0, 125.0
_ENTER_ROWS, _LEAVE_ROWS = int(0.3 * RATE), int(0.8 * RATE)


@dataclass(frozen=True, slots=True)
class AngleRow:
    """All angles at one instant, before the person's neutral is subtracted.

    values, codes: (A,) in the order of ANGLES, see measurability. yaw: of the view, running mean,
    degrees. dorsal: see angles.Orientation. facing_camera: +1 or -1, see view.faces_camera.
    trunk_px: length of the trunk in the picture.
    """

    t: float
    values: Array
    codes: NDArray[np.uint8]
    ready: bool
    found: bool
    yaw: float
    dorsal: int
    facing_camera: float
    trunk_px: float


class AngleStream:
    """The one way from poses to angles, live and recorded: update(pose) -> rows.

    metric: whether the 3D landmarks were measured, as by markers or a depth camera, so that their
    depth tells directly how the body is turned; one camera's are a guess that must be calibrated.
    """

    def __init__(self, posture: Posture, size: tuple[int, int], *, metric: bool = False) -> None:
        self._posture, self._metric = posture, metric
        self._crops = CropWatch(size)
        self._swaps, self._bones = SwapWatch(), BoneWatch()
        self._resampler = Resampler()
        self._hampel = Hampel(outlier_floor(size))
        self._smoother = FixedLagSmoother(cutoffs())
        self._start: Start | None = None
        self._was_ready = False
        self._rotation = RotationGauge()
        self._turns = ANGLES["trunk_rotation"].fits(posture) and not metric
        self._back = BackWatch(posture)
        self._outline = False
        self._votes = 0.0
        self._yaw = np.nan
        self._side_on = False
        self._ready, self._agree = False, 0
        self._last: tuple[float, Array] | None = None

    def update(self, pose: Pose) -> list[AngleRow]:
        """Rows that this pose completes; none, one, or several after a slow frame."""
        rows: list[AngleRow] = []
        pose = self._swaps.update(pose)
        self._outline |= pose.silhouette is not None
        for t, channels in self._resampler.update(pose.t, channels_of(pose, self._likely_sides())):
            self._last = (t, channels)
            rows.extend(self._clean(t, channels))
        return rows

    def _likely_sides(self) -> tuple[int, ...]:
        """Sides of the trunk line on which the back may lie: one, once the votes are clear."""
        if abs(self._votes) < _CLEAR_VOTES:
            return SIDES
        return (1,) if self._votes > 0 else (-1,)

    def flush(self) -> list[AngleRow]:
        """The rows still inside the lag, at the end of a recording."""
        rows: list[AngleRow] = []
        if self._last is None:
            return rows
        t, channels = self._last
        for _ in range(3):
            rows.extend(self._clean(t, channels))
        return rows + [self._row(smoothed) for smoothed in self._smoother.flush()]

    def _clean(self, t: float, channels: Array) -> list[AngleRow]:
        cleaned = self._hampel.update(t, channels)
        smoothed = self._smoother.update(*cleaned) if cleaned is not None else None
        return [self._row(smoothed)] if smoothed is not None else []

    def _row(self, smoothed: Smoothed) -> AngleRow:
        points, world, visibility, spine = split(smoothed.value)
        found = bool(np.isfinite(points[0, 0]))
        batch, batch_world = points[None], world[None]
        if found:
            self._see(batch, batch_world)
        if found and not self._was_ready:
            self._start = Start.of(points)
            self._was_ready = self._ready
        dorsal = 1 if self._votes >= 0 else -1
        orientation = orientation_of(self._posture, dorsal, self._start)
        back = SpineCurve(*spine[SIDES.index(orientation.dorsal), :, None])
        angles = landmark_angles(batch, orientation)
        lean = angles["trunk_inclination"]
        held = in_position if self._ready else in_start
        shown = _without_hidden_legs(points, visibility)[None]
        legs = shown if self._posture in ("kneeling", "seated") else batch
        self._settle(found and bool(held(legs, lean, self._posture)[0]))
        angles |= spine_angles(back)
        origin = self._start or Start.of(points)
        angles["trunk_pitch"] = world_pitch(batch_world)
        angles["shoulder_turn"] = world_turn(batch_world, SHOULDERS, origin)
        girdle, pelvis = self._rotations(points, world, found and self._ready)
        if self._metric:
            girdle = angles["shoulder_turn"]
            pelvis = world_turn(batch_world, HIPS, origin)
        angles |= {
            "trunk_rotation": girdle,
            "pelvic_rotation": pelvis,
            "thoracic_rotation": girdle - pelvis,
        }
        angles |= spatial_angles(batch_world)
        if not self._side_on:
            standing = self._posture == "standing" and not self._metric
            angles["knee_flexion"] = (
                squatting_knee_flexion(batch, origin)
                if standing
                else world_knee_flexion(batch_world)
            )
            angles["elbow_flexion"] = world_elbow_flexion(batch_world)
        values = np.array([angles[name][0] for name in NAMES])
        conditions = Conditions(
            yaw=SIDE_YAW if self._side_on and self._yaw < SIDE_YAW else self._yaw,
            start_yaw=0.0 if self._metric else self._rotation.start_yaw,
            moved=self._rotation.moved,
            in_position=self._ready,
            outline=self._outline,
            back=self._back.update(back) if found and self._ready else self._back.state,
            posture=self._posture,
            lifted=self._lifted(angles),
        )
        limbs = Limbs(visibility, self._crops.update(points), self._bones.update(world))
        codes = gate(points, values, limbs, conditions)
        hips, shoulders = trunk_line(points)
        return AngleRow(
            smoothed.t,
            values,
            codes,
            self._ready,
            found,
            self._yaw,
            orientation.dorsal,
            float(faces_camera(batch)[0]),
            float(np.hypot(*(shoulders - hips))),
        )

    def _rotations(self, points: Array, world: Array, in_position: bool) -> tuple[Array, Array]:
        girdle, pelvis = np.nan, np.nan
        if in_position and self._turns:
            girdle, pelvis = self._rotation.update(points, world)
        if self._rotation.start_yaw > FRONTAL_YAW:
            girdle, pelvis = np.nan, np.nan  # nothing to count, however it swings
        return np.array([girdle]), np.array([pelvis])

    def _lifted(self, angles: dict[str, Array]) -> Lifted:
        if self._posture != "all_fours":
            return Lifted()
        thigh = max(angles["trunk_thigh_left"][0], angles["trunk_thigh_right"][0])
        arm = max(angles["arm_elevation_left"][0], angles["arm_elevation_right"][0])
        return Lifted(arm=bool(arm > _LIFTED_ARM), leg=bool(thigh > _LIFTED_THIGH))

    def _see(self, points: Array, world: Array) -> None:
        """Update the running view: which side the back is on, and how far the camera is turned."""
        yaw = float((world_yaw(world) if self._metric else view_yaw(points))[0])
        vote = float(dorsal_votes(points, world, self._posture)[0])
        if np.isfinite(vote):
            self._votes = float(np.clip(self._votes + vote, -3 * RATE, 3 * RATE))
        if np.isfinite(yaw):
            before = yaw if np.isnan(self._yaw) else self._yaw
            share = _RAISED_SHARE if bool(hands_overhead(points)[0]) else _VIEW_SHARE
            self._yaw = before + share * (yaw - before)
        slack = _VIEW_SLACK if self._side_on else 0.0
        self._side_on = self._yaw >= SIDE_YAW - slack

    def _settle(self, held: bool) -> None:
        """Enter the position after .3 s in it, leave it after .8 s out of it."""
        self._agree = 0 if held == self._ready else self._agree + 1
        if self._agree >= (_ENTER_ROWS if held else _LEAVE_ROWS):
            self._ready, self._agree = held, 0


def _without_hidden_legs(points: Array, visibility: Array) -> Array:
    """(33, 3) points; knees and ankles that are out of sight, and so a guess, are NaN."""
    shown = points.copy()
    legs = [joint for joint in (*KNEES, *ANKLES) if visibility[joint] < VISIBLE]
    shown[legs] = np.nan
    return shown
