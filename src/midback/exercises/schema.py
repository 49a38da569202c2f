"""What an exercise file may say. Every limit is a change or a value in the feature's own unit."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationInfo, field_validator

from midback.kinematics.registry import ANGLES
from midback.kinematics.view import Posture

ViewName = Literal["side", "front", "back"]
Direction = Literal["increase", "decrease", "either", "both"]
Region = Literal["hips", "core", "shoulders", "knees", "neck", "control"]
Statistic = Literal[
    "p90", "p10", "at_peak", "rom", "hold_s", "concentric_s", "eccentric_s",
    "p90_abs", "median", "tempo", "return_speed", "bounce", "roughness",
    "sway", "sway_speed", "consistency", "marp",
]  # fmt: skip
Reference = Literal["neutral", "fresh", "absolute", "expected"]

DURATIONS = ("hold_s", "concentric_s", "eccentric_s")
SPEEDS = ("return_speed", "sway_speed")
RATIOS = ("tempo", "roughness")

Positive = Annotated[float, Field(gt=0)]
Sentence = Annotated[str, Field(min_length=3)]
Sentences = Annotated[tuple[Sentence, ...], Field(strict=False)]
Identifier = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$")]


class _Table(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, allow_inf_nan=False)


def _known_angle(name: str) -> str:
    if name not in ANGLES:
        raise ValueError(f"is no angle midback knows; known: {', '.join(sorted(ANGLES))}")
    return name


def _below(info: ValidationInfo, smaller: str, value: float) -> None:
    """Raise where the field named `smaller`, read before this one, is not below `value`."""
    low = info.data.get(smaller)
    if low is not None and not low < value:
        raise ValueError(f"must be greater than {smaller} ({low:g}), is {value:g}")


class Primary(_Table):
    """The signal whose excursions are the repetitions.

    angle: name of a kinematics angle. direction: which way effort moves it; with "either" the
    first clear excursion decides, with "both" every repetition goes its own way from zero.
    min_rom, typical_rom: range of one repetition, in `unit`; below min_rom nothing is counted.
    sides: whether opposite arm and leg take turns, the sign of the angle tells the side
    (positive = left), or a set is done on the one side that the person chose.
    """

    angle: str
    unit: str
    direction: Direction
    min_rom: Positive
    typical_rom: Positive
    sides: Literal["diagonal", "sign", "chosen", "none"] = "none"

    _angle = field_validator("angle")(_known_angle)

    @property
    def alternates(self) -> bool:
        """Whether a set has repetitions of both sides."""
        return self.sides in ("diagonal", "sign")

    @field_validator("unit")
    @classmethod
    def _unit_of_angle(cls, value: str, info: ValidationInfo) -> str:
        _same_unit(value, info.data.get("angle"))
        return value

    @field_validator("typical_rom")
    @classmethod
    def _above_min(cls, value: float, info: ValidationInfo) -> float:
        _below(info, "min_rom", value)
        return value


class Standing(_Table):
    """Where the camera stands for a body of average height, if no drawing shows it.

    distance_m: from the middle of the body, along the floor. height_m: of the lens above it.
    level: what is as high, "the height of your hips".
    """

    distance_m: Annotated[float, Field(ge=1.0, le=6.0)]
    height_m: Annotated[float, Field(ge=0.1, le=2.5)]
    level: Sentence


class Timing(_Table):
    """The shortest and the longest one repetition may take, holds apart, in seconds."""

    min_s: Positive = 0.8
    max_s: Positive = 20.0

    @field_validator("max_s")
    @classmethod
    def _above_min(cls, value: float, info: ValidationInfo) -> float:
        _below(info, "min_s", value)
        return value


class Feature(_Table):
    """One thing that is watched in every repetition.

    angle: the trace it is read from. statistic: how a repetition becomes one number.
    concentric_s is the way to the
    peak and eccentric_s the way back, so a squat is lowered in its concentric_s. tempo is the
    second over the first, roughness minus the spectral arc length (1.4 is smooth), both counted
    in "x"; speeds in the angle's unit "/s"; marp reads a second angle, `against`.
    reference: what that number is compared with: "neutral", the person's own resting posture
    before the set; "fresh", the person's own first repetitions; "absolute", nothing; "expected",
    the value `expected` that the exercise asks of everybody. worse:
    the direction that costs points. floor, amber, red: sizes of the change for the worse, always
    positive, in `unit` ("%" means per cent of the reference). sd: how much fresh repetitions
    differ; se: error of one measurement. weight: points of 100 lost at the red limit.
    """

    name: Identifier
    angle: str
    region: Region
    statistic: Statistic
    reference: Reference
    worse: Literal["increase", "decrease"]
    unit: str
    sd: Positive
    se: Positive
    floor: Positive
    amber: Positive
    red: Positive | None = None
    weight: Annotated[float, Field(ge=0, le=100)]
    cue: Annotated[str, Field(min_length=3, max_length=60)]
    expected: Annotated[float | None, Field(validate_default=True)] = None
    against: Annotated[str | None, Field(validate_default=True)] = None

    _angle = field_validator("angle")(_known_angle)

    @field_validator("unit")
    @classmethod
    def _unit_fits(cls, value: str, info: ValidationInfo) -> str:
        if value == "%":
            if info.data.get("reference") == "absolute":
                raise ValueError('"%" needs the reference "fresh" or "neutral", not "absolute"')
            return value
        statistic, angle = info.data.get("statistic"), info.data.get("angle")
        if statistic in DURATIONS:
            if value != "s":
                raise ValueError(f"a duration is counted in 's' or '%', not '{value}'")
        elif statistic in RATIOS:
            if value != "x":
                raise ValueError(f"a ratio is counted in 'x' or '%', not '{value}'")
        elif statistic in SPEEDS:
            _same_unit(value.removesuffix("/s"), angle)
            if not value.endswith("/s"):
                raise ValueError(f"a speed is counted in '{value}/s', not '{value}'")
        else:
            _same_unit(value, angle)
        return value

    @field_validator("expected")
    @classmethod
    def _only_if_expected(cls, value: float | None, info: ValidationInfo) -> float | None:
        if (value is not None) != (info.data.get("reference") == "expected"):
            raise ValueError('goes with the reference "expected", and that one needs it')
        if value == 0 and info.data.get("unit") == "%":
            raise ValueError("must not be 0: nothing is a per cent of it")
        return value

    @field_validator("against")
    @classmethod
    def _only_for_marp(cls, value: str | None, info: ValidationInfo) -> str | None:
        if (value is not None) != (info.data.get("statistic") == "marp"):
            raise ValueError('goes with the statistic "marp", and that one needs it')
        return value if value is None else _known_angle(value)

    @field_validator("amber")
    @classmethod
    def _above_floor(cls, value: float, info: ValidationInfo) -> float:
        floor = info.data.get("floor")
        if floor is not None and value < floor:
            raise ValueError(f"must be at least floor ({floor:g}), is {value:g}")
        return value

    @field_validator("red")
    @classmethod
    def _above_amber(cls, value: float | None, info: ValidationInfo) -> float | None:
        if value is not None:
            _below(info, "amber", value)
        return value


class Exercise(_Table):
    """One exercise: what the person does, how it is seen, counted and judged.

    kind: "reps" is counted in repetitions of `primary`; "hold" is one position, judged by the
    second: its features are read once per epoch of the hold, and `timing` is the length of a hold.
    held: between which values of which angles somebody is in the hold, for recordings that begin
    in it; without it the lift into the hold must be seen.
    """

    kind: Literal["reps", "hold"] = "reps"
    name: Identifier
    title: Sentence
    description: Sentence
    posture: Posture
    views: Annotated[tuple[ViewName, ...], Field(strict=False, min_length=1)]
    camera: Sentence
    easier: Sentences = ()
    harder: Sentences = ()
    source: Sentence
    primary: Primary
    timing: Timing = Timing()
    place: Standing | None = None
    held: dict[str, Annotated[tuple[float, float], Field(strict=False)]] = {}
    features: Annotated[tuple[Feature, ...], Field(strict=False, min_length=1)]

    @field_validator("held")
    @classmethod
    def _spans_of_angles(
        cls, value: dict[str, tuple[float, float]], info: ValidationInfo
    ) -> dict[str, tuple[float, float]]:
        if value and info.data.get("kind") != "hold":
            raise ValueError('goes with the kind "hold"')
        for name, (low, high) in value.items():
            _known_angle(name)
            if not low < high:
                raise ValueError(f"{name} must be a lower and a higher value")
        return value

    @property
    def needs_silhouette(self) -> bool:
        """Whether anything it watches is read from the edge of the back."""
        watched = (self.primary.angle, *(feature.angle for feature in self.features))
        return any(ANGLES[angle].contour for angle in watched)

    def feature(self, name: str) -> Feature:
        """Return the feature of that name; KeyError where there is none."""
        for feature in self.features:
            if feature.name == name:
                return feature
        raise KeyError(name)


def _same_unit(unit: str, angle: Any) -> None:
    expected = ANGLES[angle].unit if angle in ANGLES else unit
    if unit != expected:
        raise ValueError(f"must be the unit of {angle}, '{expected}', is '{unit}'")
