"""What every exercise asks of the body, and how it typically goes wrong."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from midback.phantom.body import Body
from midback.phantom.camera import Camera
from midback.phantom.cases import camera_for
from midback.phantom.sets import floor, sideways, upright
from midback.phantom.sets.plan import Spread
from midback.phantom.skeleton import Pose, Side

Posing = Callable[[Body, Mapping[str, float], Side | None], Pose]

FRONT, BACK = -90.0, 90.0
"""Headings of a person who faces the camera, or turns the back to it; 0 faces image-right."""


@dataclass(frozen=True)
class Failing:
    """One typical breakdown: the feature that shows it, and what the body does.

    moves: channel -> change at the top that makes the feature worse by about one of its units.
    The channels `reach` (factor on the range) and `lower` (factor on the time of the way back, or
    down) belong to every movement.
    spread: how the feature varies while form holds.
    """

    region: str
    feature: str
    moves: dict[str, float] = field(hash=False)
    spread: Spread


@dataclass(frozen=True)
class Movement:
    """One exercise as the phantom does it.

    top: channel -> value at the top of a fresh repetition; spread: natural SD of further channels.
    alternate: whether left and right take turns. one_way: whether only heading 0 shows it.
    camera: where it stands for a body. hold: whether the top is held instead of repeated.
    lowers_first: whether the way out is the lowering.
    """

    exercise: str
    pose: Posing
    top: dict[str, float] = field(hash=False)
    failings: tuple[Failing, ...]
    camera: Callable[[Body], Camera]
    spread: dict[str, float] = field(default_factory=dict, hash=False)
    heading: float = 0.0
    alternate: bool = False
    one_way: bool = False
    hold: bool = False
    lowers_first: bool = False
    mat: bool = True
    stool: bool = False


def _low(body: Body) -> Camera:
    s = body.scale
    return Camera(0.0, 0.45 * s, 3.1 * s, (-0.15 * s, 0.35 * s, 0.0), 34.0)


def _fours(body: Body) -> Camera:
    return camera_for("all_fours", body)


def _under_a_hand(body: Body) -> Camera:
    s = body.scale
    return Camera(0.0, 0.75 * s, 3.5 * s, (-0.05 * s, 0.62 * s, 0.0), 34.0)


def _lying(body: Body) -> Camera:
    return camera_for("prone", body)


def _side_lying(body: Body) -> Camera:
    s = body.scale
    return Camera(0.0, 0.6 * s, 3.3 * s, (-0.1 * s, 0.40 * s, 0.0), 34.0)


def _kneeling(body: Body) -> Camera:
    s = body.scale
    return Camera(0.0, 0.8 * s, 3.0 * s, (-0.05 * s, 0.62 * s, 0.0), 33.0)


def _sitting(body: Body) -> Camera:
    return camera_for("seated", body)


def _standing(body: Body) -> Camera:
    return camera_for("standing", body)


def _arms_up(body: Body) -> Camera:
    return camera_for("standing", body, "overhead")


ARCH, RANGE, TEMPO = Spread(2.5, 1.5, 4.0), Spread(4.0, 2.0, 5.0), Spread(12.0, 3.0, 20.0)
"""Rows of science E6: degrees of lordosis, per cent of the range, per cent of the time."""

_SHIFT, _ROCK, _SAG = Spread(1.5, 1.0, 3.0), Spread(3.0, 1.5, 5.0), Spread(1.5, 1.0, 3.0)
_HEAD, _LEAN, _BACK = Spread(5.0, 4.0, 8.0), Spread(4.0, 3.0, 6.0), Spread(3.0, 2.0, 5.0)
_CURVE, _WIDE, _BRIDGE = Spread(6.0, 4.0, 8.0), Spread(8.0, 6.0, 10.0), Spread(3.0, 1.5, 6.0)
_KNEES, _HIKE = Spread(3.0, 2.5, 5.0), Spread(2.5, 1.7, 4.2)

_RANGE = Failing("control", "range", {"reach": -0.01}, RANGE)
_TRUNK = 0.49  # metres from hips to shoulders at 1.75 m

MOVEMENTS: dict[str, Movement] = {
    "bird_dog": Movement(
        "bird_dog",
        floor.bird_dog,
        {"lift": 1.0, "lumbar": 1.2, "thoracic": 0.8, "neck": 3.0, "roll": 2.0},
        (
            Failing("core", "lumbar_arch", {"lumbar": 1.0, "sag": 0.0012, "roll": 0.25}, ARCH),
            Failing("hips", "hip_shift", {"shift": 0.01 * _TRUNK}, _SHIFT),
        ),
        _fours,
        {"thoracic": 0.8, "neck": 1.0, "roll": 0.5},
        alternate=True,
    ),
    "prone_extension": Movement(
        "prone_extension",
        floor.lying_prone,
        {"thoracic": 16.0, "lumbar": 4.0, "neck": 3.0, "head": 1.0},
        (
            Failing("core", "lumbar_arch", {"lumbar": 1.0, "thoracic": -0.55}, ARCH),
            Failing("neck", "head", {"neck": 0.6, "head": 0.4}, _HEAD),
        ),
        _lying,
        {"thoracic": 0.9, "neck": 1.0},
    ),
    "seated_thoracic_extension": Movement(
        "seated_thoracic_extension",
        upright.sit,
        {"thoracic": 17.5, "lumbar": 0.6, "neck": -5.0, "head": -4.0},
        (
            Failing("core", "lumbar_arch", {"lumbar": 1.0}, ARCH),
            Failing("neck", "head", {"neck": 0.6, "head": 0.4}, _HEAD),
        ),
        _sitting,
        {"thoracic": 0.8, "neck": 1.0},
        mat=False,
        stool=True,
    ),
    "kneeling_thoracic_extension": Movement(
        "kneeling_thoracic_extension",
        upright.kneel,
        {"thoracic": 17.5, "lumbar": 0.6, "neck": -5.0, "head": -4.0},
        (
            Failing("core", "lumbar_arch", {"lumbar": 1.0, "sway": -0.5}, ARCH),
            Failing("neck", "head", {"neck": 0.6, "head": 0.4}, _HEAD),
        ),
        _kneeling,
        {"thoracic": 0.8, "neck": 1.0},
    ),
    "cat_cow": Movement(
        "cat_cow",
        floor.wave,
        {"thoracic": -26.0, "lumbar": -20.0, "neck": -12.0},
        (
            Failing("hips", "hip_shift", {"shift": 0.01 * _TRUNK}, _ROCK),
            Failing("control", "range", {"reach": -0.01}, _CURVE),
        ),
        _fours,
        {"neck": 1.5},
    ),
    "squat": Movement(
        "squat",
        upright.squat,
        {"depth": 1.0},
        (Failing("core", "trunk_lean", {"sway": -1.0}, _LEAN), _RANGE),
        _standing,
        {"lumbar": 0.8, "thoracic": 0.8},
        lowers_first=True,
        mat=False,
    ),
    "squat_front": Movement(
        "squat",
        upright.squat,
        {"depth": 1.0},
        (Failing("knees", "knee_valgus", {"valgus": 1.0}, _KNEES),),
        _standing,
        {"lumbar": 0.8, "thoracic": 0.8},
        heading=FRONT,
        lowers_first=True,
        mat=False,
    ),
    "push_up": Movement(
        "push_up",
        floor.plank,
        {"bend": 1.0},
        (Failing("hips", "hip_sag", {"hips": 1.0}, _SAG), _RANGE),
        _low,
        {"neck": 1.0},
        lowers_first=True,
    ),
    "segmental_bridge": Movement(
        "segmental_bridge",
        floor.bridge,
        {"lift": 1.0},
        (Failing("hips", "range", {"reach": -0.01}, _BRIDGE),),
        _lying,
        {"lumbar": 1.0},
    ),
    "side_plank": Movement(
        "side_plank",
        sideways.side_plank,
        {"up": 1.0},
        (Failing("hips", "hip_sag", {"hips": 1.0}, _SAG),),
        _side_lying,
        {"neck": 0.8},
        hold=True,
        one_way=True,
    ),
    "side_lying_leg_lift": Movement(
        "side_lying_leg_lift",
        sideways.leg_lift,
        {"lift": 32.0},
        (_RANGE, Failing("control", "lowering", {"lower": -0.01}, TEMPO)),
        _side_lying,
        {"neck": 0.5},
        one_way=True,
    ),
    "wall_slide": Movement(
        "wall_slide",
        upright.wall_slide,
        {"slide": 1.0},
        (Failing("shoulders", "shoulder_hike", {"hike": 0.5}, _HIKE), _RANGE),
        _arms_up,
        {"lumbar": 0.5},
        heading=BACK,
        mat=False,
    ),
    "standing_row": Movement(
        "standing_row",
        upright.row,
        {"pull": 1.0},
        (Failing("core", "lean_back", {"sway": 1.0}, _BACK), _RANGE),
        _standing,
        {"lumbar": 0.8, "thoracic": 0.8},
        mat=False,
    ),
    "quadruped_rotation": Movement(
        "quadruped_rotation",
        floor.open_arm,
        {"open": 155.0, "turn": 32.0},
        (_RANGE, Failing("hips", "hip_shift", {"shift": 0.01 * _TRUNK}, _SHIFT)),
        _under_a_hand,
        {"neck": 1.0},
        one_way=True,
    ),
    "seated_rotation": Movement(
        "seated_rotation",
        upright.turn,
        {"turn": 38.0},
        (Failing("control", "range", {"reach": -0.01}, _WIDE),),
        _sitting,
        {"lumbar": 0.5},
        heading=FRONT,
        alternate=True,
        mat=False,
        stool=True,
    ),
}
"""Every exercise, and the squat a second time from the front."""
