"""Which sets were filmed alike: another camera set-up is another block, never a gain."""

from __future__ import annotations

from collections.abc import Sequence

from midback.history.records import Fingerprint

MOST_YAW_DEG = 10.0
MOST_SCALE = 1.2
"""science.md A5: a turn of more than 10 degrees or a size off by more than 20 % is a new block."""


def block_numbers(fingerprints: Sequence[Fingerprint]) -> list[int]:
    """Number of the block of each set, oldest set first, blocks from 1 in order of appearance.

    A set joins the earliest block whose first set was filmed like it, so that a slow drift does
    not pass, and a camera put back to where it was finds its block again.
    """
    first: list[Fingerprint] = []
    numbers = []
    for found in fingerprints:
        alike = (number for number, other in enumerate(first, 1) if same_setup(other, found))
        number = next(alike, len(first) + 1)
        if number > len(first):
            first.append(found)
        numbers.append(number)
    return numbers


def same_setup(a: Fingerprint, b: Fingerprint) -> bool:
    """Whether two sets may be compared in degrees. What either does not tell is not compared.

    Front and back have the same yaw and are not the same; apart from that yaw says more than the
    view's name. Size is that of the trunk in the picture's height: another resolution of the same
    picture is no other set-up.
    """
    if a.model and b.model and a.model != b.model:
        return False
    if {a.view, b.view} == {"front", "back"}:
        return False
    if a.yaw_deg is None or b.yaw_deg is None:
        if "unknown" not in (a.view, b.view) and a.view != b.view:
            return False
    elif abs(a.yaw_deg - b.yaw_deg) > MOST_YAW_DEG:
        return False
    if not a.trunk_px or not b.trunk_px:
        return True
    scale = (a.trunk_px / a.height_px) / (b.trunk_px / b.height_px)
    return max(scale, 1 / scale) <= MOST_SCALE
