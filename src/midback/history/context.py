"""What others measured: a band behind the person's own curve, never a mark to pass (science H)."""

from __future__ import annotations

from dataclasses import dataclass

_DEVICES = "Devices differ widely, so this is context and no target."


@dataclass(frozen=True, slots=True)
class Band:
    """Where a group's values lay, in degrees or seconds; caption: which group, how measured."""

    low: float
    high: float
    caption: str


_BANDS = {
    "thoracic_extension": Band(
        5.0,
        12.4,
        "Thoracic extension from standing, read from photographs of young adults: 8.7 (SD 3.7) "
        f"degrees, the band is one SD to each side. Lying or on all fours it is larger. {_DEVICES}",
    ),
    "trunk_rotation": Band(
        43.0,
        48.0,
        "Trunk-rotation test with a bar and a goniometer: means of groups per side, 48 and 47 "
        f"degrees without back pain, 46 and 43 with it; its own SEM is 6. {_DEVICES}",
    ),
    "side_plank": Band(
        69.0,
        77.0,
        "Side bridge held until the position was lost: means of active women, 77 s at first and "
        "69 s on the retest. Until form breaks, as here, is sooner.",
    ),
}


def context(name: str) -> Band | None:
    """The band of an angle's range, or of the seconds of a held exercise; None without one."""
    return _BANDS.get(name)
