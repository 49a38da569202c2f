"""A set from a seed: the person, the camera, the repetitions and the true breakdown."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

import numpy as np

from midback.exercises import Exercise, find
from midback.phantom.body import Body
from midback.phantom.camera import Camera
from midback.phantom.motions import minimum_jerk, wander
from midback.phantom.poses import seat_height
from midback.phantom.sets.movements import MOVEMENTS, RANGE, TEMPO, Failing, Movement
from midback.phantom.sets.plan import (
    AFTER,
    BREAKDOWN_SD,
    CLEAN_REPS,
    NEUTRAL_S,
    TAIL_S,
    Onset,
    Rep,
    breakdown_rep,
    own_spread,
    paced,
    person_sd,
    shifts,
)
from midback.phantom.sets.true_angles import true_angles
from midback.phantom.skeleton import Frames, Pose, Side, forward
from midback.phantom.stage import Stage
from midback.phantom.varied import varied

FPS = 15
SIZE = (480, 368)
EPOCH_S = 2.0
_ENTER_S = 1.2
_DRIFT = {"lumbar": 0.3, "thoracic": 0.3, "neck": 0.5, "sway": 0.3}
_FIRST = ((6, 9), (10, 13))  # repetition in which the breakdown begins; where sides alternate
_YAW = 12.0


@dataclass(frozen=True)
class Script:
    """Everything that fixes a set.

    onset: how form goes; None for a clean set. first_bad_rep: E7's true breakdown, from 1; an
    epoch of 2 s in a hold. sd: the person's own spread of the failing feature, in its unit.
    day: which of the person's sets; only the camera and chance differ between days.
    """

    movement: Movement
    seed: int
    body: Body
    camera: Camera
    stage: Stage
    facing_left: bool
    reps: tuple[Rep, ...]
    onset: Onset | None = None
    failing: Failing | None = None
    first_bad_rep: int | None = None
    sd: float | None = None
    fps: int = FPS
    day: int = 0

    @property
    def heading(self) -> float:
        """Turn of the person in the room, degrees; a person who faces the camera cannot turn."""
        plain = self.movement.heading
        return 180.0 if self.facing_left and not plain else plain

    @property
    def duration_s(self) -> float:
        """Length of the clip, seconds."""
        leave = _ENTER_S if self.movement.hold else 0.0
        return self.reps[-1].end + leave + TAIL_S

    @property
    def frames(self) -> int:
        """Number of pictures."""
        return round(self.duration_s * self.fps)


def script(name: str, seed: int, onset: Onset | None, failing: int = 0, *, day: int = 0) -> Script:
    """One set of a movement by its name; the same seed and day give the same set.

    onset: None for a clean set. failing: which of the movement's typical breakdowns. day: the
    same person with another camera position, and other chance.
    """
    movement = MOVEMENTS[name]
    rng = np.random.default_rng([seed, 5])
    body = varied(seed)
    wrong = movement.failings[failing]
    natural = _natural(movement)
    spreads = {name: person_sd(each.spread, rng) for name, each in natural.items()}
    rng = np.random.default_rng([seed, 5, day]) if day else rng
    sizes, bad = _sizes(movement, wrong, onset, spreads, rng)
    values, lowering = _values(movement, body, wrong, sizes, spreads, rng)
    left = bool(rng.integers(2)) and not (movement.one_way or movement.heading)
    if movement.hold:
        reps = _epochs(values, sizes)
    else:
        reps = paced(
            len(sizes),
            rng,
            alternate=movement.alternate,
            lowering=lowering,
            values=values,
            shift=sizes,
        )
        if movement.lowers_first:
            reps = tuple(replace(rep, lift_s=rep.lower_s, lower_s=rep.lift_s) for rep in reps)
            reps = _again(reps)
    return Script(
        movement,
        seed,
        body,
        _camera(movement, body, left, rng),
        _stage(movement, body, seed),
        left,
        reps,
        onset,
        wrong if onset else None,
        bad,
        spreads[wrong.feature],
        day=day,
    )


def _again(reps: tuple[Rep, ...]) -> tuple[Rep, ...]:
    """Same repetitions, none before the one before it is over."""
    placed: list[Rep] = []
    for rep in reps:
        begin = max(rep.begin, placed[-1].end + 0.5) if placed else rep.begin
        placed.append(replace(rep, begin=begin))
    return tuple(placed)


def _natural(movement: Movement) -> dict[str, Failing]:
    """What varies in every repetition, by the name of its feature: also range and tempo."""
    usual = (
        Failing("control", "range", {"reach": -0.01}, RANGE),
        Failing("control", "lowering", {"lower": -0.01}, TEMPO),
    )
    return {each.feature: each for each in (*usual, *movement.failings)}


def _sizes(
    movement: Movement,
    wrong: Failing,
    onset: Onset | None,
    spreads: dict[str, float],
    rng: np.random.Generator,
) -> tuple[list[float], int | None]:
    """Noise-free shift of every repetition in the feature's unit, and the true breakdown."""
    least, sd = wrong.spread.floor, spreads[wrong.feature]
    clean = CLEAN_REPS + (4 if movement.alternate else 0)
    if onset is None:
        return [0.0] * clean, None
    first = int(rng.integers(*_FIRST[movement.alternate]))
    unit = max(sd, least / BREAKDOWN_SD)
    gone = [unit * size for size in shifts(onset, 40, first, rng)]
    bad = breakdown_rep(gone, sd, least)
    assert bad is not None
    return gone[: bad + AFTER], bad


def _values(
    movement: Movement,
    body: Body,
    wrong: Failing,
    sizes: list[float],
    spreads: dict[str, float],
    rng: np.random.Generator,
) -> tuple[list[dict[str, float]], list[float]]:
    """What each repetition asks of the body at its top, and the factor on its way back."""
    values, lowering = [], []
    natural = _natural(movement)
    scale = {name: unit_of(movement, each, body) for name, each in natural.items()}
    for size in sizes:
        change: dict[str, float] = {"reach": 1.0, "lower": 1.0}
        for key, sd in movement.spread.items():
            change[key] = change.get(key, 0.0) + sd * _bounded(rng)
        for name, each in natural.items():
            amount = own_spread(each.spread, spreads[name]) * _bounded(rng)
            amount += size if name == wrong.feature else 0.0
            for key, share in each.moves.items():
                change[key] = change.get(key, 0.0) + amount * share * scale[name]
        reach = change.pop("reach")
        lowering.append(change.pop("lower"))
        top = {key: value * reach for key, value in movement.top.items()}
        values.append({key: top.get(key, 0.0) + change.get(key, 0.0) for key in top | change})
    return values, lowering


def _bounded(rng: np.random.Generator) -> float:
    return float(np.clip(rng.normal(), -2.5, 2.5))


@lru_cache(maxsize=512)
def unit_of(movement: Movement, failing: Failing, body: Body) -> float:
    """Factor on a failing's moves that makes the feature worse by one of its units at the top.

    1 for what is asked for in per cent: range and tempo.
    """
    exercise = find(movement.exercise)
    if failing.spread in (RANGE, TEMPO) or "reach" in failing.moves:
        return 1.0
    feature, asked = exercise.feature(failing.feature), 2.0 * failing.spread.floor
    worse = {k: movement.top.get(k, 0.0) + asked * share for k, share in failing.moves.items()}
    clean, changed = (
        _true(exercise, movement, body, values)[feature.angle]
        for values in (dict(movement.top), movement.top | worse)
    )
    sign = 1.0 if feature.worse == "increase" else -1.0
    got = sign * (changed - clean)
    return asked / got if got > 0.1 * asked else 1.0


def _true(
    exercise: Exercise, movement: Movement, body: Body, values: dict[str, float]
) -> dict[str, float]:
    side: Side | None = "left" if movement.alternate else None
    rest, top = (
        forward(body, replace(movement.pose(body, v, side), heading=movement.heading))
        for v in (_rest(movement), values)
    )
    return true_angles(exercise, body, top, rest, movement.heading)


def _rest(movement: Movement) -> dict[str, float]:
    return {"up": 0.0} if movement.hold else {}


def _epochs(values: list[dict[str, float]], sizes: list[float]) -> tuple[Rep, ...]:
    """A hold as epochs of 2 s, one after the other."""
    begin = NEUTRAL_S + _ENTER_S
    return tuple(
        Rep(i + 1, begin + i * EPOCH_S, 0.0, EPOCH_S, 0.0, None, value, size)
        for i, (value, size) in enumerate(zip(values, sizes, strict=True))
    )


def _camera(movement: Movement, body: Body, left: bool, rng: np.random.Generator) -> Camera:
    plain = movement.camera(body)
    x, y, z = plain.target
    return replace(
        plain,
        target=(-x if left else x, y, z),
        yaw_deg=float(rng.uniform(-_YAW, _YAW)),
        height_m=plain.height_m * float(rng.uniform(0.85, 1.15)),
        distance_m=plain.distance_m * float(rng.uniform(1.0, 1.12)),
        size=SIZE,
    )


def _stage(movement: Movement, body: Body, seed: int) -> Stage:
    stool = (-0.05 * body.scale, seat_height(body)) if movement.stool else None
    mat = (0.0, 1.05, 0.40) if movement.mat else None
    return Stage(seed=seed, mat=mat, stool=stool, wall_z=-2.4)


def values_at(what: Script, t: float) -> tuple[dict[str, float], Side | None]:
    """Channels at time t, drift included, and the side that moves."""
    rng = np.random.default_rng([what.seed, 6, what.day] if what.day else [what.seed, 6])
    found = {key: wander(t, rng, sd) for key, sd in _DRIFT.items()}
    side: Side | None = None
    if what.movement.hold:
        return _held(what, t, found), None
    for rep in what.reps:
        share = rep.share(t)
        if share > 0.0:
            side = rep.side
            for key, value in rep.values.items():
                found[key] = found.get(key, 0.0) + share * value
    return found, side


def _held(what: Script, t: float, drift: dict[str, float]) -> dict[str, float]:
    """Up into the hold, what its epochs ask for in between, and down again."""
    first, last = what.reps[0], what.reps[-1]
    centres = [rep.begin + EPOCH_S / 2 for rep in what.reps]
    up = minimum_jerk((t - first.begin + _ENTER_S) / _ENTER_S)
    up -= minimum_jerk((t - last.end) / _ENTER_S)
    found = dict(drift)
    for key in first.values:
        asked = float(np.interp(t, centres, [rep.values[key] for rep in what.reps]))
        found[key] = found.get(key, 0.0) + up * asked
    return found | {"up": up}


def pose_at(what: Script, t: float) -> Pose:
    """Posture at time t, seconds."""
    values, side = values_at(what, t)
    return replace(what.movement.pose(what.body, values, side), heading=what.heading)


def frames_at(what: Script, t: float) -> Frames:
    """World frames of every bone at time t."""
    return forward(what.body, pose_at(what, t))


def truth(what: Script) -> dict[str, Any]:
    """What happened, as a document: repetitions, their shifts, and the true breakdown."""
    reps = [
        {
            "index": rep.index,
            "side": rep.side,
            "start_s": round(rep.visible_span[0] if rep.lift_s else rep.begin, 3),
            "end_s": round(rep.visible_span[1] if rep.lift_s else rep.end, 3),
            "shift": round(rep.shift, 3),
        }
        for rep in what.reps
    ]
    failing = what.failing
    return {
        "schema": "midback.set-truth/1",
        "exercise": what.movement.exercise,
        "kind": "hold" if what.movement.hold else "reps",
        "seed": what.seed,
        "fps": what.fps,
        "width": what.camera.size[0],
        "height": what.camera.size[1],
        "duration_s": round(what.duration_s, 3),
        "camera": {
            "yaw_deg": round(what.camera.yaw_deg, 2),
            "height_m": round(what.camera.height_m, 3),
            "distance_m": round(what.camera.distance_m, 3),
        },
        "body": {"height_m": round(what.body.height, 3), "girth": round(what.body.girth, 3)},
        "onset": what.onset,
        "region": failing.region if failing else None,
        "feature": failing.feature if failing else None,
        "person_sd": round(what.sd, 3) if what.sd is not None else None,
        "first_bad_rep": what.first_bad_rep,
        "reps": reps,
    }
