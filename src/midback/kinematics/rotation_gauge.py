"""Rotation followed row after row: when the start position is known, and how well the width holds.

See rotation for what is measured.
"""

from __future__ import annotations

from dataclasses import dataclass, fields

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray

from midback.kinematics.rotation import (
    CORNERS,
    GIRDLE_GAIN,
    PELVIS_GAIN,
    Calibration,
    Turned,
    calibrate,
    phi_of,
    turned,
    turned_away,
    ungained,
)
from midback.kinematics.skeleton import HIPS, SHOULDERS, wrap
from midback.kinematics.smoothing import RATE
from midback.kinematics.view import FRONTAL_YAW, view_yaw
from midback.vision.pose import Array

_GAIN_PRIOR = 60.0  # frames' worth at 45 degrees
_LEARN_FROM, _LEARN_TO = 30.0, 70.0
_NEUTRAL_ROWS = int(RATE)
_MOST_MOVED = 0.15  # share by which the trunk may seem longer or shorter than at the start
_STILL = 10.0  # degrees from the middle that three quarters of a still second may seem to turn


@dataclass(frozen=True, slots=True)
class Rotations:
    """Rotation from the start position in (N,) rows, degrees, left positive.

    girdle, pelvis: NaN out of position and while calibrating. start_yaw: how far the person was
    turned away from the camera at the start, degrees; 180 shows the back, NaN before its end.
    moved: whether the distance to the camera has changed too much since for the width to hold.
    """

    girdle: Array
    pelvis: Array
    start_yaw: Array
    moved: NDArray[np.bool_]


@dataclass(frozen=True, slots=True, eq=False)
class _Start:
    """A start position that was settled on. yaw: see Rotations.start_yaw."""

    girdle: Calibration
    pelvis: Calibration
    yaw: float


class RotationGauge:
    """Rotation of girdle and pelvis from the start position.

    The start is the first second in the exercise's position; before its end there is no number.
    Where the person was turned away then, a later still second facing the camera takes its place.
    """

    def __init__(self) -> None:
        self._second: Array = np.empty((0, 7))  # the last rows that a start may be made of
        self._start: _Start | None = None
        self._moved = False
        self._learned = np.array([[GIRDLE_GAIN * _GAIN_PRIOR, _GAIN_PRIOR]])

    def update(self, points: Array, world: Array, in_position: NDArray[np.bool_]) -> Rotations:
        """Take (N, 33, 3) bodies; those out of position change nothing."""
        count = len(points)
        yaw, moved = self._start.yaw if self._start else np.nan, self._moved
        rows = np.flatnonzero(in_position)
        if not len(rows):
            nothing = np.full(count, np.nan)
            return Rotations(nothing, nothing, np.full(count, yaw), np.full(count, moved))
        seen = _Seen.of(points[rows], world[rows])
        starts, were_moved = self._follow(seen)
        girdle, pelvis = self._turned(seen, starts)
        yaws = [np.nan if start is None else start.yaw for start in starts]
        last = np.searchsorted(rows, np.arange(count), side="right")  # rows in position so far
        out = Rotations(
            np.full(count, np.nan),
            np.full(count, np.nan),
            np.array([yaw, *yaws])[last],
            np.array([moved, *were_moved])[last],
        )
        out.girdle[rows], out.pelvis[rows] = girdle, pelvis
        return out

    def _follow(self, seen: _Seen) -> tuple[list[_Start | None], list[bool]]:
        """The start that counts at each row, and whether the person had moved by then.

        Rows for a new start are collected while there is none that holds.
        """
        trunk, whole = seen.line.trunk.tolist(), seen.whole.tolist()
        starts, were_moved = list[_Start | None](), list[bool]()
        ahead: _Ahead | None = None
        for row, length in enumerate(trunk):
            if self._moved or self._start is None or not self._start.yaw <= FRONTAL_YAW:
                ahead = ahead or _Ahead.of(self._second, seen.table[row:][seen.whole[row:]])
                ahead.taken += whole[row]
                self._start = ahead.start(self._start)
            elif ahead is not None:
                self._second, ahead = ahead.second(), None
            if self._start is not None:
                own = float(self._start.girdle.trunk)
                self._moved = abs(length - own) > _MOST_MOVED * own
            starts.append(self._start)
            were_moved.append(self._moved)
        if ahead is not None:
            self._second = ahead.second()
        return starts, were_moved

    def _turned(self, seen: _Seen, starts: list[_Start | None]) -> tuple[Array, Array]:
        """Degrees of girdle and pelvis from the start of each row: (N,), NaN without one."""
        numbers: dict[_Start | None, int] = {}
        number = [numbers.setdefault(start, len(numbers)) for start in starts]
        girdle, pelvis = (
            Calibration(*np.array([_fields(start, part) for start in numbers])[number].T)
            for part in ("girdle", "pelvis")
        )
        girdle = self._learn(seen.line, girdle)
        deep = ungained(seen.hips.depth, pelvis.gain) - pelvis.depth
        return np.asarray(wrap(girdle.phi - phi_of(seen.line, girdle))), np.asarray(-wrap(deep))

    def _learn(self, line: Turned, girdle: Calibration) -> Calibration:
        """Take the gain of the 3D direction from what the shortening says, beyond 30 degrees."""
        shortened = np.degrees(np.arccos(np.clip(np.abs(line.shown) / girdle.width, 0, 1)))
        true = np.tan(np.radians(np.minimum(shortened, _LEARN_TO)))
        seen = np.abs(np.tan(np.radians(np.clip(wrap(2 * line.depth) / 2, -85, 85))))
        taught = np.stack([true * seen, true * true], axis=-1)
        taught[~(shortened > _LEARN_FROM)] = 0.0
        learned = np.cumsum(np.concatenate([self._learned, taught]), axis=0)[1:]
        self._learned = learned[-1:]
        gain = learned[:, 0] / learned[:, 1]
        depth = ungained(ungained(girdle.depth, 1 / girdle.gain), gain)
        return Calibration(girdle.width, girdle.phi, depth, gain, girdle.trunk)


@dataclass(frozen=True, slots=True)
class _Seen:
    """What (N,) rows tell. table: (N, 7) of line, hips and view. whole: all of it is there."""

    line: Turned
    hips: Turned
    table: Array
    whole: NDArray[np.bool_]

    @classmethod
    def of(cls, points: Array, world: Array) -> _Seen:
        line, hips = turned(points, world, SHOULDERS), turned(points, world, HIPS)
        table = np.stack([*_parts(line), *_parts(hips), view_yaw(points)], axis=-1)
        corners = np.concatenate([points[:, CORNERS, :2], world[:, CORNERS]], axis=-1)
        return cls(line, hips, table, np.asarray(np.isfinite(corners).all(axis=(1, 2))))


@dataclass(slots=True)
class _Ahead:
    """Seconds that rows to come would make, judged together. taken: how many rows have come."""

    rows: Array
    behind: int
    girdle: Calibration
    pelvis: Calibration
    yaw: Array
    good: NDArray[np.bool_]
    taken: int = 0

    @classmethod
    def of(cls, second: Array, rows: Array) -> _Ahead:
        """Judge every second that ends in one of the rows, or before them."""
        behind, rows = len(second), np.concatenate([second, rows])
        if len(rows) < _NEUTRAL_ROWS:
            none = calibrate(Turned(*np.full((3, 1), np.nan)), 1.0)
            return cls(rows, behind, none, none, np.empty(0), np.empty(0, dtype=np.bool_))
        seconds = sliding_window_view(rows, _NEUTRAL_ROWS, axis=0)  # (seconds, 7, rows)
        line, hips = Turned(*seconds[:, :3].swapaxes(0, 1)), Turned(*seconds[:, 3:6].swapaxes(0, 1))
        girdle, pelvis = calibrate(line, GIRDLE_GAIN), calibrate(hips, PELVIS_GAIN)
        yaw = turned_away(girdle, np.median(seconds[:, 6], axis=-1))
        drift = wrap(line.depth - line.depth[:, :1])
        stray = np.abs(drift - np.median(drift, axis=-1, keepdims=True))
        still = np.percentile(stray, 75, axis=-1) <= _STILL
        square = (np.abs(pelvis.depth) <= FRONTAL_YAW) & (yaw <= FRONTAL_YAW)
        return cls(rows, behind, girdle, pelvis, yaw, still & square)

    def start(self, before: _Start | None) -> _Start | None:
        """The start after the rows taken: their last second, if there is none or it is better."""
        last = self.behind + self.taken - _NEUTRAL_ROWS
        if last < 0 or (before is not None and not self.good[last]):
            return before
        girdle, pelvis = (
            Calibration(*(part[last] for part in _parts(calibration)))
            for calibration in (self.girdle, self.pelvis)
        )
        return _Start(girdle, pelvis, float(self.yaw[last]))

    def second(self) -> Array:
        """The last second of the rows taken."""
        return self.rows[: self.behind + self.taken][-_NEUTRAL_ROWS:]


def _fields(start: _Start | None, part: str) -> list[Array]:
    return [np.array(np.nan)] * 5 if start is None else _parts(getattr(start, part))


def _parts(whole: Turned | Calibration) -> list[Array]:
    return [getattr(whole, field.name) for field in fields(whole)]
