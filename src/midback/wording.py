"""Changes of features in words that a person understands."""

from __future__ import annotations

from midback.exercises import Feature

_WORDS = {
    "lumbar_arch": "the lower back arched {size} more",
    "trunk_sag": "the low back sank {size} deeper",
    "hip_shift": "the hips moved {size} further",
    "hip_drop": "the hips dropped {size} more",
    "hip_sag": "the hips sagged {size} more",
    "head": "the head tipped {size} further",
    "knee_valgus": "the knees fell in by {size} more",
    "shoulder_elevation": "the shoulders hiked {size} more",
    "trunk_inclination": "the trunk leaned {size} further",
}
_UNITS = {"deg": "°", "%": " %", "s": " s"}


def change_words(feature: Feature, change: float) -> str:
    """For example "the lower back arched 14° more". change: for the worse, in the unit."""
    size = f"{abs(change):.0f}{_UNITS.get(feature.unit, ' ' + feature.unit)}"
    if feature.unit == "s":
        size = f"{abs(change):.1f} s"
    if feature.statistic == "rom":
        return f"the movement was {size} smaller"
    if feature.statistic.endswith("_s"):
        return f"the timing changed by {size}"
    return _WORDS.get(
        feature.angle, f"{feature.name.replace('_', ' ')} changed by {{size}}"
    ).format(size=size)
