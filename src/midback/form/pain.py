"""When pain ends a set (science E2, red rule d). What is felt overrules what is seen."""

from __future__ import annotations

from dataclasses import dataclass

TOO_MUCH = 5.0
RISE = 2.0


@dataclass(slots=True)
class PainWatch:
    """Pain on the numeric scale from 0 (none) to 10 (worst imaginable).

    at_start: before the set; the first report stands in where nobody asked.
    """

    at_start: float | None = None

    def report(self, nrs: float | None = None, *, sharp: bool = False) -> bool:
        """Whether the set must end: sharp pain, 5 or more, or 2 more than at the start.

        Raises ValueError for a number outside 0 to 10.
        """
        if nrs is not None and not 0.0 <= nrs <= 10.0:
            raise ValueError(f"pain is a number from 0 to 10, not {nrs:g}")
        if nrs is None:
            return sharp
        if self.at_start is None:
            self.at_start = nrs
        return sharp or nrs >= TOO_MUCH or nrs - self.at_start >= RISE
