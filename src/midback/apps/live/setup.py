"""Setting up: what is still wrong with the view, in the order in which a person mends it."""

from __future__ import annotations

from midback.apps.live.feedback import Check
from midback.exercises import Exercise
from midback.form.score import LEAST_COVERAGE
from midback.kinematics import ANGLES
from midback.now import Now
from midback.sides import Side

DARK = 45.0
"""Mean brightness of a picture, 0 to 255, below which edges drown in noise."""

_POSITIONS = {
    "standing": "Stand up",
    "seated": "Sit down",
    "kneeling": "Kneel upright",
    "all_fours": "Go on hands and knees",
    "prone": "Lie on your belly",
    "plank": "Come up on straight arms",
    "supine": "Lie on your back, knees bent",
    "side_lying": "Lie on your side",
}
_OTHER: dict[Side, Side] = {"left": "right", "right": "left"}
_VIEWS = {"side": "side-on to me", "front": "facing me", "back": "your back to me"}


def checks(
    exercise: Exercise,
    now: Now,
    brightness: float | None,
    people: int | None,
    side: Side | None,
) -> tuple[Check, ...]:
    """Light, person, position, and what the exercise measures; the first not done is the advice.

    brightness: of the whole picture, 0 to 255; None where there is no picture. people: in it,
    None where nobody counted. side: that was chosen.
    """
    light = brightness is None or brightness > DARK
    alone = people is None or people < 2
    place = f"{_position(exercise, side)}, {_VIEWS[exercise.views[0]]}"
    return (
        _check("Enough light", "More light: turn on a lamp in front of you", light),
        _check("You are in the picture", "Step into the picture: I cannot see you", now.found),
        _check("Only you are in view", "Two people in view: I must see you alone", alone),
        _check("In position", place, now.ready),
        *_view(exercise, now),
    )


def _position(exercise: Exercise, side: Side | None) -> str:
    if side is None:
        return _POSITIONS[exercise.posture]
    if exercise.posture == "side_lying":
        lying = side if exercise.kind == "hold" else _OTHER[side]
        return f"Lie on your {lying} side"
    return f"{_POSITIONS[exercise.posture]}, your {side} arm towards me"


def _view(exercise: Exercise, now: Now) -> tuple[Check, ...]:
    """Whether the main angle is measured, and enough of what the score watches."""
    primary = exercise.primary.angle
    here = [f for f in exercise.features if not _needs_other_view(f.angle, exercise, now)]
    lost = {f.angle: f.weight for f in here if f.angle in now.unseen}
    weight = sum(f.weight for f in here)
    seen = weight - sum(f.weight for f in here if f.angle in now.unseen)
    worst = max(lost, key=lambda name: lost[name], default="")
    enough = weight <= 0 or seen >= LEAST_COVERAGE * weight
    return (
        _seen("Your movement can be seen", now, primary, primary not in now.unseen),
        _seen("Your form can be seen", now, worst, enough),
    )


def _check(done: str, advice: str, is_done: bool) -> Check:
    return Check(done if is_done else advice, is_done)


def _seen(done: str, now: Now, angle: str, is_done: bool) -> Check:
    """Why an angle is not seen; out of position that is not the thing to mend."""
    why = now.unseen.get(angle, "") if now.ready else ""
    return _check(done, f"{why[:1].upper()}{why[1:]}" or done, is_done)


def _needs_other_view(angle: str, exercise: Exercise, now: Now) -> bool:
    """An angle of the exercise's other camera view is no reason to leave this one."""
    if len(exercise.views) < 2 or angle not in now.unseen:
        return False
    primary = exercise.primary.angle
    return primary not in now.unseen and ANGLES[angle].view != ANGLES[primary].view
