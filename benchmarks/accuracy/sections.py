"""The sections of accuracy.md that rest on rendered bodies: each takes clips and gives Markdown."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from accuracy.clips import Clip
from accuracy.reps import Rep, naive, reps, watch
from midback.kinematics.measurability import (
    FRONT_VIEW,
    FRONTAL_VIEW,
    POSITION,
    SIDE_VIEW,
    measured,
)
from midback.kinematics.smoothing import RATE
from midback.kinematics.view import yaw_error
from midback.vision.pose import Array

Z95 = 1.96
_VIEW_CODES = (SIDE_VIEW, FRONTAL_VIEW, FRONT_VIEW, POSITION)


@dataclass(frozen=True)
class Sagittal:
    """Repetitions of clips seen side-on, and the naive readings of the same repetitions."""

    extension: list[Rep]
    arch: list[Rep]
    line: list[float]
    world: list[float]


def sagittal(clips: Iterable[Clip]) -> Sagittal:
    """Run every clip through the pipeline."""
    found = Sagittal([], [], [], [])
    for clip in clips:
        seen = watch(clip)
        both = reps(seen, ("thoracic_extension", "lumbar_arch"))
        found.extension.extend(both[0::2])
        found.arch.extend(both[1::2])
        line, world = naive(seen)
        found.line.extend(line)
        found.world.extend(world)
    return found


def gain(measured_: Array, true: Array) -> float:
    """Slope through zero."""
    return float((measured_ * true).sum() / (true**2).sum())


def shown(found: Iterable[Rep]) -> list[Rep]:
    """Repetitions with a number."""
    return [rep for rep in found if rep.shown]


def row(name: str, found: Sequence[Rep]) -> str:
    """Table row: how many, how many shown, gain, RMSE, bias, coverage of the printed 95 %."""
    good = shown(found)
    if not good:
        return f"| {name} | {len(found)} | 0 % | - | - | - | - |"
    error = np.array([rep.error for rep in good])
    inside = np.mean([abs(rep.error) <= Z95 * rep.se for rep in good])
    true = np.array([rep.true for rep in good])
    slope = gain(true + error, true)
    return (
        f"| {name} | {len(found)} | {len(good) / len(found):.0%} | {slope:.2f} | "
        f"{np.sqrt((error**2).mean()):.1f} | {error.mean():+.1f} | {inside:.0%} |"
    )


HEADER = (
    "| what | repetitions | with a number | gain | RMSE deg | bias deg | inside printed 95 % |\n"
    "|---|---|---|---|---|---|---|"
)


def leaks(found: Sagittal) -> tuple[float, float]:
    """Degrees of thoracic extension per 10 of pure lumbar arch, and the reverse."""
    pairs = [
        (e, a) for e, a in zip(found.extension, found.arch, strict=True) if e.shown and a.shown
    ]
    true = np.array([(e.true, a.true) for e, a in pairs])
    into_thorax = np.linalg.lstsq(true, np.array([e.measured for e, _ in pairs]), rcond=None)[0][1]
    into_low_back = np.linalg.lstsq(true, np.array([a.measured for _, a in pairs]), rcond=None)[0][
        0
    ]
    return 10 * float(into_thorax), 10 * float(into_low_back)


def sagittal_table(found: Sagittal) -> str:
    """Line 1: extension and arch, by posture, and the naive readings beside them."""
    lines = [HEADER, row("**thoracic extension, all**", found.extension)]
    firm = [rep for rep in found.extension if not rep.proxy]
    lines.append(row("thoracic extension, measured (prone it is a stand-in)", firm))
    for posture in ("seated", "standing", "all_fours", "prone"):
        part = [rep for rep in found.extension if rep.posture == posture]
        lines.append(row(f"thoracic extension, {posture.replace('_', ' ')}", part))
    loose = [rep for rep in found.extension if rep.clip.endswith("loose")]
    lines += [row("thoracic extension, loose shirt", loose), row("**lumbar arch**", found.arch)]
    true = np.array([rep.true for rep in found.extension])
    for name, values in (
        ("shoulder-hip line, same frames", found.line),
        ("world landmarks, same frames", found.world),
    ):
        error = np.array(values) - true
        lines.append(
            f"| {name} | {len(true)} | 100 % | {gain(np.array(values), true):.2f} | "
            f"{np.sqrt((error**2).mean()):.1f} | {error.mean():+.1f} | - |"
        )
    still = np.sqrt((true**2).mean())
    lines.append(f"| always 0 | {len(true)} | 100 % | 0.00 | {still:.1f} | - | - |")
    into_thorax, into_low_back = leaks(found)
    lines += [
        "",
        f"10 deg of lumbar arch leak {into_thorax:+.1f} deg into thoracic extension; 10 deg of "
        f"thoracic extension leak {into_low_back:+.1f} deg into the lumbar arch.",
    ]
    return "\n".join(lines)


def angle_reps(clips: Iterable[Clip], angles: dict[str, str]) -> dict[str, list[Rep]]:
    """Repetitions per angle; angles: movement -> angle that reads it."""
    found: dict[str, list[Rep]] = {name: [] for name in angles.values()}
    for clip in clips:
        name = angles.get(clip.case.movement)
        if name is not None:
            found[name].extend(reps(watch(clip), (name,)))
    return found


@dataclass(frozen=True)
class Refusal:
    """One clip: whether the angle was refused for its view, and whether it showed a number."""

    clip: str
    angle: str
    refused_view: bool
    number: bool


def refusals(clips: Iterable[Clip]) -> list[Refusal]:
    """Whether each clip's own movement is refused while it is done."""
    found = []
    for clip in clips:
        angle = "trunk_rotation" if clip.case.movement == "rotation" else "thoracic_extension"
        columns = watch(clip).columns
        t = columns.times()
        begin, end = clip.truth.reps[0][0], clip.truth.reps[-1][3]
        codes = columns.codes(angle)[(t >= begin) & (t <= end)]
        by_view = float(np.isin(codes, _VIEW_CODES).mean())
        found.append(
            Refusal(clip.case.name, angle, by_view > 0.5, bool(measured(codes).mean() >= 0.4))
        )
    return found


def refusal_table(wrong: list[Refusal], right: list[Refusal]) -> str:
    """Line 5, rendered part: wrong views without a number, right views not refused."""
    lines = ["| view | clips | no number | refused for the view |", "|---|---|---|---|"]
    kinds = sorted({rep.clip.split("-", 1)[1] for rep in wrong})
    for kind in kinds:
        part = [rep for rep in wrong if rep.clip.endswith("-" + kind)]
        none = np.mean([not rep.number for rep in part])
        view = np.mean([rep.refused_view for rep in part])
        lines.append(f"| wrong: {kind.replace('-', ' ')} | {len(part)} | {none:.0%} | {view:.0%} |")
    none = np.mean([not rep.number for rep in wrong])
    view = np.mean([rep.refused_view for rep in wrong])
    lines.append(f"| **all wrong views** | {len(wrong)} | {none:.0%} | {view:.0%} |")
    none = np.mean([not rep.number for rep in right])
    view = np.mean([rep.refused_view for rep in right])
    lines.append(f"| **all right views** | {len(right)} | {none:.0%} | {view:.0%} |")
    return "\n".join(lines)


def yaw_table(clips: Iterable[Clip]) -> str:
    """Line 5: the view's yaw at the start against the camera's true one, and its printed error."""
    lines = ["| yaw of the view | clips | RMSE deg | inside printed 95 % |", "|---|---|---|---|"]
    errors: dict[str, list[tuple[float, float]]] = {"side-on": [], "facing the camera or away": []}
    for clip in clips:
        columns = watch(clip).columns
        seen = columns.median("yaw", int(clip.case.neutral_s * RATE))
        if not np.isfinite(seen):
            continue
        true = abs(clip.case.heading % 180.0 - 90.0)
        if not 25.0 < true < 65.0:
            kind = "side-on" if true > 65.0 else "facing the camera or away"
            errors[kind].append((seen - true, float(yaw_error(np.array(seen)))))
    for kind, found in errors.items():
        error, se = np.array(found).T
        inside = np.mean(np.abs(error) <= Z95 * se)
        lines.append(f"| {kind} | {len(error)} | {np.sqrt((error**2).mean()):.1f} | {inside:.0%} |")
    return "\n".join(lines)
