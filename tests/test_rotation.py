"""Turns of the shoulder girdle, of a body whose turn is known, in every place it may be seen."""

from __future__ import annotations

from dataclasses import dataclass, replace

import naive
import numpy as np
import pytest
import stick
from scipy.spatial.transform import Rotation

from midback.kinematics.measurability import FRONT_VIEW, MOVED, NAMES, OK, PROXY, UNSETTLED
from midback.kinematics.rotation import (
    DEPTH_NOISE,
    WIDTH_NOISE,
    Calibration,
    Turned,
    phi_of,
    turned,
)
from midback.kinematics.rotation_gauge import RotationGauge, Rotations
from midback.kinematics.rows import AngleRow
from midback.kinematics.skeleton import HIPS, SHOULDERS, Joint
from midback.kinematics.smoothing import RATE
from midback.kinematics.stream import AngleStream
from midback.vision.pose import LANDMARKS, Array, Pose

STILL_S = 1.2
GAINS_OF_PEOPLE = [0.65, 0.8, 1.0]
GAINS = [0.36, 0.5, *GAINS_OF_PEOPLE]
"""Of the 3D landmarks' depth: a phantom's and a person's, science J."""

PELVIS_SHARE = 0.3


@dataclass(frozen=True)
class Scene:
    """offset: degrees by which the body stands turned from a square view of its front or back.
    roll: of the body in the picture, 90 lying on one side. gain: how much of the true depth the
    world landmarks have."""

    offset: float = 0.0
    behind: bool = False
    roll: float = 0.0
    mirrored: bool = False
    gain: float = 1.0

    def film(self, girdle: float) -> tuple[Array, Array]:
        """Points and world landmarks (33, 3) of a body with its girdle turned to the left."""
        body = np.zeros((LANDMARKS, 3))
        body[:11] = [0, 0.75, 0.08]
        for side, left in ((0, 1.0), (1, -1.0)):  # facing the camera, the left is on the right
            body[7 + side] = [0.07 * left, 0.75, 0]
            body[11 + side : 23 : 2] = [0.18 * left, 0.5, 0]
            body[13 + side], body[15 + side] = [0.2 * left, 0.2, 0], [0.22 * left, -0.1, 0]
            body[23 + side], body[25 + side] = [0.11 * left, 0, 0], [0.11 * left, -0.4, 0]
            body[27 + side : 33 : 2] = [0.11 * left, -0.8, 0]
        # to the left: the left shoulder goes backwards, away from a camera in front
        body[:23] = about("y", girdle).apply(body[:23])
        body[23:] = about("y", PELVIS_SHARE * girdle).apply(body[23:])
        body = about("y", self.offset + 180 * self.behind).apply(body)
        body = about("z", self.roll).apply(body)
        points, world = body * [200, 200, 0] + [640, -360, 0], body * [1, 1, self.gain]
        if self.mirrored:
            points, world = stick.mirror(points, 1280.0), stick.mirror(world, 0.0)
        return points, world

    def measure(self, turns: Array) -> tuple[Array, Array]:
        """Girdle and pelvis as measured, in the directions of the body before any mirror."""
        gauge = RotationGauge()
        bodies = [self.film(turn) for turn in turns]
        points, world = (np.stack(part) for part in zip(*bodies, strict=True))
        found = gauge.update(points, world, np.ones(len(turns), dtype=np.bool_))
        sign = -1.0 if self.mirrored else 1.0
        return sign * found.girdle, sign * found.pelvis


def about(axis: str, degrees: float) -> Rotation:
    return Rotation.from_euler(axis, degrees, degrees=True)


def in_position(gauge: RotationGauge, points: Array, world: Array) -> Rotations:
    """One row."""
    return gauge.update(points[None], world[None], np.ones(1, dtype=np.bool_))


def there_and_back(amplitude: float = 60.0, turns: int = 2) -> Array:
    """Still, then to the left, to the right and to the middle again, 7 s each time."""
    t = np.arange(0, STILL_S + 7.0 * turns, 1 / RATE)
    moving = np.maximum(t - STILL_S, 0.0)
    return np.asarray(amplitude * np.sin(2 * np.pi * moving / 7.0))


PLACES = [
    Scene(behind=behind, roll=roll, mirrored=mirrored)
    for behind in (False, True)
    for roll in (0.0, 90.0, -90.0, 25.0)
    for mirrored in (False, True)
]


in_every_place = pytest.mark.parametrize("place", PLACES, ids=range(len(PLACES)))


@pytest.mark.parametrize("gain", GAINS)
@in_every_place
def test_a_turn_is_found_in_every_place_once_the_gain_was_learned(
    place: Scene, gain: float
) -> None:
    truth = there_and_back()
    girdle, _ = replace(place, gain=gain).measure(truth)
    far, second = np.abs(truth) > 25, np.arange(len(truth)) > (STILL_S + 7) * RATE
    assert np.abs(girdle - truth)[far & second].max() <= 3.0
    if gain in GAINS_OF_PEOPLE:
        assert np.abs(girdle - truth)[far].max() <= 3.0


@pytest.mark.parametrize("gain", GAINS)
@pytest.mark.parametrize("offset", [-10.0, -5.0, 5.0, 10.0])
@pytest.mark.parametrize("behind", [False, True])
def test_a_start_that_is_not_square_costs_half_of_what_it_is_off(
    offset: float, behind: bool, gain: float
) -> None:
    """A start position is believed to be square as much as the 3D landmarks are; with a gain that
    nobody has, up to all of it."""
    truth = there_and_back()
    girdle, _ = Scene(offset, behind, gain=gain).measure(truth)
    second = np.arange(len(truth)) > (STILL_S + 7) * RATE
    worst = np.abs(girdle - truth)[second & (np.abs(truth) > 25)].max()
    assert worst <= (abs(offset) / 2 + 1.0 if gain in GAINS_OF_PEOPLE else abs(offset))


@pytest.mark.parametrize("gain", GAINS)
@pytest.mark.parametrize("offset", [-10.0, 0.0, 10.0])
@in_every_place
def test_left_is_positive_and_right_is_negative_everywhere(
    place: Scene, offset: float, gain: float
) -> None:
    truth = there_and_back()
    girdle, pelvis = replace(place, offset=offset, gain=gain).measure(truth)
    far = np.abs(truth) > 25
    assert (np.sign(girdle) == np.sign(truth))[far].all()
    assert (np.sign(pelvis) == np.sign(truth))[far].all()


@in_every_place
def test_every_place_gives_the_same_numbers(place: Scene) -> None:
    truth = there_and_back(turns=1)
    offset = -8.0 if place.behind else 8.0
    found = replace(place, offset=offset, gain=0.6).measure(truth)
    plain = Scene(offset, place.behind, gain=0.6).measure(truth)
    np.testing.assert_allclose(found, plain, atol=1e-6)


def test_the_pelvis_is_read_from_the_3d_landmarks() -> None:
    truth = there_and_back()
    _, pelvis = Scene(gain=0.85).measure(truth)
    known = np.isfinite(pelvis)
    np.testing.assert_allclose(pelvis[known], PELVIS_SHARE * truth[known], atol=1e-6)


def test_there_is_no_number_in_the_first_second() -> None:
    gauge, scene = RotationGauge(), Scene()
    for _ in range(int(RATE) - 1):
        early = in_position(gauge, *scene.film(0.0))
        assert np.isnan([early.girdle, early.pelvis]).all()
        assert np.isnan(early.start_yaw)
    settled = in_position(gauge, *scene.film(0.0))
    assert [settled.girdle[0], settled.pelvis[0]] == pytest.approx([0.0, 0.0], abs=1e-9)
    assert settled.start_yaw == pytest.approx(0.0, abs=15.0)


def test_a_shoulder_that_is_missing_once_at_the_start_does_not_cost_the_whole_set() -> None:
    gauge, scene = RotationGauge(), Scene()
    for frame in range(2 * int(RATE)):
        points, world = scene.film(0.0)
        if frame == 10:
            points[Joint.LEFT_SHOULDER] = world[Joint.LEFT_SHOULDER] = np.nan
        in_position(gauge, points, world)
    assert in_position(gauge, *scene.film(40.0)).girdle == pytest.approx(40.0, abs=3.0)


def test_a_line_about_the_trunk_is_read_as_with_two_rotations() -> None:
    rng = np.random.default_rng(10)
    points, world = rng.normal(0, 100, (250, 33, 3)), rng.normal(0, 0.4, (250, 33, 3))
    for pair in (SHOULDERS, HIPS):
        found = turned(points, world, pair)
        slow = [naive.turned(*frame, pair) for frame in zip(points, world, strict=True)]
        np.testing.assert_allclose(found.shown, [shown for shown, _ in slow], atol=1e-9)
        off = (found.depth - [depth for _, depth in slow] + 180) % 360 - 180
        np.testing.assert_allclose(off, 0.0, atol=1e-9)


@pytest.mark.parametrize("nominal", [0.0, 180.0])
def test_phi_is_the_best_of_all_directions(nominal: float) -> None:
    """For a picture and 3D landmarks that are off by what their noises allow."""
    rng, step = np.random.default_rng(11), 0.05
    grid = np.arange(nominal - 180, nominal + 180, step)
    for _ in range(300):
        own = Calibration(
            width=rng.uniform(50, 200, 1),
            phi=nominal + rng.uniform(-5, 5, 1),
            depth=nominal + rng.uniform(-10, 10, 1),
            gain=rng.uniform(0.4, 1.0, 1),
            trunk=np.array([200.0]),
        )
        truth = nominal + rng.uniform(-75, 75)
        shown = np.cos(np.radians(truth)) + rng.normal(0, WIDTH_NOISE)
        deep = truth + rng.normal(0, DEPTH_NOISE)
        full = np.radians(deep - own.phi + own.depth)  # as the 3D landmarks have it, at gain 1
        depth = np.degrees(np.arctan2(own.gain * np.sin(full), np.cos(full)))
        line = Turned(shown * own.width, depth, own.trunk)
        found = float(phi_of(line, own)[0])
        costs = naive.phi_costs(shown, deep, grid, WIDTH_NOISE, DEPTH_NOISE)
        ours = naive.phi_costs(shown, deep, np.array([found]), WIDTH_NOISE, DEPTH_NOISE)[0]
        assert ours <= costs.min() + 0.05
        assert abs(naive.wrapped(found - grid[costs.argmin()])) < 2.0 + step


def stream(scene: Scene, turns: Array) -> list[AngleRow]:
    angles = AngleStream("standing", (1280, 720))
    seen = angles.update([pose(i, *scene.film(degrees)) for i, degrees in enumerate(turns)])
    return [*seen, *angles.flush()]


def pose(index: int, points: Array, world: Array) -> Pose:
    seen = np.ones(LANDMARKS, dtype=np.float32)
    return Pose(index / RATE, points.astype(np.float32), world.astype(np.float32), seen)


GIRDLE, PELVIS, THORAX = (
    NAMES.index(name) for name in ("trunk_rotation", "pelvic_rotation", "thoracic_rotation")
)


def test_from_behind_there_is_no_rotation_since_the_network_sees_too_little_of_it() -> None:
    held = np.interp(np.arange(0, 4, 1 / RATE), [0, 1.8, 3.0], [0, 0, 40.0])
    codes = stream(Scene(behind=True, gain=0.8), held)[-8].codes
    assert set(codes[[GIRDLE, PELVIS, THORAX]].tolist()) == {FRONT_VIEW}


@pytest.mark.parametrize("turn", [-40.0, 40.0])
def test_the_stream_shows_a_turn_after_the_first_second(turn: float) -> None:
    held = np.interp(np.arange(0, 5, 1 / RATE), [0, 1.8, 3.0], [0, 0, turn])
    rows = stream(Scene(gain=0.8), held)
    assert len(rows) == len(held)
    for row in rows[: int(RATE)]:
        assert row.codes[[GIRDLE, PELVIS, THORAX]].tolist() != [OK, PROXY, PROXY]
        assert np.isnan(row.values[GIRDLE])
    assert UNSETTLED in [row.codes[GIRDLE] for row in rows[: int(RATE)]]
    last = rows[-8]
    assert last.codes[[GIRDLE, PELVIS, THORAX]].tolist() == [OK, PROXY, PROXY]
    assert last.values[GIRDLE] == pytest.approx(turn, abs=3.0)
    assert np.sign(last.values[PELVIS]) == np.sign(turn)
    assert last.values[THORAX] == pytest.approx(last.values[GIRDLE] - last.values[PELVIS])


@pytest.mark.parametrize("offset", [90.0, -90.0, 45.0])
def test_from_the_side_there_is_no_rotation_and_the_reason_is_told(offset: float) -> None:
    held = np.interp(np.arange(0, 4, 1 / RATE), [0, 1.8, 3.0], [0, 0, 40.0])
    rows = stream(Scene(offset), held)
    for row in rows[int(1.5 * RATE) :]:
        assert set(row.codes[[GIRDLE, PELVIS, THORAX]].tolist()) == {FRONT_VIEW}


def test_who_was_turned_away_may_turn_to_the_camera_and_begin_again() -> None:
    turns = np.interp(np.arange(0, 8, 1 / RATE), [0, 5, 6], [0, 0, 30])
    angles, rows = AngleStream("standing", (1280, 720)), list[AngleRow]()
    for i, degrees in enumerate(turns):
        scene = Scene(50.0, gain=0.8) if i < 2 * RATE else Scene(gain=0.8)
        rows.extend(angles.update([pose(i, *scene.film(degrees))]))
    assert rows[int(1.5 * RATE)].codes[GIRDLE] == FRONT_VIEW
    assert rows[-1].codes[GIRDLE] == OK
    assert rows[-1].values[GIRDLE] == pytest.approx(30.0, abs=4.0)


def test_who_steps_back_is_told_so_and_not_that_the_trunk_turned() -> None:
    angles, rows = AngleStream("standing", (1280, 720)), list[AngleRow]()
    for i in range(int(4 * RATE)):
        points, world = Scene(gain=0.8).film(0.0)
        points = points * (1.0 if i < 2 * RATE else 0.8)
        rows.extend(angles.update([pose(i, points, world)]))
    assert MOVED in [row.codes[GIRDLE] for row in rows[int(2 * RATE) :]]
    shown = [row.values[GIRDLE] for row in rows if row.codes[GIRDLE] == OK]
    assert np.abs(shown).max() < 5.0
