"""The mapping file: which markers make midback's landmarks, and how the space lies."""

from __future__ import annotations

import difflib
import tomllib
from importlib import resources
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator, model_validator

from midback.errors import InputError
from midback.kinematics.skeleton import HIPS, SHOULDERS, Joint
from midback.landmarks.markers import Units

Axis = Literal["x", "y", "z", "-x", "-y", "-z"]
View = Literal["best", "side", "left_side", "front", "back"]
Names = Annotated[tuple[str, ...], Field(strict=False)]

JOINTS = {joint.name.lower(): joint for joint in Joint}
_TRUNK = tuple(joint.name.lower() for joint in (*SHOULDERS, *HIPS))


class Mapping(BaseModel):
    """What a mapping file may say.

    landmarks: a landmark is the mean of its markers, and is not seen where one of them is not.
    markers: their order in files that do not name them. units, rate: of arrays and of OpenPose;
    the other files tell their own. up: the axis of the file's right-handed space that points up.
    view: from where the body is looked at, see camera.look; a picture (px) has its own view.
    optional: whether landmarks whose markers the file lacks stay absent, or are a mistake. Those
    of the shoulders and hips are always needed.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, allow_inf_nan=False)

    units: Units = "m"
    up: Axis = "y"
    rate: Annotated[float, Field(gt=0)] = 30.0
    view: View = "best"
    optional: bool = False
    markers: Names = ()
    landmarks: dict[str, Annotated[Names, Field(min_length=1)]]

    @field_validator("landmarks")
    @classmethod
    def _known(cls, value: dict[str, Names]) -> dict[str, Names]:
        for name in value:
            if name not in JOINTS:
                raise ValueError(f"'{name}' is no landmark{nearest(name, tuple(JOINTS))}")
        lacking = [name for name in _TRUNK if name not in value]
        if lacking:
            raise ValueError(f"lack {', '.join(lacking)}, without which nothing can be measured")
        return value

    @model_validator(mode="after")
    def _picture(self) -> Mapping:
        if self.units == "px" and self.view != "best":
            raise ValueError("a picture (units px) has its own view: leave `view` out")
        return self


def mapping_names() -> tuple[str, ...]:
    """Names of the mappings that ship with midback."""
    files = resources.files("midback.landmarks").iterdir()
    return tuple(sorted(f.name.removesuffix(".toml") for f in files if f.name.endswith(".toml")))


def find_mapping(name_or_path: str) -> Mapping:
    """Return a shipped mapping by name, or read the user's own file.

    A file may begin with `base = "NAME"`: it then changes only what it says.
    Raises InputError for an unknown name, with the nearest ones, and for a mistake in the file.
    """
    if name_or_path in mapping_names():
        return _validated(name_or_path, _shipped(name_or_path))
    path = Path(name_or_path)
    if path.suffix.lower() != ".toml" and not path.is_file():
        hint = nearest(name_or_path, mapping_names())
        raise InputError(f"unknown mapping '{name_or_path}'{hint}; or give your own .toml file")
    data = _read(path)
    base = data.pop("base", None)
    if base is None:
        return _validated(name_or_path, data)
    if base not in mapping_names():
        raise InputError(f"{path}: base: unknown mapping '{base}'{nearest(base, mapping_names())}")
    shipped = _shipped(str(base))
    own = data.get("landmarks", {})
    if isinstance(own, dict):
        data["landmarks"] = shipped["landmarks"] | own
    return _validated(name_or_path, shipped | data)


def nearest(word: object, known: tuple[str, ...]) -> str:
    """`: did you mean A or B?`, or what there is."""
    by_lower = {name.lower(): name for name in known}
    near = difflib.get_close_matches(str(word).lower(), by_lower, n=3, cutoff=0.5)
    if near:
        return f": did you mean {' or '.join(by_lower[name] for name in near)}?"
    shown = ", ".join(known[:40]) + (", ..." if len(known) > 40 else "")
    return f": there are {shown}" if known else ""


def _shipped(name: str) -> dict[str, Any]:
    file = resources.files("midback.landmarks").joinpath(f"{name}.toml")
    return tomllib.loads(file.read_text(encoding="utf-8"))


def _read(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except UnicodeDecodeError:
        raise InputError(f"{path}: is no mapping file (not UTF-8 text)") from None
    except tomllib.TOMLDecodeError as error:
        raise InputError(f"{path}: not valid TOML: {error}") from None
    except OSError as error:
        raise InputError(f"{path}: cannot read the mapping: {error.strerror}") from None


def _validated(where: str, data: dict[str, Any]) -> Mapping:
    try:
        return Mapping.model_validate(data)
    except ValidationError as error:
        found = error.errors(include_url=False)
        first = next((e for e in found if e["type"] == "extra_forbidden"), found[0])
        field = ".".join(str(part) for part in first["loc"]) or "file"
        said = first["msg"].removeprefix("Value error, ").removeprefix("Input ")
        if first["type"] == "extra_forbidden":
            said = f"is no field here{nearest(first['loc'][-1], tuple(Mapping.model_fields))}"
        elif first["type"] == "missing":
            said = "is missing"
        raise InputError(f"{where}: {field}: {said}") from None
