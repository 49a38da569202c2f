"""Plain words for angles, regions, numbers and times, as a person in pain wants to read them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from midback.kinematics import ANGLES

if TYPE_CHECKING:
    from midback.exercises import Exercise, Feature

HEIGHTS = ("p90", "p10", "at_peak")  # statistics that are values of the trace itself
MINUS = "−"


@dataclass(frozen=True, slots=True)
class Wording:
    """How one angle is spoken of.

    name: the heading. up, down: what a positive and a negative change look like, with {v} for
    the amount. axis: what a higher value on the chart means.
    """

    name: str
    up: str
    down: str
    axis: str


_WORDINGS = {
    "trunk_inclination": Wording(
        "Trunk lean", "trunk leaned forward {v}", "trunk leaned back {v}", "further forward"
    ),
    "trunk_thigh": Wording(
        "Thigh against trunk", "leg lifted {v}", "leg sank {v}", "leg further back"
    ),
    "arm_elevation": Wording("Arm lift", "arm lifted {v}", "arm sank {v}", "arm higher"),
    "diagonal_lift": Wording(
        "Arm and leg lift", "arm and leg lifted {v}", "arm and leg sank {v}", "lifted higher"
    ),
    "elbow_flexion": Wording("Elbow bend", "elbow bent {v}", "elbow straightened {v}", "more bent"),
    "knee_flexion": Wording("Knee bend", "knee bent {v}", "knee straightened {v}", "more bent"),
    "head": Wording("Head position", "head tipped back {v}", "head dropped {v}", "head further up"),
    "lateral_tilt": Wording(
        "Sideways tilt", "trunk tilted {v} sideways", "trunk tilted {v} sideways", "to the right"
    ),
    "shoulder_elevation": Wording(
        "Shoulder shrug", "shoulders crept up {v}", "shoulders sank {v}", "closer to the ears"
    ),
    "hip_shift": Wording(
        "Hip shift", "hips shifted {v} forward", "hips shifted {v} back", "further forward"
    ),
    "trunk_lift": Wording("Chest lift", "chest lifted {v}", "chest sank {v}", "chest higher"),
    "trunk_sag": Wording(
        "Lower back sag", "lower back sagged {v}", "lower back rose {v}", "hollower"
    ),
    "hip_drop": Wording("Hip drop", "hips dropped {v}", "hips rose {v}", "hips lower"),
    "thoracic_extension": Wording(
        "Upper back extension",
        "upper back extended {v}",
        "upper back rounded {v}",
        "straighter, below 0 rounder",
    ),
    "lumbar_arch": Wording(
        "Lower back arch", "lower back arched {v}", "lower back rounded {v}", "more arched"
    ),
    "spine_flexion": Wording("Back rounding", "back rounded {v}", "back arched {v}", "rounder"),
    "thoracic_rotation": Wording(
        "Shoulders turned on the pelvis",
        "shoulders turned {v} left on the pelvis",
        "shoulders turned {v} right on the pelvis",
        "to the left",
    ),
    "hip_sag": Wording("Hip sag", "hips sagged {v}", "hips rose {v}", "hanging lower"),
    "knee_valgus": Wording("Knee inwards", "knee fell in {v}", "knee moved out {v}", "further in"),
}

_REGIONS = {
    "core": ("the lower back", "the lower back took over"),
    "hips": ("the hips", "the hips lost their place"),
    "shoulders": ("the shoulders", "the shoulders took over"),
    "knees": ("the knees", "the knees lost their line"),
    "neck": ("the neck", "the neck took over"),
    "control": ("control", "the movement lost its control"),
}

_STATISTICS = {
    ("rom", "decrease"): "movement {v} smaller",
    ("rom", "increase"): "movement {v} larger",
    ("hold_s", "decrease"): "held {v} shorter",
    ("hold_s", "increase"): "held {v} longer",
    ("concentric_s", "decrease"): "lifted {v} faster",
    ("concentric_s", "increase"): "lifted {v} slower",
    ("eccentric_s", "decrease"): "lowered {v} faster",
    ("eccentric_s", "increase"): "lowered {v} slower",
    ("tempo", "decrease"): "let go {v} faster than lifted",
    ("return_speed", "increase"): "came back {v} faster",
    ("bounce", "increase"): "bounced {v} at the turn",
    ("roughness", "increase"): "movement {v} less smooth",
    ("sway", "increase"): "swayed {v} more while holding",
    ("sway_speed", "increase"): "swayed {v} faster while holding",
    ("consistency", "increase"): "movement {v} unlike the first ones",
    ("marp", "increase"): "segments {v} less together",
}


def wording(angle: str) -> Wording:
    """Words for an angle; sides are named, and an unknown name is only made readable."""
    if angle in _WORDINGS:
        return _WORDINGS[angle]
    for side in ("left", "right"):
        base = angle.removesuffix(f"_{side}")
        if base != angle and base in _WORDINGS:
            found = _WORDINGS[base]
            return Wording(
                f"{found.name}, {side}", f"{side} {found.up}", f"{side} {found.down}", found.axis
            )
    spec = ANGLES.get(angle)
    name = spec.title if spec is not None else angle.replace("_", " ").capitalize()
    less, more = f"{name.lower()} {{v}} less", f"{name.lower()} {{v}} more"
    return Wording(name, more, less, spec.positive if spec is not None else "larger")


def region_name(region: str) -> str:
    """Return `the lower back` for core; an unknown region by its own name."""
    return _REGIONS.get(region, (region, ""))[0]


def region_failed(region: str) -> str:
    """Return `the lower back took over` for core."""
    return _REGIONS.get(region, ("", f"{region} gave way first"))[1]


def fault(exercise: Exercise, feature: str, value: float, unit: str) -> str:
    """`lower back arched 11°`: a change for the worse in words.

    feature: name of a feature of the exercise, or of an angle. value: the change; its sign
    only matters where the exercise does not say which direction is worse.
    """
    amount = quantity(abs(value), unit)
    known = find_feature(exercise, feature)
    if known is None:
        words = wording(feature)
        return (words.up if value >= 0 else words.down).format(v=amount)
    if known.name == "lowering":  # a squat is lowered on the way out, a bird dog on the way back
        return _STATISTICS["eccentric_s", known.worse].format(v=amount)
    if exercise.kind == "hold" and known.statistic == "rom":
        return _STATISTICS["sway", known.worse].format(v=amount)
    if known.statistic == "rom" and known.angle != exercise.primary.angle:
        size = {"decrease": "smaller", "increase": "larger"}[known.worse]
        return f"{wording(known.angle).name.lower()} {amount} {size}"
    if (known.statistic, known.worse) in _STATISTICS:
        return _STATISTICS[known.statistic, known.worse].format(v=amount)
    words = wording(known.angle)
    return (words.up if known.worse == "increase" else words.down).format(v=amount)


def same_angle(exercise: Exercise, angle: str) -> Feature | None:
    """Return the feature whose limits stand on the angle's own axis; None where none does."""
    reading = (f for f in exercise.features if f.angle == angle and f.statistic in HEIGHTS)
    return next((f for f in reading if f.unit == ANGLES[angle].unit), None)


def find_feature(exercise: Exercise, name: str) -> Feature | None:
    """Return the exercise's feature of that name, or else the first one that reads that angle."""
    named = [f for f in exercise.features if f.name == name]
    reading = [f for f in exercise.features if f.angle == name]
    return next(iter(named + reading), None)


def unit_sign(unit: str) -> str:
    """`°` for deg, `% of trunk length` for % trunk; what an axis title shows in brackets."""
    if unit.startswith("% "):
        return f"% of {unit[2:]} length"
    return {"deg": "°"}.get(unit, unit)


def quantity(value: float, unit: str) -> str:
    """`14°`, `-3 %` with a true minus sign, `1.4 s`: whole numbers, except for small seconds."""
    sign = unit_sign(unit)
    text = number(value, 1 if sign in ("s", "x") and abs(value) < 10 else 0)
    return f"{text}{sign}" if sign == "°" else f"{text} {sign}".strip()


def span(low: float, high: float, unit: str) -> str:
    """`from 2° to 16°`, `from 0 to 4 % of trunk length`: the unit once where it is long."""
    if unit == "deg":
        return f"from {quantity(low, unit)} to {quantity(high, unit)}"
    return f"from {quantity(low, unit).partition(' ')[0]} to {quantity(high, unit)}"


def with_error(value: float, se: float, unit: str) -> str:
    """`168° ± 5°`, `4 ± 1 % of trunk length`."""
    if unit == "deg":
        return f"{quantity(value, unit)} ± {quantity(se, unit)}"
    return f"{quantity(value, unit).partition(' ')[0]} ± {quantity(se, unit)}"


def number(value: float, decimals: int = 0) -> str:
    """Round; never `-0`, with a true minus sign."""
    text = f"{round(value, decimals) + 0.0:.{decimals}f}"
    return text.replace("-", MINUS)


def clock(seconds: float) -> str:
    """`0:49`, `12:05`."""
    whole = max(0, int(seconds))
    return f"{whole // 60}:{whole % 60:02d}"


def plural(count: int, noun: str) -> str:
    """`1 rep`, `2 reps`."""
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"


def unbroken(text: str) -> str:
    """Keep `rep 10` and `14 reps` on one line."""
    return re.sub(r"(\brep) (?=\d)|(?<=\d) (?=reps?\b)", lambda m: f"{m[1] or ''}\u00a0", text)


def sentence(text: str) -> str:
    """With a capital first letter and a full stop, unless it ends in a mark already."""
    text = text.strip()
    if not text:
        return ""
    return text[0].upper() + text[1:] + ("" if text[-1] in ".!?" else ".")


def turned(yaw: float | None, se: float | None) -> str:
    """`84° ± 12°`: how far the body is turned from the front, with its 95 % interval."""
    return "" if yaw is None or se is None else with_error(yaw, 1.96 * se, "deg")
